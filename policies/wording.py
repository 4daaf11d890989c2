"""Values in Chinese words, for pages and papers: “7 个自然日”, “50%”, “每半年一次”."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.money import format_yuan
from policies.catalogue import Definition
from policies.values import (
    CALENDAR_DAY,
    MONTH,
    WORKING_DAY,
    Coverage,
    Cycle,
    Limit,
    Retention,
    Rounding,
    Scores,
    Tier,
)

UNITS: dict[str, Promise] = {
    WORKING_DAY: gettext_lazy("个工作日"),
    CALENDAR_DAY: gettext_lazy("个自然日"),
    MONTH: gettext_lazy("个月"),
}
EVENTS: dict[str, Promise] = {
    "application": gettext_lazy("提出申请"),
    "acceptance": gettext_lazy("受理"),
    "posting": gettext_lazy("张贴公示"),
    "publicity_end": gettext_lazy("公示结束"),
    "decision": gettext_lazy("作出决定"),
    "payment": gettext_lazy("发放资金"),
    "change": gettext_lazy("发生变化"),
    "clue_found": gettext_lazy("发现线索"),
    "target_date": gettext_lazy("用款日（往前推）"),
    "request": gettext_lazy("提出请求"),
    "letter": gettext_lazy("发出函件"),
    "registration": gettext_lazy("登记"),
    "emergency_eased": gettext_lazy("急难缓解"),
    "loss": gettext_lazy("发现损毁"),
}
EXCLUDED: dict[str, Promise] = {"publicity": gettext_lazy("公示期")}
STARTS: dict[str, Promise] = {
    "case_closed": gettext_lazy("个案终结"),
    "household_exit": gettext_lazy("整户退出"),
    "cancellation": gettext_lazy("注销"),
    "benefit_end": gettext_lazy("退出保障"),
}
WHEN: dict[str, Promise] = {
    "always": gettext_lazy("每件都办"),
    "on_objection": gettext_lazy("有异议时"),
    "by_choice": gettext_lazy("经办人写明理由后开启"),
}
CYCLES: dict[int, Promise] = {
    1: gettext_lazy("每月"),
    3: gettext_lazy("每季度"),
    6: gettext_lazy("每半年"),
    12: gettext_lazy("每年"),
}
ROUNDINGS: dict[str, Promise] = {
    "up": gettext_lazy("向上取整"),
    "down": gettext_lazy("向下舍去"),
    "half_up": gettext_lazy("四舍五入"),
}


def describe(definition: Definition, value: Any) -> str:
    """The value in words. An open value is the document's own word."""
    special = KINDS.get(definition.kind)
    if special:
        return special(definition, value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "、".join(str(definition.options.get(item, item)) for item in value) or _("没有")
    if isinstance(value, int):
        return f"{value} {definition.unit}".strip() if definition.kind == "integer" else _("每月%s日") % value
    return str(definition.options.get(value, value))


def percent(ratio: Fraction) -> str:
    """`3/20` → `15%`; a ratio that is no whole number of tenths of a per cent stays a fraction."""
    share = ratio * 1000
    if share.denominator != 1:
        return str(ratio)
    return f"{Decimal(share.numerator) / 10:f}".removesuffix(".0") + "%"


def _limit(definition: Definition, value: Limit) -> str:
    if value.n is None:
        return value.word
    parts = [value.word or f"{value.n} {UNITS[value.unit]}"]
    if value.start:
        parts.append(_("自%s起") % EVENTS.get(value.start, value.start))
    if value.excludes:
        parts.append(_("不含%s") % "、".join(str(EXCLUDED.get(item, item)) for item in value.excludes))
    return "，".join(parts)


def _cycle(definition: Definition, value: Cycle) -> str:
    if value.open:
        return value.word
    text = _("或").join(str(CYCLES.get(months, _("每 %s 个月") % months)) for months in value.months)
    if value.quarter:
        return _("%(text)s第 %(quarter)s 季度") % {"text": text, "quarter": value.quarter}
    return _("%(text)s至少 %(times)s 次") % {"text": text, "times": value.times}


def _coverage(definition: Definition, value: Coverage) -> str:
    often = CYCLES.get(value.months, _("每 %s 个月") % value.months)
    return _("%(often)s %(times)s 次，%(share)s") % {
        "often": often,
        "times": value.times,
        "share": percent(value.ratio),
    }


def _tiers(definition: Definition, value: tuple[Tier, ...]) -> str:
    return "；".join(f"{tier.name} {percent(tier.ratio)}" for tier in value)


def _retention(definition: Definition, value: Retention) -> str:
    start = STARTS.get(value.start, value.start)
    form = _("自%(start)s起至少 %(years)s 年") if value.minimum else _("自%(start)s起 %(years)s 年")
    return form % {"start": start, "years": value.years}


def _rounding(definition: Definition, value: Rounding) -> str:
    return _("到 %(unit)s 元，%(mode)s") % {"unit": value.unit, "mode": ROUNDINGS[value.mode]}


def _scores(definition: Definition, value: Scores) -> str:
    return "；".join(f"{name} {points}" for name, points in value.items) or value.word


def _mapping(definition: Definition, value: Mapping[str, Any]) -> str:
    def item(part: Any) -> str:
        return "、".join(part) if isinstance(part, tuple) else str(part)

    return "；".join(f"{MAPPING_KEYS.get(key, key)}：{item(part)}" for key, part in value.items())


def _table(definition: Definition, value: tuple[dict[str, Any], ...]) -> str:
    return "；".join(" ".join(cell(part) for part in row.values()) for row in value) or _("没有")


def cell(value: Any) -> str:
    """One cell of a table value; material codes in their Chinese names."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value)


MAPPING_KEYS: dict[str, Promise] = {
    "months": gettext_lazy("间隔月数"),
    "sets": gettext_lazy("套数"),
    "photos": gettext_lazy("每套照片张数"),
    "kinds": gettext_lazy("种类"),
    "copies": gettext_lazy("份数"),
    "electronic": gettext_lazy("电子版"),
    "paper": gettext_lazy("纸质版"),
    "from": gettext_lazy("开始"),
    "to": gettext_lazy("结束"),
    "who": gettext_lazy("人员"),
    "relative": gettext_lazy("近亲属的情形"),
}

KINDS: dict[str, Callable[[Definition, Any], str]] = {
    "limit": _limit,
    "cycle": _cycle,
    "coverage": _coverage,
    "tiers": _tiers,
    "retention": _retention,
    "rounding": _rounding,
    "scores": _scores,
    "mapping": _mapping,
    "table": _table,
    "ratio": lambda definition, value: percent(value),
    "money": lambda definition, value: f"{format_yuan(value)} {definition.unit}".strip(),
    "stages": lambda definition, value: " → ".join(stage.title for stage in value),
}
