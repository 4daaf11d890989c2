"""A case that is sent back is done anew: signatures, a decision and a round that hangs fall away, and it reaches its end again."""

import pytest

from cases.enums import Step
from cases.models import Decision, Publicity, Revocation, Signature
from cases.services import review
from journal.models import Entry
from tests.builders import cases as build

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("DEC-28")]

STREET, VILLAGE, PACK = "140502001000", "140502001901", "jincheng-chengqu-2023"
ALL = "test"


def sends_back(walk, to_key):
    return walk.do(review.send_back, walk.people.handler, to_key=to_key, reason="情况有变化，再核")


@pytest.mark.parametrize("to_key", ["initial_review", "economic_check", "survey"])
def test_a_case_sent_back_before_its_decision_is_signed_anew_by_all(to_key):
    walk = build.walk().to(Step.DECISION).days_pass(1)
    sends_back(walk, to_key)
    assert not Signature.objects.unscoped(reason=ALL).filter(void_at=None).exists()
    walk.to("CONFIRMED")
    assert walk.case.status == "CONFIRMED"
    assert Signature.objects.unscoped(reason=ALL).filter(void_at=None).count() == 2
    voided = Entry.objects.unscoped(reason=ALL).filter(act="cases.void_signature")
    assert [one.reason for one in voided] == ["情况有变化，再核"] * 2


def test_a_case_sent_back_while_its_decision_hangs_loses_the_decision_and_gets_another():
    walk = build.walk(build.street(STREET, VILLAGE, PACK), village_code=VILLAGE).to(Step.DECISION).decides()
    first = walk.case.decision_id
    walk.posts().days_pass(1)
    sends_back(walk, "initial_review")
    assert walk.case.decision_id is None
    assert Revocation.objects.unscoped(reason=ALL).get().decision_id == first
    assert not Publicity.objects.unscoped(reason=ALL).filter(closed_at=None).exists()
    walk.to("CONFIRMED")
    assert walk.case.status == "CONFIRMED"
    assert walk.case.decision_id != first
    assert Decision.objects.unscoped(reason=ALL).filter(case_id=walk.case_id).count() == 2
