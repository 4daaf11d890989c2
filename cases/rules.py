"""The law as pure functions: calculation of the benefit, month of its start. No ORM, clock or settings; no number but 0 and 1."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from common.money import ZERO, round_to, yuan


@dataclass(frozen=True)
class Income:
    """One countable line of monthly income in yuan. `employment` lines carry the deduction of job costs."""

    label: str
    amount: Decimal
    how: str = ""
    employment: bool = False
    excluded: bool = False


@dataclass(frozen=True)
class TopUp:
    """A category top-up (分类施保): so much of the standard for each counted person of the category."""

    label: str
    share: Decimal
    persons: int
    basis: str = ""


@dataclass(frozen=True)
class Terms:
    """The parameters in force: standard a person and month, share of wages left uncounted as job costs (None where no rule gives
    one), rounding unit in yuan and direction; each with the words of its source."""

    standard: Decimal
    standard_source: str
    job_cost_share: Decimal | None
    job_cost_source: str
    unit: Decimal
    rounding: str
    topups: tuple[TopUp, ...] = ()


@dataclass(frozen=True)
class Line:
    """One line of the sheet: `level` is sum, lv2 or total."""

    label: str
    how: str
    amount: Decimal
    level: str = "lv2"


@dataclass(frozen=True)
class Sheet:
    """The calculation sheet, line by line, and what comes of it."""

    persons: int
    income: Decimal
    per_head: Decimal
    eligible: bool
    amount: Decimal
    lines: tuple[Line, ...] = field(default_factory=tuple)


def calculate(persons: int, incomes: list[Income], terms: Terms) -> Sheet:
    """The monthly amount of a household by difference (补差; national-baseline 2.5, 2.3):
    `max(0, standard × persons − income) + top-ups`, rounded by the local rule.

    Worked example: standard 1,080.00, 3 persons, wage 1,450.00 with job costs of 20 %, pension 420.00, support 300.00; top-ups
    30 % and 20 % for one person each: 3,240.00 − (1,450.00 − 290.00 + 420.00 + 300.00) = 1,360.00; + 324.00 + 216.00 = 1,900.00.
    """
    total_standard = yuan(terms.standard * persons)
    lines = [
        Line("保障标准合计", f"{terms.standard:,.2f} × {persons} 人　{terms.standard_source}", total_standard, "sum")
    ]
    income = _income_lines(incomes, terms, lines)
    per_head = yuan(income / persons) if persons else ZERO
    eligible = persons > 0 and per_head < terms.standard
    comparison = "低于标准" if eligible else "不低于标准"
    lines.append(Line("家庭月收入", f"人均 {per_head:,.2f}，{comparison}", income, "sum"))
    difference = max(ZERO, total_standard - income) if eligible else ZERO
    lines.append(Line("补差", f"{total_standard:,.2f} − {income:,.2f}", difference, "sum"))
    amount = difference
    for topup in terms.topups if eligible else ():
        value = yuan(terms.standard * topup.share * topup.persons)
        lines.append(
            Line(f"分类施保　{topup.label} {topup.persons} 人", f"标准 × {topup.share:.0%}　{topup.basis}", value)
        )
        amount += value
    rounded = round_to(amount, terms.unit, terms.rounding)
    lines.append(Line("户月保障金额", f"按 {terms.unit} 元取整" if rounded != amount else "以上合计", rounded, "total"))
    return Sheet(persons, income, per_head, eligible, rounded, tuple(lines))


def _income_lines(incomes: list[Income], terms: Terms, lines: list[Line]) -> Decimal:
    total = ZERO
    for income in incomes:
        if income.excluded:
            lines.append(Line(f"不计入　{income.label}", income.how, ZERO))
            continue
        lines.append(Line(income.label, income.how, yuan(income.amount)))
        total += income.amount
    wages = sum((one.amount for one in incomes if one.employment and not one.excluded), ZERO)
    if wages and terms.job_cost_share is not None:
        cost = yuan(wages * terms.job_cost_share)
        lines.append(Line("减：必要就业成本", f"工资 × {terms.job_cost_share:.0%}　{terms.job_cost_source}", -cost))
        total -= cost
    return yuan(max(ZERO, total))


def first_month(decided_on: dt.date, months_after: int) -> dt.date:
    """The first day of the month from which the benefit runs: `months_after` months after the month of the decision
    (national-baseline 2.1: 从作出确认同意决定之日下月起, that is 1)."""
    month = decided_on.replace(day=1)
    for _step in range(months_after):
        month = next_month(month)
    return month


def next_month(day: dt.date) -> dt.date:
    """The first day of the following month."""
    last = day.replace(day=1)
    while last.month == day.month:
        last += dt.timedelta(days=1)
    return last


def open_after(
    procedure: list[dict[str, Any]], closed: set[str], opened: set[str], whens: set[str]
) -> list[dict[str, Any]]:
    """The stages whose turn it is: not closed, not open yet, of a kind that opens now (`whens`), and all that they wait for
    closed. For a stage of another kind nobody waits, unless it was opened; what it waits for itself is waited for in its place.
    """
    stages = {str(stage["key"]): stage for stage in procedure}
    taken_part = {key for key, stage in stages.items() if stage["when"] in whens} | opened | closed

    def waits_for(stage: dict[str, Any]) -> set[str]:
        found: set[str] = set()
        for key in stage["after"]:
            found |= {key} if key in taken_part else waits_for(stages[key])
        return found

    return [
        stage
        for key, stage in stages.items()
        if key not in closed | opened and stage["when"] in whens and waits_for(stage) <= closed
    ]


def behind(procedure: list[dict[str, Any]], key: str) -> set[str]:
    """The stage and every stage that comes after it, directly or not."""
    found = {key}
    grew = True
    while grew:
        more = {str(s["key"]) for s in procedure if set(s["after"]) & found} - found
        grew = bool(more)
        found |= more
    return found
