"""Prove that what the database says is what was written.

python manage.py check_integrity [--json]
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from archives import integrity as archives
from cases import integrity as cases
from common import integrity as common
from journal import integrity as journal

CHECKS = {"journal": journal, "common": common, "archives": archives, "cases": cases}


class Command(BaseCommand):
    help = (
        "Check the journal's rows and seals, stored papers and files. Example: python manage.py check_integrity --json"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print {check: [violations]}")

    def handle(self, *args: Any, **options: Any) -> None:
        found = {name: list(module.violations()) for name, module in CHECKS.items()}
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        for name, sentences in found.items():
            for sentence in sentences:
                self.stderr.write(f"{name}: {sentence}")
        if any(found.values()):
            raise SystemExit(1)
        if not options["json"]:
            self.stdout.write("ok: " + ", ".join(CHECKS))
