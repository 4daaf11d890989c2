"""axe finds nothing serious on any page (sights.py), and nothing is wider than the window, at 360 and 1366 px."""

from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve

from archives.models import IssuedPaper
from cases.enums import ItemCategory, ItemKind, Opinion
from cases.services import intake, online, publicity
from cases.services.intake import ItemData
from common import clock
from common.actors import resident_actor
from organizations.enums import OfficeKind, ResponsibilityKind
from organizations.models import User
from organizations.services.appointments import name_responsible
from organizations.services.areas import founder
from organizations.services.offices import delegate
from organizations.services.second_factor import current_code, set_secret
from tests.browser.sights import ROUNDS
from tests.browser.tour import WIDTHS, Visitor
from tests.builders import api as interfaces
from tests.builders import cases as build
from tests.builders.organization import DISTRICT, PASSWORD, STREET, office, post
from tests.matrix.tables import addresses

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
RESIDENT = resident_actor("10.0.0.1")
AT_THE_STREET = {"intake", "proceeding", "leaders, village, check"}
NO_PAGES = {"healthz", "readyz", "cases:file", "cases:paper", "cases:filing-paper", "cases:search", "api:schema"}
NOT_OURS = {"api:docs"}
"""Swagger UI, whose contrast and nesting axe finds fault with: test_interfaces_page.py looks at it."""
POSTED = {"cases:check-open", "pack-preview"}
OFFICERS = {
    "officer": "district_officer",
    "supervisor": "district_supervisor",
    "funds": "district_funds",
    "visitor": "visitor",
    "discipline": "discipline",
    "city": "city",
    "province": "province",
    "sysadmin": "system_admin",
    "secadmin": "security_admin",
    "auditadmin": "audit_admin",
}


def test_every_page_of_the_site_is_looked_at():
    pages = {one.name for one in addresses() if one.method == "get" and one.rule} - NO_PAGES - NOT_OURS
    seen = {sight.view for group in ROUNDS.values() for _who, sights in group for sight in sights}
    assert seen - {""} - POSTED == pages


def cases_of_every_step(people):
    """At least one case for every sight; the days pass with the walks."""

    def walk(**changes):
        return build.walk(people, **changes)

    rich = build.application(items=[ItemData(ItemKind.INCOME, ItemCategory.TRANSFER, Decimal("5000"), 0, "退休金")])
    walk()
    walk().to("ACCEPTANCE").asks_missing()
    walk().to("ACCEPTANCE").brings_materials()
    walk().to("ACCEPTANCE").brings_materials().accepts()
    walk().to("SURVEY").writes_survey().photographs_home()
    walk().to("ECONOMIC_CHECK")
    walk().to("ECONOMIC_CHECK").requests_check()
    differs(walk().to("ECONOMIC_CHECK").requests_check())
    walk(application=rich).to("the end", opinion=Opinion.REFUSE)
    for step in ("INITIAL_REVIEW", "SIGN_OFF", "DECISION", "DELIVERY", "PAYMENT_START", "the end"):
        walk(application=build.family()).to(step)
    walk().to("SURVEY").do(intake.withdraw, people.handler, reason="已找到工作")
    walk().to("PUBLICITY").posts().objected()
    walk().to("PUBLICITY").posts().do(publicity.record_loss, people.village, lost_on=clock.today(), cause="大风刮落")
    walk().to("PUBLICITY").posts()
    walk().to("PUBLICITY").makes_poster().hangs_poster().photographs_board("near")
    walk().to("PUBLICITY").makes_poster()
    walk().to("PUBLICITY")
    online.apply_online(RESIDENT, application=build.family())
    returned = online.apply_online(RESIDENT, application=build.application())
    online.return_online(people.handler, returned.pk, reason="您住的地方归示例二街道，请向那里申请。", seen=1)


def differs(walk):
    """The check centre finds another pension than was declared."""
    walk.centre_answers([replace(one, amount=one.amount + 100) for one in walk.as_declared()])


def everybody(people):
    """The usernames of the round-goers; the leaders sign and the administrators administer with a code."""
    found = {
        role: User.objects.get(pk=getattr(people, one).user_id).username
        for role, one in (("handler", "handler"), ("deputy", "deputy"), ("village", "village"), ("check", "centre"))
    }
    found["assistant"] = post("assistant", STREET).username
    found |= {role: post(code, DISTRICT).username for role, code in OFFICERS.items()}
    set_secret(founder(), people.deputy.user_id, SECRET)
    bureau = office(DISTRICT, OfficeKind.GOVERNMENT)
    interfaces.system()
    delegate(founder(), district_code=DISTRICT, programme="DIBAO", basis="文件", valid_from=build.SINCE)
    name_responsible(
        founder(), office_id=bureau.pk, kind=ResponsibilityKind.CONCRETE, person_id=people.handler.user_id, basis="文件",
        valid_from=build.SINCE,
    )  # fmt: skip
    return found


def faults(page, sight):
    """What axe and the ruler find on the page as it stands, at both widths."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for one in Axe().run(page).response["violations"]:
            if one["impact"] in {"serious", "critical"}:
                yield sight.name, width, one["id"], one["nodes"][0]["target"]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            yield sight.name, width, "wider than the window", wide


def in_other_orders():
    """Cases where the document appraises every household, and where results are filed; their round-goers."""
    appraising = build.street("150104001000", "150104001901", "yuquan-2020")
    build.walk(appraising, village_code="150104001901").to("APPRAISAL")
    filing = build.street("140502001000", "140502001901", "jincheng-chengqu-2023")
    for step in ("INITIAL_REVIEW", "FILING"):
        build.walk(filing, village_code="140502001901").to(step)
    build.walk(filing, village_code="140502001901").to("FILING").files()
    return {
        "yuquan-handler": appraising.handler.username,
        "chengqu-handler": filing.handler.username,
        "chengqu-officer": post("district_officer", "140502000000").username,
    }


@pytest.mark.browser
@pytest.mark.parametrize("group", ROUNDS)
def test_the_pages_are_accessible_and_fit_the_window(fresh_database, site, chromium, group):
    people = build.street()
    if group in AT_THE_STREET:
        cases_of_every_step(people)
    else:
        build.walk(people).to("ACCEPTANCE")
    usernames = everybody(people) | (in_other_orders() if group == "other orders" else {})
    paper = IssuedPaper.objects.unscoped(reason="test").earliest("pk").check_code
    found = []
    for role, sights in ROUNDS[group]:
        context = chromium.new_context(viewport={"width": WIDTHS[0], "height": 900}, locale="zh-CN", base_url=site)
        visitor = Visitor(
            context.new_page(),
            code=lambda: current_code(SECRET, clock.now()),
            locked=usernames["assistant"],
            paper=paper,
        )
        if role:
            visitor.signs_in(usernames[role], PASSWORD)
        for sight in sights:
            assert visitor.sees(sight), f"nothing to see for {sight.name}"
            if sight.view:
                assert resolve(urlsplit(visitor.page.url).path).view_name == sight.view, (sight.name, visitor.page.url)
            found += faults(visitor.page, sight)
        context.close()
    assert found == []
