"""`manage.py show_policy PACK [--on DATE] [--json]`: what a pack states on a day."""

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from policies import values
from policies.errors import UnknownPack
from policies.queries import Rules, Unset, Value, document_of
from policies.wording import describe

UNKNOWN_PACK = 2


class Command(BaseCommand):
    help = (
        "Print the effective parameters of a pack on a day, each with value, unit, citation and its layer. "
        "Example: python manage.py show_policy PACK --on 2026-09-01 --json"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pack", help="key of the pack: the name of its file without .toml")
        parser.add_argument("--on", type=dt.date.fromisoformat, help="day as YYYY-MM-DD (default: today)")
        parser.add_argument("--json", action="store_true", help="machine-readable output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            document = document_of(options["pack"])
        except UnknownPack as refusal:
            raise CommandError(refusal.message, returncode=UNKNOWN_PACK) from refusal
        on = options["on"] or clock.today()
        found = Rules("", on, pack=document.key).all()
        if options["json"]:
            report = {
                "pack": document.key,
                "title": document.title,
                "number": document.number,
                "on": on.isoformat(),
                "parameters": [as_json(item) for item in found],
            }
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{document.title} {document.number}（{document.key}，{on.isoformat()}）")
        for item in found:
            self.stdout.write(as_line(item))


def as_json(item: Value | Unset) -> dict[str, Any]:
    """One parameter as data; `value` is null and `layer` is `unset` where the document is silent."""
    common = {
        "parameter": item.parameter,
        "title": item.title,
        "citation": item.citation or None,
        "original": item.original or None,
        "reading_note": item.reading_note or None,
        "note": item.note or None,
        **item.details,
    }
    if isinstance(item, Unset):
        return {**common, "value": None, "unit": None, "layer": "unset", "source": None}
    return {
        **common,
        "value": values.dump(item.value),
        "open": item.open,
        "unit": item.unit or None,
        "inclusive": item.inclusive,
        "clock_start": item.clock_start or None,
        "excludes": list(item.excludes),
        "layer": str(item.layer),
        "source": item.source,
        "effective_from": item.effective_from.isoformat(),
        "effective_to": item.effective_to.isoformat() if item.effective_to else None,
    }


def as_line(item: Value | Unset) -> str:
    """One parameter as a line: key, value in words, unit, layer, citation, wording."""
    wording = f"“{item.original}”" if item.original else ""
    if isinstance(item, Unset):
        return "\t".join((item.parameter, "文件没有写明", "", "unset", item.citation, wording)).rstrip()
    text = describe(item.definition, item.value)
    return "\t".join((item.parameter, text, item.unit, str(item.layer), item.citation, wording)).rstrip()
