"""Online applications of the demonstration: some wait, one was returned, some were registered. Each is recognised by its form key."""

import datetime as dt
from dataclasses import dataclass, replace
from random import Random

from django.db import transaction

from cases.enums import Channel, OnlineStatus
from cases.models import OnlineApplication
from cases.services import intake, online
from cases.services.intake import Application
from common import clock
from common.actors import Actor, resident_actor
from common.models import ActKey
from config.demo import people, places
from config.demo.families import family
from config.demo.roster import S1, S2, YQ
from config.demo.story import free_number
from config.demo.timetable import ONE_DAY, days_before, working_day_until
from organizations.enums import Post
from organizations.models import Area
from policies.queries import Calendar

FIRST_NUMBER, NUMBERS_EACH = 13_500, 6
"""Codes of identity numbers that no household of a usual demonstration takes."""


@dataclass(frozen=True)
class Sent:
    """An online application: where, how many working days ago, at what time, and what the street has done with it."""

    office: str
    handler: str
    days: int
    at: dt.time
    status: str = OnlineStatus.WAITING
    submitted: bool = False


APPLICATIONS = (
    Sent(S1, "handler", 5, dt.time(20, 15)),
    Sent(S1, "handler", 2, dt.time(7, 50)),
    Sent(S1, "handler", 0, dt.time(12, 30)),
    Sent(S2, "handler2", 1, dt.time(9, 40)),
    Sent(YQ, "yuquan-handler", 3, dt.time(18, 5)),
    Sent(S1, "handler", 6, dt.time(10, 20), OnlineStatus.RETURNED),
    Sent(S1, "handler", 4, dt.time(8, 45), OnlineStatus.REGISTERED),
    Sent(S2, "handler2", 7, dt.time(21, 10), OnlineStatus.REGISTERED, submitted=True),
)
REASON = "您填的住址归另一个街道管。请在网上重新选您现在住的街道，或者带身份证到那里的窗口申请。"
CORRECTED = "（电话核实：与申请人本人确认）"


def is_there() -> bool:
    """Whether all of them have been sent in."""
    return ActKey.objects.filter(key__in=[_key(number) for number in range(len(APPLICATIONS))]).count() == len(
        APPLICATIONS
    )


def load_online() -> None:
    """Send in what is missing, each with its answer in a transaction of its own."""
    is_working = Calendar().is_working
    last = working_day_until(clock.today() - ONE_DAY, is_working)
    for number, sent in enumerate(APPLICATIONS):
        if ActKey.objects.filter(key=_key(number)).exists():
            continue
        day = days_before(last, sent.days, is_working)
        with transaction.atomic(), clock.moved(dt.datetime.combine(day, sent.at)):
            _tell(number, sent, day)


def _key(number: int) -> str:
    return f"demo-online-{number}"


def _tell(number: int, sent: Sent, day: dt.date) -> None:
    office = people.office_at(sent.office, Post.HANDLER)
    villages = places.villages_of(office)
    random = Random(_key(number))  # noqa: S311 - made-up people, not a secret
    application = application_of(number, random, random.choice(villages), day)
    resident = resident_actor(f"192.0.2.{number + 1}")
    waiting = online.apply_online(resident, application=application, key=_key(number))
    if sent.status != OnlineStatus.WAITING:
        clock.move(clock.now() + dt.timedelta(hours=14))
        _answer(people.acting(sent.handler, office), sent, waiting, application)


def application_of(number: int, random: Random, village: Area, day: dt.date) -> Application:
    """What the resident typed: without what only an official can judge, and without an account."""
    first = FIRST_NUMBER + number * NUMBERS_EACH
    home = family(random, day, lambda birth, sex, place: free_number(birth, sex, first + place))
    stem = village.name.removesuffix("社区")
    return Application(
        programme="DIBAO",
        village_code=village.code,
        channel=Channel.ONLINE,
        applied_on=day,
        address=f"{stem}{random.randint(1, 24)}号楼{random.randint(1, 6)}门{random.randint(1, 6)}0{random.randint(1, 3)}",
        phone=f"1390000{random.randrange(10_000):04d}",
        account="",
        account_holder="",
        account_bank="",
        difficulty=home.difficulty,
        kin_declared=False,
        kin_detail="",
        rights_told=True,
        members=[replace(one, counts=True, has_capacity=True) for one in home.members],
        items=home.items,
    )


def _answer(handler: Actor, sent: Sent, waiting: OnlineApplication, application: Application) -> None:
    if sent.status == OnlineStatus.RETURNED:
        online.return_online(handler, waiting.pk, reason=REASON, seen=waiting.version)
        return
    checked = replace(application, difficulty=application.difficulty + CORRECTED)
    case = online.register_online(handler, waiting.pk, application=checked, seen=waiting.version)
    if sent.submitted:
        intake.submit(handler, case.pk, seen=case.version)
