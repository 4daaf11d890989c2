"""The roads by which an application comes, in a browser."""

import pytest

from cases.models import Case
from organizations.models import User
from tests.builders import cases as build
from tests.builders.organization import VILLAGE

pytestmark = pytest.mark.browser


@pytest.mark.requirement("INT-06", "INT-07")
def test_a_village_worker_enters_an_application_on_a_small_telephone(fresh_database, signs_in):
    people = build.street()
    village = signs_in(User.objects.get(pk=people.village.user_id), width=360)
    village.goes("/cases/new/")
    wide = village.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360, f"the form is {wide} px wide"
    village.fills(village_code=VILLAGE, applied_on="2026-09-01", address="春和里3号楼2门501", phone="13900002046")
    assert village.page.locator('[name="channel"]').input_value() == "village"
    assert village.page.locator('[name="agent_name"]').input_value() == people.village.name
    village.fills(members__0__name="李桂兰", members__0__relation="self", members__0__id_number=build.identity())
    village.fills(members__0__work="unemployed", difficulty="本人多病，无固定收入。")
    village.ticks("kin_declared", "0").ticks("rights_told").presses("登记")
    village.sees("李桂兰", "村（居）代办").presses("提交申请")
    case = Case.objects.unscoped(reason="test").get()
    assert (case.status, case.agent_name) == ("acceptance", people.village.name)
