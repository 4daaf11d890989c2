"""A household from application to active benefit in a browser, signed in as each person in turn, with its printed papers."""

import re

import pytest

from archives.models import IssuedPaper
from cases.models import Benefit, Case, CaseMember
from common import clock
from organizations.models import User
from organizations.services.areas import founder
from organizations.services.second_factor import current_code, set_secret
from tests.browser.person import fonts_of, text_of
from tests.builders import cases as build
from tests.builders.organization import VILLAGE

pytestmark = pytest.mark.browser

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NUMBER = build.identity()


@pytest.fixture
def town(fresh_database):
    people = build.street()
    for leader in (people.deputy, people.principal):
        set_secret(founder(), leader.user_id, SECRET)
    return people


def _user(actor):
    return User.objects.get(pk=actor.user_id)


@pytest.mark.requirement("ORG-18", "ORG-19", "DEC-04", "DEC-16", "DEC-19", "SUR-07", "SUR-08", "PUB-24", "CHK-02")
def test_a_household_is_taken_from_application_to_benefit_by_each_person_in_turn(town, signs_in, tmp_path):
    handler = signs_in(_user(town.handler))
    _applies(handler)
    case = Case.objects.unscoped(reason="test").get()
    here = f"/cases/{case.pk}/"
    _accepts(handler, here)
    _surveys(handler, signs_in(_user(town.colleague)), here, town)
    _checks(handler, signs_in(_user(town.centre)), here)
    handler.goes(here + "review/").ticks("opinion", "grant")
    handler.fills(grounds="经调查核对，人均收入低于保障标准。", basis="《社会救助暂行办法》第九条").presses(
        "提出初审意见"
    )
    _publicises(handler, signs_in(_user(town.village)), here)
    for leader in (town.deputy, town.principal):
        _signs(signs_in(_user(leader)), case)
    handler = signs_in(_user(town.handler))
    handler.goes(here + "decide/").presses("作出决定")
    handler.goes(here + "serve/").ticks("method", "in_person").fills(received_by="李桂兰", receiver_relation="本人")
    handler.ticks("duties_told").ticks("remedies_told").presses("已送达，登记")
    handler.goes(here + "start-benefit/").presses("起发")
    handler.goes(here).sees("在享", "768.00", "2026年10月")
    assert Benefit.objects.unscoped(reason="test").get(case=case).status == "ACTIVE"
    _reads_the_papers(handler, case, tmp_path)


def _applies(handler):
    handler.goes("/cases/new/")
    handler.fills(
        village_code=VILLAGE,
        channel="window",
        applied_on="2026-09-01",
        address="春和里3号楼2门501",
        phone="13900002046",
    )
    handler.fills(members__0__name="李桂兰", members__0__relation="self", members__0__id_number=NUMBER)
    handler.fills(members__0__work="unemployed")
    handler.fills(income__0__category="transfer", income__0__amount="420.00", income__0__note="养老金")
    handler.fills(
        difficulty="本人下岗多年，无固定收入。",
        account_holder="李桂兰",
        account_bank="示例银行",
        account="100000000000",
    )
    handler.ticks("kin_declared", "0").ticks("rights_told").presses("登记")
    handler.sees("李桂兰", "最低生活保障").presses("提交申请")


def _accepts(handler, here):
    handler.goes(here + "materials/").presses("出具一次性告知书")
    handler.goes(here + "materials/")
    for title in ("申请书", "银行账户"):
        item = handler.goes(here + "materials/").page.locator("li", has=handler.page.get_by_text(title, exact=True))
        if not item.locator("input[type=file]").first.is_visible():
            item.locator("summary").click()
        item.locator("input[type=file]").set_input_files(
            {"name": "scan.jpg", "mimeType": "image/jpeg", "buffer": build.picture()}
        )
        with handler.page.expect_navigation():
            item.get_by_role("button", name="上传").click()
    handler.goes(here + "materials/")
    handler.presses("受理")
    handler.goes(here + "authorizations/").presses("第一步：制作授权书")
    handler.goes(here + "authorizations/").fills(signer="applicant", signer_name="李桂兰", signed_on="2026-09-01")
    handler.ticks("in_person").brings("scan").presses("登记授权")


def _surveys(handler, colleague, here, town):
    handler.goes(here + "survey/").fills(
        visited_on="2026-09-01", started_at="09:30", ended_at="10:20", place="申请人家中"
    )
    for one in (town.handler, town.colleague):
        handler.ticks("investigators", one.user_id)
    handler.fills(members_found="1人，与申报一致", living="住房一室，家具简单", conclusion="情况属实").presses(
        "保存调查表"
    )
    handler.goes(here + "survey/").brings("file", within='form[action$="/survey-photo/"]').presses("上传照片")
    handler.goes(here + "survey/").presses("生成填好的调查表")
    handler.goes(here + "survey/").presses("我来签字")
    colleague.goes(here + "survey/").presses("我来签字")
    handler.goes(here + "survey/").ticks("signer", "applicant").fills(signer_name="李桂兰")
    handler.brings("scan", within='form[action$="/survey-sign-household/"]')
    handler.presses("上传", within='form[action$="/survey-sign-household/"]')
    handler.goes(here + "survey/").presses("完成调查")


def _checks(handler, centre, here):
    handler.goes(here + "check/").presses("发起核对")
    centre.goes("/cases/checks/")
    centre.page.locator("main a[href*='/cases/checks/']").first.click()
    member = CaseMember.objects.unscoped(reason="test").get()
    centre.fills(number="核〔2026〕7号", on="2026-09-01", conclusion="已核对")
    row = centre.page.locator('[name$="-member"]').first.get_attribute("name").removesuffix("-member")
    what = centre.page.locator(f'[name="{row}-what"] option').evaluate_all("all => all.map(one => one.value)")
    centre.fills(**{f"{row}-member": str(member.pk), f"{row}-what": next(one for one in what if "transfer" in one)})
    centre.fills(**{f"{row}-amount": "420.00"}).presses("反馈给街道")
    handler.goes(here + "check/").presses("完成核对")


def _publicises(handler, village, here):
    handler.goes(here + "publicity/").presses("制作公示单")
    village.goes(here + "publicity/").fills(posted_on="2026-09-01", place="居务公开栏").ticks("sealed").presses(
        "已张贴，登记"
    )
    for distance in ("近景", "远景"):
        village.goes(here + "publicity/")
        form = village.page.locator('form[action$="/publicity-photo/"]').filter(
            has=village.page.get_by_role("button", name=re.compile(distance))
        )
        form.locator("input[type=file]").set_input_files(
            {"name": "board.jpg", "mimeType": "image/jpeg", "buffer": build.picture()}
        )
        with village.page.expect_navigation():
            form.locator("button[type=submit]").click()
    clock.move(clock.now().replace(day=9, hour=9, minute=0))
    for person in (handler, village):
        person.signs_in()
    handler.goes(here + "publicity/").presses("公示期满，送签批")


def _signs(leader, case):
    leader.goes("/cases/signing/").sees("李桂兰")
    leader.goes(f"/cases/signing/?case={case.pk}")
    leader.ticks("case_ids", case.pk).fills(code=current_code(SECRET, clock.now())).presses("验证，去签批")
    leader.presses("签批同意")


def _reads_the_papers(handler, case, tmp_path):
    papers = list(IssuedPaper.objects.unscoped(reason="test").order_by("pk"))
    kinds = {paper.kind for paper in papers}
    assert kinds == {
        "receipt",
        "missing_notice",
        "authorization",
        "survey_form",
        "poster",
        "approval_form",
        "grant_notice",
    }
    for paper in papers:
        pdf = handler.fetches(f"/cases/{case.pk}/papers/{paper.pk}/")
        text = text_of(pdf)
        day = paper.issued_at.astimezone(clock.ZONE)
        for wanted in ("李桂兰", paper.number, paper.office_name, f"{day.year}年{day.month}月{day.day}日"):
            assert wanted in text, (paper.kind, wanted)
        if paper.kind in {"poster", "approval_form", "grant_notice"}:
            assert "768.00" in text, paper.kind
        fonts = fonts_of(pdf, tmp_path)
        assert fonts, paper.kind
        assert all(embedded for _name, embedded in fonts), (paper.kind, fonts)
