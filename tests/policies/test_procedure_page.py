"""本地怎么办: how an area handles an application, from its own document or its own choice."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from common.actors import system_actor
from policies.packfiles import proposals, written
from policies.procedure import procedures
from policies.queries import Rules
from policies.services.choices import record_local_choice
from policies.services.packs import bind_pack
from tests.builders import organization
from tests.builders.organization import actor, post

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 9, 1)
DISTRICTS = {"jincheng-chengqu-2023": "140502", "yuquan-2020": "150104", "tianjin-district-2022": "120199"}


def governed(pack, digits=None):
    """A district under the pack; returns its code."""
    digits = digits or DISTRICTS[pack]
    organization.district(digits)
    bind_pack(system_actor("test"), area_code=f"{digits}000000", pack=pack, valid_from=dt.date(2023, 9, 1))
    return f"{digits}000000"


def order(pack, programme="stages.DIBAO"):
    decided, _missing = procedures(Rules(governed(pack), TODAY))
    return next(one for one in decided if one.rule.key == programme)


def drawn(procedure):
    """The rows of the drawing by the titles of their steps; `|` for a line that passes by."""
    return [[cell.step.title if cell.step else "|" for cell in row.cells] for row in procedure.rows]


def page_of(client, code, **query):
    client.force_login(post("district_officer", code), backend="django.contrib.auth.backends.ModelBackend")
    return client.get(reverse("policies:procedure"), query)


@pytest.mark.requirement("DEC-02")
def test_chengqu_is_drawn_with_what_runs_side_by_side():
    """004 四: filing and publicity after the confirmation, side by side."""
    assert drawn(order("jincheng-chengqu-2023")) == [
        ["申请"], ["受理"], ["家庭经济状况调查", "家庭经济状况信息核对"], ["民主评议", "|"], ["审核"], ["签批"], ["审核确认"],
        ["区级备案", "公示"], ["送达"], ["资金发放"],
    ]  # fmt: skip


def test_the_lines_lead_from_each_step_to_those_that_wait_for_it():
    rows = order("jincheng-chengqu-2023").rows
    lines = [row.lines for row in rows]
    assert lines[0] == []
    assert lines[2] == [("50.00", "25.00"), ("50.00", "75.00")]
    assert lines[3] == [("25.00", "25.00"), ("75.00", "75.00")]
    assert lines[4] == [("25.00", "50.00"), ("75.00", "50.00")]
    assert lines[8] == [("75.00", "50.00")], "nothing waits for the filing"


def test_each_step_says_what_it_waits_for_and_what_may_run_beside_it():
    steps = {step.title: step for step in order("jincheng-chengqu-2023").steps}
    assert steps["审核"].after == ("家庭经济状况调查", "家庭经济状况信息核对", "民主评议")
    assert steps["家庭经济状况信息核对"].beside == ("家庭经济状况调查", "民主评议")
    assert steps["区级备案"].beside == ("公示", "送达", "资金发放")
    assert not steps["区级备案"].awaited
    assert steps["资金发放"].awaited
    assert steps["民主评议"].optional
    assert not steps["审核"].optional


def test_a_plain_order_is_one_step_under_the_other():
    assert {len(row) for row in drawn(order("tianjin-district-2022"))} == {1}


def test_two_publicities_stand_as_two_steps():
    titles = [step.title for step in order("yuquan-2020").steps]
    assert titles.index("审核公示") < titles.index("拟批准公示") < titles.index("审批")


@pytest.mark.requirement("POL-02")
def test_the_page_shows_steps_rules_in_force_citations_and_the_reading_of_the_order(client):
    answer = page_of(client, governed("jincheng-chengqu-2023"))
    page = answer.content.decode()
    assert answer.status_code == 200
    for said in (
        "审核确认—镇（街道）公示—资金发放", ">四<", "送达放在公示之后是建议", "7 个自然日", "五(二)", "A-77",
        "经办人写明理由后开启", "可以与公示、送达、资金发放同时办", "后面的环节不等它办完", "文件没有写明",
    ):  # fmt: skip
        assert said in page, said
    steps = re.search(r'<ol class="sl-list">(.*?)</ol>', page, re.S)[1]
    assert [int(number) for number in re.findall(r'sl-strong">(\d+)\.', steps)] == list(range(1, 13))
    assert reverse("policies:parameter", args=["dec.filing_days"]) in steps
    assert 'role="img"' in page


def test_a_value_of_a_local_choice_is_shown_as_one(client):
    code = governed("jincheng-chengqu-2023")
    supervisor = actor(post("district_supervisor", code))
    record_local_choice(
        supervisor, parameter="pub.days", area_code=code, value={"n": 9, "unit": "calendar_day", "start": "posting"},
        reason="区局研究确定", valid_from=TODAY,
    )  # fmt: skip
    assert "9 个自然日" in page_of(client, code).content.decode()


def test_an_area_without_an_order_says_so_and_who_records_it(client):
    code = governed("nankai-2022", "120104")
    page = page_of(client, code).content.decode()
    assert "还没有确定办理环节" in page
    assert "最低生活保障办理环节" in page
    assert "登记本地选择" in page
    assert "由区级监督负责人、市级在" in page
    assert 'class="sl-flow"' not in page


def test_an_order_that_the_bureau_chose_is_drawn_with_its_reason(client):
    code = governed("nankai-2022", "120104")
    supervisor = actor(post("district_supervisor", code))
    record_local_choice(
        supervisor, parameter="stages.DIBAO", area_code=code, value=written(proposals()["stages.DIBAO"][0].value),
        reason="局务会议研究确定", valid_from=TODAY,
    )  # fmt: skip
    page = page_of(client, code).content.decode()
    assert "局务会议研究确定" in page
    assert "有异议时" in page
    assert 'class="sl-flow"' in page


def test_the_rules_pages_lead_to_it_and_a_foreign_area_is_not_found(client):
    code = governed("jincheng-chengqu-2023")
    governed("yuquan-2020")
    assert page_of(client, code, area="150104000000").status_code == 404
    page = client.get(reverse("policies:in-force")).content.decode()
    assert reverse("policies:procedure") in page
    client.logout()
    assert client.get(reverse("policies:procedure")).status_code == 302
