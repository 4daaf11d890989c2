"""The village files an application on a household's behalf (代办)."""

import pytest

from cases.models import Case
from journal.models import Entry
from tests.builders import cases as build
from tests.builders.organization import FOREIGN_VILLAGE, OTHER_VILLAGE, VILLAGE, foreign_district
from tests.builders.unchanged import nothing_changes
from tests.cases.pages import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return build.street()


@pytest.fixture
def village(people):
    return Person(people.village)


def filled(**changes):
    values = {
        "programme": "DIBAO", "village_code": VILLAGE, "channel": "village", "applied_on": "2026-09-01", "address": "春和里3号",
        "phone": "13900002046", "agent_name": "孙桂英", "agent_relation": "社区民政工作人员", "kin_declared": "0",
        "rights_told": "on", "difficulty": "本人多病，无固定收入。", "members-TOTAL_FORMS": "1", "members-INITIAL_FORMS": "0",
        "members-0-name": "李桂兰", "members-0-relation": "self", "members-0-id_number": build.identity(),
        "members-0-work": "unemployed", "members-0-counts": "on", "members-0-has_capacity": "on", "members-0-condition": "none",
    }  # fmt: skip
    for prefix in ("income", "property", "expense"):
        values |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return values | changes


def case():
    return Case.objects.unscoped(reason="test").get()


@pytest.mark.requirement("INT-06", "INT-07")
def test_the_village_files_for_a_household_and_the_street_takes_it_over(village, people):
    form = village.opens("register")
    assert form.value_of("agent_name") == people.village.name
    village.sends("register", **filled(agent_name=people.village.name))
    assert "已登记" in village.said
    assert (case().channel, case().agent_name) == ("village", people.village.name)
    village.acts("submit", case().pk)
    assert case().status == "acceptance"
    handler = Person(people.handler)
    assert "李桂兰" in handler.opens("list").said
    walk = build.Walk(people, build.picture, case_id=case().pk).brings_materials().accepts()
    assert walk.case.handler_name == people.handler.name
    first = Entry.objects.unscoped(reason="test").filter(act="cases.register").get()
    assert first.actor_name == people.village.name


def test_the_village_files_no_other_channel_and_no_other_village(village):
    foreign_district()
    for changes in ({"channel": "window"}, {"village_code": OTHER_VILLAGE}, {"village_code": FOREIGN_VILLAGE}):
        with nothing_changes(leave_out={"journal_entry"}):
            village.sends("register", **filled(**changes))
        assert village.status == 422
    assert "村（居）代办" in village.sends("register", **filled(channel="window")).said
    assert not Case.objects.unscoped(reason="test").exists()


def test_without_the_agents_name_nothing_is_filed(village):
    with nothing_changes(leave_out={"journal_entry"}):
        village.sends("register", **filled(agent_name=""))
    assert "代办人姓名" in village.said


def test_the_village_neither_changes_nor_hands_in_what_the_street_registered(village, people):
    walk = build.walk(people)
    for name, values in (("amend", filled()), ("submit", {})):
        with nothing_changes(leave_out={"journal_entry"}):
            village.acts(name, walk.case_id, **values)
        assert village.status == 422, name


def test_what_waits_to_be_handed_in_stands_on_the_villages_desk(village):
    village.sends("register", **filled())
    village.reply = village.client.get("/workbench/")
    assert "李桂兰" in village.said
