"""Pure rules of counting: sizes by ratio and tier, deadlines, publicity periods. No clock, no database, no number of
its own.

The calendar is given as a function `is_working(day) -> bool`; ratios, tiers and limits come from the policies in force.
"""

import calendar
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from policies.values import MONTH, WORKING_DAY, Limit, Tier

ONE_DAY = dt.timedelta(days=1)
IsWorking = Callable[[dt.date], bool]
Period = tuple[dt.date, dt.date]


class Due(NamedTuple):
    """`shown`: the last day in time, as written; `flag_from`: the first day on which lateness may be flagged."""

    shown: dt.date
    flag_from: dt.date


class Posting(NamedTuple):
    """A publicity: first and last day that count, and the first day on which confirmation is possible."""

    first: dt.date
    last: dt.date
    confirm_from: dt.date


class MonthlyDay(NamedTuple):
    """A day of every month: when to remind, the day itself, and from when a flag may be raised."""

    remind_on: dt.date
    due: dt.date
    flag_from: dt.date


def sample_size(total: int, ratio: Fraction, minimum: int = 1) -> int:
    """How many of `total` satisfy “不低于 ratio”: rounded up, at least `minimum`, at most `total` (A-04).

    Exact: 50% of 7 is 4; 30% of 11 is 4; of 0 is 0 (nothing to check).
    """
    if total <= 0:
        return 0
    return min(total, max(minimum, -(-total * ratio.numerator // ratio.denominator)))


def tier_for(total: int, tiers: Iterable[Tier], overlap: str = "highest_ratio") -> Tier | None:
    """The tier that governs a total number. A special tier goes first (A-03: 不足20个), else the highest ratio of
    those that include the number (A-02: 以上 and 以下 both include it). 003 一(二), 一(三): 150 villages → 15%, 100 →
    30%."""
    if overlap != "highest_ratio":
        raise ValueError(f"unknown overlap rule {overlap!r}")
    matching = [tier for tier in tiers if _within(total, tier)]
    special = [tier for tier in matching if tier.special]
    return max(special or matching, key=lambda tier: tier.ratio, default=None)


def _within(total: int, tier: Tier) -> bool:
    above = tier.min_n is None or total > tier.min_n or (tier.min_inclusive and total == tier.min_n)
    below = tier.max_n is None or total < tier.max_n or (tier.max_inclusive and total == tier.max_n)
    return above and below


def tier_sample(total: int, tiers: Iterable[Tier], overlap: str = "highest_ratio") -> int:
    """The minimum number to check of `total` under tiers (003 一(二), 一(三)): 149 villages → 15, 151 → 23, 19 → 19."""
    tier = tier_for(total, tiers, overlap)
    return sample_size(total, tier.ratio) if tier else 0


def reaches(part: int, total: int, ratio: Fraction) -> bool:
    """Whether `part` of `total` is the ratio or more. 001 第十八条(四) “5%及以上”: 5 of 100 yes, 4 of 100 no (A-13)."""
    return total > 0 and Fraction(part, total) >= ratio


def deadline(start: dt.date, limit: Limit, excluded: Sequence[Period], is_working: IsWorking) -> Due | None:
    """The two dates of a limit that runs from `start`, whose own day does not count. None where the document gives no
    number.

    Working days leave out rest days and the excluded periods (A-16: the days counted as publicity, every round).
    Natural days are counted as written (A-15, A-19, A-23). Months end on the day of the same number, or the month's
    last (A-26). Where an office must act (`limit.grace`) and the last day is a rest day, the flag waits until the
    next working day is over (A-73): paid on Thursday 4 March 2027, three days → shown Sunday 7 March, flagged from
    Tuesday 9 March.
    """
    if limit.n is None:
        return None
    shown = _last_day(start, limit.n, limit.unit, excluded, is_working)
    last = next_working_day(shown, is_working) if limit.grace else shown
    return Due(shown, last + ONE_DAY)


def _last_day(start: dt.date, count: int, unit: str, excluded: Sequence[Period], is_working: IsWorking) -> dt.date:
    if unit == MONTH:
        return add_months(start, count)
    return add_days(start, count, unit, excluded, is_working)


def days_before(target: dt.date, limit: Limit, is_working: IsWorking) -> dt.date | None:
    """The day by which something is due ahead of `target` (001 第四条(二) “提前1个月”, A-24)."""
    if limit.n is None:
        return None
    if limit.unit == MONTH:
        return add_months(target, -limit.n)
    day, left = target, limit.n
    while left > 0:
        day -= ONE_DAY
        left -= 1 if limit.unit != WORKING_DAY or is_working(day) else 0
    return day


def add_days(start: dt.date, count: int, unit: str, excluded: Sequence[Period], is_working: IsWorking) -> dt.date:
    """The day on which `count` counted days are over, the first being the day after `start`."""
    day = start
    while count > 0:
        day += ONE_DAY
        count -= 1 if counts(day, unit, excluded, is_working) else 0
    return day


def counts(day: dt.date, unit: str, excluded: Sequence[Period], is_working: IsWorking) -> bool:
    """Whether a day counts towards a limit."""
    if any(first <= day <= last for first, last in excluded):
        return False
    return unit != WORKING_DAY or is_working(day)


def days_used(start: dt.date, until: dt.date, unit: str, excluded: Sequence[Period], is_working: IsWorking) -> int:
    """How many days of a limit are used up at the end of `until`; 0 on the first day itself."""
    used, day = 0, start
    while day < until:
        day += ONE_DAY
        used += 1 if counts(day, unit, excluded, is_working) else 0
    return used


def is_weekend(day: dt.date) -> bool:
    """Saturday or Sunday."""
    return day.weekday() in (calendar.SATURDAY, calendar.SUNDAY)


def next_working_day(day: dt.date, is_working: IsWorking) -> dt.date:
    """The day itself, or the first working day after it."""
    while not is_working(day):
        day += ONE_DAY
    return day


def previous_working_day(day: dt.date, is_working: IsWorking) -> dt.date:
    """The day itself, or the last working day before it."""
    while not is_working(day):
        day -= ONE_DAY
    return day


def add_months(day: dt.date, months: int) -> dt.date:
    """The day of the same number so many months later (or earlier), or the last day of a month without it
    (民法典第二百零二条)."""
    first = day.replace(day=1)
    for _step in range(abs(months)):
        first = _next_month(first) if months > 0 else (first - ONE_DAY).replace(day=1)
    return first.replace(day=min(day.day, _length(first)))


def _next_month(first: dt.date) -> dt.date:
    return first + dt.timedelta(days=_length(first))


def _length(first: dt.date) -> int:
    _weekday, length = calendar.monthrange(first.year, first.month)
    return length


def publicity_period(
    posted_on: dt.date, limit: Limit, end_moves: str, is_working: IsWorking, lost: Sequence[dt.date] = ()
) -> Posting | None:
    """The days of a publicity: day D itself does not count, D+1 … D+n do, confirmation is possible from the day after
    (A-18).

    002 二(二)1 “公示期为7天”: posted 30 September 2026 → 1 to 7 October, confirmation from 8 October; with
    `next_working_day` and 7 October a rest day the last day is 8 October, confirmation from 9 October. `lost` are
    days on which the sheet did not hang and which the office makes up. None where the length is not set.
    """
    if limit.n is None:
        return None
    gone = [(day, day) for day in lost]
    last = add_days(posted_on, limit.n, limit.unit, gone, is_working)
    if end_moves == "next_working_day":
        last = next_working_day(last, is_working)
    return Posting(posted_on + ONE_DAY, last, last + ONE_DAY)


def mostly_holidays(first: dt.date, last: dt.date, is_holiday: Callable[[dt.date], bool]) -> bool:
    """Whether statutory holidays take up more than half of a period: a warning, no block (A-18)."""
    days = [first + ONE_DAY * n for n in range((last - first).days + 1)]
    holidays = sum(is_holiday(day) for day in days)
    return holidays > len(days) - holidays


def monthly_day(month: dt.date, day: int, is_working: IsWorking) -> MonthlyDay:
    """A work deadline “每月 N 日前” of the month of `month`: the day itself still counts, the reminder aims at the
    working day before it, the flag is raised from the day after; it does not move for holidays (A-21, A-22)."""
    first = month.replace(day=1)
    due = first.replace(day=min(day, _length(first)))
    return MonthlyDay(previous_working_day(due - ONE_DAY, is_working), due, due + ONE_DAY)


def quarter_window(year: int, quarter: int, months_each: int) -> Period:
    """First and last day of a quarter (004 五(四) “每年第三季度”: 1 July to 30 September, A-29)."""
    start = add_months(dt.date(year, 1, 1), (quarter - 1) * months_each)
    return start, add_months(start, months_each) - ONE_DAY


def next_review(last_done: dt.date, months: int) -> Due:
    """When a periodic verification is due and from when it counts as missed (A-75): due so many months after the last
    one; late when a whole calendar period (year, half-year) after the one of the last verification has passed without
    one."""
    due = add_months(last_done, months)
    start = dt.date(due.year, 1, 1)
    while add_months(start, months) <= due:
        start = add_months(start, months)
    return Due(due, add_months(start, months))
