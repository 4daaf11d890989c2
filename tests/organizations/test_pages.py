"""The administrators' pages: what they show, do, and refuse."""

import re

import pytest
from django.urls import reverse

from common import clock
from common.models import OutboxMessage
from journal.models import Entry
from organizations.models import Appointment, Area, Delegation, Office, Responsibility, User
from tests.builders import organization as org

pytestmark = pytest.mark.django_db
TODAY = "2026-09-01"


@pytest.fixture(autouse=True)
def places(db):
    org.district()
    org.foreign_district()


@pytest.fixture
def admin(client):
    return org.signed_in(client, org.post("system_admin", org.DISTRICT, name="管理员甲"))


def url(name, *args, **query):
    text = reverse(f"organizations:{name}", args=args)
    return text + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


def area(code):
    return Area.objects.get(code=code)


def street_office(code=org.STREET):
    return org.office(code, "street")


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


# --- Every page -------------------------------------------------------------------------------------------------------


def pages(person, foreign=False):
    """(address, what must stand there) of every administrator's page about the home district or the foreign one."""
    street = org.FOREIGN_STREET if foreign else org.STREET
    held = person.appointments.get()
    return [
        url("areas", at=street),
        url("area-add", at=street),
        url("area-recode", area(street).pk),
        url("office-add", at=street),
        url("office-edit", street_office(street).pk),
        url("office-close", street_office(street).pk),
        url("user", person.pk),
        url("user-active", person.pk),
        url("user-password", person.pk),
        url("user-hand-over", person.pk),
        url("appoint", user=person.pk),
        url("appoint", deputises=held.pk),
        url("end-appointment", held.pk),
    ]


GENERAL = ["areas", "offices", "users", "user-add", "appoint", "responsibilities", "delegations", "tasks"]


def test_the_administrator_opens_every_page_about_the_own_district(admin):
    person = org.post("handler", org.STREET)
    for address in [url(name) for name in GENERAL] + pages(person):
        answer = admin.get(address)
        assert answer.status_code == 200, address


def test_a_foreign_district_is_as_good_as_absent(admin):
    stranger = org.post("handler", org.FOREIGN_STREET, name="外区人")
    for address in pages(stranger, foreign=True):
        answer = admin.get(address)
        assert answer.status_code == 404, address
        assert "外区人" not in answer.content.decode()
        assert admin.post(address, {}).status_code in {404, 405}, address


def test_lists_and_searches_show_nothing_foreign(admin):
    org.post("handler", org.FOREIGN_STREET, name="外区人")
    for address in (
        url("users", q="外区人"),
        url("users"),
        url("offices"),
        url("offices", q="示例外区"),
        url("areas", q="150199"),
    ):
        page = text_of(admin.get(address)).replace("外区人", "", 0)
        assert "示例外区" not in page.replace("查找", ""), address
        assert org.FOREIGN_STREET not in page, address


@pytest.mark.parametrize(
    "role", ["handler", "principal_leader", "district_supervisor", "security_admin", "audit_admin"]
)
def test_other_posts_are_refused_every_page_and_the_refusal_is_recorded(client, role):
    where = {"handler": org.STREET, "principal_leader": org.STREET}.get(role, org.DISTRICT)
    person = org.post(role, where)
    org.sign_in(client, person)
    for address in [url(name) for name in GENERAL] + pages(org.post("handler", org.STREET)):
        assert client.get(address).status_code == 403, address
    assert Entry.objects.unscoped(reason="test").filter(object_type="refusal", actor_id=person.pk).exists()


def test_nobody_sees_anything_without_signing_in(client):
    for address in [url(name) for name in [*GENERAL, "locked", "second-factor-lost", "second-factor"]]:
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith(reverse("account_login"))


def test_the_security_administrators_pages_are_for_no_other_administrator(admin, client):
    locked = org.post("handler", org.STREET)
    for address in (url("locked"), url("second-factor-lost"), url("unlock", locked.pk)):
        assert admin.get(address).status_code == 403


# --- The one-time code ------------------------------------------------------------------------------------------------


def test_changing_asks_for_a_code_once_in_ten_minutes_and_keeps_what_was_typed(client):
    person = org.give_second_factor(org.post("system_admin", org.DISTRICT))
    org.sign_in(client, person)
    values = {"username": "newcomer", "name": "新人", "password": org.PASSWORD, "area_code": ""}
    page = client.post(url("user-add"), values | {"code": ""})
    assert page.status_code == 422
    assert 'value="newcomer"' in page.content.decode()
    page = client.post(url("user-add"), values | {"code": "000000"})
    assert "动态口令不对" in page.content.decode()
    assert not User.objects.filter(username="newcomer").exists()
    assert client.post(url("user-add"), values | {"code": org.code_now()}).status_code == 302
    assert 'name="code"' not in client.get(url("user-add")).content.decode()
    with clock.moved(clock.now() + clock.dt.timedelta(minutes=11)):
        assert 'name="code"' in client.get(url("user-add")).content.decode()


def test_an_administrator_without_a_second_factor_changes_nothing(client):
    org.sign_in(client, org.post("system_admin", org.DISTRICT))
    page = client.post(url("user-add"), {"username": "n", "name": "新人", "password": org.PASSWORD, "code": "123456"})
    assert page.status_code == 409
    assert "还没有设置动态口令" in page.content.decode()
    assert not User.objects.filter(username="n").exists()


# --- Doing things -----------------------------------------------------------------------------------------------------


def test_the_tree_leads_from_the_district_down_to_a_village(admin):
    assert "示例一街道" in text_of(admin.get(url("areas")))
    assert "一春和里社区" in text_of(admin.get(url("areas", at=org.STREET)))
    assert "没有登记下级区划" in text_of(admin.get(url("areas", at=org.VILLAGE)))
    assert "一瑞安里社区" in text_of(admin.get(url("areas", q="瑞安里")))
    assert "没有找到" in text_of(admin.get(url("areas", q="没有的地方")))


def test_an_area_is_added_and_recoded(admin):
    form = {
        "area_code": "120199003000",
        "name": "示例三街道",
        "level": "street",
        "valid_from": TODAY,
        "source": "",
        "made_up": "on",
    }
    answer = admin.post(url("area-add", at=org.DISTRICT), form)
    assert answer["Location"] == url("areas", at=org.DISTRICT)
    added = area("120199003000")
    assert added.made_up
    twice = admin.post(url("area-add", at=org.DISTRICT), form)
    assert twice.status_code == 422
    assert "已经登记过" in twice.content.decode()
    form = {"area_code": "120199013000", "name": "示例三街道", "on": "2026-10-01", "reason": "示例批复"}
    assert admin.post(url("area-recode", added.pk), form).status_code == 302
    assert area("120199013000").replaces == added
    assert "原代码" in text_of(admin.get(url("areas", at="120199013000")))


def test_an_office_is_added_over_several_areas_changed_and_closed(admin):
    form = {
        "name": "示例联合办事处",
        "short_name": "联合",
        "kind": "street",
        "area_codes": [org.STREET],
        "more_codes": "120199002901 120199002902",
        "parent_id": "",
        "treated_as_city": "",
        "hotline": "022-00000000",
        "address": "",
        "number_prefix": "示联",
    }
    assert admin.post(url("office-add", at=org.STREET), form).status_code == 302
    office = Office.objects.get(name="示例联合办事处")
    assert sorted(office.areas.values_list("code", flat=True)) == [org.STREET, "120199002901", "120199002902"]
    edit = form | {"area_codes": ["120199002901"], "more_codes": "", "treated_as_city": "on"}
    assert admin.post(url("office-edit", office.pk), edit).status_code == 302
    office.refresh_from_db()
    assert (office.treated_as_city, [one.code for one in office.areas.all()]) == (True, ["120199002901"])
    foreign = admin.post(url("office-edit", office.pk), form | {"more_codes": org.FOREIGN_STREET})
    assert foreign.status_code == 404
    assert admin.post(url("office-close", office.pk), {"on": TODAY, "reason": "撤并"}).status_code == 302
    office.refresh_from_db()
    assert office.closed_on


def test_an_account_is_opened_appointed_deputised_ended_disabled(admin):
    form = {"username": "newcomer", "name": "新人", "password": org.PASSWORD, "area_code": org.STREET}
    answer = admin.post(url("user-add"), form)
    person = User.objects.get(username="newcomer")
    assert answer["Location"] == url("user", person.pk)
    post = {
        "username": "newcomer",
        "post": "handler",
        "office_id": street_office().pk,
        "title": "经办",
        "area_code": "",
        "kind": "standing",
        "deputises_id": "",
        "valid_from": TODAY,
        "valid_to": "",
    }
    assert admin.post(url("appoint", user=person.pk), post).status_code == 302
    held = person.appointments.get()
    deputy = org.post("village", org.VILLAGE)
    deputising = post | {
        "username": deputy.username,
        "kind": "deputising",
        "deputises_id": held.pk,
        "valid_to": "2026-09-30",
    }
    assert admin.post(url("appoint", deputises=held.pk), deputising).status_code == 302
    assert Appointment.objects.get(kind="deputising").deputises == held
    assert admin.post(url("end-appointment", held.pk), {"on": "2026-09-15", "reason": "调离"}).status_code == 302
    page = text_of(admin.get(url("user", person.pk)))
    assert "2026年9月15日" in page
    assert admin.post(url("user-password", person.pk), {"password": "given horse 90"}).status_code == 302
    assert admin.post(url("user-active", person.pk), {"reason": "离岗"}).status_code == 302
    person.refresh_from_db()
    assert not person.is_active
    assert "已停用" in text_of(admin.get(url("users", q="新人")))


def test_a_refused_appointment_shows_why_beside_the_field_and_keeps_the_form(admin):
    person = org.post("handler", org.STREET)
    form = {
        "username": person.username,
        "post": "district_supervisor",
        "office_id": org.office(org.DISTRICT, "government").pk,
        "title": "",
        "area_code": "",
        "kind": "standing",
        "deputises_id": "",
        "valid_from": TODAY,
        "valid_to": "",
    }
    page = admin.post(url("appoint", user=person.pk), form)
    assert page.status_code == 409
    assert "审核与监管" in page.context["form"].errors["post"][0]
    assert f'value="{person.username}"' in page.content.decode()
    stranger = org.post("handler", org.FOREIGN_STREET)
    page = admin.post(url("appoint"), form | {"username": stranger.username})
    assert page.context["form"].errors["username"]


def test_an_account_is_handed_over(admin):
    person = org.post("handler", org.STREET, until=clock.today())
    assert (
        admin.post(url("user-hand-over", person.pk), {"area_code": org.FOREIGN_STREET, "reason": "调动"}).status_code
        == 302
    )
    assert admin.get(url("user", person.pk)).status_code == 404


def test_responsible_persons_are_named_and_ended(admin):
    person = org.post("principal_leader", org.STREET, name="镇长甲")
    form = {
        "office_id": street_office().pk,
        "kind": "first",
        "frontline": "",
        "username": person.username,
        "unit_id": "",
        "basis": "001 第四条",
        "valid_from": TODAY,
    }
    assert admin.post(url("responsibilities"), form | {"username": ""}).status_code == 422
    assert admin.post(url("responsibilities"), form).status_code == 302
    assert "镇长甲" in text_of(admin.get(url("responsibilities", q="一街道")))
    row = Responsibility.objects.get()
    assert admin.post(url("end-responsibility", row.pk), {"on": "2026-12-31", "reason": "换届"}).status_code == 302


def test_delegations_are_recorded_and_taken_back(admin):
    form = {"district_code": org.DISTRICT, "programme": "DIBAO", "basis": "示例文件", "valid_from": TODAY}
    assert admin.post(url("delegations"), form | {"district_code": org.FOREIGN_DISTRICT}).status_code == 422
    assert admin.post(url("delegations"), form).status_code == 302
    assert "最低生活保障" in text_of(admin.get(url("delegations")))
    row = Delegation.objects.get()
    assert admin.post(url("end-delegation", row.pk), {"on": "2026-12-31", "reason": "收回"}).status_code == 302


def test_a_form_sent_twice_is_one_act(admin):
    form = {
        "username": "newcomer",
        "name": "新人",
        "password": org.PASSWORD,
        "area_code": "",
        "key": "1f0c5a0e-0000-4000-8000-000000000002",
    }
    first, second = admin.post(url("user-add"), form), admin.post(url("user-add"), form)
    assert first["Location"] == second["Location"]
    assert User.objects.filter(username="newcomer").count() == 1


@pytest.mark.parametrize("garbage", ["%00", "x" * 300, "'; DROP TABLE", "９"])
def test_garbage_in_addresses_and_forms_is_a_clear_refusal(admin, garbage):
    answers = {400} if garbage == "%00" else {200, 404}
    for address in (
        url("areas", at=garbage),
        url("areas", q=garbage),
        url("users", q=garbage, after=garbage),
        url("offices", q=garbage, kind=garbage),
    ):
        assert admin.get(address).status_code in answers, address
    for address in (url("appoint", user=garbage), url("appoint", deputises=garbage)):
        assert admin.get(address).status_code in answers, address
    assert admin.post(url("user-add"), {"username": garbage.replace("%00", "\0"), "key": garbage}).status_code == 422
    assert admin.get("/organizations/users/99999999999999999999999/").status_code == 404


def test_long_lists_come_in_pages_with_the_same_number_of_queries(admin, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        admin.get(url("users"))
    User.objects.bulk_create(User(username=f"u{n:04}", name=f"人{n}", area_code=org.STREET) for n in range(120))
    with CaptureQueriesContext(connection) as many:
        page = admin.get(url("users"))
    assert len(many) == len(few)
    seen, address = [], url("users")
    while address:
        page = admin.get(address)
        seen += re.findall(r">(u\d{4})<", page.content.decode())
        more = page.context["more"]
        address = f"{url('users')}?{more}" if more else ""
    assert sorted(set(seen)) == [f"u{n:04}" for n in range(120)]
    assert len(seen) == 120


# --- Security and tasks -----------------------------------------------------------------------------------------------


@pytest.fixture
def security(client):
    return org.signed_in(client, org.post("security_admin", org.DISTRICT))


def lock(client_class, person):
    other = client_class()
    for _ in range(5):
        org.sign_in(other, person, password="wrong horse 41")
    return other


def test_the_security_administrator_sees_locked_accounts_of_the_district_and_unlocks_them(security):
    person, stranger = (
        org.post("handler", org.STREET, name="锁定人"),
        org.post("handler", org.FOREIGN_STREET, name="外区人"),
    )
    locked = lock(type(security), person)
    lock(type(security), stranger)
    page = text_of(security.get(url("locked")))
    assert "锁定人" in page
    assert "外区人" not in page
    assert security.get(url("unlock", stranger.pk)).status_code == 404
    assert org.sign_in(locked, person).status_code == 429
    assert security.post(url("unlock", person.pk), {"reason": "当面核实"}).status_code == 302
    assert org.sign_in(locked, person).status_code == 302
    assert security.post(url("unlock", person.pk), {"reason": "当面核实"}).status_code == 422
    assert "没有锁定" in text_of(security.get(url("locked")))
    line = Entry.objects.unscoped(reason="test").get(act="organizations.unlock")
    assert (line.object_id, line.reason) == (str(person.pk), "当面核实")


def test_the_security_administrator_removes_a_lost_second_factor(security):
    person = org.give_second_factor(org.post("deputy_leader", org.STREET))
    stranger = org.give_second_factor(org.post("deputy_leader", org.FOREIGN_STREET))
    assert (
        security.post(url("second-factor-lost"), {"username": stranger.username, "reason": "丢失"}).status_code == 422
    )
    assert security.post(url("second-factor-lost"), {"username": person.username, "reason": "丢失"}).status_code == 302
    again = security.post(url("second-factor-lost"), {"username": person.username, "reason": "丢失"})
    assert "没有设置动态口令" in again.content.decode()


def test_failed_tasks_are_shown_until_they_are_done(admin):
    now = clock.now()
    OutboxMessage.objects.create(
        task="cases.render", arguments=[7], created_at=now, due_at=now, attempts=3, last_error="打不开文件"
    )
    OutboxMessage.objects.create(task="cases.waiting", arguments=[8], created_at=now, due_at=now)
    OutboxMessage.objects.create(
        task="cases.finished", arguments=[9], created_at=now, due_at=now, done_at=now, last_error="曾经失败"
    )
    page = text_of(admin.get(url("tasks")))
    assert "cases.render 7" in page
    assert "打不开文件" in page
    assert "cases.waiting" not in page
    assert "cases.finished" not in page
