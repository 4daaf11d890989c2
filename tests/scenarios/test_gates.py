"""What has to be there before a case goes on, whatever the document: the statement of difficulty, the duties told, the authorization
signed in person before any check, the report."""

from dataclasses import replace

import pytest

from cases.enums import Signer, Step
from cases.services import intake, materials
from common import clock
from tests.builders import cases as build
from tests.scenarios.trade import PLACES, household, refused, street

pytestmark = pytest.mark.django_db
TIANJIN, YUQUAN, NANKAI = "tianjin-district-2022", "yuquan-2020", "nankai-2022"


@pytest.mark.requirement("INT-17")
def test_an_application_without_the_statement_of_difficulty_is_not_handed_in():
    """000 二.1: 困难情况说明."""
    walk = household(NANKAI, difficulty="")
    with refused("困难情况说明") as found:
        walk.submits()
    assert (found.value.field, "二.1" in found.value.basis) == ("difficulty", True)


@pytest.mark.requirement("INT-18")
def test_an_application_is_not_handed_in_before_rights_and_proof_were_told():
    """001 第十八条(二): 没有告知、举证."""
    walk = household(YUQUAN, rights_told=False)
    with refused("告知权利义务和举证") as found:
        walk.submits()
    assert "第十八条(二)" in found.value.basis


@pytest.mark.requirement("INT-19")
def test_who_declares_a_near_relative_says_whom():
    """002 二(六)."""
    people = street(TIANJIN)
    declared = build.application(f"{PLACES[TIANJIN]}901", kin_declared=True, kin_detail="")
    with refused("近亲属") as found:
        intake.register(people.handler, application=declared)
    assert found.value.field == "kin_detail"
    told = replace(declared, kin_detail="表兄王某，街道经办人员")
    assert intake.register(people.handler, application=told).kin_declared


@pytest.mark.requirement("CHK-01", "CHK-04")
def test_no_check_before_every_adult_has_authorized_it():
    """002 二(七): 先授权委托,再开展核对."""
    walk = household(TIANJIN).submits().brings_materials().accepts().surveys()
    with refused("还没有签署核对授权书") as found:
        walk.requests_check()
    assert "二(七)" in found.value.basis
    assert walk.authorizes().requests_check().case.status == "economic_check"


@pytest.mark.requirement("CHK-03")
def test_an_authorization_signed_by_somebody_else_or_not_in_person_is_not_taken():
    """002 二(七): 严禁代签字、代按指印."""
    walk = household(TIANJIN).submits().brings_materials().accepts()
    [member] = walk.members()
    signed = {"member_id": member.pk, "signer": Signer.APPLICANT, "signed_on": clock.today()}
    with refused("严禁代签") as found:
        walk.do(
            materials.authorize, walk.people.handler, **signed, signer_name=member.name, in_person=False,
            scan=walk.upload("authorization"),
        )  # fmt: skip
    assert "二(七)" in found.value.basis
    with refused():
        walk.do(
            materials.authorize, walk.people.handler, **signed, signer_name="王邻居", in_person=True,
            scan=walk.upload("authorization"),
        )  # fmt: skip


@pytest.mark.requirement("CHK-08")
def test_a_check_is_closed_with_its_report_or_with_the_reason_why_there_is_none():
    walk = household(TIANJIN).to(Step.ECONOMIC_CHECK).requests_check()
    with refused("核对报告还没有反馈"):
        walk.settles()
    assert walk.centre_answers().settles().case.status == "initial_review"
