"""A resident applies on a small telephone in large type, and follows the application; the street takes it in."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from cases.models import Case, OnlineApplication
from organizations.models import User
from tests.browser.person import Person
from tests.builders import cases as build
from tests.builders.organization import VILLAGE

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES", "")
ALL = {"reason": "test"}


class Resident(Person):
    """Somebody who does not sign in."""

    def asks(self, code, tail):
        """Ask for progress; returns the status of the answer."""
        self.goes("/progress/").fills(receipt_code=code, tail=tail)
        with self.page.expect_response("**/progress/") as answer:
            self.presses("查询")
        return answer.value.status

    def looks(self, name):
        """Nothing is wider than the window, on the telephone and on a desk; axe finds nothing serious; with PICTURES pictures are
        kept."""
        for width in (1366, 360):
            self.page.set_viewport_size({"width": width, "height": 740})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name} is {wide} px wide"
            keep(self, name, width)
        found = [
            one["id"] for one in Axe().run(self.page).response["violations"] if one["impact"] in {"serious", "critical"}
        ]
        assert found == [], (name, found)
        return self


def keep(person, name, width):
    if PICTURES:
        person.page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)


@pytest.fixture
def resident(site, chromium):
    """`resident(script=False)`: a visitor with a small telephone."""
    people = []

    def visits(*, script=True, width=360):
        context = chromium.new_context(
            viewport={"width": width, "height": 740}, locale="zh-CN", java_script_enabled=script, base_url=site
        )
        people.append(Resident(context.new_page(), None))
        return people[-1]

    yield visits
    for one in people:
        one.page.context.close()
        assert one.troubles == [], one.troubles


def follows(person, text):
    """Follow the link with these words."""
    with person.page.expect_navigation():
        person.page.get_by_role("link", name=text).first.click()
    return person


def fills_in(person, applicant, spouse):
    """The form for a household of two: the second row comes by the button."""
    person.fills(village_code=VILLAGE, address="春和里3号楼2门501", phone="13900002046")
    person.fills(members__0__name="李桂兰", members__0__relation="self", members__0__id_number=applicant)
    person.fills(members__0__work="retired")
    person.page.get_by_role("button", name="再加一个人").click()
    person.page.locator('[name="members-1-name"]:visible').wait_for()
    person.fills(members__1__name="王德顺", members__1__relation="spouse", members__1__id_number=spouse)
    person.fills(members__1__work="unable", members__1__condition="severely_ill")
    person.fills(income__0__category="transfer", income__0__amount="420", income__0__note="养老金")
    person.fills(difficulty="老伴重病，两个人靠一份养老金生活。")
    return person.ticks("kin_declared", "0").ticks("truthful").ticks("rights_told")


@pytest.mark.requirement("INT-09", "INT-10", "INT-14")
def test_a_resident_applies_on_a_telephone_in_large_type_and_follows_the_application(
    fresh_database, resident, signs_in
):
    people = build.street()
    one, number = resident(), build.identity()
    one.goes("/").looks("start").presses("大字版")
    follows(one, "网上申请").looks("apply-district")
    follows(one, "示例区").looks("apply-street")
    follows(one, "示例一街道").looks("apply-large")
    fills_in(one, number, build.identity(sex="M"))
    one.looks("apply-filled").presses("提交申请").sees("申请已提交", "查询码").looks("receipt")
    assert "sl-large" in one.page.locator("html").get_attribute("class")
    sent = OnlineApplication.objects.unscoped(**ALL).get()
    assert (sent.persons, sent.status, number in one.page.content()) == (2, "waiting", False)

    assert one.asks(sent.receipt_code, number[-4:]) == 200
    one.sees("已经收到，等街道（乡镇）登记").looks("progress-waiting")

    handler = signs_in(User.objects.get(pk=people.handler.user_id))
    handler.sees("1件网上申请等待登记")
    follows(handler, "去登记")
    picture(handler, "online")
    follows(handler, "李桂兰")
    picture(handler, "online-detail")
    follows(handler, "登记为申请")
    picture(handler, "online-register")
    handler.presses("登记").sees("已登记", "网上申请").presses("提交申请").sees("申请已提交")
    case = Case.objects.unscoped(**ALL).get()
    assert (case.status, case.channel, case.receipt_code) == ("acceptance", "online", sent.receipt_code)

    assert one.asks(sent.receipt_code, number[-4:]) == 200
    one.sees("正在办理：受理").looks("progress-handling")
    assert "李桂兰" not in one.page.inner_text("main")
    for _try in range(5):
        assert one.asks(sent.receipt_code, "000X") == 422
        one.sees("没有查到")
    assert one.asks(sent.receipt_code, number[-4:]) == 429
    one.sees("查错的次数太多了").looks("progress-too-many")


def picture(person, name):
    for width in (360, 1366) if PICTURES else ():
        person.page.set_viewport_size({"width": width, "height": 900})
        keep(person, name, width)


def test_without_script_rows_come_and_the_type_grows_and_nothing_typed_is_lost(fresh_database, resident):
    build.street()
    one = resident(script=False)
    one.goes("/apply/?street=120199001000").fills(address="春和里3号楼2门501", members__0__name="李桂兰")
    one.presses("再加一个人").fills(members__1__name="王德顺").presses("大字版")
    assert one.page.locator('[name="members-1-name"]').input_value() == "王德顺"
    assert one.page.locator('[name="address"]').input_value() == "春和里3号楼2门501"
    assert "sl-large" in one.page.locator("html").get_attribute("class")
    with one.page.expect_navigation():
        one.page.locator("#application").evaluate("form => { form.noValidate = true }")
        one.page.get_by_role("button", name="提交申请").click()
    assert one.page.locator('[name="members-1-name"]').input_value() == "王德顺"
    one.sees("处要改，您填的内容都在")
