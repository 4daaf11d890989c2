"""The typed catalogue of every parameter: key, title, kind, unit, who may set it. Read once from `catalogue.toml`."""

import functools
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policies import values
from policies.enums import LEVEL_POSTS

SOURCE = Path(__file__).with_name("catalogue.toml")
LEVELS = ("district", "city")


@dataclass(frozen=True)
class Definition:
    """One parameter. `refine`: how a local choice may be stricter than the document: `higher`, `among` (one of the
    alternatives that the document leaves), `superset`; empty: not at all. `open_values`: choices that leave it open;
    `ordered`: a list whose order matters."""

    key: str
    title: str
    kind: str
    group: str
    group_title: str
    unit: str = ""
    set_by: tuple[str, ...] = LEVELS
    refine: str = ""
    options: dict[str, str] = field(default_factory=dict)
    open_values: tuple[str, ...] = ()
    ordered: bool = False
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def recorders(self) -> str:
        """The posts that may record a local choice of it, in Chinese."""
        return "、".join(str(LEVEL_POSTS[level]) for level in self.set_by)

    def parse(self, raw: Any) -> Any:
        """The typed value, checked against the kind, the options and the columns. Raises ValueError."""
        try:
            value = values.parse(self.kind, raw)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{self.key}: {error}") from error
        if self.options:
            given = (value,) if isinstance(value, str) else value
            unknown = [item for item in given if item not in self.options]
            if unknown:
                raise ValueError(f"{self.key}: unknown option {unknown}")
        if self.columns:
            for row in value:
                if set(row) - set(self.columns):
                    raise ValueError(f"{self.key}: unknown column {sorted(set(row) - set(self.columns))}")
        return value

    def is_open(self, value: Any) -> bool:
        """Whether a stated value still leaves the figure to a local choice (A-27, A-33)."""
        return values.is_open(value) or (isinstance(value, str) and value in self.open_values)


@dataclass(frozen=True)
class Catalogue:
    """All parameters in the order of the file, the groups' titles, and keys entered under another key; the programmes, the steps
    that a stage can carry out, and how many requirements each group has (`[basis]` of a pack names them)."""

    parameters: dict[str, Definition]
    groups: dict[str, str]
    aliases: dict[str, str]
    programmes: dict[str, str]
    steps: dict[str, str]
    requirements: dict[str, int]

    def get(self, key: str) -> Definition:
        """The definition of a key or of the key under which it is entered. Raises KeyError."""
        return self.parameters[self.aliases.get(key, key)]

    def __contains__(self, key: str) -> bool:
        return self.aliases.get(key, key) in self.parameters

    def is_requirement(self, number: str) -> bool:
        """Whether there is a requirement of that number, as `SUR-01`."""
        group, _dash, ordinal = number.partition("-")
        written = [f"{n:02d}" for n in range(1, self.requirements.get(group, 0) + 1)]
        return ordinal in written


@functools.cache
def catalogue() -> Catalogue:
    """The catalogue of this program version."""
    raw = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    parameters = {key: _definition(key, entry, raw) for key, entry in raw["parameters"].items()}
    options = raw["options"]
    return Catalogue(
        parameters, raw["groups"], raw["aliases"], options["programmes"], options["steps"], raw["requirements"]
    )


def _definition(key: str, entry: dict[str, Any], raw: dict[str, Any]) -> Definition:
    kind = entry["kind"]
    if kind not in values.PARSERS:
        raise ValueError(f"{key}: unknown kind {kind}")
    group = entry.get("group", key.partition(".")[0])
    options = entry.get("options", {})
    return Definition(
        key=key,
        title=entry["title"],
        kind=kind,
        group=group,
        group_title=raw["groups"][group],
        unit=raw["units"][entry["unit"]] if "unit" in entry else "",
        set_by=tuple(entry.get("set_by", LEVELS)),
        refine=entry.get("refine", ""),
        options=raw["options"][options] if isinstance(options, str) else options,
        open_values=tuple(entry.get("open", ())),
        ordered=entry.get("ordered", False),
        columns=entry.get("columns", {}),
    )
