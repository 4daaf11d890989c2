"""002, a district of Tianjin: 初审意见—公示—审核确认, seven days of publicity, what the bureau chose where the document is silent."""

import datetime as dt

import pytest

from cases.enums import Opinion, Step
from cases.models import CaseLimit, Decision, Publicity, Signature
from cases.services import publicity, signing
from common import clock
from policies.queries import add_working_days
from tests.builders import cases as build
from tests.builders.organization import STREET, actor, also
from tests.cases.pages import Person
from tests.properties.endings import carry_to_the_end
from tests.scenarios.trade import chooses, household, it_is, refused, round_of, rows, street

pytestmark = pytest.mark.django_db
PACK = "tianjin-district-2022"


# --- 二(一)3: the order ------------------------------------------------------------------------------------------------


@pytest.mark.requirement("DEC-04")
@pytest.mark.parametrize(
    ("so_far", "too_early"),
    [
        (Step.ACCEPTANCE, "surveys"),
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


@pytest.mark.requirement("DEC-06")
def test_nobody_signs_while_the_notice_hangs_nor_before_all_have_signed_does_anybody_decide():
    """002 二(一)3: 公示结束后…提出审核确认意见."""
    walk = household(PACK).to(Step.PUBLICITY).posts().days_pass(7)
    sitting = signing.open_unattended_sitting(walk.people.deputy, case_ids=[walk.case_id])
    with refused(code="CASES_WRONG_STAGE"):
        walk.do(signing.sign, walk.people.deputy, sitting_id=sitting.pk)
    walk.days_pass(1).finishes_publicity().signs(walk.people.deputy)
    with refused(code="CASES_WRONG_STAGE"):
        walk.decides()


# --- 二(二)1: the seven days -------------------------------------------------------------------------------------------


@pytest.mark.requirement("PUB-02", "DEC-06")
@pytest.mark.parametrize(
    ("posted", "last_day", "open_from"),
    [
        ((2026, 9, 1), (2026, 9, 8), (2026, 9, 9)),
        ((2026, 9, 30), (2026, 10, 7), (2026, 10, 8)),
        ((2026, 9, 6), (2026, 9, 13), (2026, 9, 14)),
    ],
    ids=["on a working day", "before the October holidays", "the last day a Sunday"],
)
def test_the_notice_hangs_seven_days_after_the_day_of_posting(posted, last_day, open_from):
    """公示期为7天, read as natural days that no rest day moves (A-18)."""
    it_is(*posted)
    walk = household(PACK).to(Step.PUBLICITY).posts()
    assert round_of(walk).first_day == dt.date(*posted) + dt.timedelta(days=1), "the day of posting does not count"
    assert round_of(walk).last_day == dt.date(*last_day)
    it_is(*last_day, hour=23)
    with refused("公示还没有期满"):
        walk.finishes_publicity()
    it_is(*open_from)
    walk.finishes_publicity()
    assert walk.case.status == "sign_off"


@pytest.mark.requirement("PUB-02")
@pytest.mark.parametrize(
    ("posted", "last_day", "open_from"),
    [
        ((2026, 9, 30), (2026, 10, 8), (2026, 10, 9)),
        ((2026, 9, 6), (2026, 9, 14), (2026, 9, 15)),
        ((2026, 9, 1), (2026, 9, 8), (2026, 9, 9)),
    ],
    ids=["before the October holidays", "the last day a Sunday", "the last day a working day"],
)
def test_where_the_bureau_chose_that_the_end_moves_it_moves_to_the_next_working_day(posted, last_day, open_from):
    people = street(PACK)
    chooses(PACK, "pub.end_moves", "next_working_day")
    it_is(*posted)
    walk = household(PACK, people).to(Step.PUBLICITY).posts()
    assert (round_of(walk).last_day, round_of(walk).open_from) == (dt.date(*last_day), dt.date(*open_from))
    it_is(*last_day)
    with refused("公示还没有期满"):
        walk.finishes_publicity()
    it_is(*open_from)
    assert walk.finishes_publicity().case.status == "sign_off"


@pytest.mark.requirement("PUB-04")
def test_a_sheet_without_the_seal_of_the_street_is_not_posted():
    """002 二(二)1: 加盖乡镇（街道）印章."""
    walk = household(PACK).to(Step.PUBLICITY).makes_poster()
    with refused("加盖街道（乡镇）印章") as found:
        walk.do(
            publicity.record_posting,
            walk.people.village,
            posted_on=clock.today(),
            place="村（居）务公开栏",
            sealed=False,
        )
    assert found.value.field == "sealed"
    assert "二(二)1" in found.value.basis


@pytest.mark.requirement("PUB-11")
def test_days_on_which_the_sheet_did_not_hang_are_made_up_and_only_a_restored_one_may_be_closed():
    """002 二(二)3: 因天气、人为等原因…要及时恢复; the bureau chose to make lost days up."""
    walk = household(PACK).to(Step.PUBLICITY).posts().days_pass(3)
    walk.do(publicity.record_loss, walk.people.village, lost_on=clock.today(), cause="大风")
    walk.days_pass(2)
    with refused("还没有"):
        walk.finishes_publicity()
    walk.do(publicity.record_restoring, walk.people.village, restored_on=clock.today())
    assert round_of(walk).last_day == dt.date(2026, 9, 10), "two days lost, two days longer"
    walk.days_pass(4)
    with refused("公示还没有期满"):
        walk.finishes_publicity()
    assert walk.days_pass(1).finishes_publicity().case.status == "sign_off"


# --- limits ------------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("DEC-08")
def test_the_chosen_total_limit_leaves_the_days_of_publicity_out_and_gives_two_dates():
    """30 working days after acceptance on 1 September 2026: 19 October; 9 to 15 September hold five of them."""
    walk = household(PACK).to(Step.PUBLICITY)
    assert walk.case.accepted_on == dt.date(2026, 9, 1)
    assert (walk.case.due_on, walk.case.flag_on) == (dt.date(2026, 10, 19), dt.date(2026, 10, 20))
    it_is(2026, 9, 8)
    walk.posts()
    assert (walk.case.due_on, walk.case.flag_on) == (dt.date(2026, 10, 26), dt.date(2026, 10, 27))


def test_publicity_in_the_october_holidays_takes_no_working_day_out_of_the_limit():
    walk = household(PACK).to(Step.PUBLICITY)
    it_is(2026, 9, 30)
    walk.posts()
    assert walk.case.due_on == dt.date(2026, 10, 19), "1 to 7 October are no working days anyway"


@pytest.mark.requirement("DEC-07")
def test_the_time_from_the_end_of_publicity_to_confirmation_is_counted_by_the_number_that_the_bureau_gave():
    """002 二(一)3 规定时限内 has no number; the bureau chose ten working days."""
    walk = household(PACK).to(Step.DECISION)
    [limit] = rows(CaseLimit, walk, parameter="dec.confirm_days_after_publicity", ended_on=None)
    assert limit.started_on == round_of(walk).last_day
    assert limit.due_on == add_working_days(round_of(walk).last_day, 10)
    page = Person(walk.people.handler).opens("detail", walk.case_id).said
    assert "公示后确认时限" in page
    assert "剩 9 个工作日" in page, "the day after the last of the publicity is the first that counts"
    walk.days_pass(1)
    assert "剩 8 个工作日" in Person(walk.people.handler).opens("detail", walk.case_id).said


# --- signers -----------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("DEC-27")
def test_who_handled_the_case_does_not_sign_it_under_another_post():
    people = street(PACK)
    handler = build.post_user(people.handler)
    also(handler, "deputy_leader", STREET)
    walk = household(PACK, people).to(Step.SIGN_OFF)
    as_leader = actor(handler, post_code="deputy_leader", road="command")
    sitting = signing.open_unattended_sitting(as_leader, case_ids=[walk.case_id])
    with refused("不能再签批"):
        walk.do(signing.sign, as_leader, sitting_id=sitting.pk)


# --- objections --------------------------------------------------------------------------------------------------------

POINTS = {
    "while the notice hangs": lambda walk: walk.to(Step.PUBLICITY).posts().days_pass(2),
    "on its last day": lambda walk: walk.to(Step.PUBLICITY).posts().days_pass(7),
    "before the first signature": lambda walk: walk.to(Step.SIGN_OFF),
    "between the signatures": lambda walk: walk.to(Step.SIGN_OFF).signs(walk.people.deputy),
    "before the decision": lambda walk: walk.to(Step.DECISION),
}


@pytest.mark.requirement("PUB-16", "DEC-34")
@pytest.mark.parametrize("point", POINTS)
def test_an_objection_sends_the_case_back_and_all_after_the_survey_is_done_anew(point):
    """002 二(一)3: 公示有异议的…重新调查."""
    walk = POINTS[point](household(PACK)).objected()
    assert walk.case.status == "survey"
    assert rows(Signature, walk, void_at=None) == []
    carry_to_the_end(walk)
    assert walk.case.status == "CONFIRMED"
    first, second = rows(Publicity, walk)
    assert second.posted_on >= first.posted_on
    assert second.last_day == second.posted_on + dt.timedelta(days=7), "the new round hangs its full days again"
    assert len(rows(Signature, walk, void_at=None)) == 2


def test_a_decision_that_was_not_served_falls_with_an_objection_and_a_served_one_does_not():
    walk = household(PACK).to(Step.DELIVERY).objected()
    assert (walk.case.status, walk.case.decision_id) == ("survey", None)
    carry_to_the_end(walk)
    served = household(PACK).to(Step.PAYMENT_START)
    with refused(code="CASES_WRONG_STAGE"):
        served.objected()


# --- refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("PUB-01", "DEC-17")
def test_a_refusal_after_an_objection_is_not_posted_again():
    walk = household(PACK).to(Step.PUBLICITY).posts().days_pass(2).objected()
    walk.does(Step.SURVEY).answers_objection().to(Step.INITIAL_REVIEW).gives_opinion(Opinion.REFUSE)
    assert walk.case.status == "sign_off"
    with refused(code="CASES_WRONG_STAGE"):
        walk.makes_poster()
    carry_to_the_end(walk)
    assert walk.case.status == "DENIED"
    assert len(rows(Publicity, walk)) == 1, "only the one that hung before the objection"
    [decision] = rows(Decision, walk)
    assert decision.notice.kind == "denial_notice"
