"""The filing of results with the district: the street sends, the district receives."""

import uuid

import pytest
from django.urls import reverse

from cases import documents
from cases.enums import Step
from cases.models import Filing
from policies.services.flags import flags_of
from tests.builders import cases as build
from tests.builders.organization import actor, post
from tests.builders.unchanged import nothing_changes
from tests.cases.pages import Person
from tests.cases.test_papers import assert_sound, pages_of, text_of

pytestmark = pytest.mark.django_db
PACK = "jincheng-chengqu-2023"
DISTRICT = "140502000000"


def street(number=1):
    return f"14050200{number}000", f"14050200{number}901"


def household(people=None, number=1, **changes):
    """A household of the district whose document files results, registered."""
    code, village = street(number)
    return build.walk(people or build.street(code, village, PACK), village_code=village, **changes)


def officer():
    """Somebody of the bureau who receives summaries."""
    return Person(actor(post("district_officer", DISTRICT)))


def sends(person, *walks, **more):
    """Ticks the cases and sends them, as the page showed them."""
    values = {"cases": [one.case_id for one in walks]} | {f"seen-{one.case_id}": one.seen for one in walks}
    return person.sends("filing-send", **(values | more))


def filings():
    return list(Filing.objects.unscoped(reason="test").order_by("pk"))


def pdf_of(person, filing):
    person.opens("filing-paper", filing.pk)
    assert person.status == 200
    assert person.reply["Content-Type"] == "application/pdf"
    return b"".join(person.reply.streaming_content)


@pytest.mark.requirement("DEC-23", "DEC-25")
def test_a_street_sends_ticked_results_in_one_summary_and_the_district_receives_it_with_remarks():
    first = household().to("FILING")
    second = household(first.people).to("FILING")
    left_out = household(first.people).to("FILING")
    handler = Person(first.people.handler)
    page = handler.opens("filing").said
    assert page.count('name="cases"') == 3
    assert "剩 7 天" in page
    sends(handler, first, second)
    [sent] = filings()
    assert handler.status == 200
    assert "已上报区级备案" in handler.said
    for one in (first, second):
        assert Step.FILING not in one.open_steps()
    assert Step.FILING in left_out.open_steps()
    listed = handler.opens("filing").said
    assert sent.paper.number in listed
    assert listed.count('name="cases"') == 1
    assert "未签收" in listed

    bureau = officer()
    assert sent.paper.number in bureau.opens("filing").said
    page = bureau.opens("filing-summary", sent.pk).said
    assert page.count("李桂兰") == 2
    assert first.case.number in page
    bureau.sends("filing-receive", sent.pk, remarks="收悉，请留意第二户")
    assert "已签收" in bureau.said
    handler.opens("filing")
    assert "收悉，请留意第二户" in handler.said
    assert bureau.actor.name in handler.opens("filing-summary", sent.pk).said


@pytest.mark.requirement("DEC-24")
def test_the_street_is_reminded_of_the_limit_and_the_district_lists_what_is_late_street_by_street():
    """004 五(二): 于7日内."""
    one = household().to("FILING")
    other = household(number=2).to("FILING")
    one.days_pass(5)
    assert "剩 2 天" in Person(one.people.handler).opens("filing").said
    assert "没有超过时限还没有上报的结果" in officer().opens("filing").said
    one.days_pass(3)
    assert "超 1 天" in Person(one.people.handler).opens("filing").said
    page = officer().opens("filing").said
    for walk in (one, other):
        assert walk.case.number in page
        assert walk.case.office.name in page


@pytest.mark.requirement("DEC-23")
def test_a_filing_after_the_limit_is_flagged_on_the_case_and_marked_in_the_summary():
    late = household().to("FILING").days_pass(9)
    in_time = household(late.people).to("FILING")
    sends(Person(late.people.handler), late, in_time)
    [sent] = filings()
    [flag] = flags_of(late.case)
    assert flag.rule == "DEC-23"
    assert flag.basis == "《晋城市城区社会救助审核确认权限下放工作实施方案》五(二)"
    assert "2天" in flag.message
    assert list(flags_of(in_time.case)) == []
    page = officer().opens("filing-summary", sent.pk).said
    assert page.count("迟报") == 1
    assert "迟报 2 天" in page


def test_the_case_page_leads_to_the_filing_and_shows_number_day_receipt_and_remarks():
    one = household().to("FILING")
    handler = Person(one.people.handler)
    assert "去上报备案" in handler.opens("detail", one.case_id).said
    sends(handler, one)
    [sent] = filings()
    page = handler.opens("detail", one.case_id).said
    assert sent.paper.number in page
    assert "未签收" in page
    officer().sends("filing-receive", sent.pk, remarks="同意备案")
    page = handler.opens("detail", one.case_id).said
    assert "同意备案" in page
    assert "已签收" in page
    village = Person(one.people.village).opens("detail", one.case_id)
    assert sent.paper.number in village.said
    assert f"/filing/{sent.pk}/" not in village.said, "the summary names other households too"


@pytest.mark.requirement("DEC-23")
def test_a_result_whose_decision_is_taken_back_is_marked_and_the_new_one_waits_to_be_filed_again():
    """A-77: 因异议改变结果的重新备案."""
    one = household().to("FILING").files().posts().days_pass(2).objected()
    [first] = filings()
    assert "决定已撤销" in officer().opens("filing-summary", first.pk).said
    assert "决定已撤销" in Person(one.people.handler).opens("detail", one.case_id).said
    one.does(Step.SURVEY).answers_objection().to("FILING")
    handler = Person(one.people.handler)
    assert one.case.number in handler.opens("filing").said
    sends(handler, one)
    _first, second = filings()
    assert "决定已撤销" not in officer().opens("filing-summary", second.pk).said
    page = handler.opens("detail", one.case_id).said
    assert page.index(second.paper.number) < page.index(first.paper.number)


def test_a_form_sent_twice_files_once():
    one = household().to("FILING")
    handler = Person(one.people.handler)
    seen, key = {f"seen-{one.case_id}": one.seen}, str(uuid.uuid4())
    for _time in range(2):
        handler.sends("filing-send", cases=[one.case_id], key=key, **seen)
        assert handler.status == 200
    assert len(filings()) == 1


def test_nothing_ticked_and_an_older_reading_are_refused_and_what_was_ticked_stays():
    one = household().to("FILING")
    other = household(one.people).to("FILING")
    handler = Person(one.people.handler)
    with nothing_changes(leave_out={"journal_entry"}):
        sends(handler)
    assert handler.status in {409, 422}
    assert "请先选择要上报备案的个案" in handler.said
    with nothing_changes(leave_out={"journal_entry"}):
        sends(handler, one, **{f"seen-{one.case_id}": one.seen - 1})
    assert handler.status == 409
    assert "已被他人更新" in handler.said
    assert handler.said.count(" checked") == 1
    assert other.case.number in handler.said


def test_a_summary_is_received_once_and_only_by_the_bureau():
    one = household().to("FILING").files()
    [sent] = filings()
    handler = Person(one.people.handler)
    assert handler.sends("filing-receive", sent.pk).status == 403
    bureau = officer()
    bureau.sends("filing-receive", sent.pk, remarks="长" * 301)
    assert bureau.status == 422
    bureau.sends("filing-receive", sent.pk)
    with nothing_changes(leave_out={"journal_entry"}):
        bureau.sends("filing-receive", sent.pk, remarks="再来一次")
    assert bureau.status in {409, 422}
    assert "这份汇总表已经签收" in bureau.said


@pytest.mark.requirement("SEC-04")
def test_another_street_neither_sees_nor_sends_nor_opens_the_paper():
    one = household().to("FILING")
    waiting = household(one.people).to("FILING")
    one.files()
    [sent] = filings()
    code, village = street(2)
    stranger = Person(build.street(code, village, PACK).handler)
    page = stranger.opens("filing").said
    assert sent.paper.number not in page
    assert "李桂兰" not in page
    assert stranger.opens("filing-summary", sent.pk).status == 404
    assert stranger.opens("filing-paper", sent.pk).status == 404
    assert sends(stranger, waiting).status == 404
    for outsider in (one.people.deputy, one.people.village, one.people.centre):
        assert Person(outsider).opens("filing").status == 403
    assert Person(one.people.village).opens("filing-summary", sent.pk).status == 404


def test_received_summaries_are_paged(monkeypatch):
    monkeypatch.setattr("cases.filing_page.PAGE_SIZE", 1)
    one = household().to("FILING").files()
    household(one.people).to("FILING").files()
    bureau = officer()
    for sent in filings():
        bureau.sends("filing-receive", sent.pk)
    first, second = filings()
    page = bureau.opens("filing").said
    assert second.paper.number in page
    assert first.paper.number not in page
    page = bureau.opens("filing", before=second.pk).said
    assert first.paper.number in page
    assert second.paper.number not in page


# --- The paper --------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("DEC-23")
def test_the_summary_says_for_each_result_where_its_publicity_stands():
    """A-77: filing and publicity run side by side; a refusal is never posted."""
    posted = household().to("FILING").posts()
    unposted = household(posted.people).to("FILING")
    over = household(posted.people).to("FILING")
    over.posts().days_pass(8).finishes_publicity()
    refused = household(posted.people).to("FILING", opinion="refuse")
    handler = Person(posted.people.handler)
    sends(handler, posted, unposted, over, refused)
    [sent] = filings()
    words = {row["case_number"]: row["publicity"] for row in sent.paper.data["rows"]}
    last = posted.case.publicities.unscoped(reason="test").get().last_day
    assert words == {
        posted.case.number: f"公示至{last.year}年{last.month}月{last.day}日",
        unposted.case.number: "尚未张贴公示",
        over.case.number: "公示已结束",
        refused.case.number: "不公示",
    }
    content = pdf_of(handler, sent)
    assert_sound(content)
    printed = text_of(content)
    for said in ("审核确认结果备案汇总表", sent.paper.number, "公示已结束", "不公示", "以上共4件", *words):
        assert said in printed


def test_a_long_summary_repeats_its_head_on_every_page_and_is_found_by_its_check_code(client, monkeypatch):
    written = documents.filing_summary
    monkeypatch.setattr(
        documents, "filing_summary", lambda filing: written(filing) | {"rows": written(filing)["rows"] * 40}
    )
    one = household().to("FILING").files()
    [sent] = filings()
    content = pdf_of(Person(one.people.handler), sent)
    assert_sound(content)
    assert pages_of(content) > 1
    assert text_of(content).count("序号") == pages_of(content)
    page = client.get(reverse("archives:verify", args=[sent.paper.check_code])).content.decode()
    assert sent.paper.number in page
    assert "李桂兰" not in page
