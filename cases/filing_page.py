"""Reads of the filing with the district: what waits to be sent, what is late, the summaries and their receipt."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet

from archives.models import IssuedPaper
from archives.queries import papers_of
from cases.case_clock import Badge, reckon
from cases.case_facts import Facts
from cases.enums import Opinion, Step
from cases.flow import FILING_LIMIT
from cases.models import Case, CaseStage, Decision, Filing, FilingItem
from cases.queries import HELD
from common import clock
from common.actors import Actor
from common.errors import NotFound
from organizations.enums import Permission
from organizations.queries import area_names
from policies.queries import Calendar, Rules, Unset, Value

MOST = 300
PAGE_SIZE = 30
STREET_DIGITS = 9
PARAMETER = FILING_LIMIT.parameter


@dataclass(frozen=True)
class Due:
    """A result that waits to be filed. `badge` is None where no rule gives a limit; `late`: past its last day."""

    case: Case
    decision: Decision | None
    village: str
    badge: Badge | None
    due_on: dt.date | None
    late: bool

    @property
    def granted(self) -> bool:
        return self.decision is not None and bool(self.decision.opinion == Opinion.GRANT)


class Limits:
    """The limit of the filing in each street, its rules read once."""

    def __init__(self, today: dt.date) -> None:
        self.today, self.calendar = today, Calendar()
        self.values: dict[str, Any] = {}

    def of(self, stage: CaseStage, decision: Decision | None) -> Any:
        """The limit of one filing, or None."""
        street = stage.area_code[:STREET_DIGITS]
        if street not in self.values:
            self.values[street] = Rules(stage.area_code, self.today)[PARAMETER]
        value = self.values[street]
        return reckon(start_of(value, stage, decision), value, [], self.calendar, self.today)


def start_of(value: Value | Unset, stage: CaseStage, decision: Decision | None) -> dt.date:
    """The day from which a filing's limit counts: the decision's where the rule says so (004 五(二)), else the opening of its stage."""
    counted = decision and isinstance(value, Value) and value.clock_start == "decision"
    return _day(decision.decided_at if decision and counted else stage.opened_at)


def due(actor: Actor) -> list[Due]:
    """The results that the actor may see and that wait to be filed, by deadline."""
    stages = list(
        CaseStage.objects.visible_to(actor)
        .filter(step=Step.FILING, closed_at=None)
        .select_related("case__office", "case__decision")
        .order_by("opened_at", "pk")[:MOST]
    )
    limits, names = Limits(clock.today()), area_names(one.area_code for one in stages)
    rows = [_due(one, limits, names.get(one.area_code, "")) for one in stages]
    return sorted(rows, key=lambda row: row.due_on or dt.date.max)


def _due(stage: CaseStage, limits: Limits, village: str) -> Due:
    found = limits.of(stage, stage.case.decision)
    return Due(
        case=stage.case,
        decision=stage.case.decision,
        village=village,
        badge=found.badge if found else None,
        due_on=found.due.shown if found else None,
        late=bool(found and limits.today >= found.due.flag_from),
    )


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(clock.ZONE).date()


def late_by_street(rows: list[Due]) -> list[tuple[str, list[Due]]]:
    """The results past their limit, street by street (DEC-24)."""
    streets: dict[str, list[Due]] = {}
    for row in rows:
        if row.late:
            streets.setdefault(row.case.office.name, []).append(row)
    return sorted(streets.items(), key=lambda each: (-len(each[1]), each[0]))


@dataclass(frozen=True)
class Summaries:
    """Summaries that wait for their receipt, the oldest first, and a page of received ones, the latest first."""

    waiting: list[Filing]
    received: list[Filing] = field(default_factory=list)
    older: int = 0


def summaries(actor: Actor, before: int | None = None) -> Summaries:
    """The summaries that the actor may see, each with its number of results (`results`)."""
    rows: QuerySet[Filing] = Filing.objects.visible_to(actor).select_related("office", "paper")
    counted: Any = rows.annotate(results=Count("items"))
    done = counted.exclude(received_at=None).order_by("-pk")
    page: list[Filing] = list((done.filter(pk__lt=before) if before else done)[: PAGE_SIZE + 1])
    received = page[:PAGE_SIZE]
    return Summaries(
        waiting=list(counted.filter(received_at=None).order_by("pk")[:MOST]),
        received=received,
        older=received[-1].pk if len(page) > PAGE_SIZE else 0,
    )


@dataclass(frozen=True)
class Item:
    """One result in a summary; `days_late`: how many days after the limit it was sent; `revoked`: its decision was taken back
    since, a new one is filed anew (A-77)."""

    row: FilingItem
    village: str
    days_late: int

    @property
    def revoked(self) -> bool:
        return hasattr(self.row.decision, "revocation")

    @property
    def granted(self) -> bool:
        return bool(self.row.decision.opinion == Opinion.GRANT)


@dataclass(frozen=True)
class Summary:
    """One summary with its results."""

    filing: Filing
    items: list[Item]
    may_receive: bool

    @property
    def late(self) -> int:
        return sum(bool(one.days_late) for one in self.items)


def find(actor: Actor, filing_id: int) -> Filing:
    """A summary that the actor may see. Raises `NotFound`."""
    rows = Filing.objects.visible_to(actor).select_related("office", "paper")
    found: Filing | None = rows.filter(pk=filing_id).first()
    if found is None:
        raise NotFound()
    return found


def summary(actor: Actor, filing_id: int) -> Summary:
    """One summary with its results. Raises `NotFound`."""
    filing = find(actor, filing_id)
    rows = list(
        FilingItem.objects.unscoped(reason=HELD)
        .filter(filing=filing)
        .select_related("case", "decision__revocation", "stage")
    )
    names = area_names(row.area_code for row in rows)
    limits = Limits(_day(filing.filed_at))
    items = [Item(row, names.get(row.area_code, ""), _days_late(limits, row)) for row in rows]
    may = filing.received_at is None and actor.can(Permission.RECEIVE_FILING, filing.area_code)
    return Summary(filing, items, may)


def _days_late(limits: Limits, row: FilingItem) -> int:
    """How many days after its limit a result was sent on the day of `limits`; 0 in time."""
    found = limits.of(row.stage, row.decision)
    if found is None or limits.today < found.due.flag_from:
        return 0
    return int((limits.today - found.due.flag_from).days) + 1


def paper(actor: Actor, filing_id: int) -> IssuedPaper:
    """The paper of a summary that the actor may see. Raises `NotFound`."""
    filing = find(actor, filing_id)
    found = papers_of(actor, ("filing", filing.pk)).filter(pk=filing.paper_id or 0).first()
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True)
class Sent:
    """A filing of a case, for its page; `may_open`: the actor may see the whole summary, which has other households too."""

    row: FilingItem
    may_open: bool

    @property
    def revoked(self) -> bool:
        return hasattr(self.row.decision, "revocation")

    @property
    def filing(self) -> Filing:
        return self.row.filing


def of_case(actor: Actor, held: Facts) -> list[Sent]:
    """The filings of a case already held, the latest first."""
    if not held.filings:
        return []
    rows = (
        FilingItem.objects.unscoped(reason=HELD)
        .filter(case=held.case)
        .select_related("filing__paper", "decision__revocation")
    )
    return [Sent(row, actor.can(Permission.VIEW_CASE, row.filing.area_code)) for row in rows.order_by("-pk")]
