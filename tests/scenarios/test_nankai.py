"""000, Nankai: two leaders sign, an appraisal only where somebody objected; order and days by recorded local choices."""

import datetime as dt

import pytest

from cases.enums import Opinion, Step
from cases.models import Appraisal, Publicity, Signature
from cases.services import signing
from policies.models import LocalChoice
from tests.builders import cases as build
from tests.builders.organization import actor, also
from tests.properties.endings import carry_to_the_end
from tests.scenarios.trade import PLACES, chooses, household, it_is, refused, round_of, rows, street

pytestmark = pytest.mark.django_db
PACK = "nankai-2022"
STREET = f"{PLACES[PACK]}000"


@pytest.mark.requirement("DEC-01")
def test_the_order_is_the_one_that_the_bureau_recorded_because_the_document_states_none():
    household(PACK).to("CONFIRMED")
    assert LocalChoice.objects.filter(parameter="stages.DIBAO", area_code=f"{STREET[:6]}000000").exists()


@pytest.mark.parametrize(
    ("so_far", "too_early"),
    [
        (Step.SURVEY, "gives_opinion"),
        (Step.INITIAL_REVIEW, "makes_poster"),
        (Step.PUBLICITY, "decides"),
        (Step.SIGN_OFF, "decides"),
        (Step.DECISION, "serves"),
        (Step.DELIVERY, "starts_benefit"),
    ],
)
def test_a_step_before_its_turn_is_refused(so_far, too_early):
    walk = household(PACK).to(so_far)
    with refused(code="CASES_WRONG_STAGE"):
        getattr(walk, too_early)()


@pytest.mark.requirement("PUB-07")
def test_the_sheet_names_the_household_and_its_amount_in_its_own_community():
    """000 二.2: 社会救助名单、保障金额…所在社区."""
    walk = household(PACK).to(Step.PUBLICITY).posts()
    text = round_of(walk).text
    assert round_of(walk).area_code == f"{PLACES[PACK]}901"
    assert walk.case.applicant_name in str(text)
    assert f"{walk.case.amount:,.2f}" in str(text)


@pytest.mark.parametrize(
    ("posted", "last_day", "open_from"),
    [((2026, 9, 30), (2026, 10, 7), (2026, 10, 8)), ((2026, 9, 6), (2026, 9, 13), (2026, 9, 14))],
    ids=["before the October holidays", "the last day a Sunday"],
)
def test_the_chosen_days_of_publicity_are_natural_days(posted, last_day, open_from):
    it_is(*posted)
    walk = household(PACK).to(Step.PUBLICITY).posts()
    it_is(*last_day, hour=23)
    with refused("公示还没有期满"):
        walk.finishes_publicity()
    it_is(*open_from)
    assert walk.finishes_publicity().case.status == "sign_off"


def test_the_days_that_the_bureau_changes_hold_for_what_is_posted_from_then_on():
    """Numbers follow the day of the step: the case that hangs keeps its days, the next one has the new ones."""
    people = street(PACK)
    hanging = household(PACK, people).to(Step.PUBLICITY).posts()
    it_is(2026, 9, 2)
    chooses(PACK, "pub.days", {"n": 10, "unit": "calendar_day", "start": "posting"})
    later = household(PACK, people).to(Step.PUBLICITY).posts()
    assert round_of(hanging).last_day == dt.date(2026, 9, 8)
    assert round_of(later).last_day == dt.date(2026, 9, 12)


# --- 二.1: 分管领导和主要领导 ---------------------------------------------------------------------------------------------


@pytest.mark.requirement("DEC-14")
def test_the_leader_in_charge_signs_first_and_the_principal_leader_second():
    """A-35: two persons, deputy first."""
    walk = household(PACK).to(Step.SIGN_OFF)
    first = signing.open_unattended_sitting(walk.people.principal, case_ids=[walk.case_id])
    with refused("现在应由分管领导签批") as found:
        walk.do(signing.sign, walk.people.principal, sitting_id=first.pk)
    assert "二.1" in found.value.basis
    walk.signs(walk.people.deputy)
    assert walk.case.status == "sign_off"
    again = signing.open_unattended_sitting(walk.people.deputy, case_ids=[walk.case_id])
    with refused("现在应由主要领导签批"):
        walk.do(signing.sign, walk.people.deputy, sitting_id=again.pk)
    walk.signs(walk.people.principal)
    assert walk.case.status == "decision"
    assert [one.post for one in rows(Signature, walk)] == ["deputy_leader", "principal_leader"]


@pytest.mark.requirement("DEC-14")
def test_one_person_who_holds_both_posts_does_not_sign_for_both():
    people = street(PACK)
    deputy = build.post_user(people.deputy)
    also(deputy, "principal_leader", STREET)
    as_principal = actor(deputy, post_code="principal_leader", road="command")
    walk = household(PACK, people).to(Step.SIGN_OFF).signs(people.deputy)
    sitting = signing.open_unattended_sitting(as_principal, case_ids=[walk.case_id])
    with refused("第二位签批人必须是另一个人"):
        walk.do(signing.sign, as_principal, sitting_id=sitting.pk)
    assert walk.signs(people.principal).case.status == "decision"


# --- 二.2: objections and disputed cases -------------------------------------------------------------------------------

POINTS = {
    "while the notice hangs": lambda walk: walk.to(Step.PUBLICITY).posts().days_pass(2),
    "before the first signature": lambda walk: walk.to(Step.SIGN_OFF),
    "between the signatures": lambda walk: walk.to(Step.SIGN_OFF).signs(walk.people.deputy),
    "before the decision": lambda walk: walk.to(Step.DECISION),
}


@pytest.mark.requirement("APP-02", "PUB-16", "DEC-34")
@pytest.mark.parametrize("point", POINTS)
def test_wherever_an_objection_comes_an_appraisal_is_held_before_it_is_answered(point):
    """对公示有异议的对象是否组织开展民主评议."""
    walk = POINTS[point](household(PACK))
    assert rows(Appraisal, walk) == []
    walk.objected()
    assert walk.case.status == "survey"
    assert rows(Signature, walk, void_at=None) == []
    walk.does(Step.SURVEY)
    assert "appraisal" in walk.case.open_keys
    carry_to_the_end(walk)
    assert walk.case.status == "CONFIRMED"
    assert len(rows(Appraisal, walk)) == 1
    assert len(rows(Publicity, walk)) == 2
    assert len(rows(Signature, walk, void_at=None)) == 2


@pytest.mark.requirement("PUB-01")
def test_a_refusal_after_the_appraisal_of_a_disputed_case_is_not_posted():
    walk = household(PACK).to(Step.PUBLICITY).posts().days_pass(2).objected()
    walk.does(Step.SURVEY).appraises("disagree", "disagree", "agree").answers_objection()
    walk.to(Step.INITIAL_REVIEW).gives_opinion(Opinion.REFUSE)
    assert walk.case.status == "sign_off"
    assert carry_to_the_end(walk).case.status == "DENIED"
    assert len(rows(Publicity, walk)) == 1, "the one that hung before the objection"
