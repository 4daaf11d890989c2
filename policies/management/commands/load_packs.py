"""`manage.py load_packs`: the pack files and the published calendars into the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.actors import system_actor
from policies.errors import BrokenPack
from policies.services.calendar import load_published_years
from policies.services.packs import load_packs


class Command(BaseCommand):
    help = (
        "Load the policy packs, the document library and the working-day calendars that the program knows. "
        "Idempotent; part of every set-up. --folder: packs of a district beside the program's own, each checked as by check_pack. "
        "Example: python manage.py load_packs --folder /srv/packs"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, help="folder with further packs (*.toml)")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = system_actor("load_packs")
        folder = options.get("folder")
        if folder and not folder.is_dir():
            raise CommandError(f"no such folder: {folder}")
        try:
            loaded = load_packs(actor, folder)
        except BrokenPack as refusal:
            raise CommandError(refusal.message) from refusal
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"cannot read {folder}: {error}") from error
        years = load_published_years(actor)
        self.stdout.write(
            f"documents added: {loaded.documents}, rows added: {loaded.added}, rows closed: {loaded.closed}, "
            f"calendar years added: {years}"
        )
