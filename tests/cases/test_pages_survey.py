"""The page of the home visit."""

import datetime as dt
from decimal import Decimal

import pytest

from cases.models import EconomicItem, Survey
from common.drafts import load_draft
from tests.builders import cases as build
from tests.builders.organization import FOREIGN_STREET, actor, foreign_district, post
from tests.cases.pages import Person, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def one():
    return build.walk().to("SURVEY")


def filled(one, **changes):
    item = EconomicItem.objects.unscoped(reason="test").get(case_id=one.case_id)
    return {
        "visited_on": "2026-09-01",
        "started_at": "09:30",
        "ended_at": "10:20",
        "place": "春和里3号楼2门501",
        "investigators": [one.people.handler.user_id, one.people.colleague.user_id],
        "helper_name": "何晓蕾",
        "members_found": "一人居住，与申报一致。",
        "living": "两居室公房，家具陈旧。",
        "conclusion": "情况属实。",
        f"figure-{item.pk}": "1,420.00",
        "found-TOTAL_FORMS": "1",
        "found-INITIAL_FORMS": "0",
        "found-0-what": "",
        "found-0-note": "",
        "found-0-amount": "",
    } | changes


@pytest.mark.requirement("SUR-05", "SUR-06", "SUR-07", "SUR-08", "SUR-09")
def test_a_survey_is_written_printed_signed_by_all_and_finished_on_its_page(one):
    handler, colleague = Person(one.people.handler), Person(one.people.colleague)
    new = {"found-0-what": "income:wage", "found-0-note": "零工", "found-0-amount": "200"}
    handler.acts("survey", one.case_id, **filled(one, **new))
    assert handler.status == 200
    assert "调查表已保存" in handler.said
    assert "两居室公房" in handler.said
    figures = EconomicItem.objects.unscoped(reason="test").filter(case_id=one.case_id).order_by("pk")
    assert [row.surveyed for row in figures] == [Decimal("1420.00"), Decimal("200.00")]
    handler.acts("survey-print", one.case_id)
    assert "打印调查表" in handler.said
    assert "我来签字" in handler.acts("survey-sign", one.case_id).said or "已签" in handler.said
    assert "已签" in colleague.acts("survey-sign", one.case_id).said
    assert "照片已上传" in handler.acts("survey-photo", one.case_id, file=photo(), caption="门牌").said
    signed = {"signer": "applicant", "signer_name": "李桂兰", "scan": photo("form.jpg")}
    assert "签过字的调查表已上传" in handler.acts("survey-sign-household", one.case_id, **signed).said
    handler.acts("survey-finish", one.case_id)
    assert "入户调查已完成" in handler.said
    assert "survey" not in one.case.open_keys


def test_the_page_names_who_has_not_signed_and_finishing_is_refused_there(one):
    handler = Person(one.people.handler)
    handler.acts("survey", one.case_id, **filled(one))
    handler.acts("survey-finish", one.case_id)
    assert handler.status == 422
    assert one.people.colleague.name in handler.said
    assert "还没有签字" in handler.said


def test_a_refused_form_keeps_everything_that_was_typed(one):
    handler = Person(one.people.handler)
    handler.acts("survey", one.case_id, **filled(one, ended_at="08:00", living="屋里只有一张床。"))
    assert handler.status == 422
    assert "结束时间应晚于开始时间" in handler.said
    assert handler.value_of("living") == "屋里只有一张床。"
    assert handler.value_of("ended_at") == "08:00"
    assert handler.value_of("figure-\\d+") == "1,420.00"
    assert not Survey.objects.unscoped(reason="test").filter(case_id=one.case_id).exists()


def test_one_investigator_is_too_few_and_the_refusal_stands_at_the_names(one):
    handler = Person(one.people.handler)
    handler.acts("survey", one.case_id, **filled(one, investigators=[one.people.handler.user_id]))
    assert handler.status == 422
    assert "id_investigators_error" in handler.said


def test_a_half_filled_form_can_be_left_and_comes_back_as_typed(one):
    handler = Person(one.people.handler)
    typed = {"started_at": "14:0", "found-0-note": "卖菜", "living": "未写完"}
    handler.acts("survey", one.case_id, **filled(one, **typed), act="draft")
    handler.opens("survey", one.case_id)
    assert "草稿已保存" in handler.said
    assert handler.value_of("living") == "未写完"
    assert handler.value_of("started_at") == "14:0"
    assert handler.value_of("found-0-note") == "卖菜"
    handler.acts("survey", one.case_id, **filled(one))
    assert load_draft(one.people.handler, f"survey-{one.case_id}") is None


def test_one_more_row_is_given_without_script_and_nothing_is_lost(one):
    handler = Person(one.people.handler)
    handler.acts("survey", one.case_id, **filled(one, **{"found-0-note": "卖菜"}), add_found="1")
    assert handler.status == 200
    assert 'name="found-2-what"' in handler.said
    assert handler.value_of("found-0-note") == "卖菜"
    assert handler.value_of("conclusion") == "情况属实。"


def test_a_visit_before_acceptance_is_refused_beside_its_date(one):
    handler = Person(one.people.handler)
    handler.acts("survey", one.case_id, **filled(one, visited_on="2026-08-01"))
    assert handler.status == 422
    assert "id_visited_on_error" in handler.said


def test_a_wrong_post_may_read_but_not_write_and_a_foreign_street_finds_nothing(one):
    village = Person(one.people.village)
    assert village.opens("survey", one.case_id).status == 200
    assert "保存调查表" not in village.said
    assert village.acts("survey", one.case_id, **filled(one)).status == 403
    foreign_district()
    stranger = Person(actor(post("handler", FOREIGN_STREET)))
    assert stranger.opens("survey", one.case_id).status == 404
    assert stranger.acts("survey", one.case_id, **filled(one)).status == 404


def test_a_form_that_saw_an_older_version_is_refused_and_kept(one):
    handler = Person(one.people.handler)
    handler.sends("survey", one.case_id, **filled(one, living="原来写的"), seen=1)
    assert handler.status == 409
    assert handler.value_of("living") == "原来写的"
    assert one.case.accepted_on == dt.date(2026, 9, 1)
