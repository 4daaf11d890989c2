"""What each person does in one step of a case, in a browser: the vocabulary of the walks."""

import datetime as dt
import re

from cases.models import CaseMember
from common import clock
from organizations.models import User
from organizations.services.areas import founder
from organizations.services.second_factor import current_code, set_secret
from tests.builders import cases as build

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
APPLICANT = "李桂兰"
SCAN = {"name": "scan.jpg", "mimeType": "image/jpeg"}


def user_of(actor):
    return User.objects.get(pk=actor.user_id)


def with_second_factor(*leaders):
    """The leaders have set up the device that shows their codes."""
    for leader in leaders:
        set_secret(founder(), leader.user_id, SECRET)


def today():
    return f"{clock.today():%Y-%m-%d}"


def days_pass(days, *people):
    """So many days later, at nine; whoever goes on signs in again."""
    later = clock.now().replace(hour=9, minute=0) + dt.timedelta(days=days)
    clock.move(later)
    for person in people:
        person.signs_in()


def applies(person, village_code, *, road="window", number=""):
    """The application is entered at the window (`road="window"`), or by the village for the household (`"village"`)."""
    person.goes("/cases/new/")
    person.fills(village_code=village_code, applied_on=today(), address="春和里3号楼2门501", phone="13900002046")
    if road == "window":
        person.fills(channel="window")
    person.fills(members__0__name=APPLICANT, members__0__relation="self", members__0__work="unemployed")
    person.fills(members__0__id_number=number or build.identity())
    person.fills(income__0__category="transfer", income__0__amount="420.00", income__0__note="养老金")
    person.fills(difficulty="本人下岗多年，无固定收入。")
    person.fills(account_holder=APPLICANT, account_bank="示例银行", account="100000000000")
    person.ticks("kin_declared", "0").ticks("rights_told").presses("登记")
    person.sees(APPLICANT, "最低生活保障").presses("提交申请")


def accepts(handler, here):
    handler.goes(here + "materials/").presses("出具一次性告知书")
    for title in ("申请书", "银行账户"):
        item = handler.goes(here + "materials/").page.locator("li", has=handler.page.get_by_text(title, exact=True))
        if not item.locator("input[type=file]").first.is_visible():
            item.locator("summary").click()
        item.locator("input[type=file]").set_input_files(SCAN | {"buffer": build.picture()})
        with handler.page.expect_navigation():
            item.get_by_role("button", name="上传").click()
    handler.goes(here + "materials/").presses("受理")
    handler.goes(here + "authorizations/").presses("第一步：制作授权书")
    handler.goes(here + "authorizations/").fills(signer="applicant", signer_name=APPLICANT, signed_on=today())
    handler.ticks("in_person").brings("scan").presses("登记授权")


def surveys(handler, colleague, here):
    handler.goes(here + "survey/").fills(visited_on=today(), started_at="09:30", ended_at="10:20", place="申请人家中")
    for one in (handler, colleague):
        handler.ticks("investigators", one.user.pk)
    handler.fills(members_found="1人，与申报一致", living="住房一室，家具简单", conclusion="情况属实")
    handler.presses("保存调查表")
    handler.goes(here + "survey/").brings("file", within='form[action$="/survey-photo/"]').presses("上传照片")
    handler.goes(here + "survey/").presses("生成填好的调查表")
    handler.goes(here + "survey/").presses("我来签字")
    colleague.goes(here + "survey/").presses("我来签字")
    handler.goes(here + "survey/").ticks("signer", "applicant").fills(signer_name=APPLICANT)
    handler.brings("scan", within='form[action$="/survey-sign-household/"]')
    handler.presses("上传", within='form[action$="/survey-sign-household/"]')
    handler.goes(here + "survey/").presses("完成调查")


def checks(handler, centre, here):
    handler.goes(here + "check/").presses("发起核对")
    centre.goes("/cases/checks/")
    centre.page.locator("main a[href*='/cases/checks/']").first.click()
    member = CaseMember.objects.unscoped(reason="test").get()
    centre.fills(number="核〔2026〕7号", on=today(), conclusion="已核对")
    row = centre.page.locator('[name$="-member"]').first.get_attribute("name").removesuffix("-member")
    what = centre.page.locator(f'[name="{row}-what"] option').evaluate_all("all => all.map(one => one.value)")
    centre.fills(**{f"{row}-member": str(member.pk), f"{row}-what": next(one for one in what if "transfer" in one)})
    centre.fills(**{f"{row}-amount": "420.00"}).presses("反馈给街道")
    handler.goes(here + "check/").presses("完成核对")


def appraises(handler, here):
    """The meeting, with three who came and the village's signature."""
    handler.goes(here + "appraisal/").fills(held_on=today(), place="社区会议室", chaired_by="周明")
    names = handler.page.locator('[name$="-name"]').evaluate_all("all => all.map(one => one.name)")
    for name, person in zip(names, ("赵代表", "钱代表", "孙代表"), strict=False):
        row = name.removesuffix("-name")
        handler.fills(**{name: person, f"{row}-role": "resident", f"{row}-said": "agree"})
    handler.fills(minutes="经评议，情况属实。", signer_name="王主任", signer_post="居委会主任").presses("保存评议记录")
    handler.goes(here + "appraisal/").brings("scan", within='form[action$="/appraisal-sign/"]')
    handler.presses("上传", within='form[action$="/appraisal-sign/"]')
    handler.goes(here + "appraisal/").presses("完成评议")


def reviews(handler, here):
    handler.goes(here + "review/").ticks("opinion", "grant")
    handler.fills(grounds="经调查核对，人均收入低于保障标准。", basis="《社会救助暂行办法》第九条")
    handler.presses("提出初审意见")


def posts(handler, village, here):
    """The sheet is made by the street, posted by the village and photographed near and far."""
    handler.goes(here + "publicity/").presses("制作公示单")
    village.goes(here + "publicity/").fills(posted_on=today(), place="居务公开栏").ticks("sealed")
    village.presses("已张贴，登记")
    for distance in ("近景", "远景"):
        village.goes(here + "publicity/")
        form = village.page.locator('form[action$="/publicity-photo/"]').filter(
            has=village.page.get_by_role("button", name=re.compile(distance))
        )
        form.locator("input[type=file]").set_input_files(SCAN | {"buffer": build.picture()})
        with village.page.expect_navigation():
            form.locator("button[type=submit]").click()


def closes_publicity(handler, here):
    handler.goes(here + "publicity/").presses("公示期满")


def objects(handler, here, content="反映这一户有子女在外打工寄钱。"):
    """Somebody objects without a name; the street writes it down."""
    handler.goes(here + "publicity/").page.locator("#objections summary").click()
    handler.fills(raised_on=today(), content=content).ticks("anonymous")
    handler.presses("登记异议", within='form[action$="/objection-add/"]')


def answers_the_objection(handler, here):
    handler.goes(here + "publicity/").ticks("upheld", "0").fills(answer="经重新调查，反映的情况不属实。")
    handler.presses("答复", within='form[action$="/objection-answer/"]')


def signs(leader, case):
    leader.goes("/cases/signing/").sees(APPLICANT)
    leader.goes(f"/cases/signing/?case={case.pk}")
    leader.ticks("case_ids", case.pk).fills(code=current_code(SECRET, clock.now())).presses("验证，去签批")
    leader.presses("签批同意")


def decides(handler, here):
    handler.goes(here + "decide/").presses("作出决定")


def files(handler):
    """What waits is ticked already; it goes to the district in one summary."""
    handler.goes("/cases/filing/").sees(APPLICANT, "等待上报").presses("上报备案")


def receives(officer, remarks="收悉"):
    officer.goes("/cases/filing/").sees("等待签收")
    officer.page.locator("main a[href*='/cases/filing/']").first.click()
    officer.sees(APPLICANT).fills(remarks=remarks).presses("签收")


def serves_and_starts(handler, here):
    handler.goes(here + "serve/").ticks("method", "in_person").fills(received_by=APPLICANT, receiver_relation="本人")
    handler.ticks("duties_told").ticks("remedies_told").presses("已送达，登记")
    handler.goes(here + "start-benefit/").presses("起发")
