"""From every reachable status every move that is not allowed there is refused with its code, and writes nothing."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.enums import Outcome
from cases.flow import MOVES
from cases.models import EconomicCheck
from cases.services import (
    appraisal,
    check,
    decision,
    excuses,
    filing,
    intake,
    materials,
    publicity,
    review,
    signing,
    survey,
)
from common import clock
from common.errors import Refusal
from tests.builders import cases as build
from tests.builders.unchanged import nothing_changes

TODAY = dt.date(2026, 9, 1)

REACHED = {
    "intake": lambda: build.walk(),
    "acceptance": lambda: build.walk().to("ACCEPTANCE"),
    "survey": lambda: build.walk().to("SURVEY"),
    "economic_check": lambda: build.walk().to("ECONOMIC_CHECK"),
    "initial_review": lambda: build.walk().to("INITIAL_REVIEW"),
    "appraisal": lambda: chosen_appraisal(),
    "publicity": lambda: build.walk().to("PUBLICITY"),
    "sign_off": lambda: build.walk().to("SIGN_OFF"),
    "decision": lambda: build.walk().to("DECISION"),
    "delivery": lambda: build.walk().to("DELIVERY"),
    "delivery+filing": lambda: _unfiled(),
    "payment_start": lambda: build.walk().to("PAYMENT_START"),
    "CONFIRMED": lambda: build.walk().to("CONFIRMED"),
    "DENIED": lambda: build.walk().to("CONFIRMED", opinion="refuse"),
    "WITHDRAWN": lambda: _withdrawn(build.walk().to("ECONOMIC_CHECK").requests_check()),
    "TERMINATED": lambda: _terminated(build.walk().to("ECONOMIC_CHECK").requests_check()),
    "NOT_ACCEPTED": lambda: _not_accepted(build.walk().to("ACCEPTANCE")),
}

ALLOWED = {
    "intake": {"amend", "submit", "add_material", "authorize", "withdraw", "answer_objection"},
    "acceptance": {
        "amend", "add_material", "ask_missing", "authorize", "accept", "refuse_acceptance", "withdraw", "answer_objection",
    },
    "survey": {
        "add_material", "authorize", "record_survey", "sign_survey", "add_survey_photo", "finish_survey", "withdraw",
        "terminate", "answer_objection",
    },
    "economic_check": {
        "add_material", "authorize", "request_check", "answer_check", "settle_items", "finish_check", "withdraw", "terminate",
        "answer_objection", "open_optional",
    },
    "appraisal": {
        "add_material", "record_appraisal", "add_appraisal_photo", "finish_appraisal", "withdraw", "answer_objection",
    },
    "initial_review": {
        "add_material", "settle_items", "give_opinion", "send_back", "withdraw", "answer_objection", "open_optional",
    },
    "publicity": {
        "issue_poster", "record_posting", "add_publicity_photo", "record_loss", "record_restoring", "raise_objection",
        "answer_objection", "finish_publicity", "send_back", "withdraw",
    },
    "sign_off": {"sign", "return_signing", "raise_objection", "answer_objection", "withdraw"},
    "decision": {"decide", "send_back", "raise_objection", "answer_objection", "withdraw"},
    "delivery": {"serve", "raise_objection"},
    "delivery+filing": {"serve", "raise_objection", "file_result"},
    "payment_start": {"start_benefit"},
    "CONFIRMED": set(),
    "DENIED": set(),
    "WITHDRAWN": set(),
    "TERMINATED": set(),
    "NOT_ACCEPTED": set(),
}  # fmt: skip
"""Written by hand from the lifecycle, not read from `cases.flow`."""
for _status, _moves in ALLOWED.items():
    if _status.islower():
        _moves.add("record_excuse")  # in every stage: the clock of a step or of the whole matter may be over


OF_OTHER_SYSTEMS = {"send_material", "recall"}
"""On applications that another system handed in: tests/cases/test_api.py tries them from every status."""


def chosen_appraisal():
    """A case of a district whose order leaves the appraisal to choice, with one opened."""
    people = build.street("140502001000", "140502001901", "jincheng-chengqu-2023")
    return build.walk(people, village_code="140502001901").to("INITIAL_REVIEW").opens_appraisal()


def _unfiled():
    """A case of a district whose document files results, its publicity over and its result not filed yet."""
    people = build.street("140502001000", "140502001901", "jincheng-chengqu-2023")
    walk = build.walk(people, village_code="140502001901").to("FILING")
    return walk.posts().days_pass(8).finishes_publicity()


def _withdrawn(walk):
    intake.withdraw(walk.people.handler, walk.case_id, reason="申请人已就业", seen=walk.seen)
    return walk


def _terminated(walk):
    intake.terminate(walk.people.handler, walk.case_id, reason="两次预约均拒绝入户", seen=walk.seen)
    return walk


def _not_accepted(walk):
    materials.refuse_acceptance(
        walk.people.handler,
        walk.case_id,
        reason="户籍和居住地均不在本街道",
        basis="《社会救助暂行办法》第十一条",
        seen=walk.seen,
    )
    return walk


def request_of(walk):
    """The number of the latest request to the check centre; 0 where there was none."""
    rows = EconomicCheck.objects.unscoped(reason="test").filter(case_id=walk.case_id).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def refusal_of(walk, move):
    """The code with which the move is refused in a status that does not allow it. Where nothing was asked of the check centre, it
    finds nothing to answer."""
    return "COMMON_NOT_FOUND" if move == "answer_check" and not request_of(walk) else "CASES_WRONG_STAGE"


def _upload():
    return SimpleUploadedFile("x.jpg", build.picture(), content_type="image/jpeg")


def _calls(w):
    """Every move as a caseworker would try it: move → call."""
    p, pk, seen = w.people, w.case_id, w.seen
    visit = survey.SurveyData(
        TODAY, dt.time(9), dt.time(10), "家中", [p.handler.user_id, p.colleague.user_id], "1人", "一般", "属实"
    )
    meeting = appraisal.AppraisalData(
        TODAY, "会议室", "周明", "同意。", [appraisal.Seat("赵代表", "resident", True, "agree")]
    )
    return {
        "amend": lambda: intake.amend(p.handler, pk, application=build.application(), seen=seen),
        "submit": lambda: intake.submit(p.handler, pk, seen=seen),
        "add_material": lambda: materials.add_material(p.handler, pk, material_id=1, upload=_upload(), seen=seen),
        "ask_missing": lambda: materials.ask_missing(p.handler, pk, seen=seen),
        "authorize": lambda: materials.print_authorization(p.handler, pk, member_id=w.members()[0].pk, seen=seen),
        "accept": lambda: materials.accept(p.handler, pk, seen=seen),
        "refuse_acceptance": lambda: materials.refuse_acceptance(p.handler, pk, reason="x", basis="y", seen=seen),
        "record_survey": lambda: survey.record_survey(p.handler, pk, data=visit, seen=seen),
        "sign_survey": lambda: survey.sign_survey(p.handler, pk, seen=seen),
        "add_survey_photo": lambda: survey.add_survey_photo(p.handler, pk, upload=_upload(), seen=seen),
        "finish_survey": lambda: survey.finish_survey(p.handler, pk, seen=seen),
        "request_check": lambda: check.request_check(p.handler, pk, seen=seen),
        "answer_check": lambda: check.answer_check(p.centre, request_of(w), report=check.Report("核1号", TODAY, "一致")),
        "settle_items": lambda: check.settle_items(p.handler, pk, decided={}, seen=seen),
        "open_optional": lambda: appraisal.open_optional(p.handler, pk, stage_key="appraisal", reason="有争议", seen=seen),
        "record_appraisal": lambda: appraisal.record_appraisal(p.handler, pk, data=meeting, seen=seen),
        "add_appraisal_photo": lambda: appraisal.add_appraisal_photo(p.handler, pk, upload=_upload(), seen=seen),
        "finish_appraisal": lambda: appraisal.finish_appraisal(p.handler, pk, seen=seen),
        "finish_check": lambda: check.finish_check(p.handler, pk, reason="平台无数据返回", seen=seen),
        "give_opinion": lambda: review.give_opinion(p.handler, pk, opinion="grant", grounds="x", basis="y", seen=seen),
        "issue_poster": lambda: publicity.issue_poster(p.handler, pk, seen=seen),
        "record_posting": lambda: publicity.record_posting(
            p.village, pk, posted_on=clock.today(), place="公开栏", sealed=True, seen=seen
        ),
        "add_publicity_photo": lambda: publicity.add_publicity_photo(
            p.village, pk, upload=_upload(), distance="near", taken_on=clock.today(), seen=seen
        ),
        "record_loss": lambda: publicity.record_loss(p.village, pk, lost_on=clock.today(), cause="大风", seen=seen),
        "record_restoring": lambda: publicity.record_restoring(p.village, pk, restored_on=clock.today(), seen=seen),
        "raise_objection": lambda: publicity.raise_objection(
            p.handler, pk, raised_on=clock.today(), content="有房出租", anonymous=True, seen=seen
        ),
        "answer_objection": lambda: publicity.answer_objection(
            p.handler, pk, objection_id=1, upheld=False, answer="不属实", seen=seen
        ),
        "finish_publicity": lambda: publicity.finish_publicity(p.handler, pk, seen=seen),
        "sign": lambda: signing.sign(p.deputy, pk, sitting_id=1, seen=seen),
        "return_signing": lambda: signing.return_signing(p.deputy, pk, reason="再核实", seen=seen),
        "send_back": lambda: review.send_back(p.handler, pk, to_key="survey", reason="再调查", seen=seen),
        "decide": lambda: decision.decide(p.handler, pk, reasons="", seen=seen),
        "file_result": lambda: filing.file_results(p.handler, seen={pk: seen}),
        "serve": lambda: decision.serve(
            p.handler, pk, method="in_person", served_on=clock.today(), received_by="李桂兰", receiver_relation="本人",
            duties_told=True, remedies_told=True, seen=seen,
        ),
        "start_benefit": lambda: decision.start_benefit(p.handler, pk, seen=seen),
        "record_excuse": lambda: excuses.record_excuse(
            p.handler, pk, limit_id=1, kind="other", reason="x", since=TODAY, seen=seen
        ),
        "withdraw": lambda: intake.withdraw(p.handler, pk, reason="不再需要", seen=seen),
        "terminate": lambda: intake.terminate(p.handler, pk, reason="拒绝入户", seen=seen),
    }  # fmt: skip


def test_the_table_of_allowed_moves_is_complete():
    assert set(ALLOWED) == set(REACHED)
    assert {status for status in REACHED if status.isupper()} == set(Outcome.values)
    named = set().union(*ALLOWED.values())
    assert named | OF_OTHER_SYSTEMS == set(MOVES)


@pytest.mark.django_db
@pytest.mark.requirement("DEC-01", "DEC-21", "INT-13")
@pytest.mark.parametrize("status", sorted(REACHED))
def test_a_move_that_the_status_does_not_allow_is_refused_and_writes_nothing(status):
    walk = REACHED[status]()
    assert walk.case.status == status
    calls = _calls(walk)
    assert set(calls) | OF_OTHER_SYSTEMS == set(MOVES)
    for name, call in calls.items():
        if name in ALLOWED[status]:
            continue
        with nothing_changes(), pytest.raises(Refusal) as refused:
            call()
        assert refused.value.code == refusal_of(walk, name), (status, name)


@pytest.mark.django_db
@pytest.mark.requirement("CHK-10")
def test_an_answered_report_cannot_be_answered_again():
    walk = build.walk().to("ECONOMIC_CHECK").requests_check().centre_answers()
    waiting = walk.case.checks.unscoped(reason="test").get()
    with nothing_changes(), pytest.raises(Refusal, match="已经反馈"):
        check.answer_check(walk.people.centre, waiting.pk, report=check.Report("X", clock.today(), ""))


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["acceptance", "publicity", "sign_off", "delivery"])
def test_a_decision_on_content_that_has_changed_since_is_refused(status):
    walk = REACHED[status]()
    calls = {
        "acceptance": lambda: materials.accept(walk.people.handler, walk.case_id, seen=walk.seen - 1),
        "publicity": lambda: publicity.issue_poster(walk.people.handler, walk.case_id, seen=walk.seen - 1),
        "sign_off": lambda: signing.sign(walk.people.deputy, walk.case_id, sitting_id=1, seen=walk.seen - 1),
        "delivery": lambda: decision.decide(walk.people.handler, walk.case_id, reasons="", seen=walk.seen - 1),
    }
    with nothing_changes(), pytest.raises(Refusal) as refused:
        calls[status]()
    assert refused.value.code in {"COMMON_STALE", "CASES_WRONG_STAGE"}


@pytest.mark.django_db
@pytest.mark.requirement("DEC-06")
def test_the_publicity_cannot_end_before_its_full_days_have_passed():
    walk = build.walk().to("PUBLICITY").posts().days_pass(7)
    with nothing_changes(), pytest.raises(Refusal) as refused:
        walk.finishes_publicity()
    assert refused.value.code == "CASES_PUBLICITY_RUNNING"
    walk.days_pass(1).finishes_publicity()
    assert walk.case.status == "sign_off"


@pytest.mark.django_db
@pytest.mark.requirement("PUB-01")
def test_a_negative_opinion_is_never_posted():
    walk = build.walk().to("INITIAL_REVIEW").gives_opinion("refuse")
    assert walk.case.status == "sign_off"
    with nothing_changes(), pytest.raises(Refusal):
        publicity.issue_poster(walk.people.handler, walk.case_id, seen=walk.seen)


@pytest.mark.django_db
def test_a_benefit_cannot_start_from_a_case_whose_notice_is_not_served():
    walk = build.walk().to("DELIVERY")
    with nothing_changes(), pytest.raises(Refusal) as refused:
        decision.start_benefit(walk.people.handler, walk.case_id, seen=walk.seen)
    assert refused.value.code == "CASES_WRONG_STAGE"


@pytest.mark.django_db
@pytest.mark.requirement("DEC-14")
def test_signatures_follow_the_order_of_posts_and_need_two_persons():
    walk = build.walk().to("SIGN_OFF")
    with pytest.raises(Refusal) as refused:
        walk.signs(walk.people.principal)
    assert refused.value.code == "CASES_SIGNOFF_ORDER"
    walk.signs(walk.people.deputy)
    assert walk.case.status == "sign_off"
    walk.signs(walk.people.principal)
    assert walk.case.status == "decision"


@pytest.mark.django_db
def test_content_changed_between_signatures_voids_the_first_visibly():
    from cases.models import EconomicItem, Signature

    walk = build.walk().to("SIGN_OFF")
    walk.signs(walk.people.deputy)
    EconomicItem.objects.unscoped(reason="test").filter(case_id=walk.case_id).update(counted=Decimal("421.00"))
    walk.signs(walk.people.principal)
    first = Signature.objects.unscoped(reason="test").get(case_id=walk.case_id)
    assert first.void_at is not None
    assert walk.case.status == "sign_off"
    walk.signs(walk.people.deputy).signs(walk.people.principal)
    assert walk.case.status == "decision"


@pytest.mark.django_db
@pytest.mark.requirement("PUB-16", "DEC-34", "DEC-28")
def test_an_objection_sends_the_case_back_to_the_survey_and_must_be_answered_before_it_goes_on():
    walk = build.walk().to("PUBLICITY").posts().days_pass(3).objected()
    assert walk.case.status == "survey"
    walk.surveys().requests_check().centre_answers().settles().gives_opinion().posts().days_pass(8)
    with nothing_changes(), pytest.raises(Refusal) as refused:
        walk.finishes_publicity()
    assert refused.value.code == "CASES_OBJECTION_OPEN"
    walk.answers_objection().finishes_publicity()
    walk.signs(walk.people.deputy).signs(walk.people.principal).decides().serves().starts_benefit()
    assert walk.case.status == "CONFIRMED"
