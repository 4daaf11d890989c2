"""A household from application to active benefit in a browser, signed in as each person in turn, with its printed papers."""

import pytest

from archives.models import IssuedPaper
from cases.models import Benefit, Case
from common import clock
from tests.browser import steps
from tests.browser.person import fonts_of, text_of
from tests.browser.steps import user_of
from tests.builders import cases as build
from tests.builders.organization import VILLAGE

pytestmark = pytest.mark.browser


@pytest.fixture
def town(fresh_database):
    people = build.street()
    steps.with_second_factor(people.deputy, people.principal)
    return people


@pytest.mark.requirement("ORG-18", "ORG-19", "DEC-04", "DEC-16", "DEC-19", "SUR-07", "SUR-08", "PUB-24", "CHK-02")
def test_a_household_is_taken_from_application_to_benefit_by_each_person_in_turn(town, signs_in, tmp_path):
    handler, colleague = signs_in(user_of(town.handler)), signs_in(user_of(town.colleague))
    steps.applies(handler, VILLAGE)
    case = Case.objects.unscoped(reason="test").get()
    here = f"/cases/{case.pk}/"
    steps.accepts(handler, here)
    steps.surveys(handler, colleague, here)
    steps.checks(handler, signs_in(user_of(town.centre)), here)
    steps.reviews(handler, here)
    steps.posts(handler, signs_in(user_of(town.village)), here)
    steps.days_pass(8, handler)
    steps.closes_publicity(handler, here)
    for leader in (town.deputy, town.principal):
        steps.signs(signs_in(user_of(leader)), case)
    steps.decides(handler, here)
    steps.serves_and_starts(handler, here)
    handler.goes(here).sees("在享", "768.00", "2026年10月")
    assert Benefit.objects.unscoped(reason="test").get(case=case).status == "ACTIVE"
    _reads_the_papers(handler, case, tmp_path)


def _reads_the_papers(handler, case, tmp_path):
    papers = list(IssuedPaper.objects.unscoped(reason="test").order_by("pk"))
    kinds = {paper.kind for paper in papers}
    assert kinds == {
        "receipt",
        "missing_notice",
        "authorization",
        "survey_form",
        "poster",
        "approval_form",
        "grant_notice",
    }
    for paper in papers:
        pdf = handler.fetches(f"/cases/{case.pk}/papers/{paper.pk}/")
        text = text_of(pdf)
        day = paper.issued_at.astimezone(clock.ZONE)
        for wanted in ("李桂兰", paper.number, paper.office_name, f"{day.year}年{day.month}月{day.day}日"):
            assert wanted in text, (paper.kind, wanted)
        if paper.kind in {"poster", "approval_form", "grant_notice"}:
            assert "768.00" in text, paper.kind
        fonts = fonts_of(pdf, tmp_path)
        assert fonts, paper.kind
        assert all(embedded for _name, embedded in fonts), (paper.kind, fonts)
