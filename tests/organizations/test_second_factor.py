"""The second factor: codes, secrets, tries, setting up, losing it."""

import base64
import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.urls import reverse

from common import clock
from common.errors import Forbidden, Invalid, NotFound
from common.throttle import Unavailable
from journal.models import Entry
from organizations.errors import SecondFactorMissing, SecondFactorWrong
from organizations.services.second_factor import (
    current_code,
    drop_second_factor,
    has_second_factor,
    new_secret,
    remove_second_factor,
    set_secret,
    set_up_second_factor,
    verify_code,
)
from tests.builders import organization as org

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 9, 1, 9, 0, tzinfo=clock.ZONE)


@pytest.fixture
def leader():
    org.district()
    return org.give_second_factor(org.post("deputy_leader", org.STREET))


def wrong_code():
    right = {org.code_now(START + dt.timedelta(seconds=30 * step)) for step in (-1, 0, 1)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in right)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_published_test_vectors(seconds, code):
    """RFC 6238, appendix B (SHA-1), last six digits."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert current_code(secret, dt.datetime.fromtimestamp(seconds, tz=dt.UTC)) == code


def test_every_secret_is_new_and_long():
    secrets = {new_secret() for _ in range(50)}
    assert len(secrets) == 50
    assert {len(base64.b32decode(secret)) for secret in secrets} == {20}


@pytest.mark.parametrize(("late", "accepted"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_is_taken_half_a_minute_early_or_late(leader, late, accepted):
    code = org.code_now(START + dt.timedelta(seconds=late))
    if accepted:
        verify_code(org.actor(leader), code)
    else:
        with pytest.raises(SecondFactorWrong):
            verify_code(org.actor(leader), code)


def test_a_code_typed_with_full_width_digits_and_spaces_is_taken(leader):
    code = org.code_now().translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    verify_code(org.actor(leader), f" {code[:3]} {code[3:]} ")


def test_each_code_counts_once_and_no_older_one_after_it(leader):
    one = org.actor(leader)
    older = org.code_now(START - dt.timedelta(seconds=30))
    verify_code(one, org.code_now())
    for used in (org.code_now(), older):
        with pytest.raises(SecondFactorWrong) as caught:
            verify_code(one, used)
        assert caught.value.code == "ORG_SECOND_FACTOR_WRONG"
    verify_code(one, org.code_now(START + dt.timedelta(seconds=30)))


def test_one_persons_code_is_nothing_for_another(leader):
    other = org.post("principal_leader", org.STREET)
    set_secret(org.administrator(), other.pk, new_secret())
    with pytest.raises(SecondFactorWrong):
        verify_code(org.actor(other), org.code_now())


def test_without_a_second_factor_there_is_nothing_to_check(leader):
    other = org.post("principal_leader", org.STREET)
    with pytest.raises(SecondFactorMissing) as caught:
        verify_code(org.actor(other), "123456")
    assert caught.value.code == "ORG_SECOND_FACTOR_MISSING"
    assert not has_second_factor(other.pk)
    assert has_second_factor(leader.pk)


def test_after_five_wrong_codes_even_the_right_one_waits(leader):
    one = org.actor(leader)
    for _ in range(5):
        with pytest.raises(SecondFactorWrong, match="不对"):
            verify_code(one, wrong_code())
    with pytest.raises(SecondFactorWrong, match="太多"):
        verify_code(one, org.code_now())


def test_a_right_code_ends_the_count_of_wrong_ones(leader):
    one = org.actor(leader)
    for step in (0, 1):
        with clock.moved(START + dt.timedelta(minutes=step)):
            for _ in range(4):
                with pytest.raises(SecondFactorWrong, match="不对"):
                    verify_code(one, "12345")
            verify_code(one, org.code_now())


def test_without_the_counter_no_code_is_taken(leader, monkeypatch):
    def down(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr("common.throttle.cache.add", down, raising=False)
    with pytest.raises(Unavailable):
        verify_code(org.actor(leader), org.code_now())


def test_the_database_holds_no_secret_in_clear(leader):
    data = Authenticator.objects.get(user=leader).data
    assert org.SECRET not in str(data)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM mfa_authenticator WHERE data::text LIKE %s", [f"%{org.SECRET[:10]}%"])
        assert cursor.fetchone()[0] == 0
    assert org.SECRET not in str(list(Entry.objects.unscoped(reason="test").values()))


def test_an_altered_secret_opens_nothing(leader):
    row = Authenticator.objects.get(user=leader)
    row.data = {"secret": "AAAA" + row.data["secret"][4:]}
    row.save()
    for code in (org.code_now(), current_code("", START)):
        with pytest.raises(SecondFactorWrong):
            verify_code(org.actor(leader), code)


# --- Setting up -------------------------------------------------------------------------------------------------------


@pytest.fixture
def person():
    org.district()
    return org.post("deputy_leader", org.STREET)


def test_setting_up_needs_the_password_and_a_code_of_the_new_secret(person):
    secret, one = new_secret(), org.actor(person)
    with pytest.raises(Invalid) as caught:
        set_up_second_factor(one, password="wrong horse 41", secret=secret, code=current_code(secret, START))
    assert caught.value.field == "password"
    with pytest.raises(SecondFactorWrong):
        set_up_second_factor(one, password=org.PASSWORD, secret=secret, code=current_code(new_secret(), START))
    assert not has_second_factor(person.pk)
    set_up_second_factor(one, password=org.PASSWORD, secret=secret, code=current_code(secret, START))
    assert has_second_factor(person.pk)
    with pytest.raises(SecondFactorWrong):
        verify_code(one, current_code(secret, START))
    with pytest.raises(Invalid):
        set_up_second_factor(one, password=org.PASSWORD, secret=new_secret(), code="123456")


def page_secret(page):
    return page.context["secret"].replace(" ", "")


def test_the_page_shows_secret_and_qr_code_until_it_is_proven_and_never_again(client, person):
    org.sign_in(client, person)
    url = reverse("organizations:second-factor")
    page = client.get(url)
    secret, token = page_secret(page), page.context["form"]["token"].value()
    assert secret not in token
    assert "data:image/svg+xml;base64," in page.content.decode()
    wrong = client.post(url, {"token": token, "password": org.PASSWORD, "proof": "12345"})
    assert wrong.status_code == 422
    assert page_secret(wrong) == secret, "the app was fed this one already"
    done = client.post(url, {"token": token, "password": org.PASSWORD, "proof": current_code(secret, START)})
    assert done.status_code == 302
    after = client.get(url).content.decode()
    assert "动态口令已设置" in after
    assert "data:image" not in after


def test_a_secret_made_for_somebody_else_is_not_taken(client, person):
    org.sign_in(client, org.post("handler", org.STREET))
    url = reverse("organizations:second-factor")
    foreign = client.get(url)
    client.post(reverse("account_logout"))
    org.sign_in(client, person)
    code = current_code(page_secret(foreign), START)
    answer = client.post(
        url, {"token": foreign.context["form"]["token"].value(), "password": org.PASSWORD, "proof": code}
    )
    assert answer.status_code == 422
    assert page_secret(answer) != page_secret(foreign)
    assert not has_second_factor(person.pk)


def test_one_check_is_good_for_ten_minutes_of_that_session(client, leader):
    from organizations.doors import is_checked

    org.sign_in(client, leader)
    url = reverse("organizations:second-factor-check")
    assert client.post(url, {"code": wrong_code()}).status_code == 422
    assert client.post(url, {"code": org.code_now(), "next": "https://example.org/"})["Location"] == reverse(
        "workbench"
    )
    request = client.get(url).wsgi_request
    for seconds, good in ((0, True), (600, True), (601, False), (-1, False)):
        with clock.moved(START + dt.timedelta(seconds=seconds)):
            assert is_checked(request) is good
    client.post(reverse("account_logout"))
    org.sign_in(client, leader)
    assert not is_checked(client.get(url).wsgi_request)


# --- Giving up and losing ---------------------------------------------------------------------------------------------


def test_a_person_gives_up_the_second_factor_by_a_code_of_it(client, leader):
    org.sign_in(client, leader)
    url = reverse("organizations:second-factor-drop")
    assert client.post(url, {"code": wrong_code()}).status_code == 422
    assert has_second_factor(leader.pk)
    assert client.post(url, {"code": org.code_now()}).status_code == 302
    assert not has_second_factor(leader.pk)
    with pytest.raises(SecondFactorMissing):
        drop_second_factor(org.actor(leader), code="123456")


def test_the_security_administrator_removes_a_lost_one_with_a_reason_at_home_only(leader):
    org.foreign_district()
    security = org.actor(org.post("security_admin", org.DISTRICT))
    foreign = org.actor(org.post("security_admin", org.FOREIGN_DISTRICT))
    with pytest.raises(NotFound):
        remove_second_factor(foreign, leader.pk, reason="手机丢失")
    for wrong in (org.administrator_of(), org.actor(leader), org.actor(org.post("handler", org.STREET))):
        with pytest.raises(Forbidden):
            remove_second_factor(wrong, leader.pk, reason="手机丢失")
    with pytest.raises(Invalid):
        remove_second_factor(security, leader.pk, reason=" ")
    remove_second_factor(security, leader.pk, reason="手机丢失，当面核实身份证")
    assert not has_second_factor(leader.pk)
    line = Entry.objects.unscoped(reason="test").get(act="organizations.remove_second_factor")
    assert (line.reason, line.actor_post) == ("手机丢失，当面核实身份证", "security_admin")


def test_known_secrets_are_for_demonstration_accounts_outside_production(leader, settings):
    from organizations.services.people import add_user

    real = add_user(org.administrator(), username="real", name="真人", password=org.PASSWORD, area_code=org.STREET)
    with pytest.raises(Forbidden):
        set_secret(org.administrator(), real.pk, org.SECRET)
    with pytest.raises(Forbidden):
        set_secret(org.actor(leader), leader.pk, org.SECRET)
    settings.PRODUCTION = True
    with pytest.raises(Forbidden):
        set_secret(org.administrator(), leader.pk, org.SECRET)
