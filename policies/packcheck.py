"""What is wrong with a pack file, in Chinese sentences with the line of each. One set of rules: `check_pack` prints them, and the
reading of packs refuses with them."""

import datetime as dt
import difflib
import re
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from policies import packvalues
from policies.catalogue import Definition, catalogue
from policies.enums import DocumentStatus
from policies.packlines import Path, line_numbers, line_of_error, nearest
from policies.packorder import PAYMENT_START, order_faults

Row = Mapping[str, Any]
TOP = {"key": str, "jurisdiction": str, "document": dict, "parameter": list}
TOP_MORE = {"basis": dict, "stage_source": list, "stage": list}
DOCUMENT = {"code": str, "title": str, "issuer": str, "effective_from": dt.date, "status": str}
DOCUMENT_MORE = {"number": str, "date": dt.date, "note": str, "registered": dt.date}
PARAMETER = {"key": str}
PARAMETER_MORE = {
    "value": object, "unset": bool, "citation": str, "original": str, "also": list, "reading_note": str, "note": str,
    "effective_from": dt.date, "scope": dict, "inclusive": bool, "clock_start": str, "excludes": list, "comparison": str,
    "rounding": str, "overlap_rule": str, "flags": list, "advisory_value": object, "advisory_on": bool, "special": bool,
    "see": list,
}  # fmt: skip
SCOPE = {"name": str}
SCOPE_MORE = {"min_n": int, "max_n": int, "min_inclusive": bool, "max_inclusive": bool}
SOURCE = {"programmes": list, "citation": str, "original": str}
SOURCE_MORE = {"reading_note": str, "note": str, "effective_from": dt.date}
STAGE = {"programme": str, "key": str, "step": str, "title": str}
STAGE_MORE = {"after": list, "when": str, "parameters": list}
TEXTS = {"programmes", "after", "parameters", "excludes", "flags", "see"}
TYPE_WORDS: dict[type, str] = {
    str: "文字（加引号）",
    dt.date: "日期（不加引号）",
    list: "列表",
    dict: "一组内容",
    bool: "true 或 false",
    int: "整数",
}
UNWANTED: dict[type, type] = {int: bool, dt.date: dt.datetime}
"""What Python takes for the type and is none: true for a number, a moment for a day."""
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
LONGEST: dict[str | int, int] = {
    "jurisdiction": 60, "title": 100, "number": 60, "issuer": 120, "citation": 90, "reading_note": 120, "clock_start": 30,
    "name": 40,
}  # fmt: skip
DEEPEST = 4
"""How deep below the top a text lies that has a column of its own: `parameter`, its place, `scope`, `name`."""
NEEDED = {
    "INTAKE": ("mat.application.DIBAO",),
    "INITIAL_REVIEW": ("calc.standard.dibao", "calc.rounding"),
    "PUBLICITY": ("pub.days", "pub.hotline"),
    "SIGN_OFF": ("dec.signoffs",),
    "DECISION": ("dec.first_month",),
}
"""Parameters without which a step of a case cannot be carried out."""
RUN = "DIBAO"
"""The programme whose cases the program carries out."""


@dataclass(frozen=True)
class Finding:
    """One sentence about one line."""

    line: int
    text: str

    def __str__(self) -> str:
        return _("第 %(line)s 行：%(text)s") % {"line": self.line, "text": self.text}


@dataclass
class Report:
    """What was found: `problems` keep the pack from being loaded, `advice` does not. `raw`: the file's content, if it is TOML."""

    problems: list[Finding] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)


def check(text: str, name: str | None, *, readings: Collection[str]) -> Report:
    """Everything that is wrong with the text of a pack file called `name`.toml (None: whatever it is called), in the order of its
    lines."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        sentence = _("这里不合 TOML 的写法，后面的没有读。请检查引号、括号、等号，以及同一个键有没有写两次。")
        return Report([Finding(line_of_error(text, error), sentence)])
    except RecursionError:
        return Report([Finding(1, _("括号套得太深，读不了。"))])
    checker = _Checker(raw, line_numbers(text), readings)
    checker.top(name)
    problems = sorted(set(checker.found), key=lambda one: (one.line, one.text))
    return Report(problems, [] if problems else _advice(raw), raw)


class _Checker:
    """The findings about one file, gathered table by table."""

    def __init__(self, raw: dict[str, Any], lines: dict[Path, int], readings: Collection[str]) -> None:
        self.raw, self.lines, self.readings = raw, lines, readings
        self.found: list[Finding] = []
        document = raw.get("document")
        self.code = str(document.get("code", "")) if isinstance(document, dict) else ""

    def line(self, *path: str | int) -> int:
        return nearest(self.lines, path)

    def add(self, path: Path, text: str) -> None:
        self.found.append(Finding(self.line(*path), text))

    def top(self, name: str | None) -> None:
        self.shape((), self.raw, TOP, TOP_MORE)
        key = self.raw.get("key")
        if isinstance(key, str) and name is not None and key != name:
            words = {"key": key, "name": name}
            self.add(("key",), _("键“%(key)s”和文件名“%(name)s.toml”不一致。两处要相同。") % words)
        if isinstance(key, str) and key and not KEY.fullmatch(key):
            self.add(("key",), _("键“%s”只能用小写字母、数字和连字符，最多60个字符。") % key)
        self.texts((), self.raw)
        self.document()
        for number, place in self.table("basis").items():
            self.basis(number, place)
        self.parameters()
        self.stages()

    def texts(self, path: Path, value: Any) -> None:
        """Every text has room where it is kept, and no character that the database does not hold."""
        if isinstance(value, dict):
            for name, part in value.items():
                self.texts((*path, name), part)
        elif isinstance(value, list):
            for n, part in enumerate(value):
                self.texts((*path, n), part)
        elif isinstance(value, str):
            longest = (
                LONGEST["citation"] if path[0] == "basis" else LONGEST.get(path[-1]) if len(path) <= DEEPEST else None
            )
            if longest and len(value) > longest:
                self.add(path, _("“%(name)s”太长，最多 %(n)d 个字。") % {"name": path[-1], "n": longest})
            if "\0" in value:
                self.add(path, _("“%s”里有不能保存的字符（\\u0000）。") % path[-1])

    def table(self, name: str) -> Row:
        found = self.raw.get(name)
        return found if isinstance(found, dict) else {}

    def rows(self, name: str) -> list[tuple[int, Row]]:
        found = self.raw.get(name)
        rows = list(enumerate(found)) if isinstance(found, list) else []
        for n, row in rows:
            if not isinstance(row, dict):
                self.add((name, n), _("“%s”的每一处应是一组内容，写在 [[ ]] 标题下面。") % name)
        return [(n, row) for n, row in rows if isinstance(row, dict)]

    def shape(self, path: Path, row: Row, wanted: Mapping[str, type], more: Mapping[str, type]) -> bool:
        """Whether a table has all it must have, nothing unknown, and everything of its type."""
        before = len(self.found)
        known = {**wanted, **more}
        for name in row.keys() - known.keys():
            words = {"name": name, "nearest": _nearest(name, known)}
            self.add((*path, name), _("不认识“%(name)s”这一项%(nearest)s。") % words)
        for name in wanted.keys() - row.keys():
            self.add(path, _("缺少“%s”这一项。") % name)
        for name in row.keys() & known.keys():
            value, kind = row[name], known[name]
            if not isinstance(value, kind) or isinstance(value, UNWANTED.get(kind, ())):
                self.add((*path, name), _("“%(name)s”应是%(kind)s。") % {"name": name, "kind": TYPE_WORDS[kind]})
            elif name in TEXTS and isinstance(value, list) and not all(isinstance(one, str) for one in value):
                self.add((*path, name), _("“%s”应是文字的列表。") % name)
            elif name in wanted and value == "":
                self.add((*path, name), _("“%s”是空的，请填写。") % name)
        return len(self.found) == before

    def document(self) -> None:
        document = self.table("document")
        if document and self.shape(("document",), document, DOCUMENT, DOCUMENT_MORE):
            status = document["status"]
            if status not in DocumentStatus.values:
                words = {"status": status, "known": "、".join(DocumentStatus.values)}
                self.add(("document", "status"), _("文件状态“%(status)s”不认识。可以写：%(known)s。") % words)

    def basis(self, number: str, place: Any) -> None:
        if not catalogue().is_requirement(number):
            self.add(("basis", number), _("“%s”不是要求的编号（docs/requirements.md），例如 SUR-01。") % number)
        self.citation(("basis", number), place)

    def citation(self, path: Path, place: Any) -> None:
        if not isinstance(place, str) or not self.code or not place.startswith(f"{self.code} "):
            words = {"place": place, "code": self.code}
            self.add(path, _("出处“%(place)s”不是以本文件的代号“%(code)s”开头。") % words)

    def reading(self, path: Path, row: Row) -> None:
        for number in str(row.get("reading_note", "")).split(", "):
            if number and number not in self.readings:
                self.add((*path, "reading_note"), _("没有编号为“%s”的读法（readings.toml）。") % number)

    def parameters(self) -> None:
        first: dict[tuple[str, str], Path] = {}
        tiers: dict[str, list[tuple[Path, Row]]] = defaultdict(list)
        for n, row in self.rows("parameter"):
            path: Path = ("parameter", n)
            if not self.shape(path, row, PARAMETER, PARAMETER_MORE):
                continue
            definition = self.known((*path, "key"), row["key"])
            if definition is None:
                continue
            scope = row.get("scope", {})
            if scope and not self.shape((*path, "scope"), scope, SCOPE, SCOPE_MORE):
                continue
            identity = (definition.key, str(scope.get("name", "")))
            if identity in first:
                self.twice(path, row, identity, first[identity])
            first.setdefault(identity, path)
            self.parameter(path, row, definition)
            if definition.kind == "tiers" and not row.get("unset"):
                tiers[definition.key].append((path, row))
        for key, rows in tiers.items():
            self.tiers(catalogue().get(key), rows)

    def known(self, path: Path, key: Any) -> Definition | None:
        """The definition of a parameter, or a sentence with the nearest name."""
        try:
            return catalogue().get(key)
        except (KeyError, TypeError):
            known = [*catalogue().parameters, *catalogue().aliases]
            words = {"key": key, "nearest": _nearest(str(key), known)}
            self.add(path, _("参数总目（catalogue.toml）里没有“%(key)s”%(nearest)s。") % words)
            return None

    def twice(self, path: Path, row: Row, identity: tuple[str, str], first: Path) -> None:
        other = self.raw["parameter"][first[1]]
        start = self.table("document").get("effective_from", "")
        since = max(str(one.get("effective_from", start)) for one in (row, other))
        words = {"name": " ".join(identity).strip(), "line": self.line(*first), "since": since}
        self.add(path, _("“%(name)s”在第 %(line)s 行已经写过，两处自 %(since)s 起同时有效。一项只写一次。") % words)

    def parameter(self, path: Path, row: Row, definition: Definition) -> None:
        """One row by itself: value or silence, citation, readings, events."""
        unset = row.get("unset", False)
        if unset == ("value" in row):
            self.add(path, _("“%s”应写 value（取值），或者 unset = true（文件没有写），二者取一。") % row["key"])
        if not row.get("citation"):
            if not unset or row.get("original"):
                self.add(path, _("“%s”没有写出处（citation）。") % row["key"])
        else:
            self.citation((*path, "citation"), row["citation"])
        self.reading(path, row)
        self.also(path, row)
        for name, sentence in packvalues.clock_faults(row):
            self.add((*path, name), sentence)
        self.rarer(path, row)
        if "value" in row and not unset:
            if definition.kind == "tiers" and not row.get("scope"):
                self.add(path, _("“%s”分档，每一行要写档次（scope）。") % row["key"])
            for name, sentence in packvalues.faults(definition, row):
                self.add((*path, name), sentence)

    def rarer(self, path: Path, row: Row) -> None:
        for one in row.get("see", ()):
            self.known((*path, "see"), one)
        if row.get("overlap_rule", "highest_ratio") != "highest_ratio":
            self.add((*path, "overlap_rule"), _("overlap_rule 只能写 highest_ratio（两档都算的，按高的比例）。"))
        if ("advisory_value" in row) != ("advisory_on" in row):
            self.add(path, _("advisory_value 和 advisory_on 要一起写。"))

    def also(self, path: Path, row: Row) -> None:
        for one in row.get("also", ()):
            if not isinstance(one, dict) or set(one) != {"original", "citation"}:
                self.add((*path, "also"), _("also 的每一处要写 original 和 citation。"))
            elif one["citation"]:
                self.citation((*path, "also"), one["citation"])

    def tiers(self, definition: Definition, rows: list[tuple[Path, Row]]) -> None:
        steps = []
        for _path, row in rows:
            try:
                steps.append((packvalues.typed(definition, row)[0], str(row.get("overlap_rule", ""))))
            except (ValueError, KeyError, TypeError):
                return
        for n, sentence in packvalues.tier_faults(steps):
            self.add((*rows[n][0], "scope"), sentence)

    def sources(self) -> dict[str, int]:
        """The programmes whose order the document gives, each with the place of its source."""
        found: dict[str, int] = {}
        for n, row in self.rows("stage_source"):
            path: Path = ("stage_source", n)
            if self.shape(path, row, SOURCE, SOURCE_MORE):
                self.citation((*path, "citation"), row["citation"])
                self.reading(path, row)
                for one in row["programmes"]:
                    self.programme((*path, "programmes"), one)
                    if one in found:
                        self.add((*path, "programmes"), _("“%s”的办理环节写了两次来源。") % one)
                    found[one] = n
        return found

    def stages(self) -> None:
        sources = self.sources()
        orders: dict[str, list[tuple[int, Row]]] = defaultdict(list)
        sound: dict[str, bool] = defaultdict(lambda: True)
        for n, row in self.rows("stage"):
            if not self.shape(("stage", n), row, STAGE, STAGE_MORE):
                sound[str(row.get("programme", ""))] = False
                continue
            self.stage(n, row)
            orders[row["programme"]].append((n, row))
        for one in sources.keys() - orders.keys():
            self.add(("stage_source", sources[one], "programmes"), _("“%s”写了来源，没有写环节（[[stage]]）。") % one)
        for programme, rows in orders.items():
            if programme not in sources:
                words = _("“%s”的办理环节没有写来源（[[stage_source]] 的 programmes）。") % programme
                self.add(("stage", rows[0][0], "programme"), words)
            if sound[programme]:
                self.order(rows)

    def programme(self, path: Path, one: Any) -> None:
        if one not in catalogue().programmes:
            words = {"one": one, "known": "、".join(catalogue().programmes)}
            self.add(path, _("没有“%(one)s”这个救助类别。可以写：%(known)s。") % words)

    def stage(self, n: int, row: Row) -> None:
        self.programme(("stage", n, "programme"), row["programme"])
        for one in row.get("parameters", ()):
            self.known(("stage", n, "parameters"), one)

    def order(self, rows: list[tuple[int, Row]]) -> None:
        for fault in order_faults([row for _n, row in rows]):
            path: Path = (
                ("stage", rows[fault.stage][0], fault.field) if fault.stage is not None else ("stage", rows[0][0])
            )
            self.add(path, fault.text)


def _nearest(name: str, known: Iterable[str]) -> str:
    """“，最接近的是…” or nothing."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return _("，最接近的是“%s”") % close[0] if close else ""


def _advice(raw: dict[str, Any]) -> list[str]:
    """What an office must record before a case can run under the pack, because its document gives no figure."""
    rows = {catalogue().get(row["key"]).key: row for row in raw["parameter"]}
    steps = [row["step"] for row in raw.get("stage", ()) if row["programme"] == RUN]
    found = [] if steps else [_missing(f"stages.{RUN}")]
    for step in NEEDED if not steps else dict.fromkeys(steps):
        found += [_missing(key) for key in NEEDED.get(step, ()) if not _stated(key, rows.get(key))]
    if steps and PAYMENT_START not in steps:
        found.append(_("没有“起发”这个环节：个案确认以后不会开始发放。"))
    return found


def _stated(key: str, row: Row | None) -> bool:
    definition = catalogue().get(key)
    return row is not None and not row.get("unset") and not definition.is_open(packvalues.typed(definition, row))


def _missing(key: str) -> str:
    definition = catalogue().get(key)
    words = {"title": definition.title, "key": key, "who": definition.recorders}
    return _("文件没有给出“%(title)s”（%(key)s），办理个案之前要由%(who)s登记本地选择。") % words
