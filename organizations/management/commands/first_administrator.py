"""Open the account of a first administrator, before anybody can sign in.

    python manage.py first_administrator --area 120104000000 --username nk-admin --name 张三 --post system_admin

One person per post: system_admin, security_admin, audit_admin. The initial password is read from the terminal, or from the
environment variable INITIAL_PASSWORD, and must be changed at the first sign-in.
"""

import getpass
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from common import clock
from common.errors import Refusal
from organizations.enums import OfficeKind, Post
from organizations.models import Area, Office, User
from organizations.queries import holders
from organizations.services.appointments import appoint
from organizations.services.areas import founder
from organizations.services.offices import save_office
from organizations.services.people import add_user

POSTS = [Post.SYSTEM_ADMIN, Post.SECURITY_ADMIN, Post.AUDIT_ADMIN]


class Command(BaseCommand):
    help = (
        "Open the account of an area's first administrator. Example: python manage.py first_administrator"
        " --area 120104000000 --username nk-admin --name 张三 --post system_admin"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--area", required=True, help="12-digit code of a registered area")
        parser.add_argument("--username", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--post", required=True, choices=[str(post) for post in POSTS])

    def handle(self, *args: Any, **options: Any) -> None:
        area = Area.objects.filter(code=options["area"], valid_to=None).first()
        if area is None:
            raise CommandError(f"{options['area']} is no registered area; run: python manage.py load_areas")
        if present := holders(options["post"], area.code):
            raise CommandError(f"{area.name} already has {options['post']}: {present[0].user.username}")
        try:
            user = self.open(area, options)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"opened {user.username}; the password must be changed at the first sign-in")

    @transaction.atomic
    def open(self, area: Area, options: dict[str, Any]) -> User:
        """The account with its post at the managing office of the area, which is registered if there is none."""
        password = os.environ.get("INITIAL_PASSWORD") or getpass.getpass("initial password: ")
        user = add_user(
            founder(), username=options["username"], name=options["name"], password=password, area_code=area.code
        )
        office = self.office_of(area)
        appoint(founder(), user_id=user.pk, post=options["post"], office_id=office.pk, valid_from=clock.today())
        return user

    def office_of(self, area: Area) -> Office:
        kinds = [OfficeKind.OPERATOR, OfficeKind.GOVERNMENT]
        found = Office.objects.filter(seat=area, kind__in=kinds, closed_on=None, areas=area).order_by("-kind").first()
        name = f"{area.name}系统管理单位（{area.code}）"
        return found or save_office(
            founder(), None, name=name, kind=OfficeKind.OPERATOR, seat_code=area.code, area_codes=[area.code]
        )
