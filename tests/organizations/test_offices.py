"""Offices, what is delegated to them, who supervises them."""

import datetime as dt

import pytest

from common import clock
from common.errors import Invalid, NotFound
from organizations.enums import OfficeKind
from organizations.models import Area, Delegation, Office
from organizations.queries import is_delegated, office_of, supervisor_of
from organizations.services.areas import area_rows, load_areas
from organizations.services.offices import (
    close_office,
    delegate,
    end_delegation,
    load_offices,
    load_special_offices,
    save_office,
)
from tests.builders import organization as org

pytestmark = pytest.mark.django_db


def save(actor, office=None, **changes):
    values = {"name": "示例办事处", "kind": "street", "seat_code": org.STREET, "area_codes": [org.STREET]}
    return save_office(actor, office.pk if office else None, **values | changes)


def test_one_office_over_several_ranges_gives_its_people_all_of_them_and_nothing_between():
    org.district()
    office = save(org.administrator(), area_codes=[org.VILLAGE, "120199002902"], seat_code=org.DISTRICT)
    person = org.post("handler", org.STREET)
    from organizations.services.appointments import appoint

    row = appoint(org.administrator(), user_id=person.pk, post="handler", office_id=office.pk, valid_from=org.SINCE)
    from organizations.queries import actor_for

    one = actor_for(person, row.pk)
    assert one.can("view_case", org.VILLAGE)
    assert one.can("view_case", "120199002902")
    assert not one.can("view_case", org.OTHER_VILLAGE)
    assert not one.can("view_case", "120199002901")


def test_the_narrowest_office_of_a_kind_answers_for_a_village():
    org.district()
    zone = save(org.administrator(), area_codes=[org.VILLAGE, "120199002902"], seat_code=org.DISTRICT)
    assert office_of(org.VILLAGE, OfficeKind.STREET) == zone
    assert office_of(org.OTHER_VILLAGE, OfficeKind.STREET) == org.office(org.STREET, OfficeKind.STREET)


@pytest.mark.requirement("ORG-02")
def test_an_office_can_be_treated_like_a_city_although_it_is_none():
    load_areas(org.administrator(), area_rows())
    zone = next(office for office in load_special_offices(org.administrator()) if office.treated_as_city)
    assert zone.seat.level == "district"
    assert Office.objects.filter(treated_as_city=True).get() == zone
    admin = org.administrator()
    changed = save_office(
        admin, zone.pk, name=zone.name, kind=zone.kind, seat_code=zone.seat.code, area_codes=["229901000000"]
    )
    assert not changed.treated_as_city


def test_the_usual_offices_of_every_district_of_the_list_can_be_loaded_and_only_once():
    load_areas(org.administrator(), area_rows())
    for district in Area.objects.filter(level="district").order_by("code"):
        assert load_offices(org.administrator(), district.code)
        assert load_offices(org.administrator(), district.code) == []
    assert Office.objects.get(seat__code="140502000000", kind="government").name == "晋城市城区民政局"
    assert Office.objects.get(seat__code="120104005000").name == "天津市南开区万兴街道办事处"
    assert Office.objects.get(seat__code="150104100000").name == "呼和浩特市玉泉区小黑河镇人民政府"


@pytest.mark.requirement("ORG-05")
def test_the_bureau_of_the_district_supervises_every_street_and_village_of_it_and_no_other():
    org.district()
    org.foreign_district()
    bureau = org.office(org.DISTRICT, OfficeKind.GOVERNMENT)
    assert {supervisor_of(code) for code in (org.STREET, org.OTHER_STREET, org.VILLAGE)} == {bureau}
    assert supervisor_of(org.FOREIGN_STREET) != bureau
    supervisor = org.actor(org.post("district_supervisor", org.DISTRICT))
    assert supervisor.can("view_case", org.STREET)
    assert supervisor.can("view_journal", org.OTHER_STREET)
    assert not supervisor.can("view_case", org.FOREIGN_STREET)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"area_codes": []}, "area_codes"),
        ({"area_codes": ["120199009000"]}, "area_codes"),
        ({"seat_code": "120199009000"}, "seat_code"),
        ({"name": " "}, "name"),
        ({"kind": "palace"}, "kind"),
        ({"name": "天津市示例区民政局"}, "name"),
    ],
)
def test_an_incomplete_office_is_refused_beside_its_field(changes, field):
    org.district()
    count = Office.objects.count()
    with pytest.raises(Invalid) as caught:
        save(org.administrator(), **changes)
    assert caught.value.field == field
    assert Office.objects.count() == count


def test_an_office_never_reaches_into_a_foreign_area():
    org.district()
    org.foreign_district()
    admin = org.administrator_of(org.DISTRICT)
    with pytest.raises(NotFound):
        save(admin, area_codes=[org.STREET, org.FOREIGN_STREET])
    with pytest.raises(NotFound):
        save(admin, office=org.office(org.FOREIGN_STREET, OfficeKind.STREET))
    with pytest.raises(NotFound):
        save(admin, parent_id=org.office(org.FOREIGN_STREET, OfficeKind.STREET).pk)


def test_when_an_office_loses_an_area_its_people_lose_it_at_once():
    org.district()
    person = org.post("handler", org.STREET)
    office = org.office(org.STREET, OfficeKind.STREET)
    save(org.administrator(), office=office, area_codes=[org.VILLAGE])
    assert org.actor(person).can("accept_case", org.VILLAGE)
    assert not org.actor(person).can("accept_case", org.OTHER_VILLAGE)


def test_an_office_closes_only_when_its_people_have_left():
    org.district()
    office = org.office(org.STREET, OfficeKind.STREET)
    org.post("handler", org.STREET, until=dt.date(2026, 9, 10))
    with pytest.raises(Invalid, match="任职"):
        close_office(org.administrator(), office.pk, on=dt.date(2026, 9, 9), reason="撤并")
    closed = close_office(org.administrator(), office.pk, on=dt.date(2026, 9, 10), reason="撤并")
    assert closed.closed_on == dt.date(2026, 9, 10)
    with pytest.raises(Invalid, match="撤销"):
        save(org.administrator(), office=office)
    assert office_of(org.VILLAGE, OfficeKind.STREET) is None


@pytest.mark.requirement("ORG-03", "ORG-04")
def test_confirmation_is_delegated_by_programme_from_a_day_on_until_it_is_taken_back():
    org.district()
    admin = org.administrator_of()
    row = delegate(
        admin, district_code=org.DISTRICT, programme="DIBAO", basis="示例文件 一", valid_from=dt.date(2026, 9, 1)
    )
    delegate(admin, district_code=org.DISTRICT, programme="TEKUN", basis="示例文件 一", valid_from=dt.date(2026, 10, 1))
    day = dt.date(2026, 9, 1)
    assert is_delegated(org.DISTRICT, "DIBAO", day)
    assert not is_delegated(org.DISTRICT, "DIBAO", dt.date(2026, 8, 31))
    assert not is_delegated(org.DISTRICT, "TEKUN", day)
    assert not is_delegated(org.DISTRICT, "TEMPORARY", dt.date(2027, 1, 1))
    end_delegation(admin, row.pk, on=dt.date(2026, 12, 31), reason="示例文件 二")
    assert is_delegated(org.DISTRICT, "DIBAO", dt.date(2026, 12, 31))
    assert not is_delegated(org.DISTRICT, "DIBAO", dt.date(2027, 1, 1))
    with pytest.raises(Invalid, match="收回"):
        end_delegation(admin, row.pk, on=dt.date(2027, 1, 31), reason="再收")


def test_a_delegation_is_recorded_once_with_its_basis_by_the_districts_own_administrator():
    org.district()
    org.foreign_district()
    admin = org.administrator_of()
    values = {"district_code": org.DISTRICT, "programme": "DIBAO", "basis": "示例文件", "valid_from": clock.today()}
    for changes in ({"basis": " "}, {"programme": "LOTTERY"}):
        with pytest.raises(Invalid):
            delegate(admin, **values | changes)
    delegate(admin, **values)
    with pytest.raises(Invalid, match="已经下放"):
        delegate(admin, **values)
    with pytest.raises(NotFound):
        delegate(admin, **values | {"district_code": org.FOREIGN_DISTRICT})
    assert Delegation.objects.count() == 1
