"""What holds for an area on a day, and where it comes from.

The nearest area upward with a local choice, else the pack bound to the nearest area upward, else `Unset`. The national
baseline never fills a gap: it is only offered when somebody chooses.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from policies import rules
from policies.catalogue import Definition, catalogue
from policies.enums import DayKind, Layer
from policies.errors import NotDecided, UnknownPack, UnknownParameter
from policies.models import LocalChoice, PackBinding, ParameterRow, PolicyDocument, WorkingDay
from policies.refinement import is_stricter
from policies.values import WORKING_DAY, Limit, Stage


@dataclass(frozen=True)
class Value:
    """A value in force. `citation` and `original` are the document's, also where a local choice fills or tightens it;
    `source` names the document or the person who chose. `open`: the document speaks of it without a figure (A-27)."""

    parameter: str
    value: Any
    unit: str
    inclusive: bool | None
    clock_start: str
    excludes: tuple[str, ...]
    citation: str
    original: str
    reading_note: str
    layer: str
    source: str
    effective_from: dt.date
    effective_to: dt.date | None
    open: bool = False
    note: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    area_code: str = ""
    reason: str = ""
    document: str = ""

    @property
    def definition(self) -> Definition:
        return catalogue().get(self.parameter)

    @property
    def title(self) -> str:
        return self.definition.title

    @property
    def cited(self) -> str:
        """What a sentence gives as its source: title and place of the document, or who chose."""
        return written_out(self.document, self.citation) if self.document and self.citation else self.source


@dataclass(frozen=True)
class Unset:
    """Silence, which is lawful: no limit, no finding. `original` is what the document says instead of a value, if
    anything."""

    parameter: str
    original: str | None = None
    citation: str = ""
    reading_note: str = ""
    note: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    document: str = ""

    @property
    def definition(self) -> Definition:
        return catalogue().get(self.parameter)

    @property
    def title(self) -> str:
        return self.definition.title

    @property
    def cited(self) -> str:
        """Title and place of the document's words, where it has any on the matter."""
        return written_out(self.document, self.citation) if self.document and self.citation else ""

    @property
    def open(self) -> bool:
        return True


def chain(area_code: str) -> list[str]:
    """The code itself and those above it by the digits of their level (12, 9, 6, 4, 2), nearest first."""
    codes = [area_code] + [area_code[:digits].ljust(12, "0") for digits in (9, 6, 4, 2)]
    return list(dict.fromkeys(codes))


def held_on(row: PackBinding | LocalChoice | ParameterRow, on: dt.date) -> bool:
    """Effective-dated rows of this app hold from `valid_from` up to the day before `valid_to`."""
    return row.valid_from <= on and (row.valid_to is None or row.valid_to > on)


def binding(area_code: str, on: dt.date) -> PackBinding | None:
    """Which pack governs an area on a day: the binding of the nearest area upward."""
    rows = PackBinding.objects.filter(area_code__in=chain(area_code)).select_related("document")
    found = [row for row in _once(("bindings", area_code), lambda: list(rows)) if held_on(row, on)]
    return max(found, key=lambda row: chain(area_code)[::-1].index(row.area_code), default=None)


def citation(area_code: str, on: dt.date, *requirements: str) -> str:
    """Where the document that governs an area speaks of the first of the requirements that it speaks of at all; empty where it
    is silent: what no document of the place demands is not given out as its demand."""
    bound = binding(area_code, on)
    places = bound.document.basis if bound else {}
    place = next((str(places[one]) for one in requirements if one in places), "")
    return written_out(bound.document.title, place) if bound and place else ""


def written_out(title: str, citation: str) -> str:
    """A citation as people write it, without the code of the document: `002 二(一)1` → `《…的通知》二(一)1`."""
    return f"《{title}》{place_of(citation)}"


def place_of(citation: str) -> str:
    """The place without the code of the document, for a page that names it: `002 二(一)1` → `二(一)1`."""
    code, _gap, place = citation.partition(" ")
    return place.replace(f"{code} ", "")


Read = TypeVar("Read")
_held: dict[Any, Any] | None = None


@contextmanager
def rules_held() -> Iterator[None]:
    """Inside, what was read of packs, choices and calendar is kept and not read again: for a command that walks many cases
    while nobody changes the rules. Never around a web request."""
    global _held
    before, _held = _held, {}
    try:
        yield
    finally:
        _held = before


def _once(key: Any, read: Callable[[], Read]) -> Read:
    if _held is None:
        return read()
    if key not in _held:
        _held[key] = read()
    kept: Read = _held[key]
    return kept


class Rules:
    """All rules in force for one area on one day, read in three queries: `rules = Rules(area_code, on)`, then
    `rules[key]`."""

    def __init__(self, area_code: str, on: dt.date, *, pack: str | None = None) -> None:
        """With `pack` the pack alone, without any area's local choices (`show_policy`)."""
        self.area_code, self.on = area_code, on
        bound = binding(area_code, on) if pack is None else None
        self.document = bound.document if bound else PolicyDocument.objects.filter(key=pack).first()
        self.rows = pack_rows(self.document.key, on) if self.document else {}
        self.choices = self._choices() if pack is None else {}

    @classmethod
    def planned(
        cls, area_code: str, on: dt.date, document: PolicyDocument, rows: dict[str, list[ParameterRow]]
    ) -> "Rules":
        """The rules as they would be, if a document with these rows governed the area on the day; its local choices stay."""
        found = cls.__new__(cls)
        found.area_code, found.on, found.document, found.rows = area_code, on, document, rows
        found.choices = found._choices()
        return found

    def _choices(self) -> dict[str, LocalChoice]:
        nearest: dict[str, LocalChoice] = {}
        order = chain(self.area_code)
        rows = LocalChoice.objects.filter(area_code__in=order)
        found = _once(("choices", self.area_code), lambda: list(rows))
        for choice in sorted(found, key=lambda row: order.index(row.area_code)):
            if held_on(choice, self.on):
                nearest.setdefault(choice.parameter, choice)
        return nearest

    def stated(self, parameter: str) -> Value | Unset:
        """What the document says, without local choices."""
        definition = known(parameter)
        rows = self.rows.get(definition.key)
        if not rows or self.document is None:
            return Unset(definition.key)
        if rows[0].unset:
            row = rows[0]
            return Unset(
                definition.key,
                row.original or None,
                row.citation,
                row.reading_note,
                row.note,
                row.details,
                self.document.title,
            )
        return from_rows(definition, rows, self.document)

    def __getitem__(self, parameter: str) -> Value | Unset:
        stated = self.stated(parameter)
        choice = self.choices.get(stated.parameter)
        if choice is None or not leaves_room(stated, choice):
            return stated
        return from_choice(stated, choice)

    def required(self, parameter: str) -> Value:
        """The value, or a refusal that names who can record it; an open value counts as missing."""
        found = self[parameter]
        if isinstance(found, Value) and not found.open:
            return found
        raise NotDecided(
            _("还不能办：“%(title)s”没有确定，%(why)s。请%(who)s在“现行规则”页登记本地选择。")
            % {"title": found.title, "why": why_missing(found), "who": found.definition.recorders},
            basis=found.citation,
        )

    def stages(self, programme: str) -> list[Stage] | Unset:
        """The stages of a programme in the pack's order."""
        found = self[f"stages.{programme}"]
        return found if isinstance(found, Unset) else list(found.value)

    def all(self) -> list[Value | Unset]:
        """Every parameter of the catalogue, in its order."""
        return [self[key] for key in catalogue().parameters]


def leaves_room(stated: Value | Unset, choice: LocalChoice) -> bool:
    """Whether a choice has a say beside what the document states: where it leaves the figure open, or where the choice is still
    stricter. A document bound later may have taken the room away."""
    if isinstance(stated, Unset) or stated.open:
        return True
    definition = stated.definition
    return bool(definition.refine) and is_stricter(definition.refine, stated.value, definition.parse(choice.value))


def known(parameter: str) -> Definition:
    """The definition of a parameter. Raises `UnknownParameter`."""
    try:
        return catalogue().get(parameter)
    except KeyError as error:
        raise UnknownParameter(_("没有名为“%s”的参数。请从现行规则的列表进入。") % parameter) from error


def pack_rows(pack: str, on: dt.date) -> dict[str, list[ParameterRow]]:
    """The rows of a pack that hold on a day, by parameter, tiers together in their order."""
    rows: dict[str, list[ParameterRow]] = {}
    stored = ParameterRow.objects.filter(pack=pack).order_by("position", "pk")
    for row in _once(("rows", pack), lambda: list(stored)):
        if held_on(row, on):
            rows.setdefault(row.parameter, []).append(row)
    return rows


def from_rows(definition: Definition, rows: list[ParameterRow], document: PolicyDocument) -> Value:
    """The value of one parameter from its row, or from its rows where it has tiers."""
    first = rows[0]
    tiers = definition.kind == "tiers"
    value = definition.parse([tier for row in rows for tier in row.value or []] if tiers else first.value)
    return Value(
        parameter=definition.key,
        value=value,
        unit=first.unit,
        inclusive=first.inclusive,
        clock_start=first.clock_start,
        excludes=tuple(first.excludes),
        citation=first.citation,
        original="；".join(dict.fromkeys(row.original for row in rows if row.original)),
        reading_note=", ".join(dict.fromkeys(n for row in rows for n in row.reading_note.split(", ") if n)),
        layer=Layer.PACK,
        source=document.title,
        effective_from=max(row.valid_from for row in rows),
        effective_to=first.valid_to,
        open=definition.is_open(value),
        note="".join(dict.fromkeys(row.note for row in rows if row.note)),
        document=document.title,
        details={**first.details, "scopes": [{"scope": r.scope, **r.details} for r in rows]}
        if tiers
        else first.details,
    )


def from_choice(stated: Value | Unset, choice: LocalChoice) -> Value:
    """The value that an office chose, beside the document's wording."""
    value = stated.definition.parse(choice.value)
    limit = value if stated.definition.kind == "limit" else None
    return Value(
        parameter=stated.parameter,
        value=value,
        unit=limit.unit if limit else stated.definition.unit,
        inclusive=stated.inclusive if isinstance(stated, Value) else (True if limit else None),
        clock_start=limit.start if limit else "",
        excludes=limit.excludes if limit else (),
        citation=stated.citation,
        original=stated.original or "",
        reading_note=stated.reading_note,
        layer=Layer.LOCAL,
        source=_("%(name)s（%(post)s）%(date)s登记")
        % {"name": choice.chosen_by, "post": choice.chosen_post, "date": choice.chosen_at.date().isoformat()},
        effective_from=choice.valid_from,
        effective_to=choice.valid_to,
        note=stated.note,
        details=stated.details,
        area_code=choice.area_code,
        reason=choice.reason,
        document=stated.document,
    )


def why_missing(found: Value | Unset) -> str:
    """Why there is no figure, in words."""
    if found.original:
        return _("文件只写了“%s”，没有写数值") % found.original
    return _("文件没有写明")


def in_force(parameter: str, area_code: str, on: dt.date) -> Value | Unset:
    """The value of one parameter for an area on a day. For several at once use `Rules`."""
    return Rules(area_code, on)[parameter]


def required(parameter: str, area_code: str, on: dt.date) -> Value:
    """The value, or the refusal `POLICIES_NOT_DECIDED`, which names who can record it."""
    return Rules(area_code, on).required(parameter)


def stages(area_code: str, programme: str, on: dt.date) -> list[Stage] | Unset:
    """The stages of a programme in an area on a day."""
    return Rules(area_code, on).stages(programme)


def document_of(pack: str) -> PolicyDocument:
    """The founding document of a pack. Raises `UnknownPack`."""
    found = PolicyDocument.objects.filter(key=pack, kind="founding").first()
    if found is None:
        raise UnknownPack(_("没有名为“%s”的政策包。") % pack)
    return found


def history(parameter: str, area_code: str) -> list[LocalChoice]:
    """The local choices of a parameter that touch an area, the latest first."""
    return list(
        LocalChoice.objects.filter(parameter=known(parameter).key, area_code__in=chain(area_code)).order_by(
            "-valid_from", "-pk"
        )
    )


class Calendar:
    """The working-day calendar as loaded, read in one query. A year without any row counts Monday to Friday,
    provisionally."""

    def __init__(self) -> None:
        rows = WorkingDay.objects.values_list("date", "kind", "name")
        self.days = _once("days", lambda: {date: (kind == DayKind.WORKING, name) for date, kind, name in rows})
        self.years = _once("years", lambda: {date.year for date in self.days})

    def is_working(self, day: dt.date) -> bool:
        """Whether offices work on that day: by the notice (调休), else Monday to Friday."""
        known_day = self.days.get(day)
        return known_day[0] if known_day else not rules.is_weekend(day)

    def is_holiday(self, day: dt.date) -> bool:
        """Whether the notice gives that day off."""
        known_day = self.days.get(day)
        return known_day is not None and not known_day[0]

    def is_provisional(self, first: dt.date, last: dt.date | None = None) -> bool:
        """Whether a year touched by the period has no official calendar loaded."""
        return any(year not in self.years for year in range(first.year, (last or first).year + 1))


def is_working_day(day: dt.date) -> tuple[bool, bool]:
    """(working, provisional) of one day."""
    calendar = Calendar()
    return calendar.is_working(day), calendar.is_provisional(day)


def add_working_days(start: dt.date, n: int, excluded: Sequence[rules.Period] = ()) -> dt.date:
    """The day on which `n` working days after `start` are over, the excluded periods left out."""
    return rules.add_days(start, n, WORKING_DAY, excluded, Calendar().is_working)


def deadline(start: dt.date, limit: Limit, excluded: Sequence[rules.Period] = ()) -> tuple[rules.Due | None, bool]:
    """The two dates of a limit from `start` by the loaded calendar, and whether they are provisional."""
    calendar = Calendar()
    due = rules.deadline(start, limit, excluded, calendar.is_working)
    return due, bool(due and calendar.is_provisional(start, due.flag_from))
