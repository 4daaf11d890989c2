"""`manage.py load_packs`: the pack files and the published calendars into the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from common.actors import system_actor
from policies.services.calendar import load_published_years
from policies.services.packs import load_packs


class Command(BaseCommand):
    help = (
        "Load the policy packs, the document library and the working-day calendars that the program knows. "
        "Idempotent; part of every set-up. Example: python manage.py load_packs"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """No arguments of its own."""

    def handle(self, *args: Any, **options: Any) -> None:
        actor = system_actor("load_packs")
        loaded = load_packs(actor)
        years = load_published_years(actor)
        self.stdout.write(
            f"documents added: {loaded.documents}, rows added: {loaded.added}, rows closed: {loaded.closed}, "
            f"calendar years added: {years}"
        )
