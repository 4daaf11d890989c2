"""The reads of the list of cases and of the work lists: rows with badge, place, last four digits, and what they lack."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from cases.access import status_label
from cases.case_clock import Badge, list_badge
from cases.case_facts import Facts, facts
from cases.case_missing import Missing, missing
from cases.case_page import NextStep, next_step
from cases.enums import Relation
from cases.models import Case, CaseMember
from common import clock
from common.actors import Actor
from common.scoping import in_ranges
from organizations.enums import Level
from organizations.models import Area

MOST_VILLAGES = 1000


@dataclass(frozen=True)
class CaseRow:
    """One row of a list."""

    case: Case
    village: str
    tail: str
    badge: Badge | None
    status: str
    missing: list[Missing]
    next: NextStep | None

    @property
    def group(self) -> str:
        """Which part of a list by deadline it belongs to: late, today, soon, later, none."""
        if self.badge is None:
            return "none"
        return {"bad": "late", "warn": "soon"}.get(self.badge.level, "later")


def rows(actor: Actor, cases: list[Case], *, tails: bool = True) -> list[CaseRow]:
    """Cases read with their facts as rows, in their order, in one more query however many they are."""
    ends = _tails(actor, [case.pk for case in cases]) if tails else {}
    today = clock.today()
    return [_row(actor, facts(case), ends.get(case.pk, ""), today) for case in cases]


def _row(actor: Actor, held: Facts, tail: str, today: dt.date) -> CaseRow:
    case, lacking = held.case, missing(held, today)
    return CaseRow(
        case=case,
        village=held.village,
        tail=tail,
        badge=list_badge(case, today),
        status=status_label(case),
        missing=lacking,
        next=next_step(actor, held, lacking),
    )


def _tails(actor: Actor, numbers: list[int]) -> dict[int, str]:
    """The last four of the applicants' identity numbers, all that a list shows of them."""
    applicants = CaseMember.objects.visible_to(actor).filter(case_id__in=numbers, relation=Relation.SELF)
    return {one.case_id: one.id_number[-4:] for one in applicants.only("case_id", "id_number", "area_code")}


def villages(actor: Actor, permission: str) -> list[tuple[str, str]]:
    """The villages in which the actor holds the permission, as choices."""
    found: Any = Area.objects.filter(in_ranges("code", actor.ranges(permission)), level=Level.VILLAGE, valid_to=None)
    return list(found.order_by("code").values_list("code", "name")[:MOST_VILLAGES])
