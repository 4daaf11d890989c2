"""Finds planted numbers in whatever leaves the system: text, pages, JSON, PDF, spreadsheets, log lines, task arguments, rows.

Knows the numbers of `plants.py` by their shape; a masked one has asterisks and is not found.
"""

import io
import re
import subprocess
import zipfile
from dataclasses import dataclass

SHAPES = {
    "identity": re.compile(r"(?<![0-9])[1-8][0-9]{3}9[0-9](?:19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9Xx](?![0-9])"),
    "account": re.compile(r"(?<![0-9])999900[0-9]{13}(?![0-9])"),
    "phone": re.compile(r"(?<![0-9])154[0-9]{8}(?![0-9])"),
}
BY_CHANCE = re.compile(r"[0-9a-f]{32,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
GROUPED = re.compile(r"(?<=[0-9])[ \u00a0-](?=[0-9Xx])")


@dataclass(frozen=True)
class Hit:
    """A planted number that stood in full in a channel at a place (view, template, logger, task, statement)."""

    kind: str
    number: str
    channel: str = ""
    place: str = ""

    def __str__(self) -> str:
        return f"{self.channel} {self.place}: {self.kind} {self.number}"


def scan(content: str | bytes, *, channel: str = "", place: str = "") -> list[Hit]:
    """The planted numbers in a text, a page, a PDF or a spreadsheet, each once."""
    text = content if isinstance(content, str) else text_of(content)
    text = BY_CHANCE.sub("", text)  # among thousands of digests and tokens some hold eleven fitting digits
    found = {(kind, number) for kind, shape in SHAPES.items() for number in shape.findall(text)}
    together = GROUPED.sub("", text)  # `9999 0000 …` is the full number too
    found |= {(kind, number) for kind in ("identity", "account") for number in SHAPES[kind].findall(together)}
    return [Hit(kind, number, channel, place) for kind, number in sorted(found)]


def text_of(content: bytes) -> str:
    """What a person reads in these bytes."""
    if content.startswith(b"%PDF"):
        done = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
        return done.stdout.decode()
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(text_of(archive.read(name)) for name in archive.namelist())
    return content.decode("utf-8", "replace")
