"""The clocks of a case: days used and left, what is not counted, and where each limit comes from.

A limit that no document states shows the days used and says so; it is never made up.
"""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.case_facts import Facts, Row
from cases.enums import ExcuseKind
from cases.flow import TOTAL_LIMIT, ClockRule
from cases.limits import Running, running
from cases.models import Case
from cases.queries import SOON
from common import clock
from policies import rules as counting
from policies.enums import Layer
from policies.queries import Calendar, Rules, Unset, Value
from policies.values import CALENDAR_DAY, WORKING_DAY, Limit

Period = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Badge:
    """Days left in a word and a level: ok, warn, bad, paused; `dates` says both dates."""

    level: str
    text: str
    dates: str = ""


@dataclass(frozen=True)
class CaseClock:
    """One limit of a case. `strip` is what the tag `clock_strip` draws, None where there is no limit to draw; `limit` the number under
    which an excuse may be recorded, None where it is neither late nor nearly."""

    title: str
    badge: Badge | None
    says: str
    parameter: str
    strip: dict[str, Any] | None = None
    notes: list[str] = field(default_factory=list)
    excuses: list[str] = field(default_factory=list)
    limit: int | None = None


def list_badge(case: Case, today: dt.date) -> Badge | None:
    """The badge of a list row, from the two dates kept with the case, in calendar days."""
    if case.due_on is None or case.outcome:
        return None
    return badge(case.due_on, case.flag_on or case.due_on, today)


def badge(due_on: dt.date, flag_on: dt.date, today: dt.date) -> Badge:
    """The badge of a limit from its two dates, in calendar days."""
    return _badge(due_on, flag_on, (due_on - today).days, _("天"), today)


def _badge(due: dt.date, flag_on: dt.date, left: int, unit: object, today: dt.date) -> Badge:
    dates = _("%(due)s到期，%(flag)s起算超期") % {"due": clock.short(due), "flag": clock.short(flag_on)}
    if today >= flag_on:
        return Badge("bad", _("超 %(n)d 天") % {"n": (today - flag_on).days + 1}, dates)
    if today >= due:
        return Badge("warn", _("今天到期") if today == due else _("已到期，可顺延"), dates)
    return Badge("warn" if left <= SOON else "ok", _("剩 %(n)d %(unit)s") % {"n": left, "unit": unit}, dates)


def clocks(facts: Facts, rules: Rules, today: dt.date) -> list[CaseClock]:
    """The total limit, and the limits of the open stages."""
    calendar = Calendar()
    total = TOTAL_LIMIT.get(facts.case.programme)
    waiting = [_over_or_before(facts.case, total, today)] if total and not _is_counted(facts.case) else []
    return waiting + [_clock(facts, one, calendar, today) for one in running(facts, rules)]


def _is_counted(case: Case) -> bool:
    return case.accepted_on is not None and not case.outcome


def _over_or_before(case: Case, rule: ClockRule, today: dt.date) -> CaseClock:
    if case.accepted_on is None:
        return CaseClock(rule.title, None, _("时限自受理之日起算。"), rule.parameter)
    days = ((case.closed_on or today) - case.accepted_on).days
    return CaseClock(rule.title, None, _("从受理到办结用了 %(n)d 天。") % {"n": days}, rule.parameter)


def _clock(facts: Facts, one: Running, calendar: Calendar, today: dt.date) -> CaseClock:
    """A running limit with what was recorded about it; `limit` where an excuse may be recorded."""
    drawn = _counted(one.rule, one.start, one.value, one.periods, calendar, today)
    kept = next((row for row in facts.limits if row["parameter"] == one.rule.parameter and not row["ended_on"]), None)
    if kept is None:
        return drawn
    excuses = [excuse_words(row) for row in facts.excuses if row["limit"] == kept["pk"]]
    return replace(drawn, excuses=excuses, limit=kept["pk"] if is_near(kept["due_on"], today) else None)


def is_near(due_on: dt.date, today: dt.date) -> bool:
    """Whether a limit is late or nearly."""
    return due_on - dt.timedelta(days=SOON) <= today


def excuse_words(row: Row) -> str:
    """An excuse as a sentence, with where the document speaks of it."""
    words = _("%(kind)s（%(day)s起）：%(reason)s") % {
        "kind": ExcuseKind(row["kind"]).label, "day": clock.short(row["since"]), "reason": row["reason"],
    }  # fmt: skip
    return "　".join(
        part
        for part in (words, row["basis"], f"{row['recorded_by_name']} {clock.short(row['recorded_at'].date())}")
        if part
    )


@dataclass(frozen=True)
class Reckoned:
    """A limit counted from its start: its two dates, its unit, the days left and the badge."""

    due: counting.Due
    unit: str
    left: int
    badge: Badge


def reckon(
    start: dt.date, value: Value | Unset, periods: list[Period], calendar: Calendar, today: dt.date
) -> Reckoned | None:
    """A limit from its start; None where no rule gives a figure."""
    if not isinstance(value, Value) or value.open or not isinstance(value.value, Limit):
        return None
    due = counting.deadline(start, value.value, periods, calendar.is_working)
    assert due is not None  # noqa: S101 - a limit that is not open has its number
    unit = WORKING_DAY if value.value.unit == WORKING_DAY else CALENDAR_DAY
    left = counting.days_used(today, due.shown, unit, periods, calendar.is_working)
    return Reckoned(due, unit, left, _badge(due.shown, due.flag_from, left, UNITS[unit], today))


def _counted(
    rule: ClockRule, start: dt.date, value: Value | Unset, periods: list[Period], calendar: Calendar, today: dt.date
) -> CaseClock:
    found = reckon(start, value, periods, calendar, today)
    if found is None or not isinstance(value, Value):
        return _silent(rule, start, value, today)
    due, unit, left, badge = found.due, found.unit, found.left, found.badge
    if any(first <= today <= last for first, last in periods):
        badge = Badge("paused", _("公示期，不计时"), badge.dates)
    notes = [badge.dates]
    if calendar.is_provisional(start, due.flag_from):
        notes.append(_("有的年份还没有公布放假安排，按周一到周五推算，以后可能变动。"))
    strip = {
        "parts": [*_parts(start, today, unit, periods, calendar), {"kind": "left", "days": left}],
        "start": clock.short(start),
        "now": _("今天 %(day)s") % {"day": clock.short(today)},
        "end": _("%(day)s 到期") % {"day": clock.short(due.shown)},
        "pauses": [_pause(one) for one in periods],
    }
    return CaseClock(rule.title, badge, _source(value, value.value), rule.parameter, strip, notes)


UNITS = {WORKING_DAY: gettext_lazy("个工作日"), CALENDAR_DAY: gettext_lazy("天")}


def _silent(rule: ClockRule, start: dt.date, value: Value | Unset, today: dt.date) -> CaseClock:
    """No limit in the rules of the area: the days used, and what the document says instead."""
    used = _("文件没有写明时限，已用 %(n)d 天。") % {"n": (today - start).days}
    notes = [_("文件的原话：“%(words)s”。") % {"words": value.original}] if value.original else []
    return CaseClock(rule.title, None, used, rule.parameter, None, notes)


def _parts(
    start: dt.date, today: dt.date, unit: str, periods: list[Period], calendar: Calendar
) -> list[dict[str, Any]]:
    """The days from the day after the start up to today as runs of used and paused ones."""
    runs: list[dict[str, Any]] = []
    day = start
    while day < today:
        day += counting.ONE_DAY
        paused = any(first <= day <= last for first, last in periods)
        if not paused and not counting.counts(day, unit, [], calendar.is_working):
            continue
        kind = "pause" if paused else "used"
        if runs and runs[-1]["kind"] == kind:
            runs[-1]["days"] += 1
        else:
            runs.append({"kind": kind, "days": 1})
    return runs


def _pause(period: Period) -> dict[str, Any]:
    first, last = period
    span = _("%(first)s 至 %(last)s") % {"first": clock.short(first), "last": clock.short(last)}
    return {"label": _("公示期"), "note": _("不计入时限"), "days": (last - first).days + 1, "span": span}


def _source(value: Value, limit: Limit) -> str:
    length = _("%(n)s %(unit)s，自起算日次日计。") % {"n": limit.n, "unit": UNITS.get(limit.unit, _("个月"))}
    if value.layer == Layer.LOCAL:
        return length + _("文件没有写明天数，由%(who)s选用。") % {"who": value.source}
    return length + _("出自%(what)s。") % {"what": value.cited}
