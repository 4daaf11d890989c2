"""Pages of review, sending back, and publicity."""

import datetime as dt

import pytest

from cases.models import EconomicItem, Objection
from common import clock
from tests.builders import cases as build
from tests.builders.organization import FOREIGN_STREET, actor, foreign_district, post
from tests.cases.pages import Person, photo

pytestmark = pytest.mark.django_db
OPINION = {"opinion": "grant", "grounds": "人均收入低于标准。", "basis": "《社会救助暂行办法》第九条"}


def move_days(days):
    clock.move(clock.now() + dt.timedelta(days=days))


@pytest.mark.requirement("DEC-05", "DEC-20")
def test_the_sheet_is_shown_line_by_line_and_the_opinion_opens_the_publicity():
    one = build.walk(application=build.family()).to("INITIAL_REVIEW")
    handler = Person(one.people.handler)
    handler.opens("review", one.case_id)
    assert handler.status == 200
    for words in ("保障标准合计", "工资性收入", "分类施保", "1,900.00"):
        assert words in handler.said
    handler.acts("review", one.case_id, **OPINION)
    assert "初审意见已提出" in handler.said
    assert one.case.open_keys == ["publicity"]
    assert "公示" in handler.said


def test_an_opinion_without_grounds_is_refused_beside_the_field_and_the_rest_stays():
    one = build.walk().to("INITIAL_REVIEW")
    handler = Person(one.people.handler)
    handler.acts("review", one.case_id, **OPINION | {"grounds": ""})
    assert handler.status == 422
    assert "id_grounds_error" in handler.said
    assert handler.value_of("basis") == OPINION["basis"]


def test_a_grant_above_the_standard_is_refused_at_the_opinion():
    one = build.walk().to("INITIAL_REVIEW")
    EconomicItem.objects.unscoped(reason="test").filter(case_id=one.case_id).update(counted=5000)
    handler = Person(one.people.handler)
    assert "不低于标准" in handler.opens("review", one.case_id).said
    handler.acts("review", one.case_id, **OPINION)
    assert handler.status == 422
    assert "id_opinion_error" in handler.said


def test_the_review_page_names_who_must_record_a_missing_standard():
    one = build.walk().to("INITIAL_REVIEW")
    from policies.models import LocalChoice

    rows = LocalChoice.objects.filter(parameter="calc.standard.dibao")
    rows.update(valid_to=clock.today())
    handler = Person(one.people.handler)
    handler.opens("review", one.case_id)
    assert handler.status == 200
    assert "还算不出保障金额" in handler.said
    assert "登记本地选择" in handler.said


@pytest.mark.requirement("DEC-28")
def test_a_case_goes_back_to_the_survey_with_a_reason():
    one = build.walk().to("INITIAL_REVIEW")
    handler = Person(one.people.handler)
    handler.opens("send-back", one.case_id)
    survey = next(stage["key"] for stage in one.case.procedure if stage["step"] == "SURVEY")
    handler.acts("send-back", one.case_id, to_key=survey, reason="")
    assert handler.status == 422
    handler.acts("send-back", one.case_id, to_key=survey, reason="居住情况没有写清")
    assert "已退回" in handler.said
    assert survey in one.case.open_keys


@pytest.mark.requirement("PUB-03", "PUB-11", "PUB-12")
def test_poster_posting_two_photographs_loss_restoring_and_the_full_days():
    one = build.walk().to("PUBLICITY")
    handler, village = Person(one.people.handler), Person(one.people.village)
    assert "公示单已制作" in handler.acts("poster-issue", one.case_id).said
    assert "打印公示单" in village.opens("publicity", one.case_id).said
    where = {"posted_on": "2026-09-01", "place": "社区居务公开栏"}
    village.acts("posting", one.case_id, **where)
    assert village.status == 422
    assert "id_sealed_error" in village.said
    assert village.value_of("place") == "社区居务公开栏"
    village.acts("posting", one.case_id, **where, sealed="on")
    assert "2026年9月2日" in village.said
    assert "2026年9月8日" in village.said
    village.acts("publicity-photo", one.case_id, distance="near", taken_on="2026-09-01", file=photo())
    assert "还缺远景" in "".join(village.said.split())
    village.acts("publicity-photo", one.case_id, distance="far", taken_on="2026-08-30", file=photo())
    assert village.status == 422
    assert "far_taken_on_error" in village.said
    village.acts("publicity-photo", one.case_id, distance="far", taken_on="2026-09-01", file=photo())
    handler.acts("publicity-finish", one.case_id)
    assert handler.status == 409
    assert "公示还没有期满" in handler.said
    village.acts("loss", one.case_id, lost_on="2026-09-01", cause="大风刮落")
    assert "登记恢复" in village.said
    village.acts("restoring", one.case_id, restored_on="2026-09-01")
    assert "恢复张贴已登记" in village.said
    move_days(8)
    handler = Person(one.people.handler)
    assert "公示期满" in handler.acts("publicity-finish", one.case_id).said


@pytest.mark.requirement("PUB-16", "DEC-34")
def test_an_objection_goes_back_to_the_survey_and_is_answered_after_it():
    one = build.walk().to("PUBLICITY").posts()
    handler = Person(one.people.handler)
    said = {"raised_on": "2026-09-01", "content": "子女在外打工寄钱"}
    handler.acts("objection-add", one.case_id, **said)
    assert handler.status == 422
    assert "raise_raised_by_error" in handler.said
    assert handler.value_of("content") == "子女在外打工寄钱"
    handler.acts("objection-add", one.case_id, **said, anonymous="on")
    assert "退回重新调查" in handler.said
    objection = Objection.objects.unscoped(reason="test").get(case_id=one.case_id)
    answer = {"objection_id": objection.pk, "upheld": "0", "answer": "不属实。"}
    handler.acts("objection-answer", one.case_id, **answer)
    assert handler.status == 422
    assert "完成重新调查" in handler.said
    one.surveys()
    assert "异议已答复" in handler.acts("objection-answer", one.case_id, **answer).said


def test_a_wrong_post_and_a_foreign_street_are_turned_away():
    one = build.walk().to("PUBLICITY")
    village = Person(one.people.village)
    assert village.acts("poster-issue", one.case_id).status == 403
    assert village.opens("review", one.case_id).status == 403
    assert village.opens("send-back", one.case_id).status == 403
    foreign_district()
    stranger = Person(actor(post("handler", FOREIGN_STREET)))
    for name in ("publicity", "review", "send-back"):
        assert stranger.opens(name, one.case_id).status == 404
    assert stranger.acts("poster-issue", one.case_id).status == 404
    assert Person(one.people.handler).opens("review", one.case_id).status == 409
