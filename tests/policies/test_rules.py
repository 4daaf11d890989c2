"""The pure rules against section 5 of the matrix and the readings of section 4."""

import ast
import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest

from policies import rules
from policies.packfiles import read_pack
from policies.values import CALENDAR_DAY, MONTH, WORKING_DAY, Limit
from tests.policies.matrix import cells, section

ROOT = Path(__file__).parents[2]
HALF, THIRTY = Fraction(1, 2), Fraction(3, 10)


def tiers(key):
    return [tier for entry in read_pack("jilin-2019").entries if entry.key == key for tier in entry.value]


def limit(pack, key):
    return next(entry.value for entry in read_pack(pack).entries if entry.key == key)


def weekdays(day):
    return day.weekday() < 5


def with_rest(*days):
    return lambda day: weekdays(day) and day not in days


def vectors():
    rows = [cells(line) for line in section(5).splitlines() if line.startswith("| ") and line[2].isdigit()]
    return [tuple(int(cell) for cell in row) for row in rows]


def test_the_table_of_section_five_has_nineteen_rows():
    assert len(vectors()) == 19


@pytest.mark.parametrize(("total", "towns", "villages"), vectors())
def test_tier_table_of_section_five(total, towns, villages):
    assert rules.tier_sample(total, tiers("ins.city.town_sample")) == towns
    assert rules.tier_sample(total, tiers("ins.county.village_sample")) == villages


def test_no_division_no_sample():
    assert rules.tier_sample(0, tiers("ins.city.town_sample")) == 0


def test_the_local_ratios_that_break_binary_floating_point():
    assert rules.sample_size(100, Fraction("0.07")) == 7
    assert rules.sample_size(25, Fraction("0.28")) == 7


@pytest.mark.parametrize(("new", "drawn"), [(7, 4), (8, 4), (1, 1), (0, 0)])
def test_half_of_the_new_cases_rounded_up(new, drawn):
    assert rules.sample_size(new, HALF) == drawn


def test_half_of_each_street_not_of_the_district():
    """A-08: 1, 3 and 4 new cases → 1 + 2 + 2 = 5 of 8."""
    assert [rules.sample_size(n, HALF) for n in (1, 3, 4)] == [1, 2, 2]


@pytest.mark.parametrize(("total", "drawn"), [(60, 18), (61, 19), (1, 1), (10, 3), (11, 4)])
def test_thirty_per_cent_rounded_up(total, drawn):
    assert rules.sample_size(total, THIRTY) == drawn


def test_five_per_cent_and_above_includes_five():
    share = next(e.value for e in read_pack("yuquan-2020").entries if e.key == "acc.inaccurate_share")
    assert rules.reaches(5, 100, share)
    assert not rules.reaches(4, 100, share)
    assert rules.reaches(1, 10, share)
    assert not rules.reaches(0, 0, share)


def test_an_unknown_overlap_rule_is_not_guessed():
    with pytest.raises(ValueError, match="overlap"):
        rules.tier_for(10, tiers("ins.city.town_sample"), "lowest_ratio")


# deadlines


def test_a_late_report_counts_from_the_day_after_three_months():
    """A-26: change on 15 January, reported 15 April in time, 16 April late; 30 November → 28 February in time, 1
    March late."""
    three_months = limit("tianjin-district-2022", "crd.unreported_limit")
    due = rules.deadline(dt.date(2026, 1, 15), three_months, (), weekdays)
    assert due == (dt.date(2026, 4, 15), dt.date(2026, 4, 16))
    due = rules.deadline(dt.date(2026, 11, 30), three_months, (), weekdays)
    assert due == (dt.date(2027, 2, 28), dt.date(2027, 3, 1))


def test_filing_within_seven_natural_days():
    """A-19: decision 1 March 2027, filed Monday 8 March in time, 9 March late."""
    seven = limit("jincheng-chengqu-2023", "dec.filing_days")
    assert rules.deadline(dt.date(2027, 3, 1), seven, (), weekdays) == (dt.date(2027, 3, 8), dt.date(2027, 3, 9))


def test_a_last_day_on_a_rest_day_shows_red_and_flags_after_the_next_working_day():
    """A-73: paid Thursday 4 March 2027, day 3 is Sunday 7 March; upload on Monday in time, flagged from Tuesday."""
    three = limit("yuquan-2020", "fnd.flow_upload_days")
    assert rules.deadline(dt.date(2027, 3, 4), three, (), weekdays) == (dt.date(2027, 3, 7), dt.date(2027, 3, 9))


def test_emergency_aid_in_three_natural_days_runs_through_publicity():
    """A-15, A-74."""
    three = limit("yuquan-2020", "tmp.approval.emergency")
    assert three.excludes == ()
    assert rules.deadline(dt.date(2026, 9, 7), three, (), weekdays) == (dt.date(2026, 9, 10), dt.date(2026, 9, 11))


def test_working_days_leave_out_the_days_of_publicity_and_not_the_day_of_posting():
    """A-16: posting on day D; D counts, D+1 to D+7 do not; a second round is left out too."""
    thirty = limit("yuquan-2020", "dec.limit.dibao")
    start = dt.date(2026, 3, 2)
    plain = rules.deadline(start, thirty, (), weekdays)
    assert plain.shown == dt.date(2026, 4, 13)
    posted = dt.date(2026, 3, 9)
    round_one = (posted + rules.ONE_DAY, posted + 7 * rules.ONE_DAY)
    assert rules.deadline(start, thirty, [round_one], weekdays).shown == dt.date(2026, 4, 20)
    round_two = (dt.date(2026, 3, 24), dt.date(2026, 3, 30))
    assert rules.deadline(start, thirty, [round_one, round_two], weekdays).shown == dt.date(2026, 4, 27)


def test_a_working_weekend_counts_and_a_holiday_does_not():
    two = Limit(2, WORKING_DAY)
    saturday, monday = dt.date(2026, 9, 5), dt.date(2026, 9, 7)

    def moved(day):
        return (weekdays(day) or day == saturday) and day != monday

    assert rules.deadline(dt.date(2026, 9, 4), two, (), moved).shown == dt.date(2026, 9, 8)


def test_a_word_without_a_number_gives_no_deadline():
    """A-27: a program must not invent a legal limit."""
    open_limit = limit("tianjin-district-2022", "dec.confirm_days_after_publicity")
    assert rules.deadline(dt.date(2026, 9, 1), open_limit, (), weekdays) is None
    assert rules.publicity_period(dt.date(2026, 9, 1), Limit(None), "none", weekdays) is None
    assert rules.days_before(dt.date(2026, 9, 1), Limit(None), weekdays) is None


def test_at_once_means_the_same_day():
    at_once = limit("nankai-2022", "acc.urgent_transfer")
    assert rules.deadline(dt.date(2026, 9, 1), at_once, (), weekdays) == (dt.date(2026, 9, 1), dt.date(2026, 9, 2))


def test_a_month_ahead_of_the_need():
    """A-24."""
    lead = limit("yuquan-2020", "tmp.fund_request_lead")
    assert rules.days_before(dt.date(2026, 10, 31), lead, weekdays) == dt.date(2026, 9, 30)
    assert rules.days_before(dt.date(2026, 9, 7), Limit(2, WORKING_DAY), weekdays) == dt.date(2026, 9, 3)
    assert rules.days_before(dt.date(2026, 9, 7), Limit(2, CALENDAR_DAY), weekdays) == dt.date(2026, 9, 5)


def test_days_used_leave_out_the_first_day_and_excluded_periods():
    start = dt.date(2026, 9, 1)
    assert rules.days_used(start, start, WORKING_DAY, (), weekdays) == 0
    assert rules.days_used(start, dt.date(2026, 9, 8), WORKING_DAY, (), weekdays) == 5
    excluded = [(dt.date(2026, 9, 3), dt.date(2026, 9, 4))]
    assert rules.days_used(start, dt.date(2026, 9, 8), WORKING_DAY, excluded, weekdays) == 3


# publicity


def test_seven_natural_days_after_the_day_of_posting():
    """A-18: posted 30 September 2026 → D+1 to D+7, confirmation from 8 October."""
    seven = limit("tianjin-district-2022", "pub.days")
    posting = rules.publicity_period(dt.date(2026, 9, 30), seven, "none", weekdays)
    assert posting == (dt.date(2026, 10, 1), dt.date(2026, 10, 7), dt.date(2026, 10, 8))


def test_the_end_moves_where_the_office_chose_so():
    seven = limit("tianjin-district-2022", "pub.days")
    calendar = with_rest(*(dt.date(2026, 10, n) for n in range(1, 8)))
    posting = rules.publicity_period(dt.date(2026, 9, 30), seven, "next_working_day", calendar)
    assert posting.confirm_from == dt.date(2026, 10, 9)


def test_lost_days_are_made_up_where_the_office_chose_so():
    seven = limit("tianjin-district-2022", "pub.days")
    lost = [dt.date(2026, 9, 4), dt.date(2026, 9, 5)]
    assert rules.publicity_period(dt.date(2026, 9, 1), seven, "none", weekdays, lost).last == dt.date(2026, 9, 10)


def test_a_period_of_mostly_holidays_is_noticed():
    holidays = {dt.date(2026, 10, n) for n in range(1, 5)}
    assert rules.mostly_holidays(dt.date(2026, 10, 1), dt.date(2026, 10, 7), holidays.__contains__)
    assert not rules.mostly_holidays(dt.date(2026, 10, 2), dt.date(2026, 10, 8), holidays.__contains__)


# months, quarters, reviews


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2028, 1, 31), 1, dt.date(2028, 2, 29)),
        (dt.date(2026, 12, 15), 2, dt.date(2027, 2, 15)),
        (dt.date(2026, 3, 31), -1, dt.date(2026, 2, 28)),
        (dt.date(2026, 1, 10), -3, dt.date(2025, 10, 10)),
        (dt.date(2026, 5, 5), 0, dt.date(2026, 5, 5)),
    ],
)
def test_months_end_on_the_day_of_the_same_number(start, months, end):
    assert rules.add_months(start, months) == end


def test_the_pay_day_does_not_move_but_the_reminder_does():
    """A-22: 10 October 2026 is a Saturday and 1 to 9 October are rest days here: remind on 30 September."""
    calendar = with_rest(*(dt.date(2026, 10, n) for n in range(1, 10)))
    day = rules.monthly_day(dt.date(2026, 10, 3), 10, calendar)
    assert day == (dt.date(2026, 9, 30), dt.date(2026, 10, 10), dt.date(2026, 10, 11))


def test_the_monthly_cutoff_reminds_on_the_nineteenth_and_flags_from_the_twenty_first():
    """A-21."""
    day = rules.monthly_day(dt.date(2026, 8, 1), 20, weekdays)
    assert (day.remind_on, day.flag_from) == (dt.date(2026, 8, 19), dt.date(2026, 8, 21))


def test_the_third_quarter():
    """A-29."""
    assert rules.quarter_window(2026, 3, 3) == (dt.date(2026, 7, 1), dt.date(2026, 9, 30))


@pytest.mark.parametrize(
    ("last", "months", "due", "late"),
    [
        (dt.date(2025, 3, 10), 12, dt.date(2026, 3, 10), dt.date(2027, 1, 1)),
        (dt.date(2026, 2, 10), 6, dt.date(2026, 8, 10), dt.date(2027, 1, 1)),
        (dt.date(2025, 9, 10), 6, dt.date(2026, 3, 10), dt.date(2026, 7, 1)),
    ],
)
def test_a_verification_is_missed_when_a_calendar_period_passed_without_one(last, months, due, late):
    """A-75."""
    assert rules.next_review(last, months) == (due, late)


# the house rule


def literal_numbers(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
    }


@pytest.mark.parametrize("path", sorted(ROOT.glob("*/rules.py")), ids=lambda path: path.parent.name)
def test_no_rule_contains_a_number_of_its_own(path):
    assert literal_numbers(path) <= {0, 1}


@pytest.mark.parametrize("path", sorted(ROOT.glob("*/rules.py")), ids=lambda path: path.parent.name)
def test_rules_are_pure(path):
    """No database, clock or settings in rules.py."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        name
        for node in ast.walk(tree)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else
            [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        )
    }  # fmt: skip
    banned = {"django.db", "django.conf", "common.clock"}
    assert not {n for n in imported if n in banned or n.startswith("django.db.") or n.endswith((".models", ".queries"))}


def test_the_number_test_sees_a_number(tmp_path):
    wrong = tmp_path / "rules.py"
    wrong.write_text("LIMIT = 30\n")
    assert literal_numbers(wrong) == {30}


def test_months_unit_of_a_limit_is_known():
    assert Limit(1, MONTH).open is False
