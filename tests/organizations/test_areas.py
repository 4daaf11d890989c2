"""Areas: the tree, the list that comes with the system, new codes."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from common.errors import Forbidden, Invalid, NotFound
from journal.models import Entry
from organizations.enums import Level
from organizations.models import Area
from organizations.queries import ancestors
from organizations.rules import parent_codes, subtree
from organizations.services.areas import add_area, area_rows, load_areas, recode_area
from tests.builders import organization as org

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("ORG-01")
def test_the_list_of_the_system_has_all_five_levels_each_under_its_parent():
    added = load_areas(org.administrator(), area_rows())
    by_code = {area.code: area for area in added}
    assert {area.level for area in added} == set(Level.values)
    for area in added:
        if area.level == Level.PROVINCE:
            assert area.parent is None
        else:
            assert area.parent.code == next(code for code in parent_codes(area.code) if code in by_code)
            lo, hi = subtree(area.parent.code, area.parent.level)
            assert lo < area.code < hi


def test_real_streets_stand_with_their_codes_and_the_industrial_park_is_no_street():
    rows = {row["code"]: row for row in area_rows()}
    streets = {
        prefix: [r for c, r in rows.items() if c.startswith(prefix) and r["level"] == "street"]
        for prefix in ("120104", "150104", "140502")
    }
    assert {prefix: len(found) for prefix, found in streets.items()} == {"120104": 12, "150104": 9, "140502": 8}
    assert rows["120104005000"]["name"] == "万兴街道"
    assert rows["150104100000"]["name"] == "小黑河镇"
    assert rows["140502009000"]["name"] == "开发区街道"
    assert "150104400000" not in rows


def test_made_up_areas_are_marked_and_only_they():
    for row in area_rows():
        invented = row["level"] == "village" or row["code"].startswith(("120199", "2299"))
        assert bool(row["made_up"]) == invented, row
        if row["level"] == "village":
            assert row["code"][9] == "9", "no real village has such a code"


def test_loading_twice_adds_nothing_and_leaves_names_alone():
    load_areas(org.administrator(), area_rows())
    before = list(Area.objects.values_list("code", "name"))
    entries = Entry.objects.unscoped(reason="test").count()
    assert load_areas(org.administrator(), area_rows()) == []
    assert list(Area.objects.values_list("code", "name")) == before
    assert Entry.objects.unscoped(reason="test").count() == entries


def test_the_command_loads_the_list_or_a_file_and_refuses_anything_else(tmp_path, capsys):
    call_command("load_areas")
    assert "added 166 areas" in capsys.readouterr().out
    good = tmp_path / "more.csv"
    good.write_text("code,name,level,made_up,source\n120104001999,示例里社区,village,1,\n", encoding="utf-8")
    call_command("load_areas", str(good))
    assert Area.objects.get(code="120104001999").parent.code == "120104001000"
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"\xff\xfe\x00nonsense")
    with pytest.raises(CommandError):
        call_command("load_areas", str(bad))
    orphan = tmp_path / "orphan.csv"
    orphan.write_text("code,name,level\n990104001999,示例里社区,village\n", encoding="utf-8")
    with pytest.raises(CommandError, match="上级区划"):
        call_command("load_areas", str(orphan))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "12019900390"}, "area_code"),
        ({"code": "１２0199003000"}, "area_code"),
        ({"code": "120199003001"}, "area_code"),
        ({"code": "150199003000"}, "area_code"),
        ({"code": "120199001000"}, "area_code"),
        ({"level": "district"}, "area_code"),
        ({"level": "hamlet"}, "level"),
        ({"name": "  "}, "name"),
    ],
)
def test_a_wrong_code_level_or_name_is_refused_beside_its_field(changes, field):
    org.district()
    values = {"code": "120199003000", "name": "示例三街道", "level": "street"} | changes
    count = Area.objects.count()
    with pytest.raises(Invalid) as caught:
        add_area(org.administrator(), parent_code=org.DISTRICT, **values)
    assert caught.value.field == field
    assert Area.objects.count() == count


def test_an_administrator_adds_areas_at_home_and_nowhere_else():
    org.district()
    org.foreign_district()
    at_home = org.administrator_of(org.DISTRICT)
    added = add_area(at_home, code="120199003000", name="示例三街道", level="street", parent_code=org.DISTRICT)
    assert [one.code for one in ancestors(added.code)][:2] == ["120199003000", org.DISTRICT]
    with pytest.raises(NotFound):
        add_area(at_home, code="150199003000", name="示例三街道", level="street", parent_code=org.FOREIGN_DISTRICT)
    with pytest.raises(Forbidden):
        add_area(
            org.actor(org.post("handler", org.STREET)),
            code="120199001903",
            name="新里",
            level="village",
            parent_code=org.STREET,
        )


def test_a_new_code_keeps_the_old_row_moves_the_villages_and_nobody_loses_sight_of_old_matters():
    org.district()
    handler, villager = org.post("handler", org.STREET), org.post("village", org.VILLAGE)
    narrow = org.post("assistant", org.STREET, area_code=org.VILLAGE)
    old = Area.objects.get(code=org.STREET)
    new = recode_area(
        org.administrator_of(),
        old.pk,
        code="120199011000",
        name="",
        reason="示例府函〔2026〕1号",
        on=dt.date(2026, 9, 1),
    )
    old.refresh_from_db()
    assert (old.valid_to, old.name) == (dt.date(2026, 8, 31), new.name)
    assert (new.replaces, new.valid_from) == (old, dt.date(2026, 9, 1))
    assert Area.objects.get(code="120199011901").replaces.code == org.VILLAGE
    assert Area.objects.get(code=org.VILLAGE).valid_to == dt.date(2026, 8, 31)
    for code in (org.VILLAGE, "120199011901"):
        assert org.actor(handler).can("accept_case", code)
        assert org.actor(villager).can("view_case", code)
        assert org.actor(narrow).can("view_case", code)
        assert not org.actor(narrow).can("view_case", org.OTHER_VILLAGE)
    entry = Entry.objects.unscoped(reason="test").get(act="organizations.recode_area", object_id=str(new.pk))
    assert entry.changes["code"] == [org.STREET, "120199011000"]


def test_a_code_is_never_used_twice_and_a_closed_area_cannot_be_changed_again():
    org.district()
    admin = org.administrator_of()
    old = Area.objects.get(code=org.STREET)
    on = dt.date(2026, 9, 1)
    with pytest.raises(Invalid, match="登记过"):
        recode_area(admin, old.pk, code=org.OTHER_STREET, name="", reason="函", on=on)
    old.refresh_from_db()
    assert old.valid_to is None, "the refusal left nothing behind"
    recode_area(admin, old.pk, code="120199011000", name="", reason="函", on=on)
    with pytest.raises(Invalid, match="停用"):
        recode_area(admin, old.pk, code="120199012000", name="", reason="函", on=on)
