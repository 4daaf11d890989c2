"""What the rules pages show: each rule with its words, where it comes from, how it is read and what is proposed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from common.actors import Actor
from common.errors import NotFound
from organizations.enums import Level
from organizations.models import Area
from policies import packfiles, values
from policies.catalogue import catalogue
from policies.enums import Confidence, Layer
from policies.models import LocalChoice, PackBinding, ParameterRow, WorkingDay
from policies.queries import Rules, Unset, Value, chain, history, known, pack_rows, place_of
from policies.wording import WHEN, describe, percent

CHOOSING_LEVELS = (Level.PROVINCE, Level.CITY, Level.DISTRICT, Level.STREET)


@dataclass(frozen=True)
class Line:
    """One rule as the pages show it."""

    rule: Value | Unset
    text: str
    state: str
    readings: tuple[packfiles.Reading, ...]
    misprint: str

    @property
    def key(self) -> str:
        return self.rule.parameter

    @property
    def title(self) -> str:
        return self.rule.title

    @property
    def place(self) -> str:
        """Where the document speaks of it; the page names the document."""
        return place_of(self.rule.citation)

    @property
    def word(self) -> str:
        """Where the value comes from, in a word."""
        return {"stated": _("文件规定"), "local": _("本地选择"), "open": _("没有数值"), "unset": _("没有写明")}[
            self.state
        ]

    @property
    def level(self) -> str:
        return {"stated": "ok", "local": "info"}.get(self.state, "warn")


def line(rule: Value | Unset) -> Line:
    """A rule with its words."""
    numbers = [number for number in rule.reading_note.split(", ") if number]
    readings = tuple(packfiles.readings()[number] for number in numbers)
    if isinstance(rule, Unset):
        return Line(rule, _("文件没有写明"), "unset", readings, "")
    state = "local" if rule.layer == Layer.LOCAL else "open" if rule.open else "stated"
    return Line(rule, describe(rule.definition, rule.value), state, readings, misprint(rule))


def misprint(rule: Value) -> str:
    """The words beside a suspected misprint, which stays in force as written (A-01)."""
    for scope in rule.details.get("scopes", ()):
        if "suspected_misprint" in scope.get("flags", ()):
            advisory = percent(values.ratio(scope["advisory"]["value"]))
            return _("“%(scope)s”一档疑为笔误，仍按原文执行；参考值 %(advisory)s，没有启用。") % {
                "scope": scope["scope"],
                "advisory": advisory,
            }
    return ""


def lines(rules: Rules, *, text: str = "", group: str = "", state: str = "") -> list[tuple[str, list[Line]]]:
    """The rules in force by group, filtered by words, group and state."""
    wanted = {"stated": {"stated"}, "local": {"local"}, "missing": {"open", "unset"}}.get(state)
    groups: dict[str, list[Line]] = {}
    for rule in rules.all():
        if group and rule.definition.group != group:
            continue
        shown = line(rule)
        if wanted and shown.state not in wanted:
            continue
        if text and text not in f"{shown.key} {shown.title} {shown.text} {rule.original or ''} {shown.place}":
            continue
        groups.setdefault(rule.definition.group_title, []).append(shown)
    return list(groups.items())


def proposals(key: str) -> list[dict[str, Any]]:
    """What the national baseline proposes, the surest first, with its confidence in words."""
    definition = known(key)
    return [
        {
            "number": number,
            "text": describe(definition, proposal.value),
            "confidence": proposal.confidence,
            "confidence_word": Confidence(proposal.confidence).label,
            "source": proposal.source,
            "note": proposal.note,
        }
        for number, proposal in enumerate(packfiles.proposals().get(definition.key, ()))
    ]


def choices_made(key: str, area_code: str, on: dt.date) -> list[dict[str, Any]]:
    """The local choices of a parameter that touch an area, with the words of their values."""
    definition = known(key)
    return [
        {"choice": choice, "text": describe(definition, definition.parse(choice.value)), "state": state_of(choice, on)}
        for choice in history(key, area_code)
    ]


def state_of(choice: LocalChoice, on: dt.date) -> str:
    """Whether a choice holds, begins later or has ended."""
    if choice.valid_from > on:
        return _("尚未开始")
    return _("现行") if choice.valid_to is None or choice.valid_to > on else _("已停止")


def rows_of(key: str, pack: str) -> list[tuple[ParameterRow, str]]:
    """Every row of a parameter in a pack with its place in the document, ended ones too, the latest first."""
    rows = ParameterRow.objects.filter(pack=pack, parameter=known(key).key)
    return [(row, place_of(row.citation)) for row in rows.order_by("-valid_from", "position", "pk")]


def quotations(rule: Value | Unset) -> list[tuple[str, str]]:
    """All wordings of the document with their places."""
    pairs = [(rule.original or "", rule.citation)] if rule.citation or rule.original else []
    pairs += [(original, citation) for original, citation in rule.details.get("also", ())]
    return [(original, place_of(citation)) for original, citation in pairs]


def areas_to_see(actor: Actor) -> list[tuple[str, str]]:
    """The areas whose rules the actor may open: where the post is and above, and those of its office down to the
    street."""
    ranges = {(lo, hi) for _permission, lo, hi in actor.powers}
    found = set(chain(actor.area)) if actor.area else set()
    query = Area.objects.filter(level__in=CHOOSING_LEVELS, valid_to=None).order_by("code")
    return [
        (code, name)
        for code, name in query.values_list("code", "name")
        if code in found or any(lo <= code < hi for lo, hi in ranges)
    ]


def areas_to_choose(actor: Actor, permission: str) -> list[tuple[str, str]]:
    """The areas for which the actor holds a permission, down to the street."""
    query = Area.objects.filter(level__in=CHOOSING_LEVELS, valid_to=None).order_by("code")
    return [(code, name) for code, name in query.values_list("code", "name") if actor.can(permission, code)]


def shown_area(actor: Actor, wanted: str) -> str:
    """The area whose rules are shown: the one asked for, or the actor's own. Raises `NotFound` for one out of reach."""
    if not wanted or wanted == actor.area:
        return actor.area
    if wanted not in dict(areas_to_see(actor)):
        raise NotFound()
    return wanted


def calendar_years() -> list[dict[str, Any]]:
    """The loaded years with their days, the latest first, and the first year that is still provisional."""
    years: dict[int, list[WorkingDay]] = {}
    for day in WorkingDay.objects.order_by("date"):
        years.setdefault(day.date.year, []).append(day)
    shown = [{"year": year, "days": days, "provisional": False} for year, days in years.items()]
    shown.append({"year": max(years, default=0) + 1, "days": [], "provisional": True})
    return shown[::-1]


def bindings(codes: list[str]) -> list[PackBinding]:
    """The packs bound to areas, those in force first."""
    found = PackBinding.objects.filter(area_code__in=codes).select_related("document")
    return list(found.order_by("area_code", "-valid_from"))


def pack_stages(pack: str, on: dt.date) -> list[tuple[str, list[dict[str, str]]]]:
    """The stages of every programme that a pack states, in words."""
    rows = pack_rows(pack, on)
    definitions = [d for d in catalogue().parameters.values() if d.kind == "stages"]
    return [
        (definition.title, stage_words(definition.parse(rows[definition.key][0].value)))
        for definition in definitions
        if definition.key in rows and not rows[definition.key][0].unset
    ]


def stage_words(stages: tuple[values.Stage, ...]) -> list[dict[str, str]]:
    """Each stage with the titles of those it waits for and when it opens."""
    titles = {stage.key: stage.title for stage in stages}
    return [
        {
            "title": stage.title,
            "after": "、".join(titles[key] for key in stage.after),
            "when": str(WHEN[stage.when]),
        }
        for stage in stages
    ]
