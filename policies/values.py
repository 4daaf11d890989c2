"""The typed values of parameters, and how they are written in packs and in the database.

A document may speak of a matter without giving a number (“规定时限内”, “定期”, “加大所占权重”). Such a value is
*open*: it keeps the word and has no figure; the program shows the word and makes no finding (reading A-27).
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

WORKING_DAY, CALENDAR_DAY, MONTH = "working_day", "calendar_day", "month"
UNITS = (WORKING_DAY, CALENDAR_DAY, MONTH)


@dataclass(frozen=True)
class Limit:
    """A time limit. `n` is None where the document gives no number. `grace`: the flag waits for the next working day
    when the last day is a rest day (A-73: terms within which an office must act). `start`: the event from whose day
    it runs; `excludes`: what does not count (“不含公示期” → publicity)."""

    n: int | None
    unit: str = ""
    grace: bool = False
    word: str = ""
    start: str = ""
    excludes: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        return self.n is None


@dataclass(frozen=True)
class Cycle:
    """How often: every so many months, `times` in each; several where the document leaves the choice; none with only
    a word. `quarter` (from 1) where the season is given."""

    months: tuple[int, ...] = ()
    times: int = 1
    quarter: int | None = None
    word: str = ""

    @property
    def open(self) -> bool:
        return not self.months


@dataclass(frozen=True)
class Coverage:
    """A share that must be reached `times` within so many months."""

    ratio: Fraction
    months: int
    times: int


@dataclass(frozen=True)
class Tier:
    """One step of a ratio that depends on a total number. A special tier goes before the others (A-03)."""

    name: str
    ratio: Fraction
    min_n: int | None = None
    max_n: int | None = None
    min_inclusive: bool = True
    max_inclusive: bool = True
    special: bool = False


@dataclass(frozen=True)
class Retention:
    """How long a file is kept: years, whether that is a minimum, and the event from which they run (A-52)."""

    years: int
    minimum: bool
    start: str


@dataclass(frozen=True)
class Rounding:
    """Rounding of an amount: to multiples of `unit`, `up`, `down` or `half_up`."""

    unit: Decimal
    mode: str


@dataclass(frozen=True)
class Scores:
    """Weights or points. The documents only say that there are some (A-64): `items` is empty until an office sets
    them."""

    word: str = ""
    items: tuple[tuple[str, Decimal], ...] = ()

    @property
    def open(self) -> bool:
        return not self.items


@dataclass(frozen=True)
class Stage:
    """One stage of a programme in a pack: its own key, the step it carries out, the stages it waits for, and when it
    opens."""

    key: str
    step: str
    title: str
    after: tuple[str, ...] = ()
    when: str = "always"
    parameters: tuple[str, ...] = ()


def is_open(value: object) -> bool:
    """Whether the document only speaks of the matter without giving a figure."""
    return bool(getattr(value, "open", False))


def ratio(raw: Any) -> Fraction:
    """An exact ratio from "1/2", "0.3", "30%" or a number without a fraction."""
    if isinstance(raw, float):
        raise ValueError("a ratio is written as text")
    text = str(raw).strip().replace("％", "%")
    return Fraction(text[:-1].strip()) / 100 if text.endswith("%") else Fraction(text)


def _limit(raw: Mapping[str, Any]) -> Limit:
    unit = raw.get("unit", "")
    if raw.get("n") is not None and unit not in UNITS:
        raise ValueError(f"unknown unit {unit!r}")
    return Limit(
        n=None if raw.get("n") is None else int(raw["n"]),
        unit=unit,
        grace=bool(raw.get("grace", False)),
        word=raw.get("word", ""),
        start=raw.get("start", ""),
        excludes=tuple(raw.get("excludes", ())),
    )


def _cycle(raw: Mapping[str, Any]) -> Cycle:
    months = tuple(sorted(int(m) for m in raw.get("months", ())))
    return Cycle(months, int(raw.get("times", 1)), raw.get("quarter"), raw.get("word", ""))


def _tier(raw: Mapping[str, Any]) -> Tier:
    return Tier(
        raw.get("name", ""),
        ratio(raw["ratio"]),
        raw.get("min_n"),
        raw.get("max_n"),
        bool(raw.get("min_inclusive", True)),
        bool(raw.get("max_inclusive", True)),
        bool(raw.get("special", False)),
    )


def _rounding(raw: Mapping[str, Any]) -> Rounding:
    if raw["mode"] not in ("up", "down", "half_up"):
        raise ValueError(f"unknown rounding {raw['mode']!r}")
    return Rounding(Decimal(str(raw["unit"])), raw["mode"])


def _scores(raw: Mapping[str, Any]) -> Scores:
    return Scores(raw.get("word", ""), tuple((k, Decimal(str(v))) for k, v in raw.get("items", {}).items()))


def _stage(raw: Mapping[str, Any]) -> Stage:
    return Stage(
        raw["key"],
        raw["step"],
        raw["title"],
        tuple(raw.get("after", ())),
        raw.get("when", "always"),
        tuple(raw.get("parameters", ())),
    )


def _boolean(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise ValueError("true or false expected")
    return raw


def _integer(raw: Any) -> int:
    if isinstance(raw, bool) or int(raw) != Fraction(str(raw)):
        raise ValueError("a whole number expected")
    return int(raw)


def _money(raw: Any) -> Decimal:
    if isinstance(raw, float):
        raise ValueError("money is written as text")
    amount = Decimal(str(raw))
    if amount < 0 or amount != amount.quantize(Decimal("0.01")):
        raise ValueError("an amount with at most two decimals expected")
    return amount.quantize(Decimal("0.01"))


def _date(raw: Any) -> dt.date:
    return raw if isinstance(raw, dt.date) else dt.date.fromisoformat(raw)


def _texts(raw: Any) -> tuple[str, ...]:
    if isinstance(raw, str) or not all(isinstance(item, str) for item in raw):
        raise ValueError("a list of texts expected")
    return tuple(raw)


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise ValueError("a text expected")
    return raw


def _mapping(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise ValueError("a mapping expected")
    return {key: tuple(item) if isinstance(item, list) else item for key, item in raw.items()}


def _table(raw: Any) -> tuple[dict[str, Any], ...]:
    return tuple(dict(row) for row in raw)


PARSERS: dict[str, Callable[[Any], Any]] = {
    "boolean": _boolean,
    "integer": _integer,
    "day_of_month": _integer,
    "ratio": ratio,
    "money": _money,
    "date": _date,
    "text": _text,
    "text_list": _texts,
    "choice": _text,
    "choice_list": _texts,
    "limit": _limit,
    "cycle": _cycle,
    "coverage": lambda raw: Coverage(ratio(raw["ratio"]), int(raw["months"]), int(raw["times"])),
    "tiers": lambda raw: tuple(_tier(item) for item in raw),
    "retention": lambda raw: Retention(int(raw["years"]), bool(raw["minimum"]), raw["start"]),
    "rounding": _rounding,
    "scores": _scores,
    "stages": lambda raw: tuple(_stage(item) for item in raw),
    "mapping": _mapping,
    "table": _table,
}


def parse(kind: str, raw: Any) -> Any:
    """The typed value of `kind` from its written form. Raises ValueError, KeyError or TypeError on anything else."""
    try:
        return PARSERS[kind](raw)
    except ArithmeticError as error:
        raise ValueError(str(error)) from error


def dump(value: Any) -> Any:
    """The written form (JSON) of a typed value: exact, sorted the same way each time."""
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Scores):
        return {"word": value.word, "items": {key: str(points) for key, points in value.items}}
    if isinstance(value, Mapping):
        return {key: dump(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [dump(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: dump(getattr(value, name)) for name in value.__dataclass_fields__}
    return value
