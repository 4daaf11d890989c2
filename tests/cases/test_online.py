"""线上申请: a resident applies without signing in and follows the application; the street takes it in or returns it."""

import datetime as dt
import re
import uuid
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from archives.models import IssuedPaper
from cases import public_page
from cases.enums import Channel, Outcome
from cases.errors import AlreadyAnswered, Incomplete, OpenElsewhere
from cases.models import Case, CaseMember, EconomicItem, Household, OnlineApplication
from cases.queries import desk
from cases.services import intake, online, reveal
from common import clock
from common.actors import resident_actor
from common.acts import check_constraints
from common.errors import Forbidden, Invalid, NotFound, Stale
from journal.models import Entry
from organizations.enums import OfficeKind
from tests.builders import cases as build
from tests.builders.organization import (
    FOREIGN_STREET,
    FOREIGN_VILLAGE,
    OTHER_STREET,
    OTHER_VILLAGE,
    STREET,
    VILLAGE,
    actor,
    foreign_district,
    office,
    post,
)
from tests.builders.unchanged import nothing_changes
from tests.cases.pages import Person
from tests.leaks.plants import IDENTITY, PHONE

pytestmark = pytest.mark.django_db
ALL = {"reason": "test"}
RESIDENT = resident_actor("10.1.2.3")
APPLY = f"{reverse('cases:apply')}?street={STREET}"
RECEIPT, PROGRESS = reverse("cases:apply-receipt"), reverse("cases:progress")


@pytest.fixture
def people():
    return build.street()


def applied(**changes):
    """A waiting online application."""
    return online.apply_online(RESIDENT, application=build.application(channel=Channel.ONLINE, **changes))


def taken_in(people, waiting, **changes):
    """The same registered as a case, as the handler left it."""
    said = build.application(channel=Channel.WINDOW, members=typed_members(waiting), **changes)
    return online.register_online(people.handler, waiting.pk, application=said, seen=waiting.version)


def typed_members(waiting):
    return [intake.MemberData(**member) for member in waiting.typed["members"]]


def form(number="", **changes):
    """A resident's form as a telephone without script sends it."""
    values = {
        "key": str(uuid.uuid4()), "programme": "DIBAO", "village_code": VILLAGE, "address": "春和里3号楼2门501",
        "phone": PHONE[0], "agent_name": "", "agent_relation": "", "difficulty": "下岗多年，没有固定收入。",
        "kin_declared": "0", "kin_detail": "", "truthful": "on", "rights_told": "on",
        "members-TOTAL_FORMS": "1", "members-INITIAL_FORMS": "0", "members-0-name": "李桂兰",
        "members-0-relation": "self", "members-0-id_number": number or build.identity(), "members-0-work": "retired",
        "members-0-condition": "none",
        "income-TOTAL_FORMS": "1", "income-INITIAL_FORMS": "0", "income-0-category": "transfer",
        "income-0-amount": "420", "income-0-member": "0", "income-0-note": "养老金",
        "property-TOTAL_FORMS": "0", "property-INITIAL_FORMS": "0", "expense-TOTAL_FORMS": "0", "expense-INITIAL_FORMS": "0",
    }  # fmt: skip
    return values | changes


def the_application():
    return OnlineApplication.objects.unscoped(**ALL).get()


def asks(client, code, tail):
    return client.post(PROGRESS, {"receipt_code": code, "tail": tail})


# --- Applying ---------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("INT-09", "INT-11")
def test_what_a_resident_sends_in_waits_at_the_street_of_the_village_and_touches_no_household(people):
    sent = applied()
    assert (sent.status, sent.office.seat.code, sent.area_code) == ("waiting", STREET, VILLAGE)
    assert len(sent.receipt_code) == 10
    assert len(sent.draw_code) == 26
    for model in (Case, Household, CaseMember):
        assert not model.objects.unscoped(**ALL).exists()
    line = Entry.objects.unscoped(**ALL).get(act="cases.apply_online")
    assert (line.actor_kind, line.actor_id, line.ip, line.to_status) == ("resident", None, "10.1.2.3", "waiting")
    assert "二(一)" in line.basis


def test_the_answer_is_the_same_whether_somebody_is_in_an_open_case_or_not(people):
    number = build.identity()
    members = [build.applicant(id_number=number)]
    build.walk(people, members=members)
    assert applied(members=members).status == "waiting"


def test_only_a_resident_sends_in_and_with_what_the_window_demands(people):
    with nothing_changes(), pytest.raises(Forbidden):
        online.apply_online(people.handler, application=build.application())
    for wrong, refusal in (
        ({"difficulty": " "}, Incomplete),
        ({"rights_told": False}, Incomplete),
        ({"village_code": STREET}, Invalid),
        ({"kin_declared": True}, Invalid),
        ({"members": [build.applicant(id_number="120199196405200021")]}, Invalid),
    ):
        with nothing_changes(), pytest.raises(refusal):
            applied(**wrong)


def test_nothing_that_was_typed_lies_in_the_database_in_clear(people):
    sent = applied()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM cases_onlineapplication a WHERE id = %s", [sent.pk])
        stored = cursor.fetchone()[0]
    for secret in (PHONE[0], sent.id_number, "春和里3号楼", "下岗多年"):
        assert secret not in stored


def test_the_database_refuses_a_status_without_its_line_and_a_removal(people):
    sent = applied()
    rows = OnlineApplication.objects.unscoped(**ALL).filter(pk=sent.pk)

    def by_hand():
        with transaction.atomic():
            rows.update(status="returned")
            check_constraints()

    with pytest.raises(IntegrityError, match="without a journal entry"):
        by_hand()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        rows.delete()


# --- The street -------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("INT-09", "INT-10")
def test_it_waits_for_the_handlers_of_its_street_and_for_nobody_else(people):
    sent = applied()
    assert desk(people.handler).online.count == 1
    foreign_district()
    others = [
        people.village, people.deputy, people.centre, actor(post("handler", OTHER_STREET)),
        actor(post("handler", FOREIGN_STREET)), actor(post("district_supervisor", STREET[:6] + "000000")),
    ]  # fmt: skip
    for one in others:
        with nothing_changes(), pytest.raises(NotFound):
            online.return_online(one, sent.pk, reason="请到窗口申请", seen=1)
        waiting = desk(one)
        assert waiting is None or waiting.online is None


@pytest.mark.requirement("INT-10", "INT-11")
def test_taken_in_it_is_a_case_of_the_day_it_was_received_with_the_codes_the_resident_has(people):
    with clock.moved(dt.datetime(2026, 8, 29, 21, 30)):
        sent = applied()
    case = taken_in(people, sent)
    assert (case.channel, case.applied_on, case.status) == ("online", dt.date(2026, 8, 29), "intake")
    assert (case.receipt_code, case.draw_code) == (sent.receipt_code, sent.draw_code)
    assert case.handler_name == people.handler.name
    sent.refresh_from_db(from_queryset=OnlineApplication.objects.unscoped(**ALL))
    assert (sent.status, sent.case_id, sent.answered_by_name) == ("registered", case.pk, people.handler.name)
    assert intake.submit(people.handler, case.pk, seen=case.version).status == "acceptance"


@pytest.mark.requirement("INT-10")
def test_what_was_corrected_on_the_way_stands_in_the_trail_before_and_after_as_ciphertext(people):
    sent = applied(address="春和里3号")
    taken_in(people, sent, address="春和里13号", difficulty="患病，没有收入。")
    line = Entry.objects.unscoped(**ALL).get(act="cases.register_online")
    assert line.personal["address"] == ["春和里3号", "春和里13号"]
    assert set(line.personal) == {"address", "difficulty"}
    assert "春和里" not in str(line.changes)


def test_a_member_of_another_open_case_is_refused_to_the_handler_alone_and_the_application_waits_on(people):
    members = [build.applicant()]
    sent = applied(members=members)
    build.walk(people, members=members)
    with nothing_changes(), pytest.raises(OpenElsewhere, match="不能重复申请"):
        taken_in(people, sent)
    assert the_application().status == "waiting"


def test_an_application_is_answered_once_and_in_the_version_that_was_seen(people):
    sent = applied()
    with nothing_changes(), pytest.raises(Stale):
        online.return_online(people.handler, sent.pk, reason="请到窗口申请", seen=7)
    with nothing_changes(), pytest.raises(Invalid):
        online.return_online(people.handler, sent.pk, reason=" ", seen=1)
    online.return_online(people.handler, sent.pk, reason="请向居住地街道申请", seen=1)
    with nothing_changes(), pytest.raises(AlreadyAnswered):
        taken_in(people, sent)


def test_a_village_of_another_street_is_returned_not_registered(people):
    sent = applied()
    with nothing_changes(), pytest.raises(Invalid, match="不归本街道"):
        taken_in(people, sent, village_code="120199002901")


def test_the_telephone_is_shown_for_a_reason_that_is_recorded(people):
    sent = applied()
    with nothing_changes(), pytest.raises(Invalid):
        reveal.reveal_online(people.handler, sent.pk, what="phone", row=0, reason="")
    with nothing_changes(), pytest.raises(NotFound):
        reveal.reveal_online(people.handler, sent.pk, what="account", row=0, reason="打电话核实")
    assert reveal.reveal_online(people.handler, sent.pk, what="phone", row=0, reason="打电话核实") == PHONE[0]
    line = Entry.objects.unscoped(**ALL).get(act="cases.reveal_online")
    assert (line.reason, PHONE[0] in str(line.changes)) == ("打电话核实", False)


# --- Progress ---------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("INT-14")
def test_progress_is_told_from_the_receipt_to_the_end_without_names_and_amounts(people):
    sent = applied()
    code, tail = sent.receipt_code, sent.id_number[-4:]
    assert public_page.progress(code, tail).headline.startswith("已经收到")
    walk = build.Walk(people, build.picture, case_id=taken_in(people, sent).pk)
    assert [mark.title for mark in public_page.progress(code, tail).marks if mark.now] == ["申请"]
    walk.submits()
    for step in ("SURVEY", "PUBLICITY", "DELIVERY", "PAYMENT_START", "the end"):
        walk.to(step)
        told = str(public_page.progress(code, tail))
        for secret in ("李桂兰", people.handler.name, PHONE[0], sent.id_number, str(walk.case.amount)):
            assert secret not in told
        assert ("确认给予救助" in told) == (step in {"PAYMENT_START", "the end"}), step
    assert public_page.progress(code, tail).headline == "已经办完：确认给予救助"


@pytest.mark.requirement("INT-14")
def test_every_road_in_has_its_progress_and_a_wrong_pair_has_none(people):
    window = build.walk(people).to("SURVEY")
    tail = CaseMember.objects.unscoped(**ALL).get(case_id=window.case_id).id_number[-4:]
    code = window.case.receipt_code
    assert "入户调查" in public_page.progress(code, tail).headline
    wrong = "0000" if tail != "0000" else "1111"
    for pair in ((code, wrong), ("2222222222", tail), (code, ""), ("", ""), (applied().receipt_code, wrong)):
        assert public_page.progress(*pair) is None


def test_a_refusal_that_is_not_served_yet_is_not_told_and_no_posting_is_made_up(people):
    rich = build.application(items=[intake.ItemData("income", "transfer", Decimal("5000"), 0, "退休金")])
    walk = build.walk(people, application=rich).to("DELIVERY", opinion="refuse")
    tail = CaseMember.objects.unscoped(**ALL).get(case_id=walk.case_id).id_number[-4:]
    told = public_page.progress(walk.case.receipt_code, tail)
    assert not re.search("不予|公示", str(told))
    walk.to("the end", opinion="refuse")
    assert walk.case.outcome == Outcome.DENIED
    assert "不予确认" in public_page.progress(walk.case.receipt_code, tail).headline


# --- The pages of residents -------------------------------------------------------------------------------------------


@pytest.mark.requirement("INT-09")
def test_district_then_street_then_a_form_that_names_its_office(people, client):
    first = client.get(reverse("cases:apply")).content.decode()
    assert "示例区" in first
    second = client.get(reverse("cases:apply"), {"district": "120199000000"}).content.decode()
    assert f"?street={STREET}" in second
    third = client.get(APPLY).content.decode()
    assert f"由<b>{office(STREET, OfficeKind.STREET).name}</b>办理" in third
    assert VILLAGE in third
    assert "养老金、退休金、补贴" in third
    assert "转移净收入" not in third, "residents are asked in their own words"
    assert OTHER_VILLAGE in third
    assert "120199002901" not in third


def test_a_district_whose_bureau_chose_the_order_is_offered_and_more_districts_take_no_more_queries(people, client):
    def asked():
        with CaptureQueriesContext(connection) as found:
            page = client.get(reverse("cases:apply")).content.decode()
        return page, len(found)

    build.governed("120104000000", "nankai-2022")
    page, first = asked()
    assert "?district=120104000000" in page
    build.governed("120103000000", "nankai-2022")
    page, second = asked()
    assert "?district=120103000000" in page
    assert second == first


def test_a_district_without_an_order_of_stages_is_not_offered(people, client):
    foreign_district()
    assert "示例外区" not in client.get(reverse("cases:apply")).content.decode()
    assert FOREIGN_VILLAGE not in client.get(reverse("cases:apply"), {"street": FOREIGN_STREET}).content.decode()


@pytest.mark.requirement("INT-09")
def test_the_form_sent_leads_to_a_receipt_with_codes_and_masked_numbers(people, client):
    answer = client.post(APPLY, form(IDENTITY[0]), follow=True)
    assert answer.redirect_chain == [(RECEIPT, 302)]
    sent, page = the_application(), answer.content.decode()
    assert sent.receipt_code in page
    assert sent.draw_code[:5] in page
    assert IDENTITY[0] not in page
    assert f"{IDENTITY[0][:4]}**********{IDENTITY[0][-4:]}" in page
    assert "no-store" in answer["Cache-Control"]
    assert sent.receipt_code not in Client().get(RECEIPT).content.decode()
    with clock.moved(clock.now() + dt.timedelta(minutes=31)):
        assert sent.receipt_code not in client.get(RECEIPT).content.decode()


def test_the_same_form_sent_twice_is_one_application_and_one_try(people, client, settings):
    settings.APPLY_TRIES = 1
    typed = form()
    client.post(APPLY, typed)
    again = client.post(APPLY, typed)
    assert again.url == RECEIPT
    assert OnlineApplication.objects.unscoped(**ALL).count() == 1
    changed = client.post(APPLY, typed | {"address": "瑞安里1号"})
    assert changed.status_code == 409
    assert "这张表单已经提交过一份申请" in changed.content.decode()
    assert "瑞安里1号" in changed.content.decode()


def test_nothing_typed_is_lost_by_a_mistake_one_more_row_or_the_other_type(people, client):
    wrong = client.post(APPLY, form(rights_told="", phone="12"))
    assert wrong.status_code == 422
    for page in (
        wrong,
        client.post(APPLY, form(add_members="1")),
        client.post(APPLY, form(add_income="1")),
        client.post(APPLY, form(large="1")),
    ):
        text = page.content.decode()
        for value in ("春和里3号楼2门501", "下岗多年，没有固定收入。", "李桂兰", "养老金"):
            assert value in text
    assert page.cookies["large"].value == "1"
    assert 'class="sl-large"' in text
    assert "members-1-name" in client.post(APPLY, form(add_members="1")).content.decode()
    assert not OnlineApplication.objects.unscoped(**ALL).exists()


def test_a_refusal_of_the_service_stands_beside_its_field_and_counts_as_no_try(people, client, settings):
    settings.APPLY_TRIES = 1
    answer = client.post(APPLY, form(kin_declared="1"))
    assert answer.status_code == 422
    assert re.search(r'id="id_kin_detail_error".*?写明', answer.content.decode(), re.DOTALL)
    twice = form(**{"members-TOTAL_FORMS": "2", "members-1-name": "王德顺", "members-1-relation": "self",
                    "members-1-id_number": build.identity(), "members-1-work": "retired", "members-1-condition": "none"})  # fmt: skip
    assert "只能有一位申请人" in client.post(APPLY, twice).content.decode()
    assert client.post(APPLY, form()).status_code == 302


def test_three_applications_an_hour_from_one_address_and_the_fourth_keeps_what_was_typed(people, client):
    for _each in range(3):
        assert client.post(APPLY, form()).status_code == 302
    fourth = client.post(APPLY, form())
    assert (fourth.status_code, fourth["Retry-After"]) == (429, "3600")
    assert "春和里3号楼2门501" in fourth.content.decode()
    assert client.post(APPLY, form(), REMOTE_ADDR="10.9.9.9").status_code == 302


@pytest.mark.requirement("INT-14")
def test_the_progress_page_takes_code_and_tail_as_people_type_them(people, client):
    number = build.identity()
    sent = applied(members=[build.applicant(id_number=number)])
    spaced = f" {sent.receipt_code[:5].lower()} {sent.receipt_code[5:]} "
    answer = asks(client, spaced, number[-4:].lower())
    assert answer.status_code == 200
    assert "已经收到，等街道（乡镇）登记" in answer.content.decode()
    assert "李桂兰" not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_a_returned_application_shows_its_reason_to_whoever_has_the_pair(people, client):
    sent = applied()
    online.return_online(people.handler, sent.pk, reason="您住的地方归示例二街道，请向那里申请。", seen=1)
    assert "请向那里申请" in asks(client, sent.receipt_code, sent.id_number[-4:]).content.decode()
    assert "请向那里申请" not in asks(client, sent.receipt_code, "000X").content.decode()


def test_a_wrong_code_and_a_wrong_tail_get_one_and_the_same_sentence(people, client):
    sent = applied()
    one = asks(client, sent.receipt_code, "000X")
    other = asks(client, "2222222222", sent.id_number[-4:])
    assert one.status_code == other.status_code == 422
    said = [re.sub(r'value="[^"]*"', "", page.content.decode()) for page in (one, other)]
    assert said[0] == said[1]
    refused = Entry.objects.unscoped(**ALL).filter(act="refused:cases:progress")
    assert refused.count() == 2


def test_after_five_wrong_tries_of_an_address_or_of_a_code_even_the_right_pair_waits(people, client):
    sent, other = applied(), applied()
    right = sent.id_number[-4:]
    for _each in range(7):
        assert asks(client, sent.receipt_code, right).status_code == 200
    for _each in range(5):
        assert asks(client, sent.receipt_code, "000X").status_code == 422
    sixth = asks(client, sent.receipt_code, right)
    assert (sixth.status_code, sixth["Retry-After"]) == (429, "3600")
    assert asks(client, other.receipt_code, other.id_number[-4:]).status_code == 429, "the address has had its tries"
    elsewhere = {"receipt_code": sent.receipt_code, "tail": right}
    assert client.post(PROGRESS, elsewhere, REMOTE_ADDR="10.9.9.9").status_code == 429, "the code has had its tries"
    cache.clear()
    assert asks(client, sent.receipt_code, right).status_code == 200


def test_an_unanswered_form_of_progress_says_what_is_missing(people, client):
    answer = asks(client, "", "")
    assert answer.status_code == 422
    assert "请填写查询码" in answer.content.decode()


def test_the_start_page_leads_to_both(people, client):
    page = client.get("/").content.decode()
    assert f'href="{reverse("cases:apply")}"' in page
    assert f'href="{PROGRESS}"' in page


@pytest.mark.requirement("INT-14")
def test_the_paper_receipt_says_where_and_how_to_ask(people, settings):
    settings.SITE_ADDRESS = "https://jiuzhu.example/"
    walk = build.walk(people).submits()
    paper = IssuedPaper.objects.unscoped(**ALL).get(subject_id=str(walk.case_id))
    assert paper.data["progress_address"] == "https://jiuzhu.example/progress/"


# --- The pages of the street ------------------------------------------------------------------------------------------


@pytest.mark.requirement("INT-10", "INT-03")
def test_the_handler_sees_what_waits_with_its_days_looks_at_it_and_registers_it_corrected(people, client):
    with clock.moved(dt.datetime(2026, 8, 28, 9, 0)):
        client.post(APPLY, form(IDENTITY[0], **{"income-0-amount": "4200"}))
    sent, handler = the_application(), Person(people.handler)
    handler.reply = handler.client.get(reverse("workbench"))
    assert "1 件网上申请等待登记，最早的已等 4 天" in handler.said
    assert "已等 4 天" in handler.opens("online").said
    page = handler.opens("online-detail", sent.pk).said
    assert "登记为申请" in page
    assert f"{PHONE[0][:3]}****" in page
    page = handler.opens("online-register", sent.pk).said
    assert handler.value_of("income-0-amount") == "4200.00"
    assert IDENTITY[0] not in page
    hidden = dict(re.findall(r'name="([\w-]+_kept)"[^>]*value="([^"]+)"', page))
    corrected = form("-", **{"members-0-id_number": "", "income-0-amount": "420", "members-0-counts": "on",
                             "members-0-has_capacity": "on", "seen": "1"}) | {"phone": ""} | hidden  # fmt: skip
    handler.sends("online-register", sent.pk, **{name: value for name, value in corrected.items() if name != "key"})
    case = Case.objects.unscoped(**ALL).get()
    assert handler.reply.redirect_chain[-1][0] == reverse("cases:detail", args=[case.pk])
    assert (case.channel, case.phone, case.applied_on) == ("online", PHONE[0], dt.date(2026, 8, 28))
    assert EconomicItem.objects.unscoped(**ALL).get().declared == 420
    assert "网上申请转为登记" in handler.opens("detail", case.pk).said
    assert handler.opens("online-register", sent.pk).reply.url == reverse("cases:detail", args=[case.pk])
    assert "去这一户" in handler.opens("online-detail", sent.pk).said
    assert "李桂兰" in handler.opens("online", view="answered").said
    handler.opens("amend", case.pk)
    assert handler.status == 200, "an online application can still be amended"


def test_a_refused_registration_keeps_the_form_and_says_who_is_in_another_case(people):
    members = [build.applicant()]
    sent = applied(members=members)
    build.walk(people, members=members)
    handler = Person(people.handler)
    page = handler.opens("online-register", sent.pk).said
    hidden = dict(re.findall(r'name="([\w-]+_kept)"[^>]*value="([^"]+)"', page))
    values = form("-") | {"members-0-id_number": "", "members-0-counts": "on", "phone": "", "seen": "1"} | hidden
    handler.sends("online-register", sent.pk, **values)
    assert handler.status == 422
    assert "在另一件未办结的申请里，不能重复申请" in handler.said
    assert handler.value_of("address") == "春和里3号楼2门501"


def test_the_handler_returns_one_with_the_reason_the_resident_reads(people):
    sent, handler = applied(), Person(people.handler)
    assert "申请人凭查询码会看到这段话" in handler.opens("online-return", sent.pk).said
    assert handler.sends("online-return", sent.pk, reason="", seen=1).status == 422
    handler.sends("online-return", sent.pk, reason="您住的地方归示例二街道，请向那里申请。", seen=1)
    assert "已退回" in handler.said
    assert "归示例二街道" in handler.opens("online-detail", sent.pk).said
    again = handler.sends("online-return", sent.pk, reason="您住的地方归示例二街道。", seen=2)
    assert again.status == 409
    assert "已经办过了" in again.said


def test_the_telephone_is_one_reason_away(people):
    sent, handler = applied(), Person(people.handler)
    assert handler.sends("online-reveal", sent.pk, "phone", 0, reason="电话核实情况").status == 200
    assert PHONE[0] in handler.said
    assert handler.sends("online-reveal", sent.pk, "phone", 0, reason="").status == 422
    assert handler.sends("online-reveal", sent.pk, "draw_code", 0, reason="电话核实情况").status == 404


def test_no_other_post_opens_the_pages(people):
    sent, village = applied(), Person(people.village)
    for name, args in (
        ("online", []),
        ("online-detail", [sent.pk]),
        ("online-register", [sent.pk]),
        ("online-return", [sent.pk]),
    ):
        assert village.opens(name, *args).status == 403
