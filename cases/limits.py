"""Which legal limits run in a case today, from when, and what they leave out. Dates are stored by `services.limits`, drawn by
`case_clock`; both ask here."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.case_facts import Facts, Row
from cases.enums import ExcuseKind, Step
from cases.flow import EXCUSED_BY, STEP_LIMITS, TOTAL_LIMIT, ClockRule
from policies import rules as counting
from policies.enums import Layer
from policies.queries import Calendar, Rules, Unset, Value, citation
from policies.values import Limit

Period = tuple[dt.date, dt.date]
PUBLICITY = "publicity"


@dataclass(frozen=True)
class Running:
    """A limit that runs: its rule, the step in which it runs (empty: the whole matter), its first day, which does not count itself,
    the periods that it leaves out, and what the rules of the area say."""

    rule: ClockRule
    step: str
    start: dt.date
    periods: list[Period]
    value: Value | Unset

    def due(self, calendar: Calendar) -> counting.Due | None:
        """Its two dates; None where no rule gives a figure."""
        if not isinstance(self.value, Value) or self.value.open or not isinstance(self.value.value, Limit):
            return None
        return counting.deadline(self.start, self.value.value, self.periods, calendar.is_working)

    @property
    def source(self) -> str:
        """Document and place, or who chose."""
        if not isinstance(self.value, Value):
            return self.value.cited
        local = self.value.layer == Layer.LOCAL
        return _("本地选择，%(who)s") % {"who": self.value.source} if local else self.value.cited


def running(held: Facts, rules: Rules) -> list[Running]:
    """The limits of an open case, the whole matter's first. A limit begins with the event that its rule names (POL-04)."""
    case = held.case
    if case.outcome:
        return []
    found = []
    total = TOTAL_LIMIT.get(case.programme)
    if total and case.accepted_on:
        value = rules[total.parameter]
        found.append(Running(total, "", case.accepted_on, excluded(held, value), value))
    opened = {row["step"] for row in held.stages if row["closed_at"] is None}
    for rule in STEP_LIMITS:
        step = next((one for one in rule.steps if one in opened), "")
        if step and _runs(held, rule):
            value = rules[rule.parameter]
            found.append(Running(rule, step, _start(held, rule, value), excluded(held, value), value))
    return found


def excluded(held: Facts, value: Value | Unset) -> list[Period]:
    """The periods that a limit leaves out."""
    return published(held) if isinstance(value, Value) and PUBLICITY in value.excludes else []


def published(held: Facts) -> list[Period]:
    """The days on which a notice of the case hung and counted, of every round (A-16). A round that an objection broke off ends with
    the day of the objection."""
    periods = []
    for row in held.publicities:
        if row["first_day"] is None:
            continue
        last = min(row["last_day"], row["closed_at"].date()) if row["closed_at"] else row["last_day"]
        if row["first_day"] <= last:
            periods.append((row["first_day"], last))
    return periods


def _runs(held: Facts, rule: ClockRule) -> bool:
    """Whether what the limit waits for has not happened yet, beyond its step being open."""
    if rule.until == "request":
        return not _requests(held)
    if rule.until == "answer":
        return any(row["answered_at"] is None for row in _requests(held))
    if rule.until == "confirmation":
        return bool(published(held))
    return True


def _requests(held: Facts) -> list[Row]:
    """The requests to the check centre of the check as it was last opened."""
    stages = [row["pk"] for row in held.stages if row["step"] == Step.ECONOMIC_CHECK]
    return [row for row in held.checks if row["stage"] == stages[-1]] if stages else []


def _start(held: Facts, rule: ClockRule, value: Value | Unset) -> dt.date:
    """The day of the event from which the rule counts; where it names none that is known, the day on which its part began."""
    begun: dt.date = [row["opened_at"] for row in held.stages if row["step"] == rule.steps[0]][-1].date()
    events: dict[str, dt.date | None] = {
        "application": held.case.applied_on,
        "acceptance": held.case.accepted_on,
        "request": max((row["requested_at"].date() for row in _requests(held)), default=None),
        "publicity_end": max((last for _first, last in published(held)), default=None),
        "decision": max(
            (
                row["closed_at"].date()
                for row in held.stages
                if row["step"] == Step.DECISION and row["result"] == "done"
            ),
            default=None,
        ),
    }
    named = value.clock_start if isinstance(value, Value) else ""
    return events.get(named) or begun


EXEMPTIONS, BEYOND_CONTROL = "acc.exemptions", "不可抗"


def recognised(area_code: str, kind: str, on: dt.date) -> str:
    """Where the document of an area excuses a delay of this kind; empty where it does not (001 第二十条(二), (四))."""
    if kind == ExcuseKind.FORCE_MAJEURE:
        listed = Rules(area_code, on).stated(EXEMPTIONS)
        named = isinstance(listed, Value) and any(BEYOND_CONTROL in one for one in listed.value)
        return listed.cited if named else ""
    return citation(area_code, on, *EXCUSED_BY.get(kind, ()))
