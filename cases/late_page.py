"""What is late and why: the running limits that are late or nearly, by street, each with whose move it waits for and what excuses it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from cases import access
from cases.case_clock import Badge, badge, excuse_words
from cases.case_facts import Facts, facts, with_facts
from cases.case_missing import missing
from cases.case_page import next_step
from cases.enums import ExcuseKind, Step
from cases.flow import LIMIT_TITLES
from cases.limits import PUBLICITY, Period, published, recognised
from cases.models import Case, CaseLimit
from cases.queries import SOON
from cases.step_pages import StepPage, head
from common import clock
from common.actors import Actor
from common.errors import NotFound
from policies.packfiles import readings

PAGE_SIZE = 30


@dataclass(frozen=True)
class Wanted:
    """What the page is asked for. `after`: the last row of the page before, as `late_limits` gave it."""

    view: str = ""
    office: str = ""
    step: str = ""
    after: str = ""


@dataclass(frozen=True)
class Late:
    """One limit that is late or nearly. `why`: whose move it waits for; `readings`: how the two dates are read where they differ by
    more than a day."""

    limit: CaseLimit
    case: Case
    village: str
    title: str
    step: str
    badge: Badge
    who: str
    why: str
    readings: list[str]
    pauses: list[Period]
    excuses: list[str]
    may_excuse: bool


@dataclass(frozen=True)
class Street:
    """How many limits of one office are late, how many of those without an excuse, and how many nearly late."""

    number: int
    name: str
    late: int
    unexcused: int
    soon: int


@dataclass(frozen=True)
class LatePage:
    """One page: its rows by street, the counts of every street, the cursor of the next page."""

    rows: list[Late]
    streets: list[Street]
    older: str

    @property
    def late(self) -> int:
        return sum(street.late for street in self.streets)

    @property
    def soon(self) -> int:
        return sum(street.soon for street in self.streets)

    @property
    def unexcused(self) -> int:
        return sum(street.unexcused for street in self.streets)


def late_limits(actor: Actor, wanted: Wanted) -> LatePage:
    """The limits that the actor may see, street by street, the longest late first. The number of queries does not grow with rows."""
    today = clock.today()
    near = _near(actor, today)
    rows = near
    if wanted.view == "late":
        rows = rows.filter(flag_on__lte=today)
    elif wanted.view == "soon":
        rows = rows.filter(flag_on__gt=today)
    elif wanted.view == "unexcused":
        rows = rows.filter(flag_on__lte=today, excuses=None)
    if wanted.office.isdecimal():
        rows = rows.filter(office_id=int(wanted.office[:9]))
    if wanted.step:
        rows = rows.filter(step="" if wanted.step == WHOLE else wanted.step)
    rows = _beyond(rows, wanted.after).select_related("office").order_by("office_id", "flag_on", "pk")
    page = list(rows[: PAGE_SIZE + 1])
    more, page = len(page) > PAGE_SIZE, page[:PAGE_SIZE]
    held = _facts(actor, page)
    return LatePage(
        rows=[_row(actor, limit, held[limit.case_id], today) for limit in page],
        streets=_streets(near, today),
        older=_cursor(page[-1]) if more else "",
    )


WHOLE = "WHOLE"
"""The filter for the limits of the whole matter, which run in no step."""


def _near(actor: Actor, today: dt.date) -> "QuerySet[CaseLimit]":
    rows: QuerySet[CaseLimit] = CaseLimit.objects.visible_to(actor)
    return rows.filter(ended_on=None, due_on__lte=today + dt.timedelta(days=SOON))


def _facts(actor: Actor, page: list[CaseLimit]) -> dict[int, Facts]:
    rows = with_facts(Case.objects.visible_to(actor).filter(pk__in=[one.case_id for one in page]))
    return {case.pk: facts(case) for case in rows.order_by("pk")}


def _row(actor: Actor, limit: CaseLimit, held: Facts, today: dt.date) -> Late:
    lacking = missing(held, today)
    keys = {stage["key"] for stage in held.case.procedure if stage["step"] == limit.step}
    first = next((one for one in lacking if not keys or one.stage in keys), None)
    step = next_step(actor, held, lacking)
    numbers = [number for number in limit.reading.split(", ") if number] if _differ(limit) else []
    titles = [str(stage["title"]) for stage in held.case.procedure if stage["key"] in held.case.open_keys]
    return Late(
        limit=limit,
        case=held.case,
        village=held.village,
        title=LIMIT_TITLES[limit.parameter],
        step="、".join(titles),
        badge=badge(limit.due_on, limit.flag_on, today),
        who=first.who if first else held.case.handler_name,
        why=_("%(what)s。%(why)s") % {"what": first.what, "why": first.why} if first else (step.label if step else ""),
        readings=[f"{number} {readings()[number].chinese}" for number in numbers if number in readings()],
        pauses=published(held) if PUBLICITY in limit.excludes else [],
        excuses=[excuse_words(row) for row in held.excuses if row["limit"] == limit.pk],
        may_excuse=access.allowed(actor, held.case, "record_excuse"),
    )


def _differ(limit: CaseLimit) -> bool:
    return limit.flag_on - limit.due_on > dt.timedelta(days=1)


def _streets(near: "QuerySet[CaseLimit]", today: dt.date) -> list[Street]:
    late = Q(flag_on__lte=today)
    counted: Any = near.order_by("office_id").values("office_id", "office__name")
    rows = counted.annotate(
        late=Count("pk", filter=late, distinct=True),
        unexcused=Count("pk", filter=late & Q(excuses=None), distinct=True),
        soon=Count("pk", filter=~late, distinct=True),
    )
    return [Street(row["office_id"], row["office__name"], row["late"], row["unexcused"], row["soon"]) for row in rows]


def _cursor(limit: CaseLimit) -> str:
    return f"{limit.office_id},{limit.flag_on.isoformat()},{limit.pk}"


def _beyond(rows: "QuerySet[CaseLimit]", cursor: str) -> "QuerySet[CaseLimit]":
    try:
        office_text, day, number = cursor.split(",")
        office, flag_on, pk = int(office_text), dt.date.fromisoformat(day), int(number)
    except ValueError:
        return rows
    return rows.filter(
        Q(office_id__gt=office)
        | Q(office_id=office, flag_on__gt=flag_on)
        | Q(office_id=office, flag_on=flag_on, pk__gt=pk)
    )


@dataclass(frozen=True)
class ExcusePage(StepPage):
    """The page on which an excuse is recorded. `recognised`: kind and place of what the area's document itself excuses."""

    limit: CaseLimit
    excuses: list[str]
    recognised: list[tuple[str, str]]


def excuse_page(actor: Actor, case_id: int, limit_id: int) -> ExcusePage:
    """The page of one running limit of a case that the actor may see. Raises `NotFound`."""
    first = head(actor, case_id, "record_excuse")
    case: Case = first["case"]
    rows = CaseLimit.objects.visible_to(actor).filter(case=case, pk=limit_id, ended_on=None)
    limit: CaseLimit | None = rows.first()
    if limit is None:
        raise NotFound()
    held = facts(case)
    today = clock.today()
    places = [(str(label), recognised(case.area_code, kind, today)) for kind, label in ExcuseKind.choices]
    return ExcusePage(
        **first,
        limit=limit,
        excuses=[excuse_words(row) for row in held.excuses if row["limit"] == limit.pk],
        recognised=[(kind, place) for kind, place in places if place],
    )


def steps_with_limits() -> list[tuple[str, str]]:
    """The filter by step: those in which a limit can run, and the whole matter."""
    return [(WHOLE, _("整件事")), *((str(step), str(Step(step).label)) for step in FILTERED)]


FILTERED = (Step.ACCEPTANCE, Step.ECONOMIC_CHECK, Step.SIGN_OFF, Step.DECISION, Step.FILING)
