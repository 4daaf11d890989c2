"""Reads of cases: small questions of the services, the list, the desk. The case page's own reads are in `case_page`."""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from cases.case_facts import with_facts
from cases.enums import Channel, MaterialState, OnlineStatus, Outcome, Programme, Step
from cases.flow import STEP_LIMITS, TOTAL_LIMIT
from cases.models import Assessment, Case, CaseMember, CaseStage, EconomicCheck, Material, OnlineApplication
from common import clock
from common.actors import Actor
from common.ids import age_on
from common.scoping import in_ranges
from organizations.enums import Permission
from policies.queries import Rules

HELD = "rows of a case already held"
ADULT = 18
PAGE_SIZE = 50
COUNT_CAP = 10_000
SOON = 3
"""Days before a deadline from which a case counts as due soon."""


def missing_materials(case: Case) -> list[Material]:
    """The required items of the checklist that are not there yet and that no government data can answer."""
    rows = Material.objects.unscoped(reason=HELD).filter(
        case=case, required=True, obtainable=False, state=MaterialState.WANTED
    )
    return list(rows.order_by("pk"))


def adults(case: Case) -> list[CaseMember]:
    """The members of full age today, who must each authorize the check (CHK-04)."""
    today = clock.today()
    members = CaseMember.objects.unscoped(reason=HELD).filter(case=case).order_by("pk")
    return [member for member in members if age_on(member.birth, today) >= ADULT]


def latest_assessment(case: Case) -> Assessment:
    """The initial opinion in force: the latest one."""
    row: Assessment = Assessment.objects.unscoped(reason=HELD).filter(case=case).order_by("-pk")[0:1].get()
    return row


def signing_posts(case: Case, on: dt.date) -> list[str]:
    """The posts that sign, in their order, by the rules of the area. Raises the refusal that names who records them."""
    return list(Rules(case.area_code, on).required("dec.signoffs").value)


@dataclass(frozen=True)
class ListPage:
    """One page of the list: rows, cursors of its neighbours."""

    cases: list[Case]
    newer: str
    older: str


@dataclass(frozen=True)
class Filters:
    """What the list is asked for. `search`: name, pinyin, initials, case number, last four or all of an identity number."""

    view: str = "open"
    village: str = ""
    step: str = ""
    search: str = ""
    cursor: str = ""


VIEWS = ("open", "mine", "late", "due", "publicity", "sign_off", "confirmed", "ended", "all")


def case_list(actor: Actor, filters: Filters) -> ListPage:
    """Cases the actor may see, the latest moved first, by keyset, with their facts. The number of queries does not grow with
    rows."""
    rows = _filtered(actor, filters)
    ordered = with_facts(rows).order_by("-moved_at", "-pk")
    backwards = filters.cursor.startswith("<")
    if filters.cursor:
        ordered = _beyond(ordered, filters.cursor)
    page = list(ordered[: PAGE_SIZE + 1])
    more = len(page) > PAGE_SIZE
    page = page[:PAGE_SIZE]
    if backwards:
        page.reverse()
    newer = _cursor("<", page[0]) if page and (more if backwards else bool(filters.cursor)) else ""
    older = _cursor(">", page[-1]) if page and (backwards or more) else ""
    return ListPage(page, newer, older)


def view_counts(actor: Actor, views: tuple[str, ...] = VIEWS, filters: Filters | None = None) -> dict[str, int]:
    """How many cases each saved view has for the actor, capped; with `filters` also how many those leave (key `found`)."""
    visible, conditions = Case.objects.visible_to(actor), _conditions(actor)
    parts = {view: visible.filter(conditions[view]) for view in views}
    return counted(parts | ({"found": _filtered(actor, filters)} if filters else {}))


def counted(parts: "dict[str, QuerySet[Case]]") -> dict[str, int]:
    """How many rows each of several reads has, each counted up to one more than the cap, in one statement."""
    counts, statements = dict.fromkeys(parts, 0), dict[str, str]()
    values: list[Any] = []
    for name, rows in parts.items():
        with suppress(EmptyResultSet):
            statement, given = rows.order_by().values("pk")[: COUNT_CAP + 1].query.sql_with_params()
            statements[name] = f"(SELECT count(*) FROM ({statement}) part)"  # noqa: S608 compiled by the ORM, values apart
            values += given
    if statements:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(statements.values())}", values)
            counts |= zip(statements, cursor.fetchone(), strict=True)
    return counts


def _cursor(direction: str, case: Case) -> str:
    return f"{direction}{case.moved_at.isoformat()},{case.pk}"


def _beyond(rows: "QuerySet[Case]", cursor: str) -> "QuerySet[Case]":
    try:
        moved, pk = cursor[1:].rsplit(",", 1)
        at, number = dt.datetime.fromisoformat(moved), int(pk)
    except ValueError:
        return rows
    if cursor.startswith("<"):
        return rows.filter(Q(moved_at__gt=at) | Q(moved_at=at, pk__gt=number)).order_by("moved_at", "pk")
    return rows.filter(Q(moved_at__lt=at) | Q(moved_at=at, pk__lt=number))


def _conditions(actor: Actor) -> dict[str, Q]:
    """What each saved view shows."""
    today = clock.today()
    return {
        "open": Q(outcome=""),
        "mine": Q(outcome="", handler_id=actor.user_id),
        "late": Q(outcome="", flag_on__lte=today),
        "due": Q(outcome="", due_on__lte=today + dt.timedelta(days=SOON), flag_on__gt=today),
        "publicity": in_step(Step.PUBLICITY),
        "sign_off": in_step(Step.SIGN_OFF),
        "confirmed": Q(outcome=Outcome.CONFIRMED),
        "ended": ~Q(outcome="") & ~Q(outcome=Outcome.CONFIRMED),
        "all": Q(),
    }


def _filtered(actor: Actor, filters: Filters) -> "QuerySet[Case]":
    rows: QuerySet[Case] = Case.objects.visible_to(actor).filter(_conditions(actor).get(filters.view, Q()))
    if filters.village:
        rows = rows.filter(area_code=filters.village)
    if filters.step:
        rows = rows.filter(in_step(filters.step))
    if filters.search:
        rows = rows.filter(_search(actor, filters.search.strip()))
    return rows


def in_step(*steps: str) -> Q:
    """The condition for open cases of which a stage with one of the steps is open."""
    stages = CaseStage.objects.unscoped(reason=HELD).filter(case=OuterRef("pk"), step__in=steps, closed_at=None)
    return Q(Exists(stages), outcome="")


def _search(actor: Actor, text: str) -> Q:
    """By shape: digits are a number's last four or a whole identity number, letters pinyin, Chinese a name, else a case number."""
    upper, lower = text.upper(), text.lower()
    if len(text) == 18 and text[:17].isdigit():
        return _by_member(actor, "id_number_index", upper)
    if len(text) == 4 and text[:3].isdigit() and (text[3].isdigit() or upper[3] == "X"):
        return _by_member(actor, "id_number_tail", upper) | Q(number__endswith=text)
    if text.isascii() and text.isalpha():
        return Q(applicant_initials__startswith=lower) | Q(applicant_pinyin__startswith=lower)
    if text.isascii():
        return Q(number__startswith=upper)
    return Q(applicant_name__startswith=text) | Q(number__startswith=upper)


def _by_member(actor: Actor, index: str, text: str) -> Q:
    value = CaseMember._meta.get_field(index).index_of(text)  # type: ignore[union-attr]
    members = CaseMember.objects.visible_to(actor).filter(**{index: value})
    return Q(pk__in=members.values("case_id"))


@dataclass(frozen=True)
class Waiting:
    """How many online applications wait to be registered, capped, and for how many days the oldest has."""

    count: int
    days: int


def waiting_online(actor: Actor) -> Waiting | None:
    """The online applications that wait for the actor's street; None where none does (INT-10)."""
    held = OnlineApplication.objects.visible_to(actor).filter(status=OnlineStatus.WAITING).order_by("received_at")
    received = list(held.values_list("received_at", flat=True)[: COUNT_CAP + 1])
    if not received:
        return None
    return Waiting(len(received), (clock.today() - received[0].astimezone(clock.ZONE).date()).days)


@dataclass(frozen=True)
class Desk:
    """What waits for somebody: a title, counters, and the rows to work on with their facts, by deadline."""

    title: str
    stats: list[dict[str, Any]] = field(default_factory=list)
    rows: list[Case] = field(default_factory=list)
    checks: list[EconomicCheck] = field(default_factory=list)
    online: Waiting | None = None


STEPS_OF: dict[str, tuple[str, ...]] = {
    Permission.ACCEPT_CASE: (
        Step.INTAKE, Step.ACCEPTANCE, Step.SURVEY, Step.ECONOMIC_CHECK, Step.INITIAL_REVIEW, Step.PUBLICITY, Step.DECISION,
        Step.DELIVERY, Step.PAYMENT_START,
    ),
    Permission.REGISTER_APPLICATION: (Step.INTAKE,),
    Permission.SIGN_CASE: (Step.SIGN_OFF,),
    Permission.FILE_RESULTS: (Step.FILING,),
    Permission.POST_NOTICE: (Step.PUBLICITY,),
}  # fmt: skip
DESK_ROWS = 30


def waiting_steps(actor: Actor) -> set[str]:
    """The steps in which the actor's post has something to do."""
    return {step for permission, steps in STEPS_OF.items() if actor.holds(permission) for step in steps}


def desk(actor: Actor) -> Desk | None:
    """The actor's own waiting work: cases by deadline, or the check centre's requests by age."""
    if actor.holds(Permission.ANSWER_CHECK):
        return Desk(_("等待反馈的核对"), checks=list(waiting_checks(actor)[:DESK_ROWS]))
    steps = waiting_steps(actor)
    if not steps:
        return None
    rows = with_facts(_workable(actor).filter(in_step(*steps)))
    first = list(rows.order_by("due_on", "pk")[:DESK_ROWS])
    return Desk(_("等我办的个案"), stats=counters(actor, steps), rows=first, online=waiting_online(actor))


def _workable(actor: Actor) -> "QuerySet[Case]":
    """The cases that wait for the actor in one of the actor's steps; of applications not handed in yet a village's are its own."""
    rows: QuerySet[Case] = Case.objects.visible_to(actor)
    return (
        rows
        if actor.holds(Permission.ACCEPT_CASE)
        else rows.exclude(in_step(Step.INTAKE) & ~Q(channel=Channel.VILLAGE))
    )


def counters(actor: Actor, steps: set[str]) -> list[dict[str, Any]]:
    """How many open cases stand in each of the steps, capped."""
    rows = _workable(actor)
    found = counted({step: rows.filter(in_step(step)) for step in Step.values if step in steps})
    return [{"label": Step(step).label, "value": number, "step": step} for step, number in found.items() if number]


@dataclass(frozen=True)
class Running:
    """The open cases of an area: how many of each programme, and the parameters that the rest of their way can still ask for."""

    counts: list[tuple[str, int]]
    parameters: set[str]


Codes = tuple[str, str]


def running_in(actor: Actor, codes: Codes, apart: list[Codes]) -> Running:
    """The open cases inside a range of area codes, those of the ranges `apart` left out."""
    rows: QuerySet[Case] = Case.objects.visible_to(actor).filter(in_ranges("area_code", [codes]), outcome="")
    rows = rows.exclude(in_ranges("area_code", apart))
    counts = rows.order_by("programme").values_list("programme").annotate(number=Count("pk"))
    pinned = rows.order_by("programme").values_list("procedure", flat=True).distinct()
    named = {str(key) for order in pinned for stage in order for key in stage["parameters"]}
    limits = {rule.parameter for rule in (*STEP_LIMITS, *TOTAL_LIMIT.values())}
    found = [(str(Programme(programme).label), number) for programme, number in counts]
    return Running(found, named | limits)


def waiting_checks(actor: Actor, *, answered: bool = False) -> "QuerySet[EconomicCheck]":
    """The check centre's requests of cases still open, the oldest first; with `answered` the latest answered ones."""
    rows: QuerySet[EconomicCheck] = EconomicCheck.objects.visible_to(actor).select_related("case")
    if answered:
        return rows.exclude(answered_at=None).order_by("-answered_at", "-pk")
    return rows.filter(answered_at=None, case__outcome="").order_by("requested_at", "pk")
