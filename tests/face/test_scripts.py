"""The scripts in a real browser, under the site's own content policy; pages and files reach it without a server."""

import json
import re

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.template import engines

from common import formfields
from common.ids import check_digit

pytestmark = pytest.mark.browser

SITE = "http://sunlight.test"
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; form-action 'self'"
RIGHT = "12010419620315152" + check_digit("12010419620315152")
WRONG = RIGHT[:-1] + ("0" if RIGHT[-1] != "0" else "1")


class Member(forms.Form):
    name = forms.CharField(label="姓名")
    id_number = formfields.IdNumberField(label="身份证号码")
    birth = formfields.DayField(label="出生日期")
    sex = formfields.ChoiceButtons(label="性别", choices=[("M", "男"), ("F", "女")])


FORM = """{% include "includes/assets.html" %}
<form method="post" data-draft="intake" data-draft-url="/drafts/">{% act_fields %}
{% include "includes/saved.html" with at="" only %}
{% include "includes/rows.html" with formset=rows row=row legend="成员" add_label="再加" %}
<button type="submit" name="act" value="send" id="send">送出</button></form>"""
LIST = """{% include "includes/assets.html" %}<input data-search id="search">
<table class="sl-table" data-keys><tbody><tr><td><a href="/cases/1/">甲</a></td></tr>
<tr><td><a href="/cases/2/">乙</a></td></tr></tbody></table>{% print_button %}"""
MASKED = """{% include "includes/assets.html" %}
<div id="place">{% masked "1201**********1528" "/reveal/" label="号码" %}</div>"""


@pytest.fixture
def visit(chromium, show):
    """Open rendered source as a page; `answers` maps a path to (status, body). Page errors and breached policy fail."""
    context = chromium.new_context()
    page = context.new_page()
    page.sent, page.troubles, page.answers = [], [], {}
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.on("console", lambda line: page.troubles.append(line.text) if "Content Security" in line.text else None)

    def answer(route):
        path = route.request.url.removeprefix(SITE)
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            return route.fulfill(path=found) if found else route.fulfill(status=404)
        if path not in page.answers:
            return route.abort()
        if route.request.method == "POST":
            page.sent.append((path, route.request.post_data or ""))
        status, body = page.answers[path]
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY}
        return route.fulfill(status=status, body=body, headers=headers)

    page.route("**/*", answer)

    def go(source, **context_data):
        page.answers["/"] = (200, f"<!doctype html><html lang='zh-CN'>{show(source, **context_data)}</html>")
        page.goto(f"{SITE}/")
        return page

    yield go
    context.close()
    assert not page.troubles


@pytest.fixture
def form_page(visit):
    row = engines["django"].engine.from_string("{% load sunlight %}{% fields form %}")
    rows = forms.formset_factory(Member, extra=1)(prefix="m")
    return lambda: visit(FORM, rows=rows, row=row)


def test_a_right_number_fills_birth_and_sex_and_a_wrong_one_says_why(form_page):
    page = form_page()
    page.fill("#id_m-0-id_number", WRONG)
    assert "校验位不对" in page.inner_text("#id_m-0-id_number_check")
    assert page.input_value("#id_m-0-birth") == ""
    page.fill("#id_m-0-id_number", RIGHT)
    assert page.locator("#id_m-0-id_number_check").is_hidden()
    assert page.input_value("#id_m-0-birth") == "1962-03-15"
    assert page.locator("input[name=m-0-sex]:checked").input_value() == ("M" if int(RIGHT[16]) % 2 else "F")


def test_an_added_row_is_a_row_of_its_own(form_page):
    page = form_page()
    page.click("[data-add-row]")
    assert page.locator("[data-row]").count() == 2
    assert page.input_value("[name=m-TOTAL_FORMS]") == "2"
    assert page.evaluate("document.activeElement.name") == "m-1-name"
    page.fill("#id_m-1-id_number", RIGHT)
    assert page.input_value("#id_m-1-birth") == "1962-03-15"
    assert page.input_value("#id_m-0-birth") == ""


def test_what_is_typed_is_kept_without_secrets_and_what_is_not_kept_is_named(form_page):
    page = form_page()
    page.answers["/drafts/"] = (200, json.dumps({"saved_at": "2026-11-24T14:18:06+08:00"}))
    page.fill("[name=m-0-name]", "李桂兰")
    page.locator(".sl-save", has_text="14:18:06").wait_for(timeout=5000)
    path, body = page.sent[-1]
    assert path == "/drafts/"
    assert "form_key=intake" in body
    assert "m-0-name=" in body
    assert not re.search(r"(^|&)(key|seen|csrfmiddlewaretoken)=", body)
    del page.answers["/drafts/"]
    page.fill("[name=m-0-name]", "李桂")
    page.locator(".sl-save", has_text="没有保存的有：姓名").wait_for(timeout=5000)
    assert page.get_attribute(".sl-save", "data-level") == "warn"
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "李" not in stored, "nothing personal stays in the browser"


def test_a_double_click_sends_one_form(form_page):
    page = form_page()
    page.evaluate("document.querySelector('form').noValidate = true")
    page.evaluate(
        "document.querySelector('form').addEventListener('submit', () => { window.sends = (window.sends || 0) + 1; })"
    )
    page.evaluate("document.querySelector('form').target = 'elsewhere'")
    page.click("#send")
    page.wait_for_timeout(100)
    assert page.is_disabled("#send")
    assert page.evaluate("window.sends") == 1


def test_arrows_choose_a_row_enter_opens_it_and_slash_finds_the_search(visit):
    page = visit(LIST)
    page.answers["/cases/2/"] = (200, "乙")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.locator("tr[aria-selected=true]").inner_text() == "乙"
    page.keyboard.press("Enter")
    page.wait_for_url(f"{SITE}/cases/2/")


def test_the_print_button_is_there_only_with_script(visit):
    page = visit(LIST)
    page.evaluate("window.print = () => { window.printed = true; }")
    page.click("[data-print]")
    assert page.evaluate("window.printed") is True


def test_a_revealed_number_comes_into_place_and_a_refusal_too(visit, show):
    page = visit(MASKED)
    page.answers["/reveal/"] = (200, show('{% include "includes/revealed.html" with label="号码" value="完整" only %}'))
    page.click("summary")
    page.fill("[name=reason]", "核对")
    page.click("details button")
    page.locator("#place .sl-revealed", has_text="完整").wait_for(timeout=3000)
    assert "reason=" in page.sent[-1][1]
    page = visit(MASKED)
    page.answers["/reveal/"] = (403, '<p class="sl-stop__why">不归您办</p>')
    page.click("summary")
    page.fill("[name=reason]", "核对")
    page.click("details button")
    page.locator("#place", has_text="不归您办").wait_for(timeout=3000)
