"""What stands around a case's stages: handing in, proof by data, the refusal of acceptance, papers, marks, the full trail."""

import pytest

from archives.enums import PaperKind
from archives.models import IssuedPaper
from cases.models import CaseMember, Material
from cases.services import materials
from policies.models import Flag
from tests.builders import cases as build
from tests.cases.pages import Person

pytestmark = pytest.mark.django_db


def test_handing_in_leads_to_the_acceptance_with_the_receipt_at_hand():
    walk = build.walk()
    page = Person(walk.people.handler).acts("submit", walk.case_id)

    assert page.status == 200
    assert "申请回执" in page.said
    assert walk.case.status == "acceptance"


@pytest.mark.requirement("INT-02")
def test_acceptance_is_refused_only_with_reason_and_basis_and_both_stay_on_the_case():
    walk = build.walk().to("ACCEPTANCE")
    page = Person(walk.people.handler)

    assert "不予受理告知书" in page.opens("refuse-acceptance", walk.case_id).said
    assert page.acts("refuse-acceptance", walk.case_id, reason="", basis="第十一条").status == 422
    assert page.acts("refuse-acceptance", walk.case_id, reason="户籍和居住地均不在本街道", basis="").status == 422
    assert page.value_of("reason") == "户籍和居住地均不在本街道"
    assert walk.case.status == "acceptance"
    page.acts("refuse-acceptance", walk.case_id, reason="户籍和居住地均不在本街道", basis="第十一条")
    assert "已出具不予受理告知书" in page.said
    assert "户籍和居住地均不在本街道（第十一条）" in page.said
    assert walk.case.status == "NOT_ACCEPTED"


def test_what_government_data_proves_is_not_asked_of_the_applicant_and_the_page_names_the_data():
    walk = build.walk().to("ACCEPTANCE")
    page = Person(walk.people.handler)
    wanted = Material.objects.unscoped(reason="test").filter(obtainable=True).earliest("pk")

    assert page.acts("material-by-data", walk.case_id, material_id=wanted.pk, note=" ").status == 422
    page.acts("material-by-data", walk.case_id, material_id=wanted.pk, note="公安户籍数据")
    assert page.status == 200
    assert "公安户籍数据" in page.opens("materials", walk.case_id).said
    wanted.refresh_from_db()
    assert wanted.state == "by_data"


def test_a_letter_of_authorization_is_numbered_and_opens_as_a_paper():
    walk = build.walk().to("ACCEPTANCE")
    page = Person(walk.people.handler)
    member = CaseMember.objects.unscoped(reason="test").get()

    page.acts("authorization-print", walk.case_id, member_id=member.pk)
    assert "授权书已编号" in page.said
    letter = IssuedPaper.objects.unscoped(reason="test").get(kind=PaperKind.AUTHORIZATION)
    assert letter.number in page.said
    page.opens("paper", walk.case_id, letter.pk)
    assert page.reply["Content-Type"] == "application/pdf"
    assert b"".join(page.reply.streaming_content).startswith(b"%PDF-")


@pytest.mark.requirement("INT-05")
def test_a_second_notice_of_missing_papers_marks_the_case_and_the_explanation_stands_beside_the_mark():
    walk = build.walk().to("ACCEPTANCE")
    people = walk.people
    page = Person(people.handler)
    materials.ask_missing(people.handler, walk.case_id, seen=walk.seen)
    assert "标记</h2>" not in page.opens("detail", walk.case_id).said

    materials.ask_missing(people.handler, walk.case_id, seen=walk.seen)
    said = page.opens("detail", walk.case_id).said
    assert "一次性告知之后又发出了第2份补正告知" in said
    assert "待处理" in said
    flag = Flag.objects.unscoped(reason="test").get()
    deputy = Person(people.deputy)
    assert "请" in deputy.sends("flag-answer", walk.case_id, flag.pk, reason=" ").said
    assert deputy.status == 422
    deputy.sends("flag-answer", walk.case_id, flag.pk, reason="首份告知书漏列一项")
    assert "情况说明已登记" in deputy.said
    other = build.walk(people)
    assert deputy.sends("flag-answer", other.case_id, flag.pk, reason="别的一户").status == 404
    assert Person(people.village).sends("flag-answer", walk.case_id, flag.pk, reason="与我无关").status == 403
    said = page.opens("detail", walk.case_id).said
    assert "一次性告知之后又发出了第2份补正告知" in said
    assert f"{people.deputy.name}：首份告知书漏列一项" in said
    assert "已说明" in said
    assert "待处理" not in said


def test_everything_that_happened_stands_on_one_page_the_latest_first():
    walk = build.walk().to("SURVEY")
    page = Person(walk.people.village).opens("timeline", walk.case_id)

    told = [page.said.index(title) for title in ("受理</b>", "提交申请</b>", "登记申请</b>")]
    assert told == sorted(told)
    assert walk.case.applicant_name in page.said
    assert walk.people.handler.name in page.said
