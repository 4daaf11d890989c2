"""The pages from the application to the acceptance, and the case page."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.case_trail import TITLES, TOLD_BY_ANOTHER
from cases.enums import Condition, ItemKind
from cases.models import Case, CaseMember, EconomicItem, Material
from common.ids import mask_id
from common.models import Draft
from journal.models import Entry
from organizations.models import User
from tests.builders import cases as built
from tests.builders.organization import (
    FOREIGN_STREET,
    FOREIGN_VILLAGE,
    OTHER_STREET,
    VILLAGE,
    actor,
    foreign_district,
    post,
)

pytestmark = pytest.mark.django_db
ALL = "a test looks at everything"
KEY = "0b9f4d0e-5a55-4b8b-8f5e-000000000001"
PAGES = ("detail", "materials", "authorizations", "timeline", "chain")
QUERIES_OF_THE_SHELL, QUERIES_OF_THE_PAGE = 4, 8


def browser(person):
    """A browser in which the actor's person is signed in."""
    client = Client()
    client.force_login(User.objects.get(pk=person.user_id))
    return client


def typed(number="", **changes):
    """The registration form as a browser sends it: one applicant with a pension and two empty rows."""
    form = {
        "programme": "DIBAO", "village_code": VILLAGE, "channel": "window", "applied_on": "2026-09-01",
        "address": "春和里3号楼2门501", "phone": "13900002046", "agent_name": "", "agent_relation": "",
        "account_holder": "李桂兰", "account_bank": "示例银行", "account": "100000000000",
        "difficulty": "下岗多年，没有固定收入。", "kin_declared": "0", "kin_detail": "", "rights_told": "on",
        "members-TOTAL_FORMS": "2", "members-INITIAL_FORMS": "0",
        "members-0-name": "李桂兰", "members-0-relation": "self", "members-0-id_number": number or built.identity(),
        "members-0-work": "unemployed", "members-0-condition": "none", "members-0-counts": "on",
        "members-0-has_capacity": "on",
        "members-1-condition": "none", "members-1-counts": "on", "members-1-has_capacity": "on",
        "income-TOTAL_FORMS": "1", "income-INITIAL_FORMS": "0", "income-0-category": "transfer",
        "income-0-amount": "1,420.50", "income-0-member": "0", "income-0-note": "养老金",
        "property-TOTAL_FORMS": "1", "property-INITIAL_FORMS": "0",
        "expense-TOTAL_FORMS": "0", "expense-INITIAL_FORMS": "0",
    }  # fmt: skip
    return form | changes


def text_of(answer):
    return answer.content.decode()


def the_case():
    return Case.objects.unscoped(reason=ALL).get()


# --- Registering ------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("INT-01")
def test_an_application_registered_in_the_browser_is_what_was_typed():
    people = built.street()
    answer = browser(people.handler).post(reverse("cases:register"), typed(key=KEY), follow=True)

    case = the_case()
    assert answer.redirect_chain == [(reverse("cases:detail", args=[case.pk]), 302)]
    assert "已登记" in text_of(answer)
    assert (case.applicant_name, case.phone, case.area_code, case.handler_name) == (
        "李桂兰", "13900002046", VILLAGE, people.handler.name,
    )  # fmt: skip
    member = CaseMember.objects.unscoped(reason=ALL).get()
    assert (member.birth, member.sex) == (dt.date(1964, 5, 20), "F")
    item = EconomicItem.objects.unscoped(reason=ALL).get()
    assert (item.kind, item.declared, item.member) == (ItemKind.INCOME, Decimal("1420.50"), member)


def test_the_same_form_sent_twice_registers_one_case():
    client, form = browser(built.street().handler), typed(key=KEY)
    first = client.post(reverse("cases:register"), form)
    second = client.post(reverse("cases:register"), form)

    assert first.url == second.url
    assert Case.objects.unscoped(reason=ALL).count() == 1


def test_a_wrong_identity_number_is_said_beside_its_field_and_nothing_typed_is_lost():
    number = built.identity()
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    answer = browser(built.street().handler).post(reverse("cases:register"), typed(wrong))

    assert answer.status_code == 422
    assert not Case.objects.unscoped(reason=ALL).exists()
    page = text_of(answer)
    beside = re.search(r'id="id_members-0-id_number_error".*?</p>', page, re.DOTALL)[0]
    assert "校验位不对" in beside
    assert wrong not in beside
    for value in ("春和里3号楼2门501", "1,420.50", "养老金", "下岗多年，没有固定收入。"):
        assert value in page


@pytest.mark.requirement("INT-16")
def test_a_member_of_another_open_case_is_refused_beside_the_members_and_the_form_stays():
    people, number = built.street(), built.identity()
    client = browser(people.handler)
    client.post(reverse("cases:register"), typed(number))
    answer = client.post(reverse("cases:register"), typed(number))

    assert answer.status_code == 422
    assert "李桂兰在另一件未办结的申请里" in text_of(answer)
    assert "春和里3号楼2门501" in text_of(answer)
    assert Case.objects.unscoped(reason=ALL).count() == 1


def test_birth_date_and_sex_that_contradict_the_number_are_refused():
    answer = browser(built.street().handler).post(
        reverse("cases:register"), typed(**{"members-0-birth": "1970-01-01", "members-0-sex": "M"})
    )
    assert answer.status_code == 422
    assert text_of(answer).count("与身份证号码不一致") >= 2


def test_the_kin_question_must_be_answered():
    form = typed()
    del form["kin_declared"]
    answer = browser(built.street().handler).post(reverse("cases:register"), form)

    assert answer.status_code == 422
    assert 'id="id_kin_declared_error"' in text_of(answer)


def test_one_more_row_without_script_keeps_everything_and_checks_nothing():
    answer = browser(built.street().handler).post(
        reverse("cases:register"), typed("还没填", add_members="1", **{"members-0-name": "李桂兰"})
    )
    page = text_of(answer)

    assert answer.status_code == 200
    assert 'name="members-2-name"' in page
    assert 'name="members-3-name"' not in page
    assert 'value="还没填"' in page
    assert "sl-errors" not in page


def test_a_draft_is_encrypted_comes_back_and_is_gone_after_registering():
    people = built.street()
    client = browser(people.handler)
    client.post(reverse("cases:register"), typed(act="draft", address="还没写完的地址"))
    draft = Draft.objects.unscoped(reason=ALL).get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM common_draft")
        stored = bytes(cursor.fetchone()[0])

    assert draft.user_id == people.handler.user_id
    assert "还没写完的地址".encode() not in stored
    again = text_of(client.get(reverse("cases:register")))
    assert "还没写完的地址" in again
    assert "草稿已保存" in again
    assert "不改就留空" in again
    client.post(reverse("cases:register"), typed())
    assert not Draft.objects.unscoped(reason=ALL).exists()


def test_a_village_outside_the_actors_areas_is_neither_offered_nor_taken():
    people = built.street()
    foreign_district()
    client = browser(people.handler)
    page = text_of(client.get(reverse("cases:register")))

    assert VILLAGE in page
    assert FOREIGN_VILLAGE not in page
    answer = client.post(reverse("cases:register"), typed(village_code=FOREIGN_VILLAGE))
    assert answer.status_code == 422
    assert not Case.objects.unscoped(reason=ALL).exists()


def test_amending_starts_from_what_the_case_says_and_replaces_it():
    people = built.street()
    walk = built.walk(people, application=built.family())
    client = browser(people.handler)
    page = text_of(client.get(reverse("cases:amend", args=[walk.case_id])))
    for value in ("李桂兰", "王德顺", "王子墨", "1450.00", "养老金"):
        assert f'value="{value}"' in page

    number = CaseMember.objects.unscoped(reason=ALL).get(name="李桂兰").id_number
    assert number not in page
    assert mask_id(number) in page

    kept = dict(re.findall(r'name="([\w-]+_kept)" value="([^"]+)"', page))
    blank = {"members-0-id_number": "", "phone": "", "account": ""}
    phone = the_case().phone
    answer = client.post(
        reverse("cases:amend", args=[walk.case_id]),
        typed(seen=walk.seen)
        | blank
        | {name: kept[name] for name in ("members-0-id_number_kept", "phone_kept", "account_kept")}
        | {"members-0-condition": Condition.CHRONICALLY_ILL},
    )
    assert answer.status_code == 302
    member = CaseMember.objects.unscoped(reason=ALL).get()
    assert (member.condition, member.id_number) == (Condition.CHRONICALLY_ILL, number)
    assert the_case().phone == phone


def test_a_form_opened_before_somebody_elses_change_is_refused_and_kept():
    people = built.street()
    walk = built.walk(people)
    answer = browser(people.handler).post(
        reverse("cases:amend", args=[walk.case_id]), typed(seen=walk.seen + 1, address="改过的地址")
    )
    assert answer.status_code == 409
    assert "已被他人更新" in text_of(answer)
    assert "改过的地址" in text_of(answer)
    assert the_case().address != "改过的地址"


# --- Up to the acceptance ---------------------------------------------------------------------------------------------


def test_handing_in_without_the_rights_told_is_refused_on_the_case_page():
    people = built.street()
    walk = built.walk(people, rights_told=False)
    client = browser(people.handler)
    assert "权利义务和举证要求的告知" in text_of(client.get(reverse("cases:detail", args=[walk.case_id])))
    answer = client.post(reverse("cases:submit", args=[walk.case_id]), {"seen": walk.seen})

    assert answer.status_code == 422
    assert "还没有登记“已告知权利义务和举证要求”" in text_of(answer)
    assert the_case().status == "intake"


@pytest.mark.requirement("INT-04")
def test_what_is_missing_is_listed_told_once_supplied_and_then_the_case_is_accepted():
    people = built.street()
    walk = built.walk(people).to("ACCEPTANCE")
    client = browser(people.handler)
    address = lambda name: reverse(f"cases:{name}", args=[walk.case_id])  # noqa: E731

    refused = client.post(address("accept"), {"seen": walk.seen})
    assert refused.status_code == 422
    assert "还缺申请书" in text_of(refused)
    client.post(address("ask-missing"), {"seen": walk.seen})
    assert "已出具一次性告知书" in text_of(client.get(address("materials")))

    wanted = Material.objects.unscoped(reason=ALL).filter(required=True, obtainable=False)
    for material in wanted:
        upload = {"material_id": material.pk, "file": walk.upload("scan"), "seen": walk.seen}
        assert client.post(address("material-add"), upload).status_code == 302
    answer = client.post(address("accept"), {"seen": walk.seen}, follow=True)
    assert "已受理" in text_of(answer)
    assert the_case().status == "survey"


@pytest.mark.requirement("MAT-21")
def test_a_better_scan_needs_its_reason_and_leaves_the_first_one():
    people = built.street()
    walk = built.walk(people).to("ACCEPTANCE")
    client = browser(people.handler)
    material = Material.objects.unscoped(reason=ALL).filter(required=True).first()
    address = reverse("cases:material-add", args=[walk.case_id])
    client.post(address, {"material_id": material.pk, "file": walk.upload("scan"), "seen": walk.seen})

    without = client.post(address, {"material_id": material.pk, "file": walk.upload("scan"), "seen": walk.seen})
    assert without.status_code == 422
    assert "请写明更换原因" in text_of(without)
    client.post(
        address, {"material_id": material.pk, "file": walk.upload("scan"), "reason": "原件不清", "seen": walk.seen}
    )
    page = text_of(client.get(reverse("cases:materials", args=[walk.case_id])))
    assert "第 1 版" in page
    assert "第 2 版" in page
    assert "原件不清" in page


def test_something_that_is_no_picture_is_refused_beside_the_upload():
    from django.core.files.uploadedfile import SimpleUploadedFile

    people = built.street()
    walk = built.walk(people).to("ACCEPTANCE")
    material = Material.objects.unscoped(reason=ALL).filter(required=True).first()
    upload = SimpleUploadedFile("scan.jpg", b"MZ not a picture", content_type="image/jpeg")
    answer = browser(people.handler).post(
        reverse("cases:material-add", args=[walk.case_id]),
        {"material_id": material.pk, "file": upload, "seen": walk.seen},
    )
    assert answer.status_code == 422
    assert "sl-errors" in text_of(answer)


@pytest.mark.requirement("CHK-04")
def test_an_authorization_signed_by_somebody_else_is_refused_and_one_in_person_is_kept():
    people = built.street()
    walk = built.walk(people).to("ACCEPTANCE")
    client = browser(people.handler)
    member = CaseMember.objects.unscoped(reason=ALL).get()
    address = reverse("cases:authorize", args=[walk.case_id])
    form = {
        "member_id": member.pk,
        "signer": "applicant",
        "signer_name": "邻居",
        "signed_on": "2026-09-01",
        "in_person": "on",
    }

    refused = client.post(address, form | {"scan": walk.upload("scan"), "seen": walk.seen})
    assert refused.status_code == 422
    assert "要由本人签署" in text_of(refused)
    assert 'value="邻居"' in text_of(refused)
    done = client.post(
        address, form | {"signer_name": "李桂兰", "scan": walk.upload("scan"), "seen": walk.seen}, follow=True
    )
    assert "授权已登记" in text_of(done)
    assert "成年成员都已签署" in text_of(done)


@pytest.mark.requirement("INT-15")
@pytest.mark.parametrize(
    ("step", "name", "outcome"), [("ACCEPTANCE", "withdraw", "WITHDRAWN"), ("SURVEY", "terminate", "TERMINATED")]
)
def test_ending_a_case_needs_a_reason_which_stays_on_its_page(step, name, outcome):
    people = built.street()
    walk = built.walk(people).to(step)
    client = browser(people.handler)
    address = reverse(f"cases:{name}", args=[walk.case_id])

    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "", "seen": walk.seen}).status_code == 422
    page = text_of(client.post(address, {"reason": "家庭收入已经好转", "seen": walk.seen}, follow=True))
    assert the_case().status == outcome
    assert "家庭收入已经好转" in page


# --- Who may see and do ------------------------------------------------------------------------------------------------


def test_another_streets_handler_finds_no_page_of_the_case():
    walk = built.walk(built.street()).to("ACCEPTANCE")
    client = browser(actor(post("handler", OTHER_STREET)))
    for name in (*PAGES, "withdraw", "refuse-acceptance"):
        assert client.get(reverse(f"cases:{name}", args=[walk.case_id])).status_code == 404, name
    for name in ("submit", "accept", "ask-missing", "withdraw", "material-add", "authorize"):
        before = Entry.objects.unscoped(reason=ALL).exclude(act__startswith="refused:").count()
        sent = {"seen": walk.seen, "reason": "试试", "material_id": 1, "member_id": 1, "file": walk.upload("scan")}
        assert client.post(reverse(f"cases:{name}", args=[walk.case_id]), sent).status_code in {404, 422}, name
        assert Entry.objects.unscoped(reason=ALL).exclude(act__startswith="refused:").count() == before, name


def test_a_village_worker_sees_the_case_and_may_not_accept_it():
    people = built.street()
    walk = built.walk(people).to("ACCEPTANCE")
    client = browser(people.village)
    page = text_of(client.get(reverse("cases:detail", args=[walk.case_id])))

    assert reverse("cases:accept", args=[walk.case_id]) not in page
    assert "sl-reveal" not in page
    assert client.post(reverse("cases:accept", args=[walk.case_id]), {"seen": walk.seen}).status_code == 403
    assert the_case().status == "acceptance"


def test_a_signed_out_visitor_is_sent_to_sign_in():
    walk = built.walk(built.street())
    answer = Client().get(reverse("cases:detail", args=[walk.case_id]))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


# --- Full numbers, files ----------------------------------------------------------------------------------------------


@pytest.mark.requirement("SEC-11")
def test_a_full_number_is_shown_only_with_a_reason_and_leaves_a_line_without_the_number():
    people = built.street()
    walk = built.walk(people)
    member = CaseMember.objects.unscoped(reason=ALL).get()
    client = browser(people.handler)
    address = reverse("cases:reveal", args=[walk.case_id, "id_number", member.pk])

    assert member.id_number not in text_of(client.get(reverse("cases:detail", args=[walk.case_id])))
    assert client.post(address, {"reason": ""}).status_code == 422
    assert not Entry.objects.unscoped(reason=ALL).filter(act="cases.reveal").exists()
    answer = client.post(address, {"reason": "电话核对身份"})
    assert member.id_number in text_of(answer)
    line = Entry.objects.unscoped(reason=ALL).get(act="cases.reveal")
    assert (line.actor_id, line.reason) == (people.handler.user_id, "电话核对身份")
    assert member.id_number not in f"{line.changes}{line.personal}"


def test_telephone_and_account_are_revealed_and_other_rows_are_not():
    people = built.street()
    walk, other = built.walk(people, phone="13900002046", account="100000000000"), built.walk(people)
    client = browser(people.handler)
    ask = lambda what, row: client.post(reverse("cases:reveal", args=[walk.case_id, what, row]), {"reason": "核对"})  # noqa: E731

    assert "13900002046" in text_of(ask("phone", walk.case_id))
    assert "100000000000" in text_of(ask("account", walk.case_id))
    stranger = CaseMember.objects.unscoped(reason=ALL).get(case_id=other.case_id)
    assert ask("id_number", stranger.pk).status_code == 404
    assert ask("phone", other.case_id).status_code == 404
    assert ask("difficulty", walk.case_id).status_code == 404


def test_a_village_worker_may_not_reveal():
    people = built.street()
    walk = built.walk(people)
    answer = browser(people.village).post(
        reverse("cases:reveal", args=[walk.case_id, "phone", walk.case_id]), {"reason": "核对"}
    )
    assert answer.status_code == 403
    assert "13900002046" not in text_of(answer)


def test_files_and_papers_open_through_their_own_case_alone():
    people = built.street()
    walk, other = built.walk(people).to("SURVEY"), built.walk(people)
    client = browser(people.handler)
    material = Material.objects.unscoped(reason=ALL).filter(case_id=walk.case_id, files__isnull=False).first()
    file_pk = material.files.unscoped(reason=ALL).first().file_id

    own = client.get(reverse("cases:file", args=[walk.case_id, file_pk]))
    assert own.status_code == 200
    assert own["Content-Type"] == "image/jpeg"
    assert b"".join(own.streaming_content)
    assert client.get(reverse("cases:file", args=[other.case_id, file_pk])).status_code == 404
    paper_pk = Entry.objects.unscoped(reason=ALL).filter(act="archives.issue").first().object_id
    assert client.get(reverse("cases:paper", args=[other.case_id, paper_pk])).status_code == 404
    foreign_district()
    stranger = browser(actor(post("handler", FOREIGN_STREET)))
    assert stranger.get(reverse("cases:file", args=[walk.case_id, file_pk])).status_code == 404
    assert stranger.get(reverse("cases:paper", args=[walk.case_id, paper_pk])).status_code == 404


# --- The case page ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["INTAKE", "PUBLICITY", "CONFIRMED"])
def test_the_case_page_takes_the_same_few_queries_whatever_lies_in_the_case(step):
    people = built.street()
    walk = built.walk(people, application=built.family()).to(step)
    client = browser(people.handler)
    client.get(reverse("workbench"))
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(reverse("cases:detail", args=[walk.case_id]))
    assert answer.status_code == 200
    assert len(asked) <= QUERIES_OF_THE_SHELL + QUERIES_OF_THE_PAGE


@pytest.mark.requirement("ORG-19")
def test_the_chain_names_who_answered_for_each_step_with_the_evidence():
    people = built.street()
    walk = built.walk(people).to("CONFIRMED")
    client = browser(people.handler)
    page = text_of(client.get(reverse("cases:chain", args=[walk.case_id])))
    rows = re.findall(r'<th scope="row">(.*?)</th>.*?<b>(.*?)</b>.*?href="(.*?)"', page, re.DOTALL)

    assert [(step, who) for step, who, _url in rows] == [
        ("受理", people.handler.name),
        ("调查", people.handler.name),
        ("调查", people.colleague.name),
        ("核对", people.centre.name),
        ("初审", people.handler.name),
        ("公示", people.village.name),
        ("签批", people.deputy.name),
        ("签批", people.principal.name),
        ("确认", people.handler.name),
        ("送达", people.handler.name),
    ]
    for _step, _who, url in rows:
        assert url.startswith(f"/cases/{walk.case_id}/")


def test_the_page_of_a_running_benefit_shows_amount_and_month():
    people = built.street()
    walk = built.walk(people, application=built.family()).to("CONFIRMED")
    page = text_of(browser(people.handler).get(reverse("cases:detail", args=[walk.case_id])))
    assert "已确认，在享" in page
    assert "1,900.00" in page
    assert "2026年10月" in page


def test_the_next_step_is_the_one_primary_button_and_waits_for_what_is_missing():
    people = built.street()
    client = browser(people.handler)
    ready = built.walk(people)
    page = text_of(client.get(reverse("cases:detail", args=[ready.case_id])))
    assert page.count("btn-primary") == 1
    assert "不缺，可以办“提交申请”" in page

    waiting = built.walk(people).to("ACCEPTANCE")
    page = text_of(client.get(reverse("cases:detail", args=[waiting.case_id])))
    assert page.count("btn-primary") == 1
    assert "还不能进入“入户调查”" in page
    assert "申请书" in page


def test_every_act_of_the_cases_has_its_chinese_sentence():
    sources = [path.read_text() for path in Path(settings.BASE_DIR, "cases", "services").glob("*.py")]
    names = {name for text in sources for name in re.findall(r'"(cases\.[a-z_]+)"', text)}
    from cases.flow import MOVES

    recorded = {f"cases.{name}" for name in MOVES} | {name for name in names if name not in NO_LINE}
    assert recorded - TITLES.keys() - TOLD_BY_ANOTHER == set()


NO_LINE = {
    "cases.file_results",
    "cases.hand_in",
    "cases.receive_filing",
    "cases.sign_appraisal",
    "cases.material_by_data",
    "cases.print_authorization",
    "cases.print_survey_form",
    "cases.sign_survey_household",
}
"""Acts whose line of the trail carries the name of their move."""
