"""The same program under three more procedures, in a browser, each person signed in as themself: 001 Yuquan, 004 Jincheng 城区,
000 Nankai. (002, the Tianjin district: test_whole_case.py.)"""

import os
from pathlib import Path

import pytest

from cases.models import Benefit, Case, Filing, Publicity, Signature
from tests.browser import steps
from tests.browser.steps import user_of
from tests.builders.organization import actor, post
from tests.scenarios.trade import PLACES, street

pytestmark = pytest.mark.browser


PICTURES = os.environ.get("WALK_PICTURES")
"""A folder for pictures of the unusual pages, to be looked at; none are taken without it."""


class Town:
    """The people of a street under a pack: `town("handler")` is that person at a browser of their own, signed in."""

    def __init__(self, pack, signs_in):
        self.people, self.signs_in, self.pack = street(pack), signs_in, pack
        self.village_code = f"{PLACES[pack]}901"
        self.officer = actor(post("district_officer", f"{PLACES[pack][:6]}000000"))
        steps.with_second_factor(self.people.deputy, self.people.principal)
        self.at_work = {}

    def __call__(self, name):
        if name not in self.at_work:
            self.at_work[name] = self.signs_in(
                user_of(self.officer if name == "officer" else getattr(self.people, name))
            )
        return self.at_work[name]

    def days_pass(self, days, *names):
        """Everybody's session has ended; those named go on."""
        steps.days_pass(days, *(self(name) for name in names))
        self.at_work = {name: person for name, person in self.at_work.items() if name in names}

    def pictures(self, name, what):
        """A picture of the page that a person has before them, where pictures are wanted."""
        if PICTURES:
            path = Path(PICTURES) / f"{self.pack}-{what}.png"
            self(name).page.screenshot(path=path, full_page=True)


@pytest.fixture
def town(fresh_database, signs_in):
    return lambda pack: Town(pack, signs_in)


def applied(town, road="village"):
    """An application entered by the village (or at the window); returns the case and where its pages are."""
    steps.applies(town("village" if road == "village" else "handler"), town.village_code, road=road)
    case = Case.objects.unscoped(reason="test").get()
    return case, f"/cases/{case.pk}/"


def is_in_benefit(town, case, here):
    town("handler").goes(here).sees("在享", "768.00")
    assert Benefit.objects.unscoped(reason="test").get(case=case).status == "ACTIVE"


@pytest.mark.requirement("DEC-15", "PUB-06", "APP-06", "INT-06", "PUB-24")
def test_yuquan_appraises_publicises_twice_and_one_leader_signs(town):
    """001 第三条, 第四条(一)1."""
    town = town("yuquan-2020")
    case, here = applied(town)
    handler = town("handler")
    steps.accepts(handler, here)
    handler.goes(here).sees("核对", "入户调查")
    town.pictures("handler", "survey-and-check")
    steps.surveys(handler, town("colleague"), here)
    steps.checks(handler, town("centre"), here)
    steps.appraises(handler, here)
    steps.reviews(handler, here)
    for title in ("审核公示", "拟批准公示"):
        steps.posts(handler, town("village"), here)
        handler.goes(here + "publicity/").sees(title)
        town.pictures("handler", f"round-{title}")
        town.days_pass(8, "handler")
        steps.closes_publicity(handler, here)
    handler.goes(here)
    town.pictures("handler", "to-sign")
    steps.signs(town("deputy"), case)
    steps.decides(handler, here)
    steps.serves_and_starts(handler, here)
    is_in_benefit(town, case, here)
    assert Publicity.objects.unscoped(reason="test").filter(case=case).count() == 2
    assert [one.post for one in Signature.objects.unscoped(reason="test").filter(case=case)] == ["deputy_leader"]


@pytest.mark.requirement("DEC-02", "PUB-21", "DEC-23", "DEC-25", "CHK-09")
def test_jincheng_confirms_then_files_and_publicises_side_by_side_then_serves_and_pays(town):
    """004 四(一), 五(二)."""
    town = town("jincheng-chengqu-2023")
    case, here = applied(town)
    handler = town("handler")
    steps.accepts(handler, here)
    steps.surveys(handler, town("colleague"), here)
    steps.checks(handler, town("centre"), here)
    steps.reviews(handler, here)
    for leader in ("deputy", "principal"):
        steps.signs(town(leader), case)
    steps.decides(handler, here)
    handler.goes(here).sees("区级备案", "公示")
    town.pictures("handler", "filing-and-publicity")
    steps.posts(handler, town("village"), here)
    handler.goes("/cases/filing/")
    town.pictures("handler", "filing-of-the-street")
    steps.files(handler)
    handler.goes(here)
    town.pictures("handler", "filed-and-hanging")
    steps.receives(town("officer"))
    town.pictures("officer", "filing-received")
    assert Filing.objects.unscoped(reason="test").get().remarks == "收悉"
    town.days_pass(8, "handler")
    steps.closes_publicity(handler, here)
    steps.serves_and_starts(handler, here)
    is_in_benefit(town, case, here)


@pytest.mark.requirement("DEC-14", "APP-02")
def test_nankai_appraises_after_an_objection_and_two_leaders_sign(town):
    """000 二.1, 二.2, in the order that its bureau recorded."""
    town = town("nankai-2022")
    case, here = applied(town, road="window")
    handler = town("handler")
    steps.accepts(handler, here)
    steps.surveys(handler, town("colleague"), here)
    steps.checks(handler, town("centre"), here)
    steps.reviews(handler, here)
    steps.posts(handler, town("village"), here)
    town.days_pass(2, "handler")
    steps.objects(handler, here)
    town.pictures("handler", "objected")
    steps.surveys(handler, town("colleague"), here)
    handler.goes(here).sees("民主评议")
    town.pictures("handler", "to-appraise")
    steps.checks(handler, town("centre"), here)
    steps.appraises(handler, here)
    steps.answers_the_objection(handler, here)
    steps.reviews(handler, here)
    steps.posts(handler, town("village"), here)
    town.days_pass(8, "handler")
    steps.closes_publicity(handler, here)
    for leader in ("deputy", "principal"):
        steps.signs(town(leader), case)
    steps.decides(handler, here)
    steps.serves_and_starts(handler, here)
    is_in_benefit(town, case, here)
