"""The face's tags and filters: small pieces of page that need more than an include (`{% load sunlight %}`)."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.forms import BaseForm, BaseFormSet
from django.forms.boundfield import BoundField
from django.middleware.csrf import get_token
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common import clock, ids
from common.money import format_yuan

register = template.Library()

CLOCK_ICONS = {"ok": "clock", "warn": "warn", "bad": "stop", "paused": "pause"}
LIST_CAP = 10_000


# --- Figures, dates, personal data ------------------------------------------------------------------------------------


@register.filter
def money(value: Decimal | int | str | None) -> str:
    """`1900` → `1,900.00`; nothing known → `—`; words in place of an amount stay as they are."""
    if value is None or value == "":
        return "—"
    try:
        return format_yuan(Decimal(value))
    except InvalidOperation:
        return str(value)


@register.filter
def capped(value: int | None) -> str:
    """A count: `1286` → `1,286`; counts stop at ten thousand: `10,000+`."""
    if value is None:
        return "—"
    return f"{LIST_CAP:,}+" if value > LIST_CAP else f"{value:,}"


@register.filter(expects_localtime=True)
def date_short(value: dt.date | None) -> str:
    """`11-24`, for tables; of another year `2025-11-24`."""
    return clock.short(value) if value else ""


@register.filter(expects_localtime=True)
def date_long(value: dt.date | None) -> str:
    """`2026年11月24日`, for prose and papers."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


@register.filter(expects_localtime=True)
def time_short(value: dt.date | None) -> str:
    """`11-24 09:20`, for tables and timelines; of a day without a time `11-24`."""
    return f"{clock.short(value)} {value:%H:%M}" if isinstance(value, dt.datetime) else date_short(value)


@register.filter(expects_localtime=True)
def time_long(value: dt.date | None) -> str:
    """`2026年11月24日 09:20`, for prose."""
    return f"{date_long(value)} {value:%H:%M}" if isinstance(value, dt.datetime) else date_long(value)


@register.filter
def masked_id(value: str | None) -> str:
    """`1201**********1528`."""
    return ids.mask_id(value or "")


@register.filter
def masked_account(value: str | None) -> str:
    """`6217 **** **** 5082`."""
    return ids.mask_account(value or "")


@register.filter
def masked_phone(value: str | None) -> str:
    """`139****2046`."""
    return ids.mask_phone(value or "")


@register.inclusion_tag("includes/masked.html", takes_context=True)
def masked(context: Context, text: str, url: str = "", label: str = "") -> dict[str, object]:
    """A masked text; with `url`, a form beside it that asks the reason and posts it there."""
    return {
        "text": text,
        "url": url,
        "label": label or _("完整内容"),
        "key": uuid.uuid4(),
        "csrf_token": _csrf_token(context),
    }


# --- Icons, clocks, steps, bars ---------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon of the sprite. It is silent beside a word; a `label` makes it speak where no word stands."""
    voice = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    classes = "sl-i sl-i--l" if size == "l" else "sl-i"
    return format_html('<svg class="{}" {}><use href="{}#{}"/></svg>', classes, voice, static("icons.svg"), name)


@register.simple_tag
def clock_badge(clock: Any) -> SafeString:
    """Days left of a legal limit: an object or dict with `level` (ok, warn, bad, paused) and `text`."""
    if not clock:
        return SafeString("")
    level, text = _get(clock, "level"), _get(clock, "text")
    shape = icon(CLOCK_ICONS[str(level)])
    return format_html('<span class="sl-clock" data-level="{}">{}{}</span>', level, shape, text)


@register.inclusion_tag("includes/steps.html")
def steps(items: Sequence[Any], blocked: Any = None) -> dict[str, object]:
    """The step bar of a case, with the red line that says why it does not go on and what cures it."""
    return {"steps": items, "blocked": blocked}


@register.simple_tag
def bar(done: float, total: float, level: str = "", mark: float | None = None, label: str = "") -> SafeString:
    """A share of a whole. `mark` is a percentage drawn as a tick (time elapsed)."""
    share = percent(done, total)
    tick = format_html('<rect class="is-mark" x="{}%" width="2"/>', mark) if mark is not None else ""
    return format_html(
        '<svg class="sl-bar" role="img" aria-label="{}"><rect class="is-{}" width="{}%"/>{}</svg>',
        label or f"{done}/{total}，{share:.0f}%",
        level or "acc",
        f"{share:.1f}",
        tick,
    )


@register.inclusion_tag("includes/strip.html")
def clock_strip(strip: Any) -> dict[str, object]:
    """How a limit was used: parts (used, pause, left) as a row of days, suspensions listed beneath."""
    parts = [(str(_get(part, "kind")), int(_get(part, "days"))) for part in _get(strip, "parts")]
    whole = sum(days for _kind, days in parts)
    drawn, x = [], 0.0
    for kind, days in parts:
        width = percent(days, whole)
        drawn.append({"kind": kind, "x": f"{x:.2f}", "width": f"{width:.2f}"})
        x += width
    sums = {kind: sum(days for each, days in parts if each == kind) for kind in ("used", "pause", "left")}
    rest = {name: _get(strip, name, "") for name in ("start", "now", "end", "source", "source_url")}
    return {"parts": drawn, "sums": sums, "pauses": _get(strip, "pauses", ()), **rest}


def percent(part: float, whole: float) -> float:
    """`part` of `whole` in per cent, within 0 and 100; nothing of nothing is 0."""
    return min(100.0, max(0.0, 100 * part / whole)) if whole else 0.0


@register.simple_tag
def print_button(label: str = "") -> SafeString:
    """A button that prints the page; js/print.js unhides it."""
    return format_html(
        '<button type="button" class="btn" data-print hidden>{}{}</button>', icon("print"), label or _("打印")
    )


# --- Forms ------------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def act_fields(context: Context, seen: int | None = None) -> SafeString:
    """What every form of a legal act carries: the CSRF token, its one-time key, the version the person saw."""
    hidden = '<input type="hidden" name="{}" value="{}">'
    version = format_html(hidden, "seen", seen) if seen is not None else ""
    token = format_html(hidden, "csrfmiddlewaretoken", _csrf_token(context))
    return format_html("{}{}{}", token, format_html(hidden, "key", uuid.uuid4()), version)


@register.inclusion_tag("forms/field.html")
def field(bound: BoundField, unit: str = "", hint: str = "") -> dict[str, object]:
    """Label, control, unit, hint and error of one form field, wired for screen readers."""
    unit = unit or getattr(bound.field, "unit", "")
    hint = hint or str(bound.help_text)
    kind = _kind(bound)
    described = " ".join(
        f"{bound.auto_id}_{part}"
        for part, there in (("unit", unit), ("helptext", hint), ("error", bound.errors))
        if there
    )
    options = _options(bound) if kind in {"buttons", "options"} else []
    control = "" if options else bound.as_widget(attrs=_control_attrs(bound, kind, described))
    return {
        "bound": bound,
        "kind": kind,
        "unit": unit,
        "hint": hint,
        "described": described,
        "control": control,
        "options": options,
        "optional": not bound.field.required,
    }


@register.inclusion_tag("forms/fields.html")
def fields(form: BaseForm, *names: str) -> dict[str, object]:
    """All fields of a form, hidden ones too; or the visible ones named, in that order."""
    bounds = [form[name] for name in names] if names else form.visible_fields()
    return {"bounds": bounds, "hidden": [] if names else form.hidden_fields()}


@register.inclusion_tag("forms/errors.html")
def form_errors(*forms: BaseForm | BaseFormSet | None) -> dict[str, object]:
    """All errors of the forms at one place, each with a link to its field."""
    items = [item for form in forms if form is not None for item in _errors(form)]
    return {"items": items}


def _errors(form: BaseForm | BaseFormSet) -> Iterable[dict[str, object]]:
    if isinstance(form, BaseFormSet):
        if form.is_bound:
            for text in form.non_form_errors():
                yield {"label": "", "id": "", "text": text}
        for each in form.forms:
            yield from _errors(each)
        return
    for name, texts in form.errors.items():
        bound = form[name] if name in form.fields else None
        visible = bound is not None and not bound.is_hidden
        for text in texts:
            yield {
                "label": bound.label if bound and visible else "",
                "id": _target(bound) if bound and visible else "",
                "text": text,
            }


def _target(bound: BoundField) -> str:
    """The id a link can jump to: the control, or the group of a set of choices."""
    return f"{bound.auto_id}_group" if _kind(bound) in {"buttons", "options"} else str(bound.id_for_label)


def _kind(bound: BoundField) -> str:
    """Which of the five shapes of forms/field.html a widget takes."""
    widget = bound.widget_type
    if bound.is_hidden:
        return "hidden"
    if widget == "checkbox":
        return "check"
    if widget == "radioselect":
        labels = [str(text) for _value, text in getattr(bound.field, "choices", ())]
        return "buttons" if len(labels) <= 4 and all(len(text) <= 8 for text in labels) else "options"
    return "options" if widget == "checkboxselectmultiple" else "plain"


def _options(bound: BoundField) -> list[Any]:
    options = bound.subwidgets
    for option in options:
        option.data["attrs"].pop("aria-invalid", None)  # not allowed on a single radio: the group carries it
        option.data["attrs"].pop("aria-describedby", None)
        if _kind(bound) == "options":
            option.data["attrs"]["class"] = "form-check-input"
    return list(options)


def _control_attrs(bound: BoundField, kind: str, described: str) -> dict[str, Any]:
    if kind == "hidden":
        return {}
    base = {"check": "form-check-input"}.get(kind, "form-control")
    if bound.widget_type in {"select", "selectmultiple"}:
        base = "form-select"
    attrs: dict[str, Any] = {"class": f"{base} {bound.field.widget.attrs.get('class', '')}".strip()}
    if described:
        attrs["aria-describedby"] = described
    return attrs


def _csrf_token(context: Context) -> str:
    request = context.get("request")
    return get_token(request) if request is not None else str(context.get("csrf_token") or "")


def _get(item: Any, name: str, default: Any = None) -> Any:
    """`name` of an object or a mapping, as in a template."""
    return item.get(name, default) if isinstance(item, Mapping) else getattr(item, name, default)
