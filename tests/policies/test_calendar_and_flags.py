"""Working days, flags, commands."""

import datetime as dt
import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from common import clock
from common.acts import check_constraints
from common.errors import Forbidden, NotFound
from journal.models import Entry
from policies import queries
from policies.errors import FlagClosed, ReasonMissing, WrongFile
from policies.models import Flag, WorkingDay
from policies.packfiles import read_pack
from policies.services.calendar import load_calendar
from policies.services.flags import clear_flag, dismiss_flag, flags_of, raise_flag
from tests.builders import organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    organization.district()
    return organization.administrator_of()


def notice(*lines):
    return "\n".join(lines).encode()


def test_the_published_years_are_loaded():
    years = set(WorkingDay.objects.values_list("date__year", flat=True))
    assert years == set(range(2004, 2027))


@pytest.mark.parametrize(
    ("day", "working", "provisional"),
    [
        (dt.date(2026, 9, 1), True, False),
        (dt.date(2026, 9, 5), False, False),
        (dt.date(2026, 9, 20), True, False),  # a Sunday worked in exchange
        (dt.date(2026, 10, 1), False, False),
        (dt.date(2027, 1, 1), True, True),  # nobody knows yet
    ],
)
def test_working_days_by_the_notice(day, working, provisional):
    assert queries.is_working_day(day) == (working, provisional)


def test_seven_working_days_over_the_october_holidays():
    assert queries.add_working_days(dt.date(2026, 9, 29), 3) == dt.date(2026, 10, 9)


def test_publicity_over_the_october_holidays():
    """Section 5: posted 30 September 2026 → from 8 October; with next_working_day from 9 October."""
    calendar = queries.Calendar()
    seven = next(e.value for e in read_pack("tianjin-district-2022").entries if e.key == "pub.days")
    posted = dt.date(2026, 9, 30)
    assert not calendar.is_working(dt.date(2026, 10, 7))
    as_written = queries.rules.publicity_period(posted, seven, "none", calendar.is_working)
    assert as_written.confirm_from == dt.date(2026, 10, 8)
    moved = queries.rules.publicity_period(posted, seven, "next_working_day", calendar.is_working)
    assert moved.confirm_from == dt.date(2026, 10, 9)
    assert queries.rules.mostly_holidays(dt.date(2026, 10, 1), dt.date(2026, 10, 7), calendar.is_holiday)


def test_a_deadline_into_a_year_without_a_calendar_is_provisional():
    limit = next(e.value for e in read_pack("yuquan-2020").entries if e.key == "dec.limit.dibao")
    due, provisional = queries.deadline(dt.date(2026, 12, 1), limit)
    assert due.shown.year == 2027
    assert provisional
    assert queries.deadline(dt.date(2026, 9, 1), limit)[1] is False


def test_a_notice_makes_a_year_certain(administrator):
    load_calendar(
        administrator, year=2027, source="国办发明电〔2026〕示例号",
        content=notice("date,kind,name", "2027-01-01,rest,元旦", "2027-01-09,working,春节"),
    )  # fmt: skip
    assert queries.is_working_day(dt.date(2027, 1, 1)) == (False, False)
    assert queries.is_working_day(dt.date(2027, 1, 9)) == (True, False)
    trail = Entry.objects.unscoped(reason="test")
    assert trail.filter(act="policies.load_calendar", reason__contains="示例号").exists()


def test_a_corrected_notice_replaces_the_whole_year(administrator):
    for day in ("2027-01-01", "2027-01-02"):
        load_calendar(administrator, year=2027, source="通知", content=notice(f"{day},rest,元旦"))
    assert list(WorkingDay.objects.filter(date__year=2027).values_list("date", flat=True)) == [dt.date(2027, 1, 2)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "没有任何日期"),
        (notice("2027-13-01,rest,x"), "第 1 行"),
        (notice("2027-01-01,rest,元旦", "2027-01-02,holiday,元旦"), "第 2 行"),
        (notice("2026-01-01,rest,元旦"), "不是 2027 年"),
        (notice("2027-01-01,rest,元旦", "2027-01-01,rest,元旦"), "重复"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"x" * 100_001, "太大"),
        (notice("2027-01-01,rest," + "长" * 41), "太长"),
    ],
)
def test_a_wrong_file_is_refused_whole(administrator, content, says):
    with pytest.raises(WrongFile, match=says):
        load_calendar(administrator, year=2027, source="通知", content=content)
    assert not WorkingDay.objects.filter(date__year=2027).exists()


def test_a_notice_needs_its_name_and_its_keeper(administrator):
    with pytest.raises(WrongFile):
        load_calendar(administrator, year=2027, source=" ", content=notice("2027-01-01,rest,元旦"))
    handler = organization.actor(organization.post("handler", organization.STREET))
    with pytest.raises(Forbidden):
        load_calendar(handler, year=2027, source="通知", content=notice("2027-01-01,rest,元旦"))


def test_the_command_loads_a_notice_and_refuses_a_wrong_one(tmp_path):
    file = tmp_path / "2027.csv"
    file.write_text("2027-01-01,rest,元旦\n", encoding="utf-8")
    call_command("load_calendar", str(file), year=2027, source="通知", stdout=io.StringIO())
    assert queries.is_working_day(dt.date(2027, 1, 1)) == (False, False)
    file.write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(CommandError, match="第 1 行"):
        call_command("load_calendar", str(file), year=2027, source="通知")
    with pytest.raises(CommandError, match="cannot read"):
        call_command("load_calendar", str(tmp_path / "none.csv"), year=2027, source="通知")


# flags


@pytest.fixture
def street_people():
    organization.district()
    return {
        post: organization.actor(organization.post(post, organization.STREET)) for post in ("handler", "deputy_leader")
    }


def mark(actor, obj, **more):
    values = {"rule": "SUR-01", "message": "没有入户调查记录。", "basis": "000 二.2", "area_code": organization.STREET}
    return raise_flag(actor, obj, **{**values, **more})


@pytest.fixture
def office():
    organization.district()
    return organization.office(organization.STREET, "street")


def test_a_rule_marks_an_object_once(street_people, office):
    first = mark(street_people["handler"], office)
    assert mark(street_people["handler"], office).pk == first.pk
    assert flags_of(office).count() == 1
    check_constraints()


def test_a_flag_is_answered_with_a_reason_and_stays_visible(street_people, office):
    flag = mark(street_people["handler"], office)
    with pytest.raises(ReasonMissing):
        dismiss_flag(street_people["deputy_leader"], flag.pk, reason=" ")
    done = dismiss_flag(street_people["deputy_leader"], flag.pk, reason="已补入户记录")
    assert (done.status, done.close_reason, done.closed_at) == ("DISMISSED", "已补入户记录", clock.now())
    assert flags_of(office).count() == 1
    with pytest.raises(FlagClosed):
        dismiss_flag(street_people["deputy_leader"], flag.pk, reason="再次")
    assert mark(street_people["handler"], office) is None


def test_a_cleared_flag_may_rise_again(street_people, office):
    first = mark(street_people["handler"], office)
    clear_flag(street_people["handler"], office, rule="SUR-01", reason="已补")
    second = mark(street_people["handler"], office)
    assert second.pk != first.pk
    assert list(flags_of(office).values_list("status", flat=True)) == ["OPEN", "CLEARED"]


def test_a_flag_of_another_street_is_not_found(street_people, office):
    flag = mark(street_people["handler"], office)
    outsider = organization.actor(organization.post("deputy_leader", organization.OTHER_STREET))
    with pytest.raises(NotFound):
        dismiss_flag(outsider, flag.pk, reason="与我无关")
    village = organization.actor(organization.post("village", organization.VILLAGE))
    with pytest.raises(NotFound):
        dismiss_flag(village, flag.pk, reason="与我无关")
    assert Flag.objects.unscoped(reason="test").get(pk=flag.pk).status == "OPEN"


# show_policy


def shown(*arguments):
    out = io.StringIO()
    call_command("show_policy", *arguments, stdout=out)
    return out.getvalue()


def test_show_policy_gives_every_parameter_with_its_layer():
    report = json.loads(shown("tianjin-district-2022", "--on", "2026-09-01", "--json"))
    found = {row["parameter"]: row for row in report["parameters"]}
    assert len(found) == len(report["parameters"])
    days = found["pub.days"]
    assert (days["value"]["n"], days["unit"], days["layer"]) == (7, "calendar_day", "pack")
    assert days["citation"] == "002 二(二)1"
    assert (found["dec.limit.dibao"]["value"], found["dec.limit.dibao"]["layer"]) == (None, "unset")
    assert found["dec.limit.dibao"]["original"] == "规定时限内"


def test_show_policy_prints_lines_for_people():
    text = shown("jilin-2019", "--on", "2026-09-01")
    tiers = "200个以上 10%；200以下150以上 15%；150以下100以上 10%；100以下 30%；不足20 100%"
    assert f"ins.county.village_sample\t{tiers}" in text


@pytest.mark.requirement("POL-04")
def test_show_policy_before_the_document_shows_nothing_in_force():
    report = json.loads(shown("yuquan-2020", "--on", "2020-08-02", "--json"))
    assert {row["layer"] for row in report["parameters"]} == {"unset"}
    report = json.loads(shown("yuquan-2020", "--on", "2020-08-03", "--json"))
    assert {row["layer"] for row in report["parameters"]} == {"unset", "pack"}


def test_show_policy_leaves_with_two_for_an_unknown_pack():
    with pytest.raises(CommandError) as caught:
        shown("atlantis-1999")
    assert caught.value.returncode == 2
