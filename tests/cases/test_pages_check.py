"""The pages of the economic check: the street's and the check centre's."""

import pytest

from cases.models import CaseMember, EconomicCheck, EconomicItem
from cases.services import check as services
from cases.services import intake
from journal.models import Entry
from tests.builders import cases as build
from tests.builders.organization import FOREIGN_DISTRICT, actor, foreign_district, post
from tests.cases.pages import Person, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def one():
    return build.walk().to("ECONOMIC_CHECK")


def waiting(one):
    return EconomicCheck.objects.unscoped(reason="test").get(case_id=one.case_id, answered_at=None)


def member(one):
    return CaseMember.objects.unscoped(reason="test").filter(case_id=one.case_id).earliest("pk")


def answer(one, **changes):
    return {
        "number": "核〔2026〕7号",
        "on": "2026-09-01",
        "conclusion": "已核对完毕。",
        "findings-TOTAL_FORMS": "1",
        "findings-INITIAL_FORMS": "0",
        "findings-0-member": member(one).pk,
        "findings-0-what": "income:transfer",
        "findings-0-amount": "650",
        "findings-0-note": "社会保险",
    } | changes


@pytest.mark.requirement("CHK-06", "CHK-10", "CHK-15")
def test_request_answer_difference_and_end_on_the_two_pages(one):
    handler, centre = Person(one.people.handler), Person(one.people.centre)
    assert "核对已发起" in handler.acts("check-request", one.case_id).said
    assert "李桂兰" in centre.opens("checks").said
    centre.sends("check-answer", waiting(one).pk, **answer(one), scan=photo())
    assert "已反馈给街道" in centre.said
    handler.opens("check", one.case_id)
    assert "650.00" in handler.said
    assert "1 项不一致" in handler.said
    item = EconomicItem.objects.unscoped(reason="test").get(case_id=one.case_id)
    handler.acts("settle", one.case_id, **{f"item-{item.pk}": "650"})
    assert handler.status == 422
    assert "请写明理由" in handler.said
    assert handler.value_of(f"item-{item.pk}") == "650"
    handler.acts("settle", one.case_id, **{f"item-{item.pk}": "650", f"why-{item.pk}": "以社保为准"})
    assert "认定数已保存" in handler.said
    assert "经济核对已完成" in handler.acts("check-finish", one.case_id).said


@pytest.mark.requirement("CHK-15")
def test_income_that_nobody_declared_but_the_check_found_has_to_be_settled_with_a_reason(one):
    handler = Person(one.people.handler)
    handler.acts("check-request", one.case_id)
    Person(one.people.centre).sends(
        "check-answer", waiting(one).pk, **answer(one, **{"findings-0-what": "income:property_income"})
    )
    assert "1项收入、财产或支出" in handler.acts("check-finish", one.case_id).said
    found = EconomicItem.objects.unscoped(reason="test").get(case_id=one.case_id, declared=None)
    handler.acts("settle", one.case_id, **{f"item-{found.pk}": "650"})
    assert "请写明理由" in handler.said
    handler.acts("settle", one.case_id, **{f"item-{found.pk}": "650", f"why-{found.pk}": "漏报房租，按核对认定"})
    assert "经济核对已完成" in handler.acts("check-finish", one.case_id).said


def test_the_check_cannot_be_finished_without_a_report_or_a_reason(one):
    handler = Person(one.people.handler)
    handler.acts("check-finish", one.case_id)
    assert handler.status == 422
    assert "id_reason_error" in handler.said
    assert "经济核对已完成" in handler.acts("check-finish", one.case_id, reason="核对系统停机，已电话确认").said


@pytest.mark.requirement("SEC-06")
def test_the_centre_sees_masked_numbers_until_it_opens_them_and_that_is_recorded(one):
    one.requests_check()
    number = member(one).id_number
    centre = Person(one.people.centre)
    centre.opens("check-answer", waiting(one).pk)
    assert number not in centre.said
    assert f"{number[:4]}**********{number[-4:]}" in centre.said
    centre.sends("check-open", waiting(one).pk, **answer(one, conclusion="写到一半"))
    assert number in centre.said
    assert centre.value_of("conclusion") == "写到一半"
    assert centre.value_of("findings-0-note") == "社会保险"
    line = Entry.objects.unscoped(reason="test").get(act="cases.open_request")
    assert (line.actor_id, line.subject_id) == (one.people.centre.user_id, str(one.case_id))
    assert number not in centre.opens("check-answer", waiting(one).pk).said


def test_an_incomplete_finding_is_named_and_nothing_is_answered(one):
    one.requests_check()
    centre = Person(one.people.centre)
    centre.sends("check-answer", waiting(one).pk, **answer(one, **{"findings-0-amount": ""}))
    assert centre.status == 422
    assert "id_findings-0-amount_error" in centre.said
    assert waiting(one)


def test_an_answered_request_shows_the_report_and_takes_no_second_answer(one):
    one.requests_check()
    number = waiting(one).pk
    one.centre_answers()
    centre = Person(one.people.centre)
    assert "不能再改" in centre.opens("check-answer", number).said
    assert centre.sends("check-answer", number, **answer(one)).status == 422
    with pytest.raises(services.Invalid):
        services.open_request(one.people.centre, number)


def test_only_the_centre_of_the_area_sees_a_request(one):
    one.requests_check()
    number = waiting(one).pk
    assert Person(one.people.handler).opens("checks").status == 403
    assert Person(one.people.handler).opens("check-answer", number).status == 403
    foreign_district()
    stranger = Person(actor(post("reconciliation", FOREIGN_DISTRICT)))
    assert "李桂兰" not in stranger.opens("checks").said
    assert stranger.opens("check-answer", number).status == 404
    assert stranger.sends("check-answer", number, **answer(one)).status == 404
    assert stranger.sends("check-open", number).status == 404
    assert Person(one.people.handler).sends("check-open", number).status == 403


def test_a_leader_reads_the_check_but_cannot_settle(one):
    leader = Person(one.people.deputy)
    assert leader.opens("check", one.case_id).status == 200
    assert "发起核对</button>" not in leader.said
    assert leader.acts("check-request", one.case_id).status == 403


def test_a_request_of_a_case_that_was_withdrawn_does_not_wait_for_the_centre_any_more(one):
    Person(one.people.handler).acts("check-request", one.case_id)
    centre = Person(one.people.centre)
    assert "李桂兰" in centre.opens("checks").said
    intake.withdraw(one.people.handler, one.case_id, reason="申请人已就业", seen=one.seen)
    assert "李桂兰" not in centre.opens("checks").said
