"""The outbox: the database is the ledger of work, Celery is the trigger."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from celery import current_app
from django.db import connection, transaction
from django.db.models import F
from kombu.exceptions import OperationalError as BrokerDown

from common import clock
from common.models import OutboxMessage

RETRY_AFTER = dt.timedelta(minutes=2)
RETRY_AT_MOST = dt.timedelta(hours=1)
AT_ONCE = 500
LOCK = 7_301_227


def enqueue(task: str, *ids: int | str) -> OutboxMessage:
    """Promise a task inside the present transaction; arguments are ids only. It is sent on commit."""
    if not all(isinstance(each, int | str) for each in ids):
        raise TypeError("arguments of a task are ids")
    now = clock.now()
    message = OutboxMessage.objects.create(task=task, arguments=list(ids), created_at=now, due_at=now + RETRY_AFTER)
    transaction.on_commit(lambda: poke(message.pk))
    return message


def poke(message_id: int) -> None:
    """Send one message to the broker. A broker that is down is no fault of the act: the sweeper tries again."""
    try:
        current_app.send_task("common.deliver", args=[message_id], ignore_result=True, retry=False)
    except (BrokerDown, OSError) as error:
        OutboxMessage.objects.filter(pk=message_id).update(last_error=type(error).__name__)


def sweep() -> int:
    """Poke every open message that is due: its worker was killed, or the broker was down. Returns how many."""
    now = clock.now()
    due = list(OutboxMessage.objects.filter(done_at=None, due_at__lte=now).order_by("pk")[:AT_ONCE])
    for message in due:
        poke(message.pk)
    OutboxMessage.objects.filter(pk__in=[message.pk for message in due]).update(due_at=now + RETRY_AFTER)
    return len(due)


def deliver(message_id: int) -> None:
    """Run the promised task once. Of two workers with the same message the second finds it taken, or done.

    The hold is on the database session: it ends with a worker that is killed, whatever the broker believes.
    """
    with _hold(message_id) as held:
        message = OutboxMessage.objects.filter(pk=message_id, done_at=None).first() if held else None
        if message is None:
            return
        due_at = clock.now() + min(RETRY_AFTER * (message.attempts + 1), RETRY_AT_MOST)
        row = OutboxMessage.objects.filter(pk=message_id)
        row.update(attempts=F("attempts") + 1, due_at=due_at)
        try:
            current_app.tasks[message.task](*message.arguments)
        except Exception as error:
            row.update(last_error=type(error).__name__)  # shown to the administrator; the sweeper comes again
            raise
        row.update(done_at=clock.now(), last_error="")


@contextmanager
def _hold(message_id: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, message_id % 2**31])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, message_id % 2**31])
