"""What loading a pack does to the rows of the database: which stay, which are closed on which day, which are added."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from common import clock
from policies import packfiles
from policies.catalogue import catalogue
from policies.models import ParameterRow, PolicyDocument
from policies.queries import held_on

DOCUMENT_COLUMNS = ("title", "number", "issuer", "jurisdiction", "dated", "effective_from", "status", "note", "basis")
Rows = dict[str, list[ParameterRow]]


@dataclass(frozen=True)
class Plan:
    """The rows of a pack before and after. `closing`: open row → the first day on which it no longer holds; a corrected row of
    the same effective date never held."""

    before: list[ParameterRow]
    closing: dict[int, dt.date]
    adding: list[ParameterRow]

    def rows(self, on: dt.date) -> Rows:
        """The rows that would hold on a day, by parameter, tiers together in their order."""
        kept = [row for row in self.before if self._holds(row, on)]
        found: Rows = {}
        for row in sorted([*kept, *(row for row in self.adding if held_on(row, on))], key=lambda row: row.position):
            found.setdefault(row.parameter, []).append(row)
        return found

    def _holds(self, row: ParameterRow, on: dt.date) -> bool:
        return held_on(row, on) and not (row.pk in self.closing and self.closing[row.pk] <= on)


def plan(pack: packfiles.Pack) -> Plan:
    """What loading the pack would do: an unchanged row stays, a changed one is closed and the new one added, a vanished one is
    closed today."""
    before = list(ParameterRow.objects.filter(pack=pack.key).order_by("position", "pk"))
    wanted = {}
    for position, entry in enumerate(pack.entries):
        wanted[entry.key, entry.scope_name] = _row(pack.key, position, entry)
    closing = {}
    for row in before:
        if row.valid_to is not None:
            continue
        new = wanted.get((row.parameter, row.scope))
        if new is not None and _same(row, new):
            del wanted[row.parameter, row.scope]
        else:
            closing[row.pk] = max(new.valid_from if new else clock.today(), row.valid_from)
    return Plan(before, closing, list(wanted.values()))


def document(pack: packfiles.Pack) -> PolicyDocument:
    """The document of a pack as it would stand in the library; not saved."""
    raw = {**pack.document, "jurisdiction": pack.jurisdiction, "basis": pack.basis}
    return PolicyDocument(key=pack.key, kind="founding", **document_columns(raw))


def document_columns(raw: dict[str, Any]) -> dict[str, Any]:
    """The columns of a document from its table in a file."""
    return {
        "title": raw["title"],
        "number": raw.get("number", ""),
        "issuer": raw.get("issuer", ""),
        "jurisdiction": raw.get("jurisdiction", ""),
        "dated": raw.get("date"),
        "effective_from": raw.get("effective_from"),
        "status": raw["status"],
        "note": raw.get("note", ""),
        "basis": raw.get("basis", {}),
    }


def _row(pack: str, position: int, entry: packfiles.Entry) -> ParameterRow:
    definition = catalogue().get(entry.key)
    written = packfiles.written(entry.value)
    return ParameterRow(
        pack=pack,
        parameter=definition.key,
        scope=entry.scope_name,
        position=position,
        unset=entry.unset,
        value=written,
        unit=written["unit"] if definition.kind == "limit" and not entry.unset else definition.unit,
        inclusive=entry.inclusive,
        clock_start=entry.clock_start,
        excludes=list(entry.excludes),
        citation=entry.citation,
        original=entry.original,
        reading_note=entry.reading_note,
        note=entry.note,
        details=_details(entry),
        valid_from=entry.effective_from,
        loaded_at=clock.now(),
    )


def _details(entry: packfiles.Entry) -> dict[str, Any]:
    """The rarer properties of a row; absent ones are left out."""
    details = {
        "also": [list(pair) for pair in entry.also],
        "comparison": entry.comparison,
        "rounding": entry.rounding,
        "overlap_rule": entry.overlap_rule,
        "flags": list(entry.flags),
        "advisory": entry.advisory,
        "see": list(entry.see),
    }
    return {name: item for name, item in details.items() if item}


def _same(held: ParameterRow, new: ParameterRow) -> bool:
    ignored = {"id", "loaded_at", "valid_to", "position"}
    names = [f.attname for f in ParameterRow._meta.concrete_fields if f.attname not in ignored]
    return all(getattr(held, name) == getattr(new, name) for name in names)
