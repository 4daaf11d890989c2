"""Reads of cases: small questions of the services, the list, the desk. The case page's own reads are in `case_page`."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from cases.enums import MaterialState, Step
from cases.models import Assessment, Case, CaseMember, EconomicCheck, Material
from common import clock
from common.actors import Actor
from common.ids import age_on
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
    """One page of the list: rows, cursors of its neighbours, count (capped)."""

    cases: list[Case]
    newer: str
    older: str
    count: int


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
    """Cases the actor may see, the latest moved first, by keyset. The number of queries does not grow with rows."""
    rows = _filtered(actor, filters)
    count = counted(rows)
    ordered = rows.order_by("-moved_at", "-pk")
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
    return ListPage(page, newer, older, count)


def counted(rows: "QuerySet[Case]") -> int:
    """How many, counted by the database up to one more than the cap."""
    return rows.order_by().values("pk")[: COUNT_CAP + 1].count()


def view_counts(actor: Actor, views: tuple[str, ...] = VIEWS) -> dict[str, int]:
    """How many cases each saved view has for the actor, capped."""
    return {view: counted(_filtered(actor, Filters(view=view))) for view in views}


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


def _filtered(actor: Actor, filters: Filters) -> "QuerySet[Case]":
    rows: QuerySet[Case] = Case.objects.visible_to(actor)
    today = clock.today()
    conditions: dict[str, Q] = {
        "open": Q(outcome=""),
        "mine": Q(outcome="", handler_id=actor.user_id),
        "late": Q(outcome="", flag_on__lte=today),
        "due": Q(outcome="", due_on__lte=today + dt.timedelta(days=SOON), flag_on__gt=today),
        "publicity": Q(outcome="", stages__step=Step.PUBLICITY, stages__closed_at=None),
        "sign_off": Q(outcome="", stages__step=Step.SIGN_OFF, stages__closed_at=None),
        "confirmed": Q(outcome="CONFIRMED"),
        "ended": ~Q(outcome="") & ~Q(outcome="CONFIRMED"),
    }
    rows = rows.filter(conditions.get(filters.view, Q()))
    if filters.village:
        rows = rows.filter(area_code=filters.village)
    if filters.step:
        rows = rows.filter(outcome="", stages__step=filters.step, stages__closed_at=None)
    if filters.search:
        rows = rows.filter(_search(actor, filters.search.strip()))
    return rows


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
class Desk:
    """What waits for somebody: a title, counters, and the rows to work on, by deadline."""

    title: str
    stats: list[dict[str, Any]] = field(default_factory=list)
    rows: list[Case] = field(default_factory=list)
    checks: list[EconomicCheck] = field(default_factory=list)


STEPS_OF: dict[str, tuple[str, ...]] = {
    Permission.ACCEPT_CASE: (
        Step.INTAKE, Step.ACCEPTANCE, Step.SURVEY, Step.ECONOMIC_CHECK, Step.INITIAL_REVIEW, Step.PUBLICITY, Step.DECISION,
        Step.DELIVERY, Step.PAYMENT_START,
    ),
    Permission.SIGN_CASE: (Step.SIGN_OFF,),
    Permission.POST_NOTICE: (Step.PUBLICITY,),
}  # fmt: skip
DESK_ROWS = 30


def waiting_steps(actor: Actor) -> set[str]:
    """The steps in which the actor's post has something to do."""
    return {step for permission, steps in STEPS_OF.items() if actor.holds(permission) for step in steps}


def desk(actor: Actor) -> Desk | None:
    """The actor's own waiting work: cases by deadline, or the check centre's requests by age."""
    if actor.holds(Permission.ANSWER_CHECK):
        waiting = EconomicCheck.objects.visible_to(actor).filter(answered_at=None).select_related("case")
        return Desk(_("等待反馈的核对"), checks=list(waiting.order_by("requested_at", "pk")[:DESK_ROWS]))
    steps = waiting_steps(actor)
    if not steps:
        return None
    rows = Case.objects.visible_to(actor).filter(outcome="", stages__step__in=steps, stages__closed_at=None)
    ordered = rows.order_by("due_on", "pk").distinct()[:DESK_ROWS]
    return Desk(_("等我办的个案"), stats=counters(actor, steps), rows=list(ordered))


def counters(actor: Actor, steps: set[str]) -> list[dict[str, Any]]:
    """How many open cases stand in each of the steps, and how many are late, capped."""
    rows = Case.objects.visible_to(actor).filter(outcome="")
    found = []
    for step in [one for one in Step.values if one in steps]:
        number = len(rows.filter(stages__step=step, stages__closed_at=None).values_list("pk")[: COUNT_CAP + 1])
        if number:
            found.append({"label": Step(step).label, "value": number, "step": step})
    return found


def waiting_checks(actor: Actor, *, answered: bool = False) -> "QuerySet[EconomicCheck]":
    """The check centre's requests, the oldest first; with `answered` the latest answered ones."""
    rows: QuerySet[EconomicCheck] = EconomicCheck.objects.visible_to(actor).select_related("case")
    if answered:
        return rows.exclude(answered_at=None).order_by("-answered_at", "-pk")
    return rows.filter(answered_at=None).order_by("requested_at", "pk")
