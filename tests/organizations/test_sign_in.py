"""Signing in and out, lock-out, time-outs, initial passwords, chosen posts, sessions."""

import datetime as dt

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.urls import NoReverseMatch, resolve, reverse

from common import clock
from journal.models import Entry
from organizations.services.people import add_user, reset_password, set_user_active
from tests.builders import organization as org

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 9, 1, 9, 0, tzinfo=clock.ZONE)
WORKBENCH = "/organizations/second-factor/check/"


@pytest.fixture(autouse=True)
def place(db):
    org.district()


@pytest.fixture
def handler():
    return org.post("handler", org.STREET, name="周明远")


def lines(act):
    return list(Entry.objects.unscoped(reason="test").filter(act=f"organizations.{act}").order_by("pk"))


def is_signed_in(client):
    return client.get(WORKBENCH).status_code == 200


# --- In and out -------------------------------------------------------------------------------------------------------


def test_a_person_signs_in_by_user_name_and_password_and_out_again(client, handler):
    answer = org.sign_in(client, handler)
    assert (answer.status_code, answer["Location"]) == (302, reverse("workbench"))
    assert is_signed_in(client)
    assert client.get(reverse("account_logout")).status_code == 200
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


def test_signing_in_signing_out_and_failing_stand_in_the_journal(client, handler):
    org.sign_in(client, handler, password="wrong horse 41")
    org.sign_in(client, handler)
    client.post(reverse("account_logout"))
    failed, came, left = lines("sign_in_failed"), lines("sign_in"), lines("sign_out")
    assert [len(found) for found in (failed, came, left)] == [1, 1, 1]
    assert failed[0].object_id == came[0].object_id == left[0].object_id == str(handler.pk)
    assert (failed[0].actor_id, failed[0].ip) == (None, "127.0.0.1")
    assert (came[0].actor_name, came[0].actor_post, came[0].ip) == ("周明远", "handler", "127.0.0.1")
    assert left[0].actor_id == handler.pk


def test_a_failed_sign_in_does_not_say_whether_the_account_exists(client, handler):
    def answer(name):
        page = client.post(reverse("account_login"), {"login": name, "password": "wrong horse 41"})
        return page.content.decode().replace(name, "").split("sl-errors")[1].split("</section>")[0]

    assert answer(handler.username) == answer("nobody-at-all")


def test_what_was_typed_into_a_failed_sign_in_is_kept_nowhere_in_clear(client):
    typed = "11010519491231002X"
    client.post(reverse("account_login"), {"login": typed, "password": "wrong horse 41"})
    attempt = AccessAttempt.objects.get()
    assert typed not in str(attempt.__dict__)
    assert "wrong horse" not in str(attempt.__dict__)
    line = lines("sign_in_failed")[0]
    assert line.personal["typed"] == [None, typed], "kept, but as ciphertext"
    assert typed not in str(line.changes)


def test_a_disabled_account_cannot_sign_in_and_an_open_session_ends(client, handler):
    org.sign_in(client, handler)
    set_user_active(org.administrator(), handler.pk, active=False, reason="离岗")
    assert not is_signed_in(client)
    assert org.sign_in(client, handler).status_code == 200
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "name", ["account_signup", "account_reset_password", "account_email", "mfa_index", "account_inactive"]
)
def test_nothing_else_of_the_sign_in_package_is_mounted(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_sign_in_leads_on_to_the_page_asked_for_and_never_to_another_site(client, handler):
    asked = reverse("organizations:second-factor-check")
    page = client.get(asked)
    assert page["Location"] == f"{reverse('account_login')}?next={asked}"
    credentials = {"login": handler.username, "password": org.PASSWORD}
    assert client.post(reverse("account_login"), credentials | {"next": asked})["Location"] == asked
    client.post(reverse("account_logout"))
    away = client.post(reverse("account_login"), credentials | {"next": "https://example.org/"})
    assert away["Location"] == reverse("workbench")


# --- Lock-out ---------------------------------------------------------------------------------------------------------


def fail(client, user, times=5):
    for _ in range(times):
        answer = org.sign_in(client, user, password="wrong horse 41")
    return answer


def test_five_failures_lock_the_account_and_the_page_says_what_next(client, handler):
    assert fail(client, handler, 4).status_code == 200
    answer = fail(client, handler, 1)
    assert answer.status_code == 429
    assert "安全管理员" in answer.content.decode()
    assert org.sign_in(client, handler).status_code == 429, "the right password does not help"
    assert not is_signed_in(client)
    assert [line.changes["locked"][1] for line in lines("sign_in_failed")] == [False] * 4 + [True]


def test_a_lock_holds_from_everywhere_for_that_account_alone(client, handler):
    fail(client, handler)
    elsewhere = {"REMOTE_ADDR": "10.9.8.7", "HTTP_USER_AGENT": "another"}
    answer = client.post(reverse("account_login"), {"login": handler.username, "password": org.PASSWORD}, **elsewhere)
    assert answer.status_code == 429
    colleague = org.post("handler", org.STREET)
    assert org.sign_in(client, colleague).status_code == 302


def test_the_lock_ends_by_itself_after_a_quarter_of_an_hour(client, handler):
    fail(client, handler)
    for attempt in AccessAttempt.objects.all():
        attempt.attempt_time -= dt.timedelta(minutes=14)
        attempt.save()
    assert org.sign_in(client, handler).status_code == 429
    for attempt in AccessAttempt.objects.all():
        attempt.attempt_time -= dt.timedelta(minutes=2)
        attempt.save()
    assert org.sign_in(client, handler).status_code == 302


def test_a_right_password_forgets_the_failures_before_it(client, handler):
    fail(client, handler, 4)
    org.sign_in(client, handler)
    client.post(reverse("account_logout"))
    assert fail(client, handler, 4).status_code == 200


def test_many_tries_against_a_locked_account_do_not_fill_the_journal(client, handler):
    fail(client, handler, 9)
    assert len(lines("sign_in_failed")) == 5


# --- Time-outs --------------------------------------------------------------------------------------------------------


def test_a_session_ends_after_thirty_idle_minutes_and_says_so(client, handler):
    org.sign_in(client, handler)
    assert is_signed_in(client)
    with clock.moved(START + dt.timedelta(minutes=29)):
        assert is_signed_in(client)
    with clock.moved(START + dt.timedelta(minutes=58)):
        assert is_signed_in(client), "each use starts the half hour anew"
    with clock.moved(START + dt.timedelta(minutes=89)):
        answer = client.get(WORKBENCH, follow=True)
        assert "登录已过期" in answer.content.decode()
        assert (
            answer.redirect_chain[0][0]
            == f"{reverse('account_login')}?ended=1&next=%2Forganizations%2Fsecond-factor%2Fcheck%2F"
        )
        assert not is_signed_in(client)
    assert [line.actor_id for line in lines("session_ended")] == [handler.pk]


def test_a_session_ends_after_eight_hours_however_busy(client, handler):
    org.sign_in(client, handler)
    assert is_signed_in(client)
    for minutes in range(20, 8 * 60 + 1, 20):
        with clock.moved(START + dt.timedelta(minutes=minutes)):
            assert is_signed_in(client), minutes
    with clock.moved(START + dt.timedelta(hours=8, minutes=1)):
        assert not is_signed_in(client)


def test_the_session_cookie_is_out_of_reach_of_scripts_and_changes_at_sign_in(client, handler):
    client.get(reverse("account_login"))
    before = client.cookies.get("sessionid")
    org.sign_in(client, handler)
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["expires"] == "", "it ends with the browser"
    assert before is None or before.value != cookie.value


# --- Initial passwords ------------------------------------------------------------------------------------------------


@pytest.fixture
def newcomer():
    return add_user(org.administrator(), username="newcomer", name="新人", password=org.PASSWORD, area_code=org.STREET)


def change(client, **changes):
    values = {"old": org.PASSWORD, "password": "better horse 77", "repeat": "better horse 77"} | changes
    return client.post(reverse("account_change_password"), values)


@pytest.mark.requirement("SEC-13")
def test_an_initial_password_must_be_changed_before_anything_else(client, newcomer):
    org.sign_in(client, newcomer)
    for name in ("workbench", "organizations:second-factor", "organizations:areas"):
        assert client.get(reverse(name))["Location"] == reverse("account_change_password")
    assert "初始密码" in client.get(reverse("account_change_password")).content.decode()
    assert change(client)["Location"] == reverse("workbench")
    assert is_signed_in(client), "the own session goes on"
    client.post(reverse("account_logout"))
    assert org.sign_in(client, newcomer).status_code == 200, "the initial password is gone"
    assert org.sign_in(client, newcomer, password="better horse 77").status_code == 302
    assert len(lines("change_password")) == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"old": "wrong horse 41"}, "密码不对"),
        ({"repeat": "better horse 78"}, "不一样"),
        ({"password": org.PASSWORD, "repeat": org.PASSWORD}, "不能与原密码相同"),
        ({"password": "short", "repeat": "short"}, "至少要10位"),
        ({"password": "password1234", "repeat": "password1234"}, "太常见"),
        ({"password": "8675309124", "repeat": "8675309124"}, "不能全是数字"),
        ({"password": "newcomer12", "repeat": "newcomer12"}, "太相近"),
    ],
)
def test_a_password_is_changed_only_with_the_old_one_and_to_a_good_one(client, newcomer, changes, says):
    org.sign_in(client, newcomer)
    answer = change(client, **changes)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    newcomer.refresh_from_db()
    assert newcomer.must_change_password
    assert newcomer.check_password(org.PASSWORD)


def test_the_old_password_cannot_be_guessed_inside_a_session(client, newcomer):
    org.sign_in(client, newcomer)
    for _ in range(5):
        assert "密码不对" in change(client, old="wrong horse 41").content.decode()
    assert "次数太多" in change(client).content.decode(), "the right one comes too late"


def test_a_password_reset_ends_open_sessions_and_asks_for_a_new_one(client, handler):
    org.sign_in(client, handler)
    reset_password(org.administrator(), handler.pk, password="given horse 90")
    assert not is_signed_in(client)
    org.sign_in(client, handler, password="given horse 90")
    assert client.get(WORKBENCH)["Location"] == reverse("account_change_password")


# --- The chosen post --------------------------------------------------------------------------------------------------


def choose(client, appointment_id, **more):
    return client.post(reverse("organizations:choose-post"), {"appointment": appointment_id, **more})


def test_a_person_chooses_among_the_own_posts_and_the_page_shows_which(client, handler):
    other = org.also(handler, "deputy_leader", org.OTHER_STREET)
    org.sign_in(client, handler)
    page = client.get(WORKBENCH).content.decode()
    assert "示例一街道办事处 · 街道经办人员" in " ".join(page.split())
    assert choose(client, other.pk, next=WORKBENCH)["Location"] == WORKBENCH
    assert "示例二街道办事处 · 分管领导" in " ".join(client.get(WORKBENCH).content.decode().split())


@pytest.mark.parametrize("wrong", ["0", "", "abc", "９", "99999999999999999999"])
def test_nobody_chooses_a_post_that_is_not_the_own(client, handler, wrong):
    org.sign_in(client, handler)
    assert choose(client, wrong).status_code == 404


def test_a_colleagues_post_or_an_ended_one_cannot_be_chosen(client, handler):
    colleague = org.post("principal_leader", org.STREET).appointments.get()
    ended = org.also(handler, "deputy_leader", org.STREET, until=dt.date(2026, 8, 31))
    org.sign_in(client, handler)
    assert [choose(client, row.pk).status_code for row in (colleague, ended)] == [404, 404]
    assert "街道经办人员" in client.get(WORKBENCH).content.decode()


def test_choosing_leads_to_no_other_site(client, handler):
    org.sign_in(client, handler)
    answer = choose(client, handler.appointments.get().pk, next="https://example.org/")
    assert answer["Location"] == reverse("workbench")


def test_a_chosen_post_that_ends_falls_back_to_one_still_held(client, handler):
    other = org.also(handler, "deputy_leader", org.OTHER_STREET, until=dt.date(2026, 9, 1))
    org.sign_in(client, handler)
    choose(client, other.pk)
    Session.objects.all().update(expire_date=dt.datetime(2099, 1, 1, tzinfo=clock.ZONE))
    with clock.moved(START + dt.timedelta(minutes=5)):
        assert "分管领导" in client.get(WORKBENCH).content.decode()
    assert resolve(WORKBENCH)
    with clock.moved(dt.datetime(2026, 9, 2, 9, 0, tzinfo=clock.ZONE)):
        assert org.actor(handler).post == "handler"
