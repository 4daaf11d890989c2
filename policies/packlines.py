"""On which line of a pack file something stands: the standard reader of TOML tells the values alone."""

import re
import tomllib

Path = tuple[str | int, ...]
HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
NAME = r"""(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)"""
KEY = re.compile(rf"^\s*({NAME}(?:\s*\.\s*{NAME})*)\s*=")
CLOSING = ("]", "}", '"""', "'''")
"""What ends a value of several lines."""
PLACE = re.compile(r"at line (\d+)")


def line_numbers(text: str) -> dict[Path, int]:
    """The line of every table and key of a valid file: `("parameter", 3)` → the heading of the fourth parameter,
    `("parameter", 3, "value")` → its value."""
    lines = text.splitlines()
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    at = 0
    while at < len(lines):
        header, key = HEADER.match(lines[at]), KEY.match(lines[at])
        length = 1
        if key:
            found.setdefault(table + tuple(_names(key[1])), at + 1)
            length = _length(lines, at)
        elif header:
            table = _table(header, counts)
            found.setdefault(table, at + 1)
        at += length
    return found


def _names(written: str) -> list[str]:
    return [name.strip("\"'") for name in re.findall(NAME, written)]


def _table(header: re.Match[str], counts: dict[Path, int]) -> Path:
    """The path of a heading; a list of tables counts its entries."""
    names = _names(header[2])
    path: Path = ()
    for place, name in enumerate(names):
        path += (name,)
        if header[1] == "[[" and place == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path += (counts[path],)
    return path


def _length(lines: list[str], at: int) -> int:
    """How many lines the statement that begins at a line takes."""
    for end in range(at + 1, len(lines) + 1):
        if end > at + 1 and not any(mark in lines[end - 1] for mark in CLOSING):
            continue
        try:
            tomllib.loads("\n".join(lines[at:end]))
        except tomllib.TOMLDecodeError:
            continue
        return end - at
    return 1


def nearest(lines: dict[Path, int], path: Path) -> int:
    """The line of a path, else of the nearest thing around it that has one."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def line_of_error(text: str, error: tomllib.TOMLDecodeError) -> int:
    """The line at which the reader gave up."""
    place = PLACE.search(str(error))
    return int(place[1]) if place else max(1, len(text.splitlines()))
