"""Loading the demonstration: places, people, choices, then every household in a transaction of its own.

A household is recognised by the key of its registration, so a run that was killed is taken up where it stopped, and a run over a
complete demonstration changes nothing. Two processes share the households by office, because cases are numbered office by office.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from common import clock, files, progress
from common.actors import Actor, system_actor
from common.errors import Refusal
from common.models import ActKey
from config.demo import online, people, places, systems
from config.demo.journeys import ENDINGS
from config.demo.places import CHENGQU, DISTRICT, FOUNDED, NANKAI, YUQUAN, ZONE
from config.demo.roster import CQ, NK, ROSTER, S1, S2, S3, S4, TOWN, YQ
from config.demo.story import Plan, Story, plan
from config.demo.timetable import ONE_DAY, working_day_until
from config.demo.walk import People
from organizations.enums import Post
from organizations.models import Area, Office
from policies.queries import Calendar, rules_held
from policies.services.calendar import load_published_years
from policies.services.packs import load_packs

NAME, TITLE = "demo", "演示数据"
LOCK = 7_301_229
ENOUGH_FOR_TWO = 60
REPORT_EVERY = 4


SUPERVISORS = {
    DISTRICT: "supervisor", YUQUAN: "yuquan-supervisor", CHENGQU: "chengqu-supervisor", NANKAI: "nankai-supervisor",
}  # fmt: skip
"""Who records the local choices of each district."""


@dataclass(frozen=True)
class Team:
    """Who works in an office, and how often a household is drawn into it."""

    weight: int
    handlers: tuple[str, str]
    deputies: tuple[str, ...]
    principal: str
    way: str = "tianjin"
    centre: tuple[str, str] = ("check", DISTRICT)
    officer: tuple[str, str] | None = None


TEAMS = {
    S1: Team(34, ("handler", "handler-b"), ("deputy",), "principal"),
    S2: Team(20, ("handler2", "handler2-b"), ("deputy2", "acting2"), "principal2"),
    S3: Team(14, ("handler3", "handler3-b"), ("deputy3",), "principal3"),
    S4: Team(10, ("handler4", "handler4-b"), ("deputy4",), "principal4"),
    TOWN: Team(12, ("handler5", "handler5-b"), ("deputy5",), "principal5"),
    ZONE: Team(10, ("handler", "handler-b"), ("deputy",), "principal"),
    YQ: Team(
        1,
        ("yuquan-handler", "yuquan-handler-b"),
        ("yuquan-deputy",),
        "yuquan-principal",
        "yuquan",
        ("yuquan-check", YUQUAN),
    ),
    CQ: Team(
        1,
        ("chengqu-handler", "chengqu-handler-b"),
        ("chengqu-deputy",),
        "chengqu-principal",
        "chengqu",
        ("chengqu-check", CHENGQU),
        ("chengqu-officer", CHENGQU),
    ),
    NK: Team(
        1,
        ("nankai-handler", "nankai-handler-b"),
        ("nankai-deputy",),
        "nankai-principal",
        "nankai",
        ("nankai-check", NANKAI),
    ),
}


class NotHere(Refusal):
    """The demonstration may not be loaded here or now."""

    code = "DEMO_NOT_HERE"


@dataclass(frozen=True)
class Home:
    """A household with its plan and the office and village where it lives."""

    plan: Plan
    office: str
    village: Area


def require_demonstration() -> None:
    """Production settings and unmarked databases are refused."""
    if settings.PRODUCTION:
        raise NotHere(_("现在是生产环境（DJANGO_ENV=production），不能装载演示数据。"))
    if not clock.is_marked():
        raise NotHere(_("这个数据库没有标记为演示库。请先运行 setup_database --mark demo。"))


@contextmanager
def alone(share: int) -> Iterator[None]:
    """One loader at a time; it ends with the database session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, share])
        if not cursor.fetchone()[0]:
            raise NotHere(_("演示数据正在由另一个进程装载。请等它结束。"))
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, share])


def load(households: int, seed: int, processes: int) -> int:
    """Load what is missing of the demonstration, with its progress on the start page. Returns how many households were added."""
    require_demonstration()
    with alone(0):
        missing = households - len(walked(households, seed))
        if not missing and online.is_there() and systems.is_there():
            return 0
        progress.start(NAME, TITLE, households)
        progress.advance(NAME, households - missing, _("正在设置区划、机构、岗位和本地选择"))
        try:
            found()
            _walk_all(households, seed, processes if missing >= ENOUGH_FOR_TWO else 1)
            online.load_online()
            systems.load_systems()
        except BaseException:
            progress.fail(NAME, _("装载中断。再次启动时从中断处继续。"))
            raise
        progress.finish(NAME, _("共%(n)d户") % {"n": households})
        return missing


def found() -> None:
    """Packs, calendars, places, people, choices."""
    load_packs(system_actor("load_demo"))
    load_published_years(system_actor("load_demo"))
    with clock.moved(FOUNDED):
        places.found_places()
        people.found_people()
        for area_code, username in SUPERVISORS.items():
            places.choose(people.acting(username), area_code)


def walked(households: int, seed: int) -> set[str]:
    """The keys of the households that are there already."""
    wanted = [f"demo-{seed}-{index}" for index in range(households)]
    return set(ActKey.objects.filter(key__in=wanted).values_list("key", flat=True))


# --- The households ---------------------------------------------------------------------------------------------------


def _walk_all(households: int, seed: int, processes: int) -> None:
    """Every missing household; with two processes the second takes the second share. What is left over then is taken up here."""
    helper = _start_helper(households, seed) if processes > 1 else None
    try:
        walk_share(households, seed, (0, processes), lambda: _report(households, seed))
        while helper and helper.poll() is None:
            _report(households, seed)
            _wait(helper)
    finally:
        if helper and helper.poll() is None:
            helper.terminate()
            helper.wait()
    if helper:
        walk_share(households, seed, (0, 1), lambda: _report(households, seed))


def _start_helper(households: int, seed: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "load_demo", "--households", str(households)]
    return subprocess.Popen([*command, "--seed", str(seed), "--second-share"], cwd=settings.BASE_DIR)  # noqa: S603


def help_out(households: int, seed: int) -> None:
    """The work of the second process."""
    require_demonstration()
    with alone(1):
        walk_share(households, seed, (1, 2), lambda: None)


def _wait(helper: "subprocess.Popen[bytes]") -> None:
    try:
        helper.wait(1)
    except subprocess.TimeoutExpired:
        return


def _report(households: int, seed: int) -> None:
    done = len(walked(households, seed))
    progress.advance(NAME, done, _("已装载%(done)d户，共%(all)d户") % {"done": done, "all": households})


def walk_share(households: int, seed: int, share: tuple[int, int], report: Callable[[], None]) -> None:
    """Walk the missing households of a share (number, of how many), the earliest first, each in a transaction of its own."""
    parent = os.getppid()
    present = walked(households, seed)
    mine = [home for home in _shared(_homes(households, seed), *share) if home.plan.key not in present]
    staff = Staff()
    with rules_held(), files.pooled():
        for number, home in enumerate(mine, start=1):
            if os.getppid() != parent:
                return  # whoever started this process was killed
            with transaction.atomic():
                people_there = staff.of(home)
                Story.of(home.plan, people_there).tell(home.plan, home.village)
            if number % REPORT_EVERY == 0:
                report()


def _homes(households: int, seed: int) -> list[Home]:
    """All households in the order of their applications."""
    is_working = Calendar().is_working
    last = working_day_until(clock.today() - ONE_DAY, is_working)
    villages = {office: places.villages_of(_office(office)) for office in TEAMS}
    homes = []
    for index in range(households):
        random = Random(f"{seed}:{index}:home")  # noqa: S311 - made-up people, not a secret
        one = plan(seed, index, last, is_working)
        near = [name for name, team in TEAMS.items() if team.way == one.way]
        drawn = random.choices(near, [TEAMS[name].weight for name in near])[0]
        office = near[0] if index < len(ENDINGS) else drawn
        homes.append(Home(one, office, random.choice(villages[office])))
    return sorted(homes, key=lambda home: home.plan.moments[0])


def _shared(homes: list[Home], number: int, of: int) -> list[Home]:
    """The households of one share: whole offices, so that nobody waits for another's running numbers, about even in work."""
    work = dict.fromkeys(TEAMS, 0)
    for home in homes:
        work[home.office] += len(home.plan.ending.legs)
    shares: list[set[str]] = [set() for _share in range(of)]
    for office in sorted(work, key=lambda name: -work[name]):
        min(shares, key=lambda share: sum(work[name] for name in share)).add(office)
    return [home for home in homes if home.office in shares[number]]


def _office(name: str) -> Office:
    return people.office_at(name, Post.HANDLER)


class Staff:
    """The people of each office as actors, read once."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str, str], Actor] = {}
        self.village_workers = {
            held.office: person.username for person in ROSTER for held in person.held if held.post == Post.VILLAGE
        }

    def of(self, home: Home) -> People:
        """Who acts for a household; which of the two handlers has it is drawn."""
        team, random = TEAMS[home.office], Random(home.plan.key)  # noqa: S311 - made-up people, not a secret
        handler, colleague = random.sample(team.handlers, 2)
        deputy = random.choice(team.deputies)
        village = home.village.code
        return People(
            handler=self._actor(handler, home.office),
            colleague=self._actor(colleague, home.office),
            deputy=self._actor(deputy, home.office, "command"),
            principal=self._actor(team.principal, home.office, "command"),
            village=self._actor(self.village_workers[village], village),
            centre=self._actor(*team.centre),
            officer=self._actor(*team.officer) if team.officer else None,
        )

    def _actor(self, username: str, office: str, road: str = "page") -> Actor:
        key = (username, office, road)
        if key not in self.known:
            post = next(
                held.post
                for person in ROSTER
                if person.username == username
                for held in person.held
                if held.office == office
            )
            self.known[key] = people.acting(username, people.office_at(office, post), road=road)
        return self.known[key]
