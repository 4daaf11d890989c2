"""The running limits of a case with their two dates, kept so that what is late is found without counting."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from django.db import transaction

from cases.case_facts import Facts, facts, with_facts
from cases.limits import Running, running
from cases.models import Case, CaseLimit
from common import clock
from policies.queries import Calendar, Rules, Value, rules_held
from policies.rules import Due

HELD = "rows of a case already held"
AT_ONCE = 200
Found = dict[str, tuple[Running, Due]]


def settle(case: Case) -> None:
    """Make sure that the limits kept with the case are those that run now, and that `due_on` and `flag_on` are those of the one that
    is late first. Works on the case in hand, which the caller saves."""
    held = facts(with_facts(Case.objects.unscoped(reason=HELD).filter(pk=case.pk)).get())
    found = _reckoned(replace(held, case=case), Rules(case.area_code, clock.today()), Calendar())
    for row in CaseLimit.objects.unscoped(reason=HELD).filter(case=case, ended_on=None).order_by("pk"):
        if row.parameter in found:
            _keep(row, *found.pop(row.parameter))
        else:
            row.ended_on = clock.today()
            row.save(update_fields=["ended_on"])
    for one, due in found.values():
        _keep(CaseLimit(case=case, area_code=case.area_code, office_id=case.office_id), one, due)
    _point_at_first(case)


def _reckoned(held: Facts, rules: Rules, calendar: Calendar) -> Found:
    """The limits with a figure that run in the case, by parameter."""
    dated = [(one, one.due(calendar)) for one in running(held, rules)]
    return {one.rule.parameter: (one, due) for one, due in dated if due}


def _keep(row: CaseLimit, one: Running, due: Due) -> None:
    row.parameter, row.step, row.source, row.reading = (
        one.rule.parameter,
        one.step,
        one.source[:400],
        one.value.reading_note,
    )
    row.excludes = list(one.value.excludes) if isinstance(one.value, Value) else []
    row.started_on, row.due_on, row.flag_on = one.start, due.shown, due.flag_from
    row.save()


def _point_at_first(case: Case) -> None:
    rows = CaseLimit.objects.unscoped(reason=HELD).filter(case=case, ended_on=None)
    first = rows.order_by("flag_on", "due_on").values_list("due_on", "flag_on").first()
    case.due_on, case.flag_on = first or (None, None)


def heal_limits() -> int:
    """Make sure that every open case keeps the limits that run today: a calendar loaded since, a changed parameter, another pack, or
    a case from before limits were kept. Returns how many cases were put right."""
    healed = 0
    with rules_held():
        calendar, rules = Calendar(), dict[str, Rules]()
        for case in _open_cases():
            held = facts(case)
            if case.area_code not in rules:
                rules[case.area_code] = Rules(case.area_code, clock.today())
            if _kept(held) != _wanted(_reckoned(held, rules[case.area_code], calendar)):
                healed += _heal(case.pk)
    return healed


def _open_cases() -> Iterator[Case]:
    """The open cases with their facts, a few hundred at a time."""
    after = 0
    while True:
        rows = Case.objects.unscoped(reason="nightly healing of limits").filter(outcome="", pk__gt=after)
        found = list(with_facts(rows).order_by("pk")[:AT_ONCE])
        yield from found
        if len(found) < AT_ONCE:
            return
        after = found[-1].pk


def _kept(held: Facts) -> dict[str, tuple[str, dt.date, dt.date, dt.date]]:
    running_now = [row for row in held.limits if row["ended_on"] is None]
    return {row["parameter"]: (row["source"], row["started_on"], row["due_on"], row["flag_on"]) for row in running_now}


def _wanted(found: Found) -> dict[str, tuple[str, dt.date, dt.date, dt.date]]:
    return {key: (one.source[:400], one.start, due.shown, due.flag_from) for key, (one, due) in found.items()}


def _heal(case_id: int) -> int:
    """Settle one case under its lock; one that somebody holds is left to the next run."""
    with transaction.atomic():
        rows = Case.objects.unscoped(reason="nightly healing of limits").filter(pk=case_id, outcome="")
        case = rows.select_for_update(of=("self",), skip_locked=True).select_related("office").first()
        if case is None:
            return 0
        settle(case)
        case.save(update_fields=["due_on", "flag_on"])
    return 1
