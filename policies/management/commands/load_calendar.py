"""`manage.py load_calendar FILE --year YYYY --source TEXT`: a State Council notice into the working-day calendar."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.actors import system_actor
from common.errors import Refusal
from policies.services.calendar import load_calendar


class Command(BaseCommand):
    help = (
        "Replace the working-day calendar of one year by a notice given as CSV lines date,working|rest,name. "
        'All or nothing. Example: python manage.py load_calendar 2027.csv --year 2027 --source "国办发明电〔2026〕…号"'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV file, UTF-8")
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--source", required=True, help="name or number of the notice")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"cannot read {options['file']}: {error.strerror}") from error
        try:
            load_calendar(
                system_actor("load_calendar"), year=options["year"], content=content, source=options["source"]
            )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{options['year']}: loaded")
