"""Accounts, appointments, powers, responsibilities."""

import datetime as dt

import pytest

from common import clock
from common.errors import Forbidden, Invalid, NotFound
from journal.models import Entry
from organizations.enums import OfficeKind, Permission, Post, ResponsibilityKind
from organizations.errors import IncompatiblePosts, OwnAccount
from organizations.models import AreaUserPermission, Responsibility, User
from organizations.queries import actor_for, appointments_in_force, holders, responsible
from organizations.rules import POST_PERMISSIONS, are_incompatible
from organizations.services.appointments import appoint, end_appointment, end_responsibility, name_responsible
from organizations.services.people import add_user, hand_over_user, reset_password, set_user_active
from organizations.services.powers import derive_powers, heal_powers
from tests.builders import organization as org

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_districts(db):
    org.district()
    org.foreign_district()


# --- Appointments and powers ------------------------------------------------------------------------------------------


@pytest.mark.requirement("ORG-28", "SEC-12")
def test_a_post_gives_power_from_its_first_day_to_its_last_and_not_a_day_longer():
    person = org.post("handler", org.STREET, since=dt.date(2026, 9, 2))
    assert not org.actor(person).powers
    with clock.moved(dt.date(2026, 9, 2)):
        assert org.actor(person).can("accept_case", org.VILLAGE)
        end_appointment(org.administrator(), person.appointments.get().pk, on=dt.date(2026, 9, 4), reason="调离")
    with clock.moved(dt.datetime(2026, 9, 4, 23, 59, tzinfo=clock.ZONE)):
        assert org.actor(person).can("accept_case", org.VILLAGE)
    with clock.moved(dt.datetime(2026, 9, 5, 0, 0, tzinfo=clock.ZONE)):
        assert not org.actor(person).powers
        assert org.actor(person).post == ""


@pytest.mark.requirement("ORG-28")
def test_a_past_day_shows_the_holder_of_that_day():
    first = org.post("principal_leader", org.STREET, name="前任")
    second = org.post("principal_leader", org.STREET, name="后任", since=dt.date(2026, 9, 11))
    end_appointment(org.administrator(), first.appointments.get().pk, on=dt.date(2026, 9, 10), reason="调离")

    def names(on):
        return [row.user.name for row in holders("principal_leader", org.VILLAGE, on)]

    assert names(dt.date(2026, 9, 10)) == ["前任"]
    assert names(dt.date(2026, 9, 11)) == ["后任"]
    assert second.appointments.get().valid_to is None


def test_the_heal_job_takes_back_what_the_calendar_ended_and_mends_what_was_tampered_with():
    ended = org.post("handler", org.STREET, until=dt.date(2026, 9, 1))
    present = org.post("handler", org.STREET)
    AreaUserPermission.objects.filter(user=present, permission__codename="accept_case").delete()
    assert not org.actor(present).can("accept_case", org.VILLAGE)
    with clock.moved(dt.date(2026, 9, 2)):
        assert AreaUserPermission.objects.filter(user=ended).exists()
        assert heal_powers() > 0
        assert not AreaUserPermission.objects.filter(user=ended).exists()
        assert org.actor(present).can("accept_case", org.VILLAGE)
        assert heal_powers() == 0


def test_a_right_slipped_into_guardians_table_gives_nothing_the_post_does_not_carry():
    person = org.post("village", org.VILLAGE)
    row = AreaUserPermission.objects.filter(
        user=org.post("handler", org.STREET), permission__codename="decide_case"
    ).get()
    AreaUserPermission.objects.create(user=person, permission=row.permission, content_object=row.content_object)
    assert not org.actor(person).can("decide_case", org.VILLAGE)
    assert derive_powers(person) == 1


@pytest.mark.requirement("ORG-28")
def test_a_deputy_holds_the_post_for_the_days_of_the_deputising_and_is_named_as_deputy():
    leader = org.post("deputy_leader", org.STREET)
    deputy = org.post("handler", org.STREET, name="代理人")
    row = org.also(
        deputy,
        "deputy_leader",
        org.STREET,
        kind="deputising",
        deputises_id=leader.appointments.get().pk,
        since=dt.date(2026, 9, 1),
        until=dt.date(2026, 9, 7),
    )
    acting = actor_for(deputy, row.pk)
    assert acting.can("sign_case", org.VILLAGE)
    assert acting.post_title == "分管领导（代理）"
    with clock.moved(dt.date(2026, 9, 8)):
        assert not actor_for(deputy, row.pk).can("sign_case", org.VILLAGE)


@pytest.mark.parametrize(
    "changes",
    [
        {"deputises_id": None},
        {"post": "principal_leader"},
        {"kind": "borrowed"},
        {"valid_to": dt.date(2026, 8, 1)},
        {"post": "client"},
        {"area_code": org.OTHER_STREET},
    ],
)
def test_an_appointment_that_makes_no_sense_is_refused(changes):
    leader = org.post("deputy_leader", org.STREET).appointments.get()
    deputy = org.post("handler", org.STREET)
    values = {
        "user_id": deputy.pk,
        "post": "deputy_leader",
        "office_id": leader.office_id,
        "valid_from": dt.date(2026, 9, 1),
        "kind": "deputising",
        "deputises_id": leader.pk,
    }
    with pytest.raises(Invalid):
        appoint(org.administrator(), **values | changes)
    assert deputy.appointments.count() == 1


def test_a_person_acts_under_one_post_at_a_time_with_the_powers_of_that_post_alone():
    person = org.post("handler", org.STREET)
    other = org.also(person, "deputy_leader", org.OTHER_STREET)
    as_handler, as_leader = org.actor(person), actor_for(person, other.pk)
    assert as_handler.can("accept_case", org.VILLAGE)
    assert not as_handler.holds("sign_case")
    assert as_leader.can("sign_case", "120199002901")
    assert not as_leader.can("view_case", org.VILLAGE)
    foreign = org.post("handler", org.FOREIGN_STREET).appointments.get()
    assert actor_for(person, foreign.pk).post == "handler", "somebody else's post cannot be chosen"
    assert not actor_for(person, foreign.pk).can("accept_case", org.FOREIGN_VILLAGE)


def test_a_disabled_account_has_no_powers():
    person = org.post("handler", org.STREET)
    set_user_active(org.administrator(), person.pk, active=False, reason="离岗")
    person.refresh_from_db()
    assert not org.actor(person).powers
    assert holders("handler", org.VILLAGE) == []


def test_a_post_cannot_end_in_the_past_because_steps_may_have_been_taken_under_it():
    row = org.post("handler", org.STREET).appointments.get()
    with pytest.raises(Invalid) as caught:
        end_appointment(org.administrator(), row.pk, on=dt.date(2026, 8, 31), reason="调离")
    assert caught.value.field == "on"
    end_appointment(org.administrator(), row.pk, on=dt.date(2026, 9, 1), reason="调离")
    with pytest.raises(Invalid):
        end_appointment(org.administrator(), row.pk, on=dt.date(2026, 9, 2), reason="调离")


# --- Separation -------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("ORG-30")
def test_no_post_carries_both_confirming_and_supervising():
    confirming = {Permission.SIGN_CASE, Permission.DECIDE_CASE, Permission.REVIEW_CASE}
    for post in (Post.DISTRICT_OFFICER, Post.DISTRICT_SUPERVISOR, Post.DISCIPLINE, Post.CITY, Post.PROVINCE):
        assert not POST_PERMISSIONS[post] & confirming, post


@pytest.mark.requirement("ORG-30")
@pytest.mark.parametrize("supervising", ["district_officer", "district_supervisor", "discipline"])
@pytest.mark.parametrize("confirming", ["handler", "deputy_leader", "principal_leader"])
def test_who_confirms_in_a_street_cannot_be_made_its_supervisor_at_the_same_time(confirming, supervising):
    person = org.post(confirming, org.STREET, until=dt.date(2026, 12, 31))
    with pytest.raises(IncompatiblePosts) as caught:
        org.also(person, supervising, org.DISTRICT, since=dt.date(2026, 12, 31))
    assert caught.value.code == "ORG_POSTS_INCOMPATIBLE"
    assert person.appointments.count() == 1
    org.also(person, supervising, org.DISTRICT, since=dt.date(2027, 1, 1))
    org.also(person, supervising, org.FOREIGN_DISTRICT)


@pytest.mark.parametrize(
    ("one", "other", "refused"),
    [
        ("system_admin", "security_admin", True),
        ("security_admin", "audit_admin", True),
        ("system_admin", "handler", True),
        ("system_admin", "system_admin", False),
        ("handler", "deputy_leader", False),
        ("village", "assistant", False),
    ],
)
def test_the_three_administrators_are_three_people_and_handle_no_cases(one, other, refused):
    assert are_incompatible(one, other) is refused
    assert are_incompatible(other, one) is refused


def test_an_administrator_gives_no_post_to_itself():
    user = org.post("system_admin", org.DISTRICT)
    admin = org.actor(user)
    with pytest.raises(OwnAccount):
        appoint(
            admin,
            user_id=user.pk,
            post="district_funds",
            office_id=org.office(org.DISTRICT, "government").pk,
            valid_from=org.SINCE,
        )
    with pytest.raises(OwnAccount):
        set_user_active(admin, user.pk, active=False, reason="试")
    with pytest.raises(OwnAccount):
        reset_password(admin, user.pk, password="another horse 43")


# --- Accounts ---------------------------------------------------------------------------------------------------------


def test_an_account_belongs_to_the_division_that_opened_it_and_is_unknown_elsewhere():
    at_home, elsewhere = org.administrator_of(org.DISTRICT), org.administrator_of(org.FOREIGN_DISTRICT)
    user = add_user(at_home, username="newcomer", name="新人", password=org.PASSWORD)
    assert (user.area_code, user.must_change_password) == (org.DISTRICT, True)
    for refused in (
        lambda: reset_password(elsewhere, user.pk, password="another horse 43"),
        lambda: set_user_active(elsewhere, user.pk, active=False, reason="试"),
        lambda: hand_over_user(elsewhere, user.pk, area_code=org.FOREIGN_DISTRICT, reason="试"),
        lambda: appoint(
            elsewhere,
            user_id=user.pk,
            post="handler",
            office_id=org.office(org.FOREIGN_STREET, "street").pk,
            valid_from=org.SINCE,
        ),
    ):
        with pytest.raises(NotFound):
            refused()
    with pytest.raises(Forbidden):
        reset_password(org.actor(org.post("handler", org.STREET)), user.pk, password="another horse 43")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": " "}, "username"),
        ({"name": ""}, "name"),
        ({"password": "short"}, "password"),
        ({"password": "1234567890123"}, "password"),
        ({"username": "taken"}, "username"),
    ],
)
def test_an_account_needs_a_name_of_its_own_and_a_decent_password(changes, field):
    add_user(org.administrator_of(), username="taken", name="先来", password=org.PASSWORD)
    with pytest.raises(Invalid) as caught:
        add_user(org.administrator_of(), **{"username": "newcomer", "name": "新人", "password": org.PASSWORD} | changes)
    assert caught.value.field == field


@pytest.mark.requirement("SEC-12", "SEC-13")
def test_a_person_who_moves_is_handed_over_once_the_old_posts_have_ended():
    old_home, new_home = org.administrator_of(org.DISTRICT), org.administrator_of(org.FOREIGN_DISTRICT)
    user = org.post("handler", org.STREET)
    User.objects.filter(pk=user.pk).update(area_code=org.DISTRICT)
    with pytest.raises(Invalid, match="离任"):
        hand_over_user(old_home, user.pk, area_code=org.FOREIGN_STREET, reason="调动")
    end_appointment(old_home, user.appointments.get().pk, on=clock.today(), reason="调动")
    hand_over_user(old_home, user.pk, area_code=org.FOREIGN_STREET, reason="调动")
    with pytest.raises(NotFound):
        reset_password(old_home, user.pk, password="another horse 43")
    row = appoint(
        new_home,
        user_id=user.pk,
        post="handler",
        office_id=org.office(org.FOREIGN_STREET, "street").pk,
        valid_from=clock.today(),
    )
    assert actor_for(user, row.pk).can("accept_case", org.FOREIGN_VILLAGE)


@pytest.mark.requirement("ORG-18", "SEC-13")
def test_every_act_of_administration_stands_in_the_journal_with_who_did_it():
    admin_user = org.post("system_admin", org.DISTRICT, name="管理员甲")
    admin = org.actor(admin_user)
    user = add_user(admin, username="newcomer", name="新人", password=org.PASSWORD)
    row = appoint(
        admin, user_id=user.pk, post="handler", office_id=org.office(org.STREET, "street").pk, valid_from=clock.today()
    )
    end_appointment(admin, row.pk, on=clock.today(), reason="试用不合格")
    lines = Entry.objects.unscoped(reason="test").filter(actor_id=admin_user.pk).order_by("pk")
    assert [(line.act, line.actor_name, line.actor_post) for line in lines] == [
        ("organizations.add_user", "管理员甲", "system_admin"),
        ("organizations.appoint", "管理员甲", "system_admin"),
        ("organizations.end_appointment", "管理员甲", "system_admin"),
    ]
    assert lines[2].reason == "试用不合格"
    assert all(org.PASSWORD not in str(line.changes) for line in lines)


def test_a_form_sent_twice_opens_one_account():
    admin = org.administrator_of()
    values = {
        "username": "newcomer",
        "name": "新人",
        "password": org.PASSWORD,
        "key": "1f0c5a0e-0000-4000-8000-000000000001",
    }
    first, second = add_user(admin, **values), add_user(admin, **values)
    assert first == second
    assert (
        Entry.objects.unscoped(reason="test").filter(object_type="organizations.user", object_id=str(first.pk)).count()
        == 1
    )


# --- Responsibilities -------------------------------------------------------------------------------------------------


def respond(kind, *, office=None, **holder):
    office = office or org.office(org.STREET, OfficeKind.STREET)
    return name_responsible(
        org.administrator_of(),
        office_id=office.pk,
        kind=kind,
        basis="001 第四条",
        valid_from=dt.date(2026, 9, 1),
        **holder,
    )


@pytest.mark.parametrize(
    ("kind", "post"),
    [
        pytest.param("first", "principal_leader", marks=pytest.mark.requirement("ORG-07")),
        pytest.param("direct", "deputy_leader", marks=pytest.mark.requirement("ORG-08")),
        pytest.param("concrete", "handler", marks=pytest.mark.requirement("ORG-09")),
    ],
)
def test_a_street_has_first_directly_and_concretely_responsible_persons_by_date(kind, post):
    person = org.post(post, org.STREET)
    row = respond(kind, person_id=person.pk)
    office = row.office
    assert [one.person for one in responsible(office, kind, dt.date(2026, 9, 1))] == [person]
    assert responsible(office, kind, dt.date(2026, 8, 31)) == []
    end_responsibility(org.administrator_of(), row.pk, on=dt.date(2026, 9, 30), reason="换届")
    assert responsible(office, kind, dt.date(2026, 9, 30))
    assert responsible(office, kind, dt.date(2026, 10, 1)) == []
    assert Responsibility.objects.get(pk=row.pk).person == person, "the row stays"


@pytest.mark.requirement("ORG-06")
def test_the_bureau_names_its_supervising_unit_as_first_responsible_for_supervision():
    bureau, unit = org.office(org.DISTRICT, "government"), org.office(org.DISTRICT, "supervising_unit")
    row = respond(ResponsibilityKind.SUPERVISION, office=bureau, unit_id=unit.pk)
    assert responsible(bureau, "supervision", dt.date(2026, 9, 1)) == [row]
    assert row.unit == unit


@pytest.mark.requirement("ORG-10")
@pytest.mark.parametrize("role", ["village_lead", "civil_assistant", "dibao_manager", "village_cadre", "dibao_clerk"])
def test_a_village_has_its_frontline_roles(role):
    person = org.post("village", org.VILLAGE)
    office = org.office(org.VILLAGE, OfficeKind.VILLAGE)
    row = respond("frontline", office=office, person_id=person.pk, frontline=role)
    assert [one.frontline for one in responsible(office, "frontline", dt.date(2026, 9, 1))] == [role]
    assert row.get_frontline_display() in {"包村（社区）干部", "民政助理员", "低保管理员", "村（社区）干部", "低保员"}


def test_a_responsibility_has_exactly_one_holder_who_belongs_here():
    person, stranger = org.post("handler", org.STREET), org.post("handler", org.FOREIGN_STREET)
    unit = org.office(org.DISTRICT, "supervising_unit")
    admin = org.administrator_of()
    common = {"office_id": org.office(org.STREET, "street").pk, "basis": "001", "valid_from": clock.today()}
    for wrong in (
        {"kind": "first"},
        {"kind": "supervision", "person_id": person.pk, "unit_id": unit.pk},
        {"kind": "first", "unit_id": unit.pk},
        {"kind": "frontline", "person_id": person.pk},
        {"kind": "first", "person_id": person.pk, "frontline": "dibao_clerk"},
        {"kind": "boss", "person_id": person.pk},
        {"kind": "first", "person_id": person.pk, "basis": ""},
    ):
        with pytest.raises(Invalid):
            name_responsible(admin, **common | wrong)
    with pytest.raises(NotFound):
        name_responsible(admin, **common | {"kind": "first", "person_id": stranger.pk})
    assert not Responsibility.objects.exists()


def test_an_account_without_a_post_can_do_nothing():
    user = add_user(org.administrator_of(), username="newcomer", name="新人", password=org.PASSWORD)
    one = actor_for(user)
    assert (one.post, one.powers, one.appointment_id) == ("", frozenset(), None)
    assert not appointments_in_force(user).exists()
