"""The one clock. Python and SQL agree: `now()` here and `sunlight_now()` in the database.

The clock can be moved only in a database that its owner has marked as demonstration or test (table `common_database_mark`);
the SQL function honours the moved time under the same condition, so a moved clock in production changes nothing.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from common.errors import Refusal

ZONE = ZoneInfo("Asia/Shanghai")
_moved: dt.datetime | None = None
_was_ever_moved = False


def now() -> dt.datetime:
    """The present moment in Asia/Shanghai, or the moved one."""
    return _moved or dt.datetime.now(ZONE)


def today() -> dt.date:
    """The calendar day in Asia/Shanghai."""
    return now().date()


def short(day: dt.date) -> str:
    """`11-24`; a day of another year with it, `2025-11-24`."""
    return day.strftime("%m-%d" if day.year == today().year else "%Y-%m-%d")


def is_marked() -> bool:
    """Whether the owner has marked this database as demonstration or test."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM common_database_mark)")
        return bool(cursor.fetchone()[0])


def move(to: dt.datetime | dt.date | None) -> None:
    """Set the clock (a date means nine o'clock in the morning), or let it run again with None."""
    if to is not None:
        if not is_marked():
            raise Refusal(_("这个数据库不是演示或测试库，不能拨动时钟。"), code="COMMON_CLOCK_FIXED")
        if not isinstance(to, dt.datetime):
            to = dt.datetime.combine(to, dt.time(9))
        to = to.replace(tzinfo=ZONE) if to.tzinfo is None else to.astimezone(ZONE)
    _set(to)


@contextmanager
def moved(to: dt.datetime | dt.date) -> Iterator[None]:
    """`with moved(date(2026, 9, 30)):` – the clock stands still inside."""
    before = _moved
    move(to)
    try:
        yield
    finally:
        _set(before)


def _set(to: dt.datetime | None) -> None:
    global _moved, _was_ever_moved
    _moved = to
    _was_ever_moved = _was_ever_moved or to is not None
    apply(connection)


def apply(to: BaseDatabaseWrapper) -> None:
    """Tell a database connection the moved time; acts call this, because a connection may be older than the move.

    Asked anew each time, because a rollback or a reconnection makes the session forget it. A process whose clock was never
    moved – every process of a production site – sends nothing.
    """
    if _was_ever_moved and not to.needs_rollback:
        with to.cursor() as cursor:
            cursor.execute("SELECT set_config('sunlight.clock', %s, false)", [_moved.isoformat() if _moved else ""])
