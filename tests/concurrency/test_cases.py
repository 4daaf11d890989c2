"""Two people at once, a double click, a form sent again: one act."""

import threading

import pytest

from cases import access
from cases.models import Benefit, Case, Decision, PublicityInterruption, Signature
from cases.services import decision, materials, publicity, signing
from common import clock
from common.errors import Refusal
from tests.builders import cases as build
from tests.concurrency.racing import race

pytestmark = pytest.mark.usefixtures("fresh_database")


def _signatures(walk):
    return Signature.objects.unscoped(reason="test").filter(case_id=walk.case_id, void_at=None).count()


def test_two_deputies_who_sign_at_once_leave_one_signature():
    walk = build.walk().to("SIGN_OFF")
    other = build.actor(build.post("deputy_leader", build.STREET), road="command")
    sittings = [signing.open_unattended_sitting(one, case_ids=[walk.case_id]) for one in (walk.people.deputy, other)]
    seen = walk.seen
    results = race(
        lambda: signing.sign(walk.people.deputy, walk.case_id, sitting_id=sittings[0].pk, seen=seen),
        lambda: signing.sign(other, walk.case_id, sitting_id=sittings[1].pk, seen=seen),
    )
    assert sorted(isinstance(one, Refusal) for one in results) == [False, True]
    assert _signatures(walk) == 1


def test_a_double_click_on_decide_makes_one_decision_and_gives_the_same_answer_twice():
    walk = build.walk().to("DECISION")
    seen = walk.seen
    results = race(
        *[lambda: decision.decide(walk.people.handler, walk.case_id, reasons="", seen=seen, key="one-form")] * 2
    )
    assert [one.pk for one in results] == [walk.case_id, walk.case_id]
    assert Decision.objects.unscoped(reason="test").filter(case_id=walk.case_id).count() == 1


def test_a_form_sent_again_after_the_reply_was_lost_gives_the_same_answer_and_acts_once():
    walk = build.walk().to("ACCEPTANCE").brings_materials()
    seen = walk.seen
    first = materials.accept(walk.people.handler, walk.case_id, seen=seen, key="sent-twice")
    again = materials.accept(walk.people.handler, walk.case_id, seen=seen, key="sent-twice")
    assert (first.pk, again.status) == (again.pk, "survey")
    assert Case.objects.unscoped(reason="test").get(pk=walk.case_id).version == first.version


def test_two_clicks_without_a_key_start_one_benefit():
    walk = build.walk().to("PAYMENT_START")
    seen = walk.seen
    results = race(*[lambda: decision.start_benefit(walk.people.handler, walk.case_id, seen=seen)] * 2)
    assert sorted(isinstance(one, Refusal) for one in results) == [False, True]
    assert Benefit.objects.unscoped(reason="test").filter(case_id=walk.case_id).count() == 1


def test_two_village_workers_who_report_the_same_loss_at_once_leave_one_record():
    walk = build.walk().to("PUBLICITY").posts()
    assert _losses_after_race(walk) == 1


def test_without_the_lock_the_same_race_leaves_two(monkeypatch):
    """The control: the race is real, and it is the lock that decides it."""
    walk = build.walk().to("PUBLICITY").posts()
    both_have_read = threading.Barrier(2)

    def unlocked(actor, case_id, move_name, seen):
        held = access.fetch(actor, case_id), access.MOVES[move_name]
        both_have_read.wait(timeout=30)
        return held

    monkeypatch.setattr(publicity, "begin", unlocked)
    assert _losses_after_race(walk) == 2


def _losses_after_race(walk):
    seen, today = walk.seen, clock.today()
    race(
        *[lambda: publicity.record_loss(walk.people.village, walk.case_id, lost_on=today, cause="大风", seen=seen)] * 2
    )
    return PublicityInterruption.objects.unscoped(reason="test").filter(publicity__case_id=walk.case_id).count()
