"""Reading the requirements matrix in docs/, for the tests of the packs."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
JURISDICTIONS = ("nankai-2022", "yuquan-2020", "tianjin-district-2022", "jilin-2019", "jincheng-chengqu-2023")
CODES = dict(zip(JURISDICTIONS, ("000", "001", "002", "003", "004"), strict=True))
RENAMED = {"pub.position in flow": "pub.position", "systems named": "org.systems_named"}
TEXT = (DOCS / "requirements.md").read_text(encoding="utf-8")


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split(" | ")]


def section(number):
    start = TEXT.index(f"\n## {number}. ")
    return TEXT[start : TEXT.index(f"\n## {number + 1}. ")]


def section_two():
    """The requirement rows: dictionaries with id, text, source, parameter, applies."""
    rows = []
    for line in section(2).splitlines():
        if re.match(r"\| [A-Z]{3}-\d\d \|", line):
            number, text, _who, source, parameter, applies, _mode, _basis = cells(line)
            rows.append(
                {"id": number, "text": text, "source": source, "parameter": parameter, "applies": applies, "line": line}
            )
    return rows


def keys_of(name):
    """The parameter keys of the first column of a row of section 3, and the tier's name where it names one."""
    if name in RENAMED:
        return [RENAMED[name]], ""
    if name.startswith("ins.") and "," in name:
        key, scope = (part.strip() for part in name.split(",", 1))
        return [key], scope.removeprefix("N ").removesuffix(" (ANOMALY)")
    return [key.strip() for key in re.sub(r"\s*\(.*\)$", "", name).split(",")], ""


def section_three():
    """Every cell of section 3: (parameter, tier, jurisdiction, text)."""
    found = []
    for line in section(3).splitlines():
        if not line.startswith("| ") or line.startswith("| Parameter |"):
            continue
        name, *row = cells(line)
        keys, scope = keys_of(name)
        for key in keys:
            found += [(key, scope, place, text) for place, text in zip(JURISDICTIONS, row, strict=True)]
    return found


def section_two_only():
    """(parameter, jurisdiction) → rows that name the parameter and apply there; empty where none applies."""
    in_three = {key for key, _scope, _place, _text in section_three()}
    found = {}
    for row in section_two():
        for key in re.findall(r"`([a-z_]+\.[a-z_.]+)`", row["parameter"]):
            if key in in_three:
                continue
            for place in JURISDICTIONS:
                rows = found.setdefault((key, place), [])
                if place in row["applies"] or row["applies"] == "all five":
                    rows.append(row)
    return found


def places(source):
    """The code of each document of a source cell → its places, as the packs cite them."""
    found, code = {}, ""
    for part in re.sub(r" \([^)]*\)", "", source).split(";"):
        named = re.match(r"(00\d) ?(.*)", part.strip())
        code, place = named.groups() if named else (code, part.strip())
        if code:
            found.setdefault(code, []).append(place)
    return {code: f"{code} {'；'.join(filter(None, parts))}".replace(", ", "、") for code, parts in found.items()}
