"""Register the divisions that come with the system, idempotently.

python manage.py load_areas [FILE]
"""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.errors import Refusal
from organizations.services.areas import area_rows, founder, load_areas


class Command(BaseCommand):
    help = "Register divisions from a list (code,name,level,made_up,source). Example: python manage.py load_areas"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="a CSV file in UTF-8 instead of the list of the system")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            added = load_areas(founder(), read(options["file"]) if options["file"] else area_rows())
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"added {len(added)} areas")


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a list; a file that is none of that is refused in one line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from error
    if not rows or not {"code", "name", "level"} <= rows[0].keys():
        raise CommandError(f"{path}: the first line must name the columns code, name, level")
    return rows
