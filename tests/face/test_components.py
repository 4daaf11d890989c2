"""The small pieces of a page: what they show, what they escape, how they speak to a screen reader."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django import forms

from common import clock, formfields
from common.ids import check_digit
from tests.face.conftest import AT

EVIL = "<script>alert(1)</script>"


class Application(forms.Form):
    name = forms.CharField(label="申请人姓名", help_text="与身份证一致")
    phone = formfields.PhoneField(label="联系电话", required=False)
    income = formfields.MoneyField(label="工资性收入", unit="元/月", help_text="申报 1,200.00")
    sex = formfields.ChoiceButtons(label="性别", choices=[("M", "男"), ("F", "女")])
    road = formfields.ChoiceButtons(label="怎样提出", choices=[("1", "本人到街道服务窗口提出"), ("2", "委托他人")])
    agree = forms.BooleanField(label="同意核对")
    secret = forms.CharField(widget=forms.HiddenInput, initial="x")


def one_tag(html, start):
    """The tag of `html` that begins with `start`."""
    return re.search(re.escape(start) + "[^>]*>", html)[0]


@pytest.mark.parametrize(
    ("source", "value", "text"),
    [
        ("{{ v|money }}", Decimal("1900"), "1,900.00"),
        ("{{ v|money }}", Decimal("-290"), "−290.00"),
        ("{{ v|money }}", None, "—"),
        ("{{ v|money }}", "无现金", "无现金"),
        ("{{ v|capped }}", 1286, "1,286"),
        ("{{ v|capped }}", 10_001, "10,000+"),
        ("{{ v|date_short }}", dt.date(2026, 11, 4), "11-04"),
        ("{{ v|date_short }}", dt.date(2025, 11, 4), "2025-11-04"),
        ("{{ v|time_short }}", AT.replace(year=2027), "2027-11-24 09:20"),
        ("{{ v|date_long }}", dt.date(2026, 11, 4), "2026年11月4日"),
        ("{{ v|time_short }}", AT.astimezone(dt.UTC), "11-24 09:20"),
        ("{{ v|time_long }}", AT.astimezone(dt.UTC), "2026年11月24日 09:20"),
        ("{{ v|time_short }}", dt.date(2026, 11, 4), "11-04"),
        ("{{ v|date_short }}", None, ""),
        ("{{ v|masked_id }}", "120104196203151528", "1201**********1528"),
        ("{{ v|masked_account }}", "6217000012345082", "6217 **** **** 5082"),
        ("{{ v|masked_phone }}", "13900002046", "139****2046"),
    ],
)
def test_figures_dates_and_masks_read_as_the_trade_writes_them(show, source, value, text, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: dt.date(2026, 12, 1))
    assert show(source, v=value) == text


def test_an_icon_is_silent_beside_a_word_and_speaks_alone(show):
    assert 'aria-hidden="true"' in show('{% icon "clock" %}')
    alone = show('{% icon "print" label="打印" %}')
    assert 'role="img" aria-label="打印"' in alone
    assert "aria-hidden" not in alone


@pytest.mark.parametrize(("level", "shape"), [("ok", "clock"), ("warn", "warn"), ("bad", "stop"), ("paused", "pause")])
def test_each_level_of_a_clock_has_its_own_shape_and_words(show, level, shape):
    html = show("{% clock_badge clock %}", clock={"level": level, "text": "剩 3 天"})
    assert f'data-level="{level}"' in html
    assert f"#{shape}" in html
    assert "剩 3 天" in html


def test_a_case_without_a_clock_shows_no_badge(show):
    assert show("{% clock_badge clock %}", clock=None) == ""


def test_the_step_bar_names_the_present_step_and_what_blocks(show):
    states = ("done", "skip", "now", "blocked", "todo")
    items = [{"state": state, "label": f"环节{n}", "note": "", "number": ""} for n, state in enumerate(states, 1)]
    blocked = {"what": "不能送签批", "why": f"缺远景照片{EVIL}", "url": "/up/", "action": "我来上传"}
    html = show("{% steps items blocked %}", items=items, blocked=blocked)
    assert html.count('aria-current="step"') == 1
    assert html.index('aria-current="step"') < html.index("环节3")
    assert "<strong>不能送签批：</strong>" in html
    assert '<a class="sl-push sl-nowrap" href="/up/">我来上传</a>' in html
    assert EVIL not in html


def test_a_step_bar_without_a_block_has_no_red_line(show):
    items = [{"state": "now", "label": "申请", "note": "", "number": ""}]
    assert "sl-blockline" not in show("{% steps items None %}", items=items)


def test_a_bar_stays_within_its_frame_and_says_its_share(show):
    html = show("{% bar 35 46 level='ok' mark=60 %}")
    assert 'width="76.1%"' in html
    assert 'aria-label="35/46，76%"' in html
    assert 'x="60%"' in html
    assert 'width="100.0%"' in show("{% bar 50 46 %}")
    assert 'width="0.0%"' in show("{% bar 0 0 %}")


def test_the_strip_of_a_limit_adds_up_and_lists_every_suspension(show):
    strip = {
        "parts": [{"kind": "used", "days": 18}, {"kind": "pause", "days": 8}, {"kind": "left", "days": 12}],
        "start": "10-19 受理",
        "now": "今天 11-24",
        "end": "12-10 到期",
        "pauses": [{"label": "公示期", "note": "含顺延 1 天", "days": 8, "span": "11-16 至 11-23"}],
        "source": "30 个工作日",
        "source_url": "/rule/",
    }
    html = show("{% clock_strip strip %}", strip=strip)
    widths = [float(width) for width in re.findall(r'width="([\d.]+)%"', html)]
    assert sum(widths) == pytest.approx(100, abs=0.1)
    assert "已用18天，剩余12天，暂停8天不计" in html
    assert "含顺延 1 天" in html
    assert '<a href="/rule/">' in html


def test_a_masked_number_asks_the_reason_before_it_is_shown(show):
    html = show('{% masked "1201**********1528" "/reveal/" label="身份证号码" %}')
    form = html[html.index("<form") :]
    assert 'method="post" action="/reveal/"' in form
    assert 'name="csrfmiddlewaretoken"' in form
    assert 'name="key"' in form
    assert "required" in one_tag(form, '<input class="form-control" name="reason"')


def test_a_masked_number_without_an_address_has_no_way_to_open(show):
    assert "<form" not in show('{% masked "1201**********1528" %}')


def test_a_field_ties_label_unit_hint_and_error_to_its_control(show):
    form = Application({"income": "3千"})
    html = show("{% field form.income %}", form=form)
    control = one_tag(html, '<input type="text" name="income"')
    assert 'aria-describedby="id_income_unit id_income_helptext id_income_error"' in control
    assert 'aria-invalid="true"' in control
    assert 'value="3千"' in control, "what was typed stays"
    assert 'class="form-control num"' in control
    for part in (
        '<label for="id_income">',
        'id="id_income_unit">元/月',
        'id="id_income_helptext"',
        'id="id_income_error"',
    ):
        assert part in html


def test_a_field_without_error_or_hint_points_nowhere(show):
    html = show("{% field form.phone %}", form=Application())
    assert "aria-describedby" not in html
    assert "选填" in html


def test_few_short_choices_are_buttons_and_long_ones_a_list(show):
    form = Application({})
    html = show("{% field form.sex %}{% field form.road %}", form=form)
    assert 'class="sl-choice"' in html
    assert 'class="sl-options"' in html
    group = html[html.index('id="id_sex_group"') :]
    assert 'role="radiogroup"' in group
    assert 'aria-labelledby="id_sex_label"' in group
    assert "aria-invalid" not in one_tag(html, '<input type="radio" name="sex"')


def test_fields_of_a_form_include_the_hidden_ones_once(show):
    html = show("{% fields form %}", form=Application())
    assert html.count('name="secret"') == 1
    assert 'name="secret"' not in show('{% fields form "name" "income" %}', form=Application())


def test_a_form_printed_by_django_itself_looks_the_same(show):
    assert "sl-errors" in show("{{ form }}", form=Application({}))


def test_the_summary_leads_to_every_wrong_field_and_escapes_what_was_said(show):
    form = Application({"name": "李桂兰"})
    form.add_error(None, f"已有一件在办{EVIL}")
    html = show("{% form_errors form %}", form=form)
    assert 'href="#id_income"' in html
    assert 'href="#id_sex_group"' in html
    assert 'href="#id_name"' not in html
    assert "已有一件在办" in html
    assert EVIL not in html


def test_the_summary_reads_formsets_and_stays_away_from_clean_forms(show):
    rows = forms.formset_factory(Application, min_num=1, validate_min=True)
    empty = rows({"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"})
    assert "sl-errors" in show("{% form_errors rows %}", rows=empty)
    assert "sl-errors" not in show("{% form_errors form None %}", form=Application())


def test_every_act_carries_token_fresh_key_and_seen_version(show):
    first, second = show("{% act_fields 7 %}"), show("{% act_fields 7 %}")
    assert 'name="csrfmiddlewaretoken" value="' in first
    assert 'name="seen" value="7"' in first
    keys = [re.search(r'name="key" value="([^"]{36})"', html)[1] for html in (first, second)]
    assert keys[0] != keys[1]
    assert "seen" not in show("{% act_fields %}")


def test_rows_can_be_added_without_script(show):
    rows = forms.formset_factory(Application, extra=1)(prefix="members")
    html = show(
        '{% include "includes/rows.html" with formset=rows row="forms/fields.html" legend="成员" add_label="再加" %}',
        rows=rows,
        bounds=[],
        hidden=[],
    )
    assert 'name="add_members"' in one_tag(html, '<button type="submit" class="btn"')
    assert "formnovalidate" in html
    assert 'name="members-TOTAL_FORMS"' in html
    assert 'name="members-__prefix__-secret"' in html


LISTS = {
    "timeline": (
        "entries",
        [{"at": AT, "title": EVIL, "detail": "", "by": "", "kind": "auto", "url": "", "action": ""}],
    ),
    "chain": ("links", [{"step": "受理", "who": EVIL, "at": AT, "url": "/a/", "label": "回执"}]),
    "missing": (
        "items",
        [{"level": "bad", "icon": "", "what": EVIL, "who": "", "why": "", "url": "/a/", "action": "上传"}],
    ),
    "documents": ("docs", [{"label": EVIL, "url": "/a/", "at": AT.date(), "note": ""}]),
    "photos": ("photos", [{"url": "/a/", "alt": EVIL, "caption": "", "tag": "", "level": ""}]),
    "kv": ("rows", [("姓名", EVIL)]),
    "stats": ("stats", [{"label": EVIL, "value": 1, "unit": "件", "note": "", "url": "/a/", "level": "", "icon": ""}]),
}


@pytest.mark.parametrize("name", sorted(LISTS))
def test_lists_escape_what_people_wrote(show, name):
    variable, rows = LISTS[name]
    html = show(f'{{% include "includes/{name}.html" with {variable}=rows only %}}', rows=rows)
    assert EVIL not in html
    assert "&lt;script&gt;" in html


def test_a_calculation_sheet_shows_the_working_of_each_line(show):
    lines = [{"label": "补差", "how": "3,240.00 − 1,880.00", "amount": Decimal(1360), "level": "sum"}]
    html = show('{% include "includes/sheet.html" with lines=lines unit="元/月" only %}', lines=lines)
    assert "3,240.00 − 1,880.00" in html
    assert '<td class="num">1,360.00</td>' in html
    assert "金额（元/月）" in html


def test_the_pager_switches_off_what_is_not_there(show):
    page = {"shown": "第 1–50 件", "newer_url": "", "older_url": "/cases/?after=9"}
    html = show('{% include "includes/pager.html" with page=page keys=True only %}', page=page)
    assert '<a class="btn btn-sm" href="/cases/?after=9" rel="next">' in html
    assert 'rel="prev"' not in html
    assert 'aria-disabled="true"' in html


@pytest.mark.parametrize(
    ("level", "role"), [("info", "status"), ("ok", "status"), ("warn", "status"), ("bad", "alert")]
)
def test_a_note_speaks_up_only_when_something_is_wrong(show, level, role):
    html = show('{% include "includes/note.html" with level=level what="缺照片" only %}', level=level)
    assert f'role="{role}"' in html


def test_an_empty_list_says_what_to_do_next(show):
    html = show(
        '{% include "includes/empty.html" with what="没有" next="最近一件在 11-27" url="/a/" action="看" only %}'
    )
    assert "最近一件在 11-27" in html
    assert 'href="/a/"' in html


def test_money_typed_with_commas_or_full_width_figures_is_understood():
    field = formfields.MoneyField(label="金额")
    assert field.clean("１,９００.5") == Decimal("1900.50")
    for wrong in ("3千", "1.234", "-1"):
        with pytest.raises(forms.ValidationError):
            field.clean(wrong)


def test_an_identity_number_is_checked_and_never_repeated_in_the_message():
    field = formfields.IdNumberField(label="身份证号码")
    right = "12010419620315152" + check_digit("12010419620315152")
    assert field.clean(f" {right} ") == right
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    with pytest.raises(forms.ValidationError) as caught:
        field.clean(wrong)
    assert wrong not in str(caught.value)


def test_yes_and_no_are_never_preset_but_kept_when_known(show):
    class Question(forms.Form):
        same = formfields.YesNoField(label="一致吗")

    assert "checked" not in show("{% field form.same %}", form=Question())
    known = show("{% field form.same %}", form=Question(initial={"same": False}))
    assert "checked" in one_tag(known, '<input type="radio" name="same" value="0"')
    asked = Question({"same": "0"})
    assert asked.is_valid()
    assert asked.cleaned_data["same"] is False
