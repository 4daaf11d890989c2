"""004, Jincheng 城区: confirmed, then filed within seven days and publicised side by side, then served and paid."""

import datetime as dt

import pytest

from cases.enums import Opinion, Step
from cases.models import Benefit, Decision, FilingItem, Publicity, Revocation, Signature
from cases.services import filing, signing
from common import clock
from policies.services.flags import flags_of
from tests.builders.organization import actor, post
from tests.properties.endings import carry_to_the_end
from tests.scenarios.trade import household, it_is, refused, round_of, rows, street

pytestmark = pytest.mark.django_db
PACK = "jincheng-chengqu-2023"
DISTRICT = "140502000000"


def confirmed(people=None):
    """A household whose grant is decided: filing and publicity are both open."""
    return household(PACK, people).to(Step.DECISION).decides()


# --- 四(一): the order -------------------------------------------------------------------------------------------------


@pytest.mark.requirement("DEC-02", "PUB-21")
@pytest.mark.parametrize(
    ("so_far", "too_early"),
    [
        (Step.SURVEY, "gives_opinion"),
        (Step.INITIAL_REVIEW, "makes_poster"),
        (Step.SIGN_OFF, "makes_poster"),
        (Step.DECISION, "files"),
        (Step.FILING, "serves"),
        (Step.PUBLICITY, "starts_benefit"),
        (Step.DELIVERY, "starts_benefit"),
    ],
)
def test_a_step_before_its_turn_is_refused(so_far, too_early):
    walk = household(PACK).to(so_far)
    with refused(code="CASES_WRONG_STAGE"):
        getattr(walk, too_early)()


@pytest.mark.requirement("CHK-09")
def test_no_opinion_before_the_economic_check_is_answered():
    """004 六(三): 审核前家庭经济状况信息核对."""
    walk = household(PACK).to(Step.SURVEY).does(Step.SURVEY)
    assert walk.case.status == "economic_check"
    with refused(code="CASES_WRONG_STAGE"):
        walk.gives_opinion()
    walk.requests_check()
    with refused("核对报告还没有反馈"):
        walk.settles()
    assert walk.centre_answers().settles().case.status == "initial_review"


@pytest.mark.requirement("PUB-21")
def test_filed_or_not_nothing_is_served_before_the_notice_has_hung_its_days():
    """A-32: 公示 stands before 资金发放, and the notice of the grant waits for it."""
    walk = confirmed().posts().files()
    assert walk.case.status == "publicity"
    walk.days_pass(7)
    with refused("公示还没有期满"):
        walk.finishes_publicity()
    with refused(code="CASES_WRONG_STAGE"):
        walk.serves()
    walk.days_pass(1).finishes_publicity()
    assert walk.case.status == "delivery"
    walk.serves().starts_benefit()
    assert walk.case.status == "CONFIRMED"


@pytest.mark.parametrize(
    ("posted", "last_day", "open_from"),
    [((2026, 9, 30), (2026, 10, 7), (2026, 10, 8)), ((2026, 9, 6), (2026, 9, 13), (2026, 9, 14))],
    ids=["before the October holidays", "the last day a Sunday"],
)
@pytest.mark.requirement("PUB-21")
def test_the_days_of_the_notice_that_the_bureau_chose_are_natural_days(posted, last_day, open_from):
    it_is(*posted)
    walk = confirmed().files().posts()
    assert round_of(walk).last_day == dt.date(*last_day)
    it_is(*last_day, hour=23)
    with refused("公示还没有期满"):
        walk.finishes_publicity()
    it_is(*open_from)
    assert walk.finishes_publicity().case.status == "delivery"


def test_a_result_not_yet_filed_keeps_the_case_open_after_the_benefit_has_begun():
    walk = confirmed().posts().days_pass(8).finishes_publicity().serves().starts_benefit()
    assert walk.case.status == "filing"
    assert rows(Benefit, walk)
    assert walk.files().case.status == "CONFIRMED"


# --- 五(二): filing ----------------------------------------------------------------------------------------------------


@pytest.mark.requirement("DEC-23")
@pytest.mark.parametrize(
    ("decided", "filed", "late"),
    [
        ((2027, 3, 1), (2027, 3, 8), False),
        ((2027, 3, 1), (2027, 3, 9), True),
        ((2027, 3, 6), (2027, 3, 13), False),
        ((2027, 3, 6), (2027, 3, 15), False),
        ((2027, 3, 6), (2027, 3, 16), True),
        ((2026, 9, 24), (2026, 10, 8), False),
        ((2026, 9, 24), (2026, 10, 9), True),
    ],
    ids=[
        "the seventh day", "the eighth day", "the seventh day, a Saturday", "the Monday after that Saturday",
        "the Tuesday after that Saturday", "the first working day after the holidays", "a day later",
    ],
)  # fmt: skip
def test_a_result_is_filed_within_seven_days_and_the_flag_waits_for_the_next_working_day(decided, filed, late):
    """于7日内上报 (A-19): natural days from the decision; a last day on a rest day is red at once and flagged later (A-73)."""
    it_is(*decided)
    walk = confirmed()
    it_is(*filed)
    walk.files()
    assert [flag.rule for flag in flags_of(walk.case)] == (["DEC-23"] if late else [])


@pytest.mark.requirement("DEC-23")
def test_a_summary_says_of_each_result_whether_its_publicity_is_running():
    """A-77: the filing falls into the publicity."""
    people = street(PACK)
    posted, not_posted, over = confirmed(people).posts(), confirmed(people), confirmed(people)
    over.posts()
    sent = {one.case_id: one.seen for one in (posted, not_posted)}
    filing.file_results(people.handler, seen=sent)
    assert [one.public_until for one in rows(FilingItem, posted)] == [clock.today() + dt.timedelta(days=7)]
    assert [one.public_until for one in rows(FilingItem, not_posted)] == [None]
    over.days_pass(8).finishes_publicity().files()
    assert [one.public_until for one in rows(FilingItem, over)] == [None]


@pytest.mark.requirement("DEC-23")
def test_a_batch_is_sent_whole_or_not_at_all_and_of_one_street_only():
    people = street(PACK)
    ready, not_ready = confirmed(people), household(PACK, people).to(Step.SIGN_OFF)
    with refused(code="CASES_WRONG_STAGE"):
        filing.file_results(people.handler, seen={one.case_id: one.seen for one in (ready, not_ready)})
    ready.files()
    with refused(code="CASES_WRONG_STAGE"):
        ready.files()


@pytest.mark.requirement("DEC-23", "DEC-25")
def test_a_result_changed_by_an_objection_is_filed_again_with_a_limit_of_its_own():
    """A-77: 因异议改变结果的重新备案."""
    walk = confirmed().posts().files()
    officer = actor(post("district_officer", DISTRICT))
    filing.receive_filing(officer, rows(FilingItem, walk)[0].filing_id, remarks="收悉")
    walk.days_pass(5).objected().does(Step.SURVEY).answers_objection().to(Step.DECISION).days_pass(6).decides()
    assert walk.case.status == "filing+publicity"
    walk.days_pass(7).files()
    first, second = rows(FilingItem, walk)
    assert second.decision_id == walk.case.decision_id != first.decision_id
    assert second.filing.received_at is None
    assert list(flags_of(walk.case)) == [], "seven days from the new decision"


# --- signers -----------------------------------------------------------------------------------------------------------


def test_the_document_names_no_signers_and_those_whom_the_bureau_chose_sign_in_their_order():
    walk = household(PACK).to(Step.SIGN_OFF)
    sitting = signing.open_unattended_sitting(walk.people.principal, case_ids=[walk.case_id])
    with refused("现在应由分管领导签批"):
        walk.do(signing.sign, walk.people.principal, sitting_id=sitting.pk)
    walk.all_sign()
    assert [one.post for one in rows(Signature, walk)] == ["deputy_leader", "principal_leader"]
    assert walk.case.status == "decision"


# --- objections, refusals ----------------------------------------------------------------------------------------------

POINTS = {
    "before it is filed": lambda walk: walk.posts().days_pass(1),
    "after it is filed": lambda walk: walk.posts().files().days_pass(1),
    "on the last day of the notice": lambda walk: walk.posts().files().days_pass(7),
    "before the decision is served": lambda walk: walk.posts().files().days_pass(8).finishes_publicity(),
}


@pytest.mark.requirement("PUB-16", "DEC-34", "DEC-23")
@pytest.mark.parametrize("point", POINTS)
def test_an_objection_revokes_the_decision_and_the_case_is_signed_decided_posted_and_filed_anew(point):
    """004 四 with A-32 and A-77."""
    walk = confirmed()
    first = walk.case.decision_id
    filed = len(rows(FilingItem, POINTS[point](walk)))
    walk.objected()
    assert (walk.case.status, walk.case.decision_id) == ("survey", None)
    assert [one.decision_id for one in Revocation.objects.unscoped(reason="test")] == [first]
    assert rows(Signature, walk, void_at=None) == []
    carry_to_the_end(walk)
    assert walk.case.status == "CONFIRMED"
    assert len(rows(Decision, walk)) == 2
    assert len(rows(Publicity, walk)) == 2
    assert len(rows(FilingItem, walk)) == filed + 1
    assert rows(FilingItem, walk)[-1].decision_id == walk.case.decision_id
    assert len(rows(Benefit, walk)) == 1


def test_before_anything_is_posted_there_is_nothing_to_object_to():
    walk = household(PACK).to(Step.DECISION)
    with refused("还没有张贴公示"):
        walk.objected()


@pytest.mark.requirement("PUB-01")
def test_a_refusal_is_filed_and_served_but_never_posted():
    walk = (
        household(PACK)
        .to(Step.INITIAL_REVIEW)
        .gives_opinion(Opinion.REFUSE)
        .all_sign()
        .decides("人均收入不低于保障标准")
    )
    assert walk.case.status == "delivery+filing"
    with refused(code="CASES_WRONG_STAGE"):
        walk.makes_poster()
    walk.files().serves()
    assert walk.case.status == "DENIED"
    assert rows(Publicity, walk) == []
    assert rows(Benefit, walk) == []


@pytest.mark.requirement("PUB-01")
def test_a_refusal_after_a_revoked_grant_is_not_posted_and_is_filed_again():
    walk = confirmed().posts().files().days_pass(2).objected()
    walk.does(Step.SURVEY).answers_objection().gives_opinion(Opinion.REFUSE)
    carry_to_the_end(walk)
    assert walk.case.status == "DENIED"
    assert len(rows(Publicity, walk)) == 1, "the one that hung before"
    assert len(rows(FilingItem, walk)) == 2
