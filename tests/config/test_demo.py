"""The demonstration: every state, the same data for the same seed, nothing changed by a second run, nothing in production."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from cases.enums import Condition, OnlineStatus, Outcome, Step
from cases.models import (
    Case,
    EconomicCheck,
    Excuse,
    MaterialFile,
    Objection,
    OnlineApplication,
    Publicity,
    PublicityInterruption,
    PublicityPhoto,
    Signature,
    Submission,
)
from common import clock
from common.ids import check_id_number
from common.models import Progress, StoredFile
from config.demo import families, journeys, load, pictures, story
from config.demo.roster import ROSTER
from journal.models import Entry
from organizations.enums import Post
from organizations.models import Appointment, Responsibility, User
from organizations.queries import actor_for
from organizations.services.second_factor import verify_code
from policies.models import Flag
from policies.queries import Calendar
from tests import databases
from tests.conftest import NOW

EVERY = sum(len(endings) for endings in journeys.WAYS.values())
HELD = "the test looks at everything"


def run(households=EVERY, seed=1):
    output = io.StringIO()
    call_command("load_demo", households=households, seed=seed, processes=1, stdout=output)
    return output.getvalue()


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker, tmp_path_factory, worker_id):
    """A database of its own with one household of every ending. Yields the folder of its files."""
    from django.conf import settings

    media = tmp_path_factory.mktemp("demonstration")
    with django_db_blocker.unblock():
        before, media_before = connections["default"].settings_dict["NAME"], settings.MEDIA_ROOT
        name = databases.copy(f"{databases.TEMPLATE}_demo_{worker_id}")
        databases.point_at(name)
        settings.MEDIA_ROOT = str(media)
        clock.move(NOW)
        run()
        yield media
        clock.move(None)
        settings.MEDIA_ROOT = media_before
        for connection in connections.all():
            connection.close()
        databases.point_at(before)
        databases.drop(name)


@pytest.fixture
def files(demonstration, clean_surroundings, settings):
    settings.MEDIA_ROOT = str(demonstration)


def cases(**conditions):
    return Case.objects.unscoped(reason=HELD).filter(**conditions)


def test_every_status_is_there(demonstration):
    statuses = set(cases().values_list("status", flat=True))
    steps = {step for status in statuses for step in status.upper().split("+")}
    assert steps >= set(Step.values) | set(Outcome.values)


def test_some_limits_are_late_and_excused_with_and_without_a_basis(demonstration):
    rows = Excuse.objects.unscoped(reason=HELD).select_related("limit")
    assert {row.kind for row in rows} == {"check_centre", "applicant"}
    assert all((row.basis != "") == (row.kind == "check_centre") for row in rows)
    assert all(row.limit.flag_on <= demonstration_day() for row in rows)


def demonstration_day():
    return NOW.date()


def test_the_first_twenty_four_households_show_every_status_already():
    ends = {ending.name for ending in journeys.ENDINGS[:24]}
    assert {
        "registered",
        "notice_sent",
        "publicity_running",
        "confirmed",
        "denied",
        "withdrawn_early",
        "not_accepted",
    } <= ends
    assert len({ending.name for endings in journeys.WAYS.values() for ending in endings}) == EVERY


def test_states_inside_a_step_are_there(demonstration):
    unscoped = {"reason": HELD}
    assert EconomicCheck.objects.unscoped(**unscoped).filter(answered_at=None, case__outcome="").exists()
    assert Publicity.objects.unscoped(**unscoped).filter(posted_on=None).exists()
    assert PublicityInterruption.objects.unscoped(**unscoped).filter(restored_on=None).exists()
    assert Objection.objects.unscoped(**unscoped).filter(answered_at=None).exists()
    near_only = (
        Publicity.objects.unscoped(**unscoped)
        .exclude(posted_on=None)
        .exclude(pk__in=PublicityPhoto.objects.unscoped(**unscoped).filter(distance="far").values("publicity_id"))
    )
    assert near_only.exists()
    open_signing = cases(status="sign_off")
    given = [Signature.objects.unscoped(**unscoped).filter(case=one, void_at=None).count() for one in open_signing]
    assert {0, 1} <= set(given)
    assert Flag.objects.unscoped(reason=HELD).filter(rule="INT-05").exists()


def test_online_applications_wait_were_returned_and_were_registered(demonstration):
    sent = OnlineApplication.objects.unscoped(reason=HELD).order_by("pk")
    assert [sent.filter(status=status).count() for status in OnlineStatus.values] == [5, 2, 1]
    assert sent.exclude(answer="").get().status == "returned"
    registered = cases(channel="online")
    assert set(registered.values_list("status", flat=True)) == {"intake", "acceptance"}
    assert {one.receipt_code for one in sent} > {one.receipt_code for one in registered}
    assert all(one.received_at < clock.now() for one in sent)


def test_another_system_has_handed_applications_in(demonstration):
    handed_in = cases(channel="system")
    assert sorted(handed_in.values_list("status", flat=True)) == ["WITHDRAWN", "acceptance", "acceptance"]
    assert Submission.objects.unscoped(reason=HELD).count() == 3
    assert MaterialFile.objects.unscoped(reason=HELD).filter(material__case__in=handed_in).count() == 1


def test_every_post_has_an_account_and_somebody_stands_in(demonstration):
    assert set(Appointment.objects.values_list("post", flat=True)) == set(Post.values)
    people = User.objects.exclude(appointments__post=Post.CLIENT)
    assert people.count() == len(ROSTER) == people.filter(is_demo=True, must_change_password=False).count()
    assert Appointment.objects.filter(kind="deputising").exists()
    several = [user for user in User.objects.all() if user.appointments.count() > 1]
    assert several
    assert set(Responsibility.objects.values_list("kind", flat=True)) == {
        "first",
        "direct",
        "concrete",
        "supervision",
        "frontline",
    }


def test_a_second_run_changes_nothing(demonstration):
    def state():
        return (
            Entry.objects.unscoped(reason=HELD).count(), StoredFile.objects.unscoped(reason=HELD).count(),
            User.objects.count(), OnlineApplication.objects.unscoped(reason=HELD).count(),
            list(Progress.objects.values()), list(cases().order_by("pk").values_list("number", "version")),
        )  # fmt: skip

    before = state()
    assert "0 of them added" in run()
    assert state() == before


def test_integrity_holds_afterwards(files):
    output = io.StringIO()
    call_command("check_integrity", stdout=output)
    assert output.getvalue().startswith("ok")


def test_a_run_that_broke_off_is_taken_up_where_it_stopped(files, monkeypatch):
    tell = story.Story.tell
    told = []

    def breaks(self, *args):
        if len(told) == 2:
            raise KeyboardInterrupt
        told.append(self)
        tell(self, *args)

    monkeypatch.setattr(story.Story, "tell", breaks)
    before = cases().count()
    with pytest.raises(KeyboardInterrupt):
        run(4, seed=2)
    assert cases().count() == before + 2
    assert Progress.objects.get(name="demo").state == "failed"
    monkeypatch.setattr(story.Story, "tell", tell)
    assert "2 of them added" in run(4, seed=2)
    assert cases().count() == before + 4
    assert Progress.objects.get(name="demo").state == "done"


def test_the_start_page_of_a_demonstration_shows_accounts_with_codes_that_work(demonstration, client, settings):
    settings.DEMO = True
    clock.move(NOW + dt.timedelta(hours=1))
    page = client.get("/")
    assert page.status_code == 200
    assert {one["username"] for one in page.context["logins"]} >= {"handler", "deputy", "principal", "village", "check"}
    code = next(one["code"] for one in page.context["logins"] if one["username"] == "deputy")
    assert code in page.text
    assert "no-store" in page.headers["Cache-Control"]
    verify_code(actor_for(User.objects.get(username="deputy")), code)
    clock.move(NOW)


def test_the_start_page_shows_no_account_outside_a_demonstration(demonstration, client, settings):
    settings.DEMO = False
    page = client.get("/")
    assert page.status_code == 200
    assert "handler" not in page.text
    assert "sunlight-2026" not in page.text
    assert "工作人员登录" in page.text


def test_the_start_page_asks_again_only_while_loading(demonstration, client, settings):
    settings.DEMO = True
    assert "hx-trigger" not in client.get("/").text
    Progress.objects.filter(name="demo").update(state="running", message="已装载3户，共9户")
    page = client.get("/").text
    assert "hx-trigger" in page
    assert "已装载3户，共9户" in page
    Progress.objects.filter(name="demo").update(state="failed", message="装载中断。")
    assert "装载中断。" in client.get("/").text
    Progress.objects.filter(name="demo").update(state="done")


@pytest.mark.django_db
def test_production_settings_are_refused(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="生产环境"):
        run(1)
    assert not User.objects.exists()
    assert not Progress.objects.exists()


@pytest.mark.django_db
def test_a_database_without_the_mark_is_refused(monkeypatch):
    monkeypatch.setattr(clock, "is_marked", lambda: False)
    with pytest.raises(CommandError, match="没有标记为演示库"):
        run(1)
    assert not User.objects.exists()


@pytest.mark.django_db
def test_nothing_happens_on_a_rest_day_or_later_than_now():
    is_working = Calendar().is_working
    last = clock.today() - dt.timedelta(days=1)
    earliest = clock.now()
    for index in range(400):
        one = story.plan(1, index, last, is_working)
        moments = [moment.replace(tzinfo=clock.ZONE) for moment in one.moments]
        assert moments == sorted(set(moments)), one.ending.name
        assert moments[-1] < clock.now()
        assert all(is_working(moment.date()) for moment in moments)
        earliest = min(earliest, moments[0])
    assert clock.now() - earliest > dt.timedelta(days=365)


@pytest.mark.django_db
def test_about_half_of_the_households_are_in_benefit_and_the_same_seed_draws_the_same():
    draw = [story.plan(1, index, clock.today(), Calendar().is_working).ending.name for index in range(400)]
    assert sum("confirmed" in name for name in draw) > 180
    assert draw == [story.plan(1, index, clock.today(), Calendar().is_working).ending.name for index in range(400)]
    assert set(draw) == {ending.name for endings in journeys.WAYS.values() for ending in endings}


@pytest.mark.django_db
def test_households_are_varied_and_their_numbers_valid_and_different():
    day, seen, sizes, conditions = clock.today(), set(), set(), set()
    for index in range(400):
        chance = story.plan(1, index, day, Calendar().is_working).random
        home = families.family(
            chance, day, lambda birth, sex, place, at=index: families.identity_number(birth, sex, at * 6 + place)
        )
        for member in home.members:
            assert check_id_number(member.id_number).number not in seen
            seen.add(member.id_number)
        sizes.add(len(home.members))
        conditions |= {member.condition for member in home.members}
    assert sizes == {1, 2, 3, 4, 5, 6}
    assert conditions == set(Condition.values)


def test_sixty_pictures_come_out_the_same_each_time():
    assert sum(variants for _scene, variants in pictures.POOL.values()) == 60
    first = pictures.picture("room", 3)
    pictures._drawn.cache_clear()
    assert pictures.picture("room", 3) == first
    assert pictures.picture("room", 4) != first


def test_shares_together_are_all_households_and_split_by_office(demonstration):
    homes = load._homes(100, 1)
    one, two = load._shared(homes, 0, 2), load._shared(homes, 1, 2)
    assert sorted(home.plan.index for home in one + two) == list(range(100))
    assert not {home.office for home in one} & {home.office for home in two}
