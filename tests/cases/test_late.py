"""What is late and why: the limits that run, kept with their two dates; the list, the workbench and the page of what is late; excuses."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import queries
from cases.late_page import PAGE_SIZE, Wanted, late_limits
from cases.models import Case, CaseLimit, Excuse
from cases.services import excuses, limits
from common import clock
from common.errors import Forbidden, Invalid, NotFound, Stale
from journal.models import Entry
from policies.models import LocalChoice, ParameterRow, WorkingDay
from policies.queries import Calendar, Rules
from policies.services.calendar import load_calendar
from policies.services.choices import record_local_choice
from tests.builders import cases as build
from tests.builders.organization import DISTRICT, OTHER_STREET, OTHER_VILLAGE, VILLAGE, actor, foreign_district, post
from tests.builders.unchanged import nothing_changes
from tests.cases.pages import Person

pytestmark = pytest.mark.django_db
ALL = "test"
CHENGQU, CHENGQU_VILLAGE = "140502001000", "140502001901"
YUQUAN, YUQUAN_VILLAGE = "150104001000", "150104001901"


def chengqu():
    return build.street(CHENGQU, CHENGQU_VILLAGE, "jincheng-chengqu-2023")


def yuquan():
    return build.street(YUQUAN, YUQUAN_VILLAGE, "yuquan-2020")


def running(walk):
    """{parameter: row} of the limits that run in the case."""
    rows = CaseLimit.objects.unscoped(reason=ALL).filter(case_id=walk.case_id, ended_on=None)
    return {row.parameter: row for row in rows.order_by("pk")}


def at(day, hour=9):
    clock.move(dt.datetime.combine(day, dt.time(hour)))


# --- The limits that run ------------------------------------------------------------------------------------------------


def test_a_limit_begins_with_the_event_that_its_rule_names_and_ends_when_its_step_is_over():
    at(dt.date(2026, 9, 7))
    walk = build.walk(applied_on=dt.date(2026, 9, 4)).submits()
    limit = running(walk)["int.accept_days"]
    assert (limit.started_on, limit.due_on) == (dt.date(2026, 9, 4), dt.date(2026, 9, 9)), (
        "three working days from the application"
    )
    assert (walk.case.due_on, walk.case.flag_on) == (limit.due_on, limit.flag_on)
    walk.brings_materials().accepts()
    assert "int.accept_days" not in running(walk)
    limit.refresh_from_db()
    assert limit.ended_on == clock.today()
    assert running(walk)["dec.limit.dibao"].started_on == walk.case.accepted_on


def test_the_limit_for_starting_the_check_ends_with_the_request():
    walk = build.walk().to("ECONOMIC_CHECK")
    assert running(walk)["chk.start_days"].started_on == walk.case.accepted_on
    walk.requests_check()
    assert set(running(walk)) == {"dec.limit.dibao"}
    assert "发起核对时限" not in Person(walk.people.handler).opens("detail", walk.case_id).said


def test_confirming_after_the_notice_counts_from_its_last_day_through_signing_and_decision():
    walk = build.walk().to("SIGN_OFF")
    row = walk.case.publicities.unscoped(reason=ALL).get()
    limit = running(walk)["dec.confirm_days_after_publicity"]
    assert limit.started_on == row.last_day
    walk.to("DECISION")
    assert running(walk)["dec.confirm_days_after_publicity"].pk == limit.pk, (
        "one limit through both steps, with its excuses"
    )


def test_the_case_shows_the_limit_that_is_late_first():
    walk = chengqu_decided()
    assert Rules(CHENGQU_VILLAGE, clock.today())["dec.limit.dibao"].open, "its document gives no total limit"
    assert walk.case.due_on == clock.today() + dt.timedelta(days=7)


def chengqu_decided():
    return build.walk(chengqu(), village_code=CHENGQU_VILLAGE).to("FILING")


@pytest.mark.requirement("DEC-23")
def test_a_late_filing_stands_in_list_counters_and_workbench():
    walk = chengqu_decided()
    handler = walk.people.handler
    decided = clock.today()
    at(decided + dt.timedelta(days=5))
    assert queries.view_counts(handler, ("late", "due")) == {"late": 0, "due": 1}
    at(running(walk)["dec.filing_days"].flag_on)
    assert queries.view_counts(handler, ("late", "due")) == {"late": 1, "due": 0}
    page = Person(handler)
    assert "超 1 天" in page.opens("list", view="late").said
    bench = page.client.get(reverse("workbench")).content.decode()
    assert "已超期" in bench
    assert "没有到期日" not in bench
    walk.files()
    assert "dec.filing_days" not in running(walk)


def test_the_clock_does_not_stand_still_for_a_notice_that_an_objection_broke_off():
    walk = build.walk().to("PUBLICITY").posts().days_pass(3)
    page = Person(walk.people.handler)
    assert "公示期，不计时" in page.opens("detail", walk.case_id).said
    before = walk.case.due_on
    walk.objected().days_pass(1)
    assert "公示期，不计时" not in page.opens("detail", walk.case_id).said
    row = walk.case.publicities.unscoped(reason=ALL).get()
    assert row.closed_at.date() < row.last_day
    total = running(walk)["dec.limit.dibao"]
    assert total.due_on < before, "the days on which nothing hung count again"
    assert walk.case.due_on == min(limit.due_on for limit in running(walk).values())


def test_a_day_of_another_year_is_shown_with_its_year():
    at(dt.date(2026, 12, 14))
    walk = build.walk().to("SURVEY")
    assert running(walk)["dec.limit.dibao"].due_on.year == 2027
    assert "2027-01-" in Person(walk.people.handler).opens("detail", walk.case_id).said


# --- Healing ------------------------------------------------------------------------------------------------------------


def test_the_nightly_job_finds_nothing_to_do_in_an_orderly_house():
    build.walk().to("SURVEY")
    with nothing_changes():
        assert limits.heal_limits() == 0


def test_the_nightly_job_fills_in_what_was_never_kept():
    walk = build.walk().to("SURVEY")
    wanted = running(walk)["dec.limit.dibao"].due_on
    CaseLimit.objects.unscoped(reason=ALL).all().delete()
    Case.objects.unscoped(reason=ALL).update(due_on=None, flag_on=None)
    assert limits.heal_limits() == 1
    assert running(walk)["dec.limit.dibao"].due_on == wanted == walk.case.due_on
    assert limits.heal_limits() == 0


def test_a_calendar_loaded_since_moves_the_dates():
    at(dt.date(2026, 12, 14))
    walk = build.walk().to("SURVEY")
    before = running(walk)["dec.limit.dibao"].due_on
    rest = "".join(f"2027-01-{day:02d},rest,元旦\n" for day in (1, 4, 5))
    admin = actor(post("system_admin", DISTRICT))
    load_calendar(admin, year=2027, content=rest.encode(), source="通知")
    assert WorkingDay.objects.filter(date__year=2027).exists()
    assert limits.heal_limits() == 1
    assert walk.case.due_on > before


def test_numbers_follow_the_day_a_changed_parameter_moves_the_dates_from_its_day_on():
    walk = build.walk().to("SURVEY")
    seen = LocalChoice.objects.get(parameter="dec.limit.dibao", valid_to=None)
    supervisor = actor(post("district_supervisor", DISTRICT))
    tomorrow = clock.today() + dt.timedelta(days=1)
    record_local_choice(
        supervisor, parameter="dec.limit.dibao", area_code=DISTRICT, reason="提速", valid_from=tomorrow, seen=seen.pk,
        value={"n": 20, "unit": "working_day", "start": "acceptance", "excludes": ["publicity"]},
    )  # fmt: skip
    assert limits.heal_limits() == 0, "not before its day"
    before = walk.case.due_on
    at(tomorrow)
    assert limits.heal_limits() == 1
    assert walk.case.due_on < before
    assert running(walk)["dec.limit.dibao"].source.startswith(f"本地选择，{supervisor.name}")


# --- Excuses ------------------------------------------------------------------------------------------------------------


def excuse(walk, parameter="dec.limit.dibao", **changes):
    values = {"kind": "other", "reason": "系统故障", "since": clock.today(), "seen": walk.seen}
    limit = running(walk)[parameter]
    return excuses.record_excuse(walk.people.handler, walk.case_id, limit_id=limit.pk, **(values | changes))


def waiting_in_yuquan():
    """A case of Yuquan whose total limit is over while the check centre is silent."""
    walk = build.walk(yuquan(), village_code=YUQUAN_VILLAGE).to("ECONOMIC_CHECK").requests_check()
    at(running(walk)["dec.limit.dibao"].flag_on)
    return walk


@pytest.mark.requirement("CHK-11")
def test_waiting_for_the_check_centre_excuses_by_the_document_and_does_not_stop_the_clock():
    walk = waiting_in_yuquan()
    before = running(walk)["dec.limit.dibao"].due_on
    excuse(walk, kind="check_centre", reason="平台排队，多次催办没有结果")
    row = Excuse.objects.unscoped(reason=ALL).get()
    assert row.basis.endswith("第二十条(三)-(四)")
    assert running(walk)["dec.limit.dibao"].due_on == before
    assert queries.view_counts(walk.people.handler, ("late",)) == {"late": 1}, "still late"
    page = Person(walk.people.handler).opens("detail", walk.case_id).said
    assert "核对机构未反馈" in page
    assert "平台排队，多次催办没有结果" in page
    assert "超 1 天" in page
    line = Entry.objects.unscoped(reason=ALL).get(act="cases.record_excuse")
    assert line.basis == row.basis
    assert "审核确认总时限，核对机构未反馈" in Person(walk.people.handler).opens("timeline", walk.case_id).said


def test_force_majeure_excuses_where_the_document_lists_it():
    walk = waiting_in_yuquan()
    excuse(walk, kind="force_majeure", reason="暴雪封路")
    assert Excuse.objects.unscoped(reason=ALL).get().basis.endswith("》第二十条")


def test_where_the_document_does_not_speak_of_it_an_excuse_stands_without_a_basis():
    walk = build.walk().to("ECONOMIC_CHECK").requests_check()
    at(running(walk)["dec.limit.dibao"].due_on)
    excuse(walk, kind="check_centre")
    assert Excuse.objects.unscoped(reason=ALL).get().basis == ""


def test_an_excuse_is_refused_for_what_is_not_due_without_a_reason_on_a_wrong_day_or_without_a_waiting_request():
    walk = build.walk().to("SURVEY")
    with nothing_changes(), pytest.raises(Invalid, match="还没有临近到期"):
        excuse(walk)
    at(running(walk)["dec.limit.dibao"].due_on)
    yesterday = walk.case.accepted_on - dt.timedelta(days=1)
    for wrong, field in (
        ({"reason": " "}, "reason"),
        ({"kind": "holiday"}, "kind"),
        ({"since": yesterday}, "since"),
        ({"since": clock.today() + dt.timedelta(days=1)}, "since"),
        ({"kind": "check_centre"}, "since"),
    ):
        with nothing_changes(), pytest.raises(Invalid) as refusal:
            excuse(walk, **wrong)
        assert refusal.value.field == field
    with pytest.raises(Stale):
        excuse(walk, seen=walk.seen - 1)
    with pytest.raises(NotFound):
        excuses.record_excuse(
            walk.people.handler, walk.case_id, limit_id=0, kind="other", reason="x", since=clock.today(), seen=walk.seen
        )
    with pytest.raises(Forbidden):
        excuses.record_excuse(
            walk.people.deputy, walk.case_id, limit_id=0, kind="other", reason="x", since=clock.today(), seen=walk.seen
        )


def test_an_excuse_cannot_be_changed_any_more():
    walk = waiting_in_yuquan()
    excuse(walk)
    for change in (
        lambda rows: rows.update(reason="改"),
        lambda rows: rows.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(Excuse.objects.unscoped(reason=ALL).all())


def test_an_excuse_is_recorded_on_its_page_and_what_was_typed_stays_where_it_is_refused():
    walk = waiting_in_yuquan()
    page = Person(walk.people.handler)
    number = running(walk)["dec.limit.dibao"].pk
    assert f"/excuse/?limit={number}" in page.opens("detail", walk.case_id).said
    said = page.opens("excuse", walk.case_id, limit=number).said
    assert "“核对机构未反馈”在本区文件里列为免责情形" in said
    assert "审核确认总时限" in said
    address = f"{reverse('cases:excuse', args=[walk.case_id])}?limit={number}"
    form = {"kind": "other", "since": "2020-01-01", "reason": "停电停网三天", "seen": walk.seen}
    refused = page.client.post(address, form)
    assert refused.status_code == 422
    assert "停电停网三天" in refused.content.decode()
    form["since"] = clock.today().isoformat()
    assert page.client.post(address, form).status_code == 302
    assert Excuse.objects.unscoped(reason=ALL).get().reason == "停电停网三天"
    assert page.opens("excuse", walk.case_id, limit="9" * 30).status == 404


# --- The page -----------------------------------------------------------------------------------------------------------


def late_walks(people, number, village=VILLAGE):
    return [build.walk(people, village_code=village).to("SURVEY") for _n in range(number)]


@pytest.fixture
def people():
    return build.street()


def test_the_page_says_what_is_late_since_when_by_which_rule_and_whom_it_waits_for(people):
    walk = late_walks(people, 1)[0]
    at(running(walk)["dec.limit.dibao"].flag_on)
    said = Person(people.handler).opens("late").said
    assert "超期和原因" in said
    assert walk.case.number in said
    assert "审核确认总时限" in said
    assert "超 1 天" in said
    assert "局务会议" not in said
    assert "入户调查记录" in said
    assert "街道调查人员" in said
    assert "登记超期原因" in said


def test_publicity_that_does_not_count_and_the_reading_of_two_dates_are_named():
    walk = build.walk(yuquan(), village_code=YUQUAN_VILLAGE).to("PUBLICITY").posts()
    at(running(walk)["dec.limit.dibao"].flag_on)
    said = Person(walk.people.handler).opens("late").said
    assert "不计入" in said
    assert "第四条(一)1" in said


def test_a_filing_whose_last_day_is_a_rest_day_shows_both_dates_and_their_reading():
    at(dt.date(2026, 9, 20))
    walk = chengqu_decided()
    limit = running(walk)["dec.filing_days"]
    assert (limit.due_on, limit.flag_on) == (dt.date(2026, 9, 27), dt.date(2026, 9, 29)), (
        "a Sunday; Monday still in time"
    )
    at(dt.date(2026, 9, 28))
    found = late_limits(walk.people.handler, Wanted())
    assert found.rows[0].badge.text == "已到期，可顺延"
    assert any(reading.startswith("A-73") for reading in found.rows[0].readings)
    at(dt.date(2026, 9, 29))
    assert late_limits(walk.people.handler, Wanted()).late == 1


def test_a_village_or_a_foreign_street_sees_only_its_own(people):
    late_walks(people, 1)
    walk = late_walks(people, 1, OTHER_VILLAGE)[0]
    at(running(walk)["dec.limit.dibao"].flag_on)
    assert late_limits(people.village, Wanted()).late == 1
    assert late_limits(people.handler, Wanted()).late == 2
    foreign_district()
    assert late_limits(actor(post("handler", "150199001000")), Wanted()).rows == []
    assert not Person(people.village).opens("late").reply.content.decode().count("登记超期原因")


@pytest.mark.requirement("DEC-24")
def test_the_district_sees_its_streets_with_their_counts_and_filters_them(people):
    first = late_walks(people, 2)
    other = build.street(OTHER_STREET, "120199002901")
    second = build.walk(other, village_code="120199002901").to("ACCEPTANCE")
    at(max(running(one)["dec.limit.dibao"].flag_on for one in first))
    excuse(first[0])
    officer = actor(post("district_officer", DISTRICT))
    found = late_limits(officer, Wanted())
    assert [(street.late, street.unexcused) for street in found.streets] == [(2, 1), (1, 1)]
    assert [row.case.pk for row in found.rows][-1] == second.case_id, "street by street"
    assert "各街道（乡镇）" in Person(officer).opens("late").said
    assert [row.case.pk for row in late_limits(officer, Wanted(office=str(found.streets[1].number))).rows] == [
        second.case_id
    ]
    assert [row.case.pk for row in late_limits(officer, Wanted(step="ACCEPTANCE")).rows] == [second.case_id]
    assert len(late_limits(officer, Wanted(step="WHOLE")).rows) == 2
    assert [row.case.pk for row in late_limits(officer, Wanted(view="unexcused", step="WHOLE")).rows] == [
        first[1].case_id
    ]
    assert late_limits(officer, Wanted(view="soon")).rows == []


def test_the_page_is_read_in_the_same_few_queries_and_paged_without_gap(people, monkeypatch):
    walks = late_walks(people, 3)
    at(running(walks[0])["dec.limit.dibao"].flag_on)
    with CaptureQueriesContext(connection) as few:
        late_limits(people.handler, Wanted())
    assert len(few) <= 4
    assert PAGE_SIZE > 3
    monkeypatch.setattr("cases.late_page.PAGE_SIZE", 2)
    first = late_limits(people.handler, Wanted())
    rest = late_limits(people.handler, Wanted(after=first.older))
    numbers = [row.case.pk for row in (*first.rows, *rest.rows)]
    assert sorted(numbers) == sorted(walk.case_id for walk in walks)
    assert rest.older == ""
    assert late_limits(people.handler, Wanted(after="nonsense")).rows == first.rows


def test_an_orderly_street_reads_that_nothing_is_late(people):
    assert "没有超期的" in Person(people.handler).opens("late").said
    assert "这个条件下没有" in Person(people.handler).opens("late", view="soon").said


# --- The limits of the three documents on worked days -------------------------------------------------------------------


DAYS_2027 = [
    # pack, parameter, start, left out, shown, flagged
    # 004 五(二): 7 natural days from the decision: 1 March → Monday 8 March in time, 9 March late
    ("jincheng-chengqu-2023", "dec.filing_days", dt.date(2027, 3, 1), [], dt.date(2027, 3, 8), dt.date(2027, 3, 9)),
    # last day Sunday 7 March: red that day, late from Tuesday
    ("jincheng-chengqu-2023", "dec.filing_days", dt.date(2027, 2, 28), [], dt.date(2027, 3, 7), dt.date(2027, 3, 9)),
    # 001 第四条(一)1: 30 working days from acceptance: Monday 1 March → Monday 12 April
    ("yuquan-2020", "dec.limit.dibao", dt.date(2027, 3, 1), [], dt.date(2027, 4, 12), dt.date(2027, 4, 13)),
    # a notice posted on Monday 8 March: 9 to 15 March are left out, five working days; the day of posting counts
    (
        "yuquan-2020", "dec.limit.dibao", dt.date(2027, 3, 1), [(dt.date(2027, 3, 9), dt.date(2027, 3, 15))],
        dt.date(2027, 4, 19), dt.date(2027, 4, 20),
    ),
    # two rounds: both are left out
    (
        "yuquan-2020", "dec.limit.dibao", dt.date(2027, 3, 1),
        [(dt.date(2027, 3, 9), dt.date(2027, 3, 15)), (dt.date(2027, 3, 23), dt.date(2027, 3, 29))],
        dt.date(2027, 4, 26), dt.date(2027, 4, 27),
    ),
]  # fmt: skip


@pytest.mark.requirement("DEC-23", "POL-04")
@pytest.mark.parametrize(("pack", "key", "start", "out", "shown", "flagged"), DAYS_2027)
def test_the_limits_of_the_documents_on_worked_days(pack, key, start, out, shown, flagged):
    from policies import rules as counting

    value = Rules(DISTRICT, start, pack=pack)[key]
    assert ("publicity" in value.excludes) == (key == "dec.limit.dibao")
    due = counting.deadline(start, value.value, out, Calendar().is_working)
    assert (due.shown, due.flag_from) == (shown, flagged)


@pytest.mark.parametrize(
    "key", ["dec.limit.dibao", "int.accept_days", "dec.confirm_days_after_publicity", "chk.start_days"]
)
def test_the_tianjin_document_gives_words_and_no_figure_so_nothing_is_late_by_it(key):
    """002 “规定时限内”, “及时受理” (A-27): without a local choice no date and no finding."""
    assert Rules(DISTRICT, dt.date(2026, 9, 1), pack="tianjin-district-2022")[key].open
    assert ParameterRow.objects.filter(pack="tianjin-district-2022", parameter=key).exists()


def test_without_a_figure_no_limit_is_kept_and_the_page_shows_the_days_used():
    walk = build.walk(chengqu(), village_code=CHENGQU_VILLAGE).to("SURVEY")
    at(clock.today() + dt.timedelta(days=400))
    assert running(walk) == {}
    assert (walk.case.due_on, walk.case.flag_on) == (None, None)
    assert "文件没有写明时限" in Person(walk.people.handler).opens("detail", walk.case_id).said
