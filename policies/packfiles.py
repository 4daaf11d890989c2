"""Reading the pack files: the founding documents, the national baseline's proposals, the readings and the enumerations."""

import datetime as dt
import functools
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policies import packcheck, packvalues, values
from policies.catalogue import catalogue
from policies.errors import BrokenPack

FOLDER = Path(__file__).with_name("packs")
NOT_PACKS = {"national-baseline", "readings", "enumerations", "library"}


@dataclass(frozen=True)
class Entry:
    """One row of a pack: a parameter (or one tier of it) as the document has it. `value` is None where it is silent."""

    key: str
    value: Any
    unset: bool
    citation: str
    original: str
    also: tuple[tuple[str, str], ...]
    reading_note: str
    note: str
    effective_from: dt.date
    scope: dict[str, Any] = field(default_factory=dict)
    inclusive: bool | None = None
    clock_start: str = ""
    excludes: tuple[str, ...] = ()
    comparison: str = ""
    rounding: str = ""
    overlap_rule: str = ""
    flags: tuple[str, ...] = ()
    advisory: Any = None
    see: tuple[str, ...] = ()

    @property
    def scope_name(self) -> str:
        return str(self.scope.get("name", ""))


@dataclass(frozen=True)
class Pack:
    """A founding document as data."""

    key: str
    jurisdiction: str
    document: dict[str, Any]
    entries: tuple[Entry, ...]
    basis: dict[str, str]
    """Requirement of docs/requirements.md → where the document speaks of it."""


@dataclass(frozen=True)
class Proposal:
    """A value offered when somebody records a local choice; never a value in force. Confidence as in the baseline."""

    key: str
    value: Any
    confidence: str
    source: str
    note: str = ""


@dataclass(frozen=True)
class Reading:
    """How an unclear place is read: the text as written, the problem, the reading and its reason."""

    number: str
    as_written: str
    problem: str
    reading: str
    reason: str
    chinese: str


def pack_keys() -> list[str]:
    """The keys of all packs, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem not in NOT_PACKS)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def check_file(path: Path) -> packcheck.Report:
    """What is wrong with a pack file. Raises OSError and UnicodeDecodeError where it cannot be read at all."""
    return packcheck.check(path.read_text(encoding="utf-8"), path.stem, readings=readings().keys())


@functools.cache
def read_pack(key: str) -> Pack:
    """The pack of a key, every value typed and checked. Raises KeyError for an unknown pack, `BrokenPack` for a wrong one."""
    if key not in pack_keys():
        raise KeyError(key)
    return read_file(FOLDER / f"{key}.toml")


def read_folder(folder: Path) -> list[Pack]:
    """The packs of a folder beside the program's own. Raises `BrokenPack`."""
    return [read_file(path) for path in sorted(folder.glob("*.toml"))]


def read_file(path: Path) -> Pack:
    """The pack of a file. Raises `BrokenPack` with everything that is wrong with it."""
    return _pack(check_file(path), path.name)


def read_text(text: str, name: str) -> Pack:
    """The pack of a text that came in under a file name of its sender's; its key alone counts. Raises `BrokenPack`."""
    return _pack(packcheck.check(text, None, readings=readings().keys()), name)


def _pack(report: packcheck.Report, name: str) -> Pack:
    if report.problems:
        raise BrokenPack(name, [str(one) for one in report.problems])
    raw = report.raw
    start = raw["document"]["effective_from"]
    entries = [_entry(item, start) for item in raw["parameter"]]
    entries += _stage_entries(raw, start)
    return Pack(raw["key"], raw["jurisdiction"], raw["document"], tuple(entries), raw.get("basis", {}))


def _entry(raw: dict[str, Any], start: dt.date) -> Entry:
    definition = catalogue().get(raw["key"])
    unset = bool(raw.get("unset", False))
    value = None if unset else packvalues.typed(definition, raw)
    return Entry(
        key=raw["key"],
        value=value,
        unset=unset,
        citation=raw.get("citation", ""),
        original=raw.get("original", ""),
        also=tuple((item["original"], item["citation"]) for item in raw.get("also", ())),
        reading_note=raw.get("reading_note", ""),
        note=raw.get("note", ""),
        effective_from=raw.get("effective_from", start),
        scope=raw.get("scope", {}),
        inclusive=raw.get("inclusive"),
        clock_start=raw.get("clock_start", ""),
        excludes=tuple(raw.get("excludes", ())),
        comparison=raw.get("comparison", ""),
        rounding=raw.get("rounding", ""),
        overlap_rule=raw.get("overlap_rule", ""),
        flags=tuple(raw.get("flags", ())),
        advisory={"value": raw["advisory_value"], "on": raw["advisory_on"]} if "advisory_value" in raw else None,
        see=tuple(raw.get("see", ())),
    )


def _stage_entries(raw: dict[str, Any], start: dt.date) -> list[Entry]:
    """The stages of each programme become the parameter `stages.<programme>`."""
    entries = []
    for source in raw.get("stage_source", ()):
        for programme in source["programmes"]:
            key = f"stages.{programme}"
            rows = [row for row in raw["stage"] if row["programme"] == programme]
            entries.append(
                Entry(
                    key=key,
                    value=catalogue().get(key).parse(rows),
                    unset=False,
                    citation=source["citation"],
                    original=source["original"],
                    also=(),
                    reading_note=source.get("reading_note", ""),
                    note=source.get("note", ""),
                    effective_from=source.get("effective_from", start),
                )
            )
    return entries


@functools.cache
def proposals() -> dict[str, tuple[Proposal, ...]]:
    """The proposals per parameter, the surest first."""
    found: dict[str, list[Proposal]] = {}
    for raw in _read("national-baseline")["proposal"]:
        definition = catalogue().get(raw["key"])
        value = definition.parse(raw["value"])
        found.setdefault(raw["key"], []).append(
            Proposal(raw["key"], value, raw["confidence"], raw["source"], raw.get("note", ""))
        )
    return {key: tuple(sorted(rows, key=lambda row: row.confidence)) for key, rows in found.items()}


@functools.cache
def readings() -> dict[str, Reading]:
    """The readings by number (A-01 …)."""
    return {raw["number"]: Reading(**raw) for raw in _read("readings")["reading"]}


@functools.cache
def enumerations() -> dict[str, tuple[dict[str, Any], ...]]:
    """Lists that more than one part of the program offers: materials, relatives, phone check items."""
    return {name: tuple(rows) for name, rows in _read("enumerations").items()}


@functools.cache
def library() -> tuple[dict[str, Any], ...]:
    """The documents that the founding texts name as their basis (POL-03)."""
    return tuple(_read("library")["document"])


def written(value: Any) -> Any:
    """The JSON form of a typed value."""
    return values.dump(value)
