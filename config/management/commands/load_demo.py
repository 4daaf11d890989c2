"""`manage.py load_demo`: districts, people and households to look at, made by walking the real services.

python manage.py load_demo [--households N] [--seed S]
"""

import os
import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.errors import Refusal
from config.demo import load, people
from config.demo.roster import ROSTER

HOUSEHOLDS, SEED, PROCESSES = 400, 1, 2


class Command(BaseCommand):
    help = (
        "Load the demonstration: districts, posts, and households in every state. Takes up what an earlier run left; the same "
        "seed gives the same data. Refused in production and in a database that is not marked as demonstration. "
        "Example: python manage.py load_demo --households 400 --seed 1"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--households", type=int, default=HOUSEHOLDS, help=f"how many (default {HOUSEHOLDS})")
        parser.add_argument("--seed", type=int, default=SEED, help=f"another seed, other households (default {SEED})")
        parser.add_argument("--processes", type=int, choices=[1, 2], default=min(PROCESSES, os.cpu_count() or 1))
        parser.add_argument(
            "--second-share", action="store_true", help="used by the command itself for its second process"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        households, seed = options["households"], options["seed"]
        if households < 1:
            raise CommandError("--households must be 1 or more")
        try:
            if options["second_share"]:
                load.help_out(households, seed)
                return
            before = signal.signal(signal.SIGTERM, lambda *_what: sys.exit(128 + signal.SIGTERM))
            try:
                added = load.load(households, seed, options["processes"])
            finally:
                signal.signal(signal.SIGTERM, before)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"demonstration: {households} households, {added} of them added now")
        self.show_logins()

    def show_logins(self) -> None:
        """The accounts to try, as the start page lists them; their one-time codes of the moment are shown there."""
        self.stdout.write(f"sign in with the password {people.PASSWORD} as")
        for person in ROSTER:
            if person.shown:
                posts = "、".join(dict.fromkeys(str(held.post.label) for held in person.held))
                self.stdout.write(f"  {person.username:<12} {person.name}  {posts}")
