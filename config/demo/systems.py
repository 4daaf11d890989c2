"""Another government system of the demonstration, with the applications that it handed in. Each is recognised by its reference."""

import datetime as dt
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from cases.models import Material, Submission
from cases.services import exchange
from common import clock
from common.actors import Actor
from config.demo import people, pictures, places
from config.demo.online import application_of
from config.demo.places import DISTRICT, FOUNDED
from config.demo.roster import S1
from config.demo.timetable import ONE_DAY, days_before, working_day_until
from organizations.enums import OfficeKind, Post, Scope
from organizations.models import Office, SystemClient
from organizations.queries import actor_for
from organizations.services.areas import founder
from organizations.services.clients import add_client
from policies.queries import Calendar

NAME = "示例市政务服务平台"
DAYS = (6, 3, 1)
"""How many working days ago each application was handed in: the first was taken back, the second got a file."""


def is_there() -> bool:
    """Whether all of them have been handed in."""
    rows = Submission.objects.unscoped(reason="the demonstration's own submissions")
    return rows.filter(client_name=NAME).count() == len(DAYS)


def load_systems() -> None:
    """Register the system and hand in what is missing, each in a transaction of its own."""
    is_working = Calendar().is_working
    last = working_day_until(clock.today() - ONE_DAY, is_working)
    client = SystemClient.objects.select_related("user").filter(name=NAME).first() or _registered()
    rows = Submission.objects.unscoped(reason="the demonstration's own submissions")
    for number, days in enumerate(DAYS):
        if rows.filter(client_id=client.user_id, reference=_reference(number)).exists():
            continue
        day = days_before(last, days, is_working)
        with transaction.atomic(), clock.moved(dt.datetime.combine(day, dt.time(10, 12))):
            _hand_in(actor_for(client.user, road="api"), number, day)


def _registered() -> SystemClient:
    """Registered on the day on which the district's offices were founded."""
    bureau = Office.objects.get(seat__code=DISTRICT, kind=OfficeKind.GOVERNMENT)
    with transaction.atomic(), clock.moved(FOUNDED):
        return add_client(founder(), name=NAME, office_id=bureau.pk, scopes=[Scope.APPLICATIONS])


def _reference(number: int) -> str:
    return f"ZWFW-2026-{number + 1:06d}"


def _hand_in(actor: Actor, number: int, day: dt.date) -> None:
    random = Random(_reference(number))  # noqa: S311 - made-up people, not a secret
    village = random.choice(places.villages_of(people.office_at(S1, Post.HANDLER)))
    application = application_of(len(DAYS) * 10 + number, random, village, day)
    case = exchange.hand_in_application(actor, application=application, reference=_reference(number))
    if number == 0:
        clock.move(clock.now() + dt.timedelta(hours=5))
        exchange.recall(actor, case.pk, reason="申请人已到窗口另行申请", seen=case.version)
    if number == 1:
        material = Material.objects.unscoped(reason="the demonstration's own case").filter(case=case).earliest("pk")
        scan = SimpleUploadedFile("scan.jpg", pictures.picture("paper", number), content_type="image/jpeg")
        exchange.send_material(actor, case.pk, code=material.code, upload=scan, seen=case.version)
