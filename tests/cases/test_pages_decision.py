"""Pages of decision, service and start of the benefit."""

import pytest

from cases.models import Decision
from tests.builders import cases as build
from tests.builders.organization import FOREIGN_STREET, actor, foreign_district, post
from tests.cases.pages import Person, photo

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("DEC-16", "DEC-17", "DEC-18", "DEC-19")
def test_what_was_signed_is_decided_served_and_started_on_the_pages():
    one = build.walk(application=build.family()).to("DECISION")
    handler = Person(one.people.handler)
    handler.opens("decide", one.case_id)
    assert one.people.deputy.name in handler.said
    assert one.people.principal.name in handler.said
    assert "从 2026年10月起发" in handler.said
    handler.acts("decide", one.case_id, reasons="")
    assert "决定已作出" in handler.said
    notice = Decision.objects.unscoped(reason="test").get(case_id=one.case_id).notice
    assert notice.number in handler.said
    served = {"method": "in_person", "served_on": str(one.case.moved_at.date()), "received_by": "李桂兰"}
    handler.acts("serve", one.case_id, **served, remedies_told="on")
    assert handler.status == 422
    assert "id_duties_told_error" in handler.said
    assert handler.value_of("received_by") == "李桂兰"
    handler.acts("serve", one.case_id, **served, remedies_told="on", duties_told="on", scan=photo())
    assert "送达已登记" in handler.said
    assert "2026年10月" in handler.opens("start-benefit", one.case_id).said
    handler.acts("start-benefit", one.case_id)
    assert "已起发" in handler.said
    assert one.case.outcome == "CONFIRMED"


def test_a_refusal_needs_its_reasons():
    one = build.walk().to("DECISION", opinion="refuse")
    handler = Person(one.people.handler)
    handler.acts("decide", one.case_id, reasons="")
    assert handler.status == 422
    assert "id_reasons_error" in handler.said
    handler.acts("decide", one.case_id, reasons="人均收入高于标准。")
    assert "决定已作出" in handler.said


def test_each_page_waits_for_its_own_step():
    one = build.walk().to("DECISION")
    handler = Person(one.people.handler)
    for name in ("serve", "start-benefit"):
        assert handler.opens(name, one.case_id).status == 409
        assert handler.acts(name, one.case_id).status in {409, 422}


def test_leaders_and_villages_do_not_decide_and_foreign_streets_find_nothing():
    one = build.walk().to("DECISION")
    for someone in (one.people.deputy, one.people.village):
        assert Person(someone).opens("decide", one.case_id).status == 403
        assert Person(someone).acts("decide", one.case_id, reasons="").status == 403
    foreign_district()
    stranger = Person(actor(post("handler", FOREIGN_STREET)))
    assert stranger.opens("decide", one.case_id).status == 404
    assert stranger.acts("decide", one.case_id, reasons="").status == 404
