"""What a line of the trail says, and who may read it."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import connection

from common import clock
from common.errors import Forbidden
from common.models import Progress
from journal.models import Entry
from journal.queries import trail
from journal.services import line, mac_of, record, record_all, record_refusal
from tests.people import actor

pytestmark = pytest.mark.django_db
ALL = Entry.objects.unscoped(reason="test")


@pytest.fixture
def thing():
    return Progress.objects.create(name="t", title="t", updated_at=clock.now())


@pytest.mark.requirement("ORG-18", "SEC-06")
def test_a_line_names_the_person_the_post_and_the_day_as_values(thing):
    who = actor("王芳", user_id=9, ip="10.0.0.8")
    record(
        who,
        "cases.accept",
        thing,
        from_status="open",
        to_status="accepted",
        reason="r",
        basis="002 二(一)1",
        subject=("case", 5),
    )
    entry = ALL.latest("pk")
    assert (entry.actor_id, entry.actor_name, entry.actor_post, entry.actor_post_title) == (
        9,
        "王芳",
        "handler",
        "社会救助经办",
    )
    assert (entry.actor_office, entry.actor_area, entry.ip, entry.road) == (
        "示例街道办事处",
        "120104001000",
        "10.0.0.8",
        "page",
    )
    assert (entry.object_type, entry.object_id) == ("common.progress", str(thing.pk))
    assert (entry.from_status, entry.to_status, entry.subject_id, entry.basis) == (
        "open",
        "accepted",
        "5",
        "002 二(一)1",
    )
    assert entry.at == clock.now()


def test_the_database_gives_the_time_where_none_was_given(thing):
    with clock.moved(dt.date(2026, 11, 1)), connection.cursor() as cursor:
        entry = line(actor(), "t.x", thing)
        values = {
            f.column: getattr(entry, f.attname)
            for f in Entry._meta.concrete_fields
            if f.column not in {"id", "xid", "at"}
        }
        values |= {"changes": "{}", "personal": b"", "uid": str(values["uid"])}
        cursor.execute(
            f"INSERT INTO journal_entry ({', '.join(values)}) VALUES ({', '.join(['%s'] * len(values))})",
            list(values.values()),
        )
        assert ALL.latest("pk").at == clock.now()


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": [None, Decimal("1900.00")]},
        {"day": [dt.date(2026, 9, 1), dt.datetime(2026, 9, 1, 9, 0, 0, 123456, tzinfo=clock.ZONE)]},
        {"by month": {10: Decimal(1), 9: Decimal(2)}},
        {"uid": [uuid.UUID(int=7), None], "tuple": (1, "二", True, None)},
    ],
)
def test_the_digest_is_the_same_when_the_row_is_read_back(thing, changes):
    record(actor(), "t.x", thing, changes=changes, personal=changes)
    entry = ALL.latest("pk")
    assert bytes(entry.mac) == mac_of(entry)


@pytest.mark.parametrize(
    "column",
    ["act", "object_id", "from_status", "reason", "actor_name", "actor_post", "area_code", "changes", "personal", "at"],
)
def test_the_digest_covers_every_column(thing, column):
    entry = record(actor(), "t.x", thing, changes={"a": [1, 2]})
    before = mac_of(entry)
    setattr(
        entry,
        column,
        {"changes": {"a": [1, 3]}, "personal": {"x": 1}, "at": clock.now() + dt.timedelta(seconds=1)}.get(column, "?"),
    )
    assert mac_of(entry) != before


@pytest.mark.requirement("SEC-06")
def test_personal_values_are_ciphertext_in_the_database(thing):
    record(actor(), "t.x", thing, personal={"telephone": [None, "15400001234"]})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry::text, encode(personal, 'escape') FROM journal_entry AS entry ORDER BY id DESC LIMIT 1"
        )
        row, personal = cursor.fetchone()
    assert "15400001234" not in row + personal
    assert ALL.latest("pk").personal == {"telephone": [None, "15400001234"]}


def test_many_lines_at_once_are_as_good_as_single_ones(thing):
    assert record_all(line(actor(), "t.many", thing, changes={"n": [None, n]}) for n in range(20)) == 20
    assert all(bytes(entry.mac) == mac_of(entry) for entry in ALL.filter(act="t.many"))


@pytest.mark.requirement("SEC-04")
def test_a_trail_is_read_by_those_who_see_the_area(thing):
    subject = ("case", 5)
    record(actor(user_id=1), "t.x", thing, subject=subject, area_code="120104001003")
    elsewhere = ("120104002000", "120104003000")
    assert trail(actor(user_id=2), subject).count() == 1
    assert trail(actor(user_id=3, area=elsewhere), subject).count() == 0
    assert trail(actor(user_id=3, area=elsewhere, permissions=()), subject).count() == 0
    assert trail(actor(user_id=1, area=elsewhere), subject).count() == 1, "one's own acts stay one's own"


def test_a_refusal_is_a_line_without_the_sentence():
    record_refusal(actor(), Forbidden("号码 15400001234 不行", basis="001 第四条"), "cases:accept")
    entry = ALL.latest("pk")
    assert (entry.act, entry.object_type, entry.object_id, entry.basis) == (
        "refused:cases:accept",
        "refusal",
        "COMMON_FORBIDDEN",
        "001 第四条",
    )
    assert "15400001234" not in str(vars(entry))
