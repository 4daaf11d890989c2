"""The value of one row of a pack: typed, or a Chinese sentence that says how its kind is written."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.catalogue import Definition
from policies.values import UNITS, Tier
from policies.wording import EVENTS, EXCLUDED, ROUNDINGS, STARTS

TYPES: dict[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "integer": (int,),
    "day_of_month": (int,),
    "ratio": (str,),
    "money": (str,),
    "date": (dt.date,),
    "text": (str,),
    "text_list": (list,),
    "choice": (str,),
    "choice_list": (list,),
    "limit": (dict,),
    "cycle": (dict,),
    "coverage": (dict,),
    "tiers": (str,),
    "retention": (dict,),
    "rounding": (dict,),
    "scores": (dict,),
    "mapping": (dict,),
    "table": (list,),
}
WRITTEN: dict[str, Promise] = {
    "boolean": gettext_lazy("是或否：true 或 false，不加引号"),
    "integer": gettext_lazy("整数，不加引号，例如 2"),
    "day_of_month": gettext_lazy("每月几日：1 到 31 的整数，不加引号"),
    "ratio": gettext_lazy('比例，加引号，例如 "1/2" 或 "30%"'),
    "money": gettext_lazy('金额，加引号，单位元，最多两位小数，例如 "1010.00"'),
    "date": gettext_lazy("日期，不加引号，例如 2022-12-26"),
    "text": gettext_lazy("文字，加引号"),
    "text_list": gettext_lazy('文字的列表，例如 ["一户一档"]'),
    "choice": gettext_lazy("总目里的一个选项，加引号"),
    "choice_list": gettext_lazy('总目里选项的列表，例如 ["deputy_leader"]'),
    "limit": gettext_lazy('时限，例如 { n = 7, unit = "calendar_day" }，没有天数的写 { word = "原文的词" }'),
    "cycle": gettext_lazy('周期，例如 { months = [12] }，没有数字的写 { word = "原文的词" }'),
    "coverage": gettext_lazy('覆盖面，例如 { ratio = "1", months = 12, times = 1 }'),
    "tiers": gettext_lazy('这一档的比例，加引号，例如 "1/10"'),
    "retention": gettext_lazy('保存期限，例如 { years = 10, minimum = true, start = "case_closed" }'),
    "rounding": gettext_lazy('取整办法，例如 { unit = "1", mode = "up" }'),
    "scores": gettext_lazy('分值，例如 { word = "加减分" }'),
    "mapping": gettext_lazy("名称和内容的对照，写在 { } 里"),
    "table": gettext_lazy("表格：一行一组 { }，列名用总目里的"),
}
FIELDS = {
    "limit": {"n", "unit", "grace", "word"},
    "cycle": {"months", "times", "quarter", "word"},
    "coverage": {"ratio", "months", "times"},
    "retention": {"years", "minimum", "start"},
    "rounding": {"unit", "mode"},
    "scores": {"word", "items"},
}
LAST_DAY = 31


def typed(definition: Definition, row: Mapping[str, Any]) -> Any:
    """The typed value of a row. Limits carry their clock start and exclusions; a tier is one step of a tiered ratio."""
    written = row["value"]
    if definition.kind == "limit":
        written = {**written, "start": row.get("clock_start", ""), "excludes": row.get("excludes", [])}
    if definition.kind == "tiers":
        written = [{**row["scope"], "ratio": written, "special": row.get("special", False)}]
    return definition.parse(written)


def faults(definition: Definition, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with the value of a row: (field, sentence)."""
    written, kind = row["value"], definition.kind
    title = f"{definition.title}（{definition.key}）"
    if kind not in WRITTEN:
        yield "value", _("“%s”不能写成参数，请写成环节（[[stage]]）。") % title
        return
    wrong = _("“%(title)s”的取值写错了，应写%(how)s。") % {"title": title, "how": WRITTEN[kind]}
    if not _is_of(kind, written):
        yield "value", wrong
        return
    special = list(_of_kind(kind, written, title))
    yield from (("value", sentence) for sentence in special)
    unknown = [one for one in _given(written) if one not in definition.options] if definition.options else []
    if unknown:
        words = {"title": title, "unknown": "、".join(map(str, unknown)), "known": "、".join(definition.options)}
        yield "value", _("“%(title)s”没有“%(unknown)s”这个选项。可以写：%(known)s。") % words
    elif not special and not (kind == "tiers" and not isinstance(row.get("scope"), dict)):
        try:
            typed(definition, row)
        except (ValueError, KeyError, TypeError, AttributeError):
            yield "value", wrong


def _is_of(kind: str, written: Any) -> bool:
    """Whether a value is written in the form of its kind at all."""
    if kind in {"text_list", "choice_list"} and isinstance(written, list):
        return all(isinstance(one, str) for one in written)
    return isinstance(written, TYPES[kind]) and (kind == "boolean" or not isinstance(written, bool))


def _given(written: Any) -> list[Any]:
    return written if isinstance(written, list) else [written]


def _of_kind(kind: str, written: Any, title: str) -> Iterator[str]:
    """What one kind demands beyond its type."""
    if kind == "day_of_month" and not 1 <= written <= LAST_DAY:
        yield _("“%s”是每月的一天，应在 1 到 31 之间。") % title
    if kind in FIELDS:
        for name in sorted(set(written) - FIELDS[kind]):
            words = {"title": title, "name": name, "known": "、".join(sorted(FIELDS[kind]))}
            yield _("“%(title)s”的取值里没有“%(name)s”这一项。可以写：%(known)s。") % words
    if kind == "limit":
        yield from _limit(written, title)
    if kind == "retention" and written.get("start") not in STARTS:
        words = {"title": title, "start": written.get("start", ""), "known": "、".join(STARTS)}
        yield _("“%(title)s”的起算事件（start）“%(start)s”不认识。可以写：%(known)s。") % words
    if kind == "rounding" and written.get("mode") not in ROUNDINGS:
        yield _("“%(title)s”的取整方向（mode）不认识。可以写：%(known)s。") % {
            "title": title,
            "known": "、".join(ROUNDINGS),
        }


def _limit(written: Mapping[str, Any], title: str) -> Iterator[str]:
    n, unit = written.get("n"), written.get("unit")
    known = "、".join(UNITS)
    if n is None and not written.get("word"):
        yield _("时限“%s”既没有数字（n），也没有文件的原词（word）。文件没有写的，请写 unset = true。") % title
    elif n is not None and (not isinstance(n, int) or isinstance(n, bool) or n < 0):
        yield _("时限“%s”的数字（n）应是 0 以上的整数。") % title
    if n is not None and unit is None:
        yield _("时限“%(title)s”没有写单位（unit）。可以写：%(known)s。") % {"title": title, "known": known}
    elif unit is not None and unit not in UNITS:
        words = {"title": title, "unit": unit, "known": known}
        yield _("时限“%(title)s”的单位“%(unit)s”不认识。可以写：%(known)s。") % words


def clock_faults(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Unknown events and exclusions of a row."""
    start = row.get("clock_start", "")
    if start and start not in EVENTS:
        words = {"start": start, "known": "、".join(EVENTS)}
        yield "clock_start", _("起算事件（clock_start）“%(start)s”不认识。可以写：%(known)s。") % words
    excludes = row.get("excludes", [])
    for one in excludes if isinstance(excludes, list) else [excludes]:
        if one not in EXCLUDED:
            words = {"one": one, "known": "、".join(EXCLUDED)}
            yield "excludes", _("不计入的期间（excludes）“%(one)s”不认识。可以写：%(known)s。") % words


def tier_faults(tiers: list[tuple[Tier, str]]) -> Iterator[tuple[int, str]]:
    """Where the steps of a tiered ratio, each with its overlap rule, leave numbers out or claim them twice: (index, sentence).
    Neighbours may share one number where the rule says which of them holds. Special steps go before the others and may overlap."""
    spans = sorted((*_span(tier), n) for n, (tier, _rule) in enumerate(tiers) if not tier.special)
    next_free = 0
    before = None
    for low, high, n in spans:
        name = tiers[n][0].name
        if low > high:
            yield n, _("档次“%s”里一个数也没有，请核对上下限。") % name
        elif low > next_free + (before is None):
            words = {"name": name, "first": next_free, "last": low - 1}
            yield n, _("档次“%(name)s”之前有缺口：%(first)s 到 %(last)s 没有规定。") % words
        elif low < next_free and before is not None and not (low == next_free - 1 and tiers[n][1]):
            words = {"name": name, "other": tiers[before][0].name, "low": low}
            yield (
                n,
                _(
                    "档次“%(name)s”和“%(other)s”重叠：%(low)s 两档都算。只有相邻两档可以共有一个数，并且要写 overlap_rule。"
                )
                % words,
            )
        next_free, before = max(next_free, high + 1), n
    if before is not None and next_free <= ENDLESS:
        words = {"name": tiers[before][0].name, "first": next_free}
        yield before, _("档次“%(name)s”之后有缺口：%(first)s 以上没有规定。") % words


ENDLESS = 10**12


def _span(tier: Tier) -> tuple[int, int]:
    """The first and the last whole number of a step."""
    low = 0 if tier.min_n is None else tier.min_n + (not tier.min_inclusive)
    high = ENDLESS if tier.max_n is None else tier.max_n - (not tier.max_inclusive)
    return low, high
