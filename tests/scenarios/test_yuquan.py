"""001, Yuquan: every case appraised, two rounds of publicity, the leader in charge as the one signer, 30 working days without them."""

import datetime as dt

import pytest

from cases.enums import Opinion, Step
from cases.models import Appraisal, Publicity, Signature
from cases.services import signing
from common import clock
from tests.properties.endings import carry_to_the_end
from tests.scenarios.trade import household, it_is, refused, round_of, rows

pytestmark = pytest.mark.django_db
PACK = "yuquan-2020"
FIRST, SECOND = "审核公示", "拟批准公示"


def first_round_over(walk):
    return walk.to(Step.PUBLICITY).posts().waits_for_the_end_of_publicity().finishes_publicity()


# --- 第三条(一), 第十八条(二): appraisal --------------------------------------------------------------------------------


@pytest.mark.requirement("APP-06")
def test_no_opinion_before_the_appraisal_group_has_met():
    """未经评议小组民主评议…的."""
    walk = household(PACK).to(Step.SURVEY).does(Step.SURVEY).does(Step.ECONOMIC_CHECK)
    assert walk.case.status == "appraisal"
    with refused(code="CASES_WRONG_STAGE"):
        walk.gives_opinion()
    assert walk.appraises().case.status == "initial_review"


@pytest.mark.parametrize(
    ("so_far", "too_early"),
    [
        (Step.SURVEY, "appraises"),
        (Step.INITIAL_REVIEW, "makes_poster"),
        (Step.PUBLICITY, "decides"),
        (Step.SIGN_OFF, "serves"),
        (Step.DECISION, "starts_benefit"),
    ],
)
def test_a_step_before_its_turn_is_refused(so_far, too_early):
    walk = household(PACK).to(so_far)
    with refused(code="CASES_WRONG_STAGE"):
        getattr(walk, too_early)()


# --- 第三条(四): two rounds --------------------------------------------------------------------------------------------


@pytest.mark.requirement("PUB-06")
def test_the_second_round_begins_when_the_first_is_over_and_hangs_its_own_full_days():
    """审核公示、拟批准公示 (A-70); both of seven days by local choice (A-17)."""
    walk = first_round_over(household(PACK))
    assert walk.case.status == "publicity_approval"
    assert round_of(walk).text["title"] == FIRST
    sitting = signing.open_unattended_sitting(walk.people.deputy, case_ids=[walk.case_id])
    with refused(code="CASES_WRONG_STAGE"):
        walk.do(signing.sign, walk.people.deputy, sitting_id=sitting.pk)
    posted = clock.today()
    walk.posts()
    assert round_of(walk).text["title"] == SECOND
    walk.days_pass(7)
    with refused("公示还没有期满"):
        walk.finishes_publicity()
    assert walk.days_pass(1).finishes_publicity().case.status == "sign_off"
    assert round_of(walk).last_day == posted + dt.timedelta(days=7)


def test_the_sheet_of_the_second_round_is_made_anew_and_the_first_one_is_not_posted_twice():
    walk = first_round_over(household(PACK))
    with refused("公示单还没有制作"):
        walk.hangs_poster()
    walk.makes_poster()
    first, second = rows(Publicity, walk)
    assert first.paper.number != second.paper.number
    with refused("已经制作"):
        walk.makes_poster()


# --- 第四条(一)1: 30 working days without the publicity ------------------------------------------------------------------


@pytest.mark.requirement("DEC-08")
def test_both_rounds_are_left_out_of_the_thirty_working_days():
    """Accepted on 1 September 2026: 19 October. 9 to 15 September hold five working days, 17 to 23 September six (a working
    Sunday among them): 3 November."""
    walk = household(PACK).to(Step.PUBLICITY)
    assert walk.case.accepted_on == dt.date(2026, 9, 1)
    assert (walk.case.due_on, walk.case.flag_on) == (dt.date(2026, 10, 19), dt.date(2026, 10, 20))
    it_is(2026, 9, 8)
    walk.posts()
    assert walk.case.due_on == dt.date(2026, 10, 26)
    it_is(2026, 9, 16)
    walk.finishes_publicity().posts()
    assert (walk.case.due_on, walk.case.flag_on) == (dt.date(2026, 11, 3), dt.date(2026, 11, 4))


@pytest.mark.requirement("DEC-08")
def test_a_round_after_an_objection_is_left_out_too():
    """A-16: a second round, also after an objection."""
    walk = household(PACK).to(Step.PUBLICITY)
    it_is(2026, 9, 8)
    walk.posts()
    it_is(2026, 9, 15)
    walk.objected().does(Step.SURVEY).appraises().answers_objection().gives_opinion()
    it_is(2026, 9, 16)
    walk.posts()
    assert walk.case.due_on == dt.date(2026, 11, 3)


# --- 第四条(一)1: the leader in charge ---------------------------------------------------------------------------------


@pytest.mark.requirement("DEC-15")
def test_the_leader_in_charge_signs_alone_and_nobody_else():
    walk = household(PACK).to(Step.SIGN_OFF)
    sitting = signing.open_unattended_sitting(walk.people.principal, case_ids=[walk.case_id])
    with refused("现在应由分管领导签批"):
        walk.do(signing.sign, walk.people.principal, sitting_id=sitting.pk)
    walk.signs(walk.people.deputy)
    assert walk.case.status == "decision"
    again = signing.open_unattended_sitting(walk.people.principal, case_ids=[walk.case_id])
    with refused(code="CASES_WRONG_STAGE"):
        walk.do(signing.sign, walk.people.principal, sitting_id=again.pk)
    assert [one.post for one in rows(Signature, walk)] == ["deputy_leader"]


# --- objections, refusals ----------------------------------------------------------------------------------------------

POINTS = {
    "in the first round": (lambda walk: walk.to(Step.PUBLICITY).posts().days_pass(2), 1),
    "between the rounds": (lambda walk: first_round_over(walk).makes_poster(), 2),
    "in the second round": (lambda walk: first_round_over(walk).posts().days_pass(2), 2),
    "before the signature": (lambda walk: walk.to(Step.SIGN_OFF), 2),
    "before the decision": (lambda walk: walk.to(Step.DECISION), 2),
}


@pytest.mark.requirement("PUB-16", "DEC-34", "PUB-06")
@pytest.mark.parametrize("point", POINTS)
def test_after_an_objection_the_case_is_appraised_again_and_both_rounds_hang_again(point):
    come_to, before = POINTS[point]
    walk = come_to(household(PACK))
    assert len(rows(Publicity, walk)) == before
    walk.objected()
    assert walk.case.status == "survey"
    assert rows(Signature, walk, void_at=None) == []
    carry_to_the_end(walk)
    assert walk.case.status == "CONFIRMED"
    assert len(rows(Appraisal, walk)) == 2
    again = rows(Publicity, walk)[before:]
    assert [one.text["title"] for one in again] == [FIRST, SECOND]
    assert all(one.last_day == one.posted_on + dt.timedelta(days=7) for one in again)
    assert again[1].posted_on > again[0].last_day


@pytest.mark.requirement("PUB-01")
def test_what_is_refused_after_the_first_round_is_posted_in_neither():
    walk = first_round_over(household(PACK)).posts().days_pass(1).objected()
    walk.does(Step.SURVEY).appraises().answers_objection().gives_opinion(Opinion.REFUSE)
    assert walk.case.status == "sign_off"
    with refused(code="CASES_WRONG_STAGE"):
        walk.makes_poster()
    assert carry_to_the_end(walk).case.status == "DENIED"
    assert len(rows(Publicity, walk)) == 2, "the two that hung before"
