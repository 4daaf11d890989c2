"""The commands that make a system without people usable."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from organizations.models import User
from tests.builders import organization as org

pytestmark = pytest.mark.django_db


def first(monkeypatch, password=org.PASSWORD, **changes):
    monkeypatch.setenv("INITIAL_PASSWORD", password)
    values = {"area": org.DISTRICT, "username": "first", "name": "首任", "post": "system_admin"} | changes
    call_command("first_administrator", **values)


@pytest.mark.requirement("SEC-13")
def test_the_first_administrators_are_opened_on_the_command_line_one_person_a_post(client, monkeypatch, capsys):
    org.district()
    first(monkeypatch)
    first(monkeypatch, username="second", post="security_admin")
    assert capsys.readouterr().out.count("opened") == 2
    user = User.objects.get(username="first")
    assert org.actor(user).can("manage_organization", org.VILLAGE)
    org.sign_in(client, user)
    assert client.get(reverse("organizations:areas"))["Location"] == reverse("account_change_password")
    with pytest.raises(CommandError, match="already has"):
        first(monkeypatch, username="third")


def test_a_province_without_an_office_gets_a_managing_one(monkeypatch):
    org.district()
    first(monkeypatch, area="120000000000")
    assert org.actor(User.objects.get(username="first")).can("manage_organization", org.VILLAGE)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"area": "990000000000"}, "no registered area"),
        ({"password": "short"}, "密码"),
        ({"name": " "}, "姓名"),
    ],
)
def test_a_mistake_is_one_clear_line_and_leaves_nothing(monkeypatch, changes, says):
    org.district()
    with pytest.raises(CommandError, match=says):
        first(monkeypatch, **changes)
    assert not User.objects.exists()
