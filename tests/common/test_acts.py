"""The frame of a legal act: one form key, one act; a lock that is held, a plain answer."""

import datetime as dt
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from common import clock
from common.acts import act
from common.errors import Busy, Invalid, KeyReused, Refusal
from common.models import ActKey, Progress
from tests import databases
from tests.leaks.plants import IDENTITY
from tests.people import actor


@dataclass(frozen=True)
class Line:
    amount: Decimal
    day: dt.date


@act("tests.open")
def open_thing(actor, name, *, title="t", fail=False, key=None, **rest):
    row = Progress.objects.create(name=f"{name}-{Progress.objects.count()}", title=title, updated_at=clock.now())
    if fail:
        raise Refusal("不行", code="TESTS_NO")
    return row


@act("tests.other")
def other_thing(actor, name, *, key=None):
    return Progress.objects.create(name=name, title="other", updated_at=clock.now())


@act("tests.lock")
def lock_thing(actor, *, wait=0.0, key=None):
    row = Progress.objects.select_for_update().get(name="locked")
    time.sleep(wait)
    row.done += 1
    row.save()
    return row


@pytest.mark.django_db
class TestKeys:
    def test_without_a_key_each_call_is_an_act(self):
        assert open_thing(actor(), "a") != open_thing(actor(), "a")

    def test_the_same_form_sent_twice_is_one_act_with_the_same_answer(self):
        first = open_thing(actor(), "a", key="k1")
        assert open_thing(actor(), "a", key="k1") == first
        assert Progress.objects.count() == 1

    def test_another_form_is_another_act(self):
        assert open_thing(actor(), "a", key="k1") != open_thing(actor(), "a", key="k2")

    def test_the_key_of_another_person_is_refused(self):
        open_thing(actor(user_id=1), "a", key="k1")
        with pytest.raises(KeyReused):
            open_thing(actor(user_id=2), "a", key="k1")

    def test_the_key_of_another_act_is_refused(self):
        open_thing(actor(), "a", key="k1")
        with pytest.raises(KeyReused):
            other_thing(actor(), "a", key="k1")

    def test_changed_content_under_a_used_key_is_refused_and_not_dropped(self):
        open_thing(actor(), "a", title="before", key="k1")
        with pytest.raises(KeyReused):
            open_thing(actor(), "a", title="after", key="k1")

    def test_a_refused_act_gives_its_key_back(self):
        with pytest.raises(Refusal, match="TESTS_NO"):
            open_thing(actor(), "a", fail=True, key="k1")
        assert Progress.objects.count() == ActKey.objects.count() == 0
        assert open_thing(actor(), "a", key="k1").pk

    def test_everything_a_form_sends_can_be_compared(self):
        def sent():
            return {
                "upload": SimpleUploadedFile("p.jpg", b"123"), "lines": [Line(Decimal("1.50"), dt.date(2026, 9, 1))],
                "posts": {"a", "b"}, "content": b"\x00", "row": Progress(pk=3),
            }  # fmt: skip

        first = open_thing(actor(), "a", key="k1", **sent())
        assert open_thing(actor(), "a", key="k1", **sent()) == first
        for name, value in [("content", b"\x01"), ("lines", []), ("row", Progress(pk=4)), ("posts", {"a"})]:
            with pytest.raises(KeyReused):
                open_thing(actor(), "a", key="k1", **{**sent(), name: value})

    @pytest.mark.parametrize("key", ["x" * 65, "a\x00b", "a\nb"])
    def test_a_key_that_no_form_of_ours_made_is_refused(self, key):
        with pytest.raises(Invalid):
            open_thing(actor(), "a", key=key)

    @pytest.mark.requirement("SEC-11")
    def test_no_content_stays_with_the_key(self):
        open_thing(actor(), "a", id_number=IDENTITY[0], key="k1")
        assert IDENTITY[0] not in str(ActKey.objects.values().get())

    def test_an_act_with_a_key_returns_a_row(self):
        @act("tests.none")
        def nothing(actor, *, key=None):
            return 7

        assert nothing(actor()) == 7
        with pytest.raises(TypeError):
            nothing(actor(), key="k1")


def together(*calls):
    """Run the calls in threads at once; their results or refusals, in order."""
    results = [None] * len(calls)

    def run(position, call):
        try:
            results[position] = call()
        except Refusal as refusal:
            results[position] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_double_click_is_one_act(fresh_database):
    results = together(*[lambda: open_thing(actor(), "a", key="k1")] * 4)
    assert len({row.pk for row in results}) == 1
    assert Progress.objects.count() == 1


def test_without_keys_the_same_clicks_are_four_acts(fresh_database):
    """The control: the threads really run at once, and nothing but the key makes them one."""
    results = together(*[lambda n=n: open_thing(actor(), f"a{n}") for n in range(4)])
    assert len({row.pk for row in results}) == 4


def test_the_second_click_is_told_even_when_the_first_was_refused(fresh_database):
    results = together(*[lambda: open_thing(actor(), "a", fail=True, key="k1")] * 2)
    assert [refusal.code for refusal in results] == ["TESTS_NO", "TESTS_NO"]


def test_two_people_at_the_same_row_come_one_after_the_other(fresh_database):
    Progress.objects.create(name="locked", title="t", updated_at=clock.now())
    together(*[lambda: lock_thing(actor(), wait=0.2)] * 3)
    assert Progress.objects.get().done == 3


def test_a_lock_that_is_not_given_up_is_busy_and_nothing_is_written(fresh_database):
    Progress.objects.create(name="locked", title="t", updated_at=clock.now())
    with closing(databases.session()) as holder, holder.cursor() as cursor:
        cursor.execute("SELECT FROM common_progress WHERE name = 'locked' FOR UPDATE")
        with connection.cursor() as own:
            own.execute("SET lock_timeout = '200ms'")
        with pytest.raises(Busy) as refused:
            lock_thing(actor(), key="k1")
    assert refused.value.status == 409
    assert ActKey.objects.count() == 0
    connection.close()
    assert lock_thing(actor(), key="k1").done == 1


def test_a_deferred_trigger_fires_inside_the_act_and_not_at_commit(fresh_database):
    from tests.journal.rows import make_scratch

    make_scratch()

    @act("tests.unjournalled")
    def move(actor):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE scratch SET status = 'accepted'")
        return Progress(pk=1)

    with transaction.atomic(), pytest.raises(IntegrityError, match="without a journal entry"):
        move(actor())


@pytest.mark.django_db
def test_an_act_tells_the_database_the_moved_time():
    @act("tests.time")
    def ask(actor):
        with connection.cursor() as cursor:
            cursor.execute("SELECT sunlight_now()")
            return cursor.fetchone()[0]

    with clock.moved(dt.date(2027, 3, 1)):
        assert ask(actor()) == clock.now()
