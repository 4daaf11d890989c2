"""From every reachable status every move that is not allowed there is tried at its pages: a refusal with its code, unchanged rows.
No page offers such a move, and every page of the case opens in every status."""

from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django.urls import reverse

from cases.access import status_label
from cases.flow import MOVES
from cases.models import Material
from cases.services.signing import open_unattended_sitting
from cases.urls import for_offices
from journal.models import Entry
from tests.builders import cases as build
from tests.builders.unchanged import nothing_changes
from tests.cases.pages import Person, photo
from tests.cases.test_moves import ALLOWED, OF_OTHER_SYSTEMS, REACHED, refusal_of, request_of
from tests.cases.test_pages_intake import typed

HELD = "a test looks at everything"
TODAY = "2026-09-01"
NO_ROWS = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}


@dataclass(frozen=True)
class Form:
    """One form of a move: who sends it, to which address, and what stands in it beside key and version. `of`: the number in the
    address, empty for none; `answer`: the status of the page that says no, where it is not the refusal's own."""

    who: str
    name: str
    values: Callable = lambda it: {}
    of: str = "case_id"
    answer: int = 0


def _rows(prefix):
    return {f"{prefix}-{name}": number for name, number in NO_ROWS.items()}


def _visit(it):
    return _rows("found") | {
        "visited_on": TODAY, "started_at": "09:00", "ended_at": "10:00", "place": "家中", "investigators": it.investigators,
        "members_found": "1人", "living": "一般", "conclusion": "属实",
    }  # fmt: skip


def _meeting(it):
    return {
        "held_on": TODAY, "place": "会议室", "chaired_by": "周明", "minutes": "同意。", "seats-TOTAL_FORMS": "1",
        "seats-INITIAL_FORMS": "0", "seats-0-name": "赵代表", "seats-0-role": "resident", "seats-0-said": "agree",
    }  # fmt: skip


def _report(it):
    return _rows("findings") | {"number": "核1号", "on": TODAY, "conclusion": "一致"}


def _service(it):
    return {
        "method": "in_person", "served_on": TODAY, "received_by": "李桂兰", "receiver_relation": "本人", "duties_told": "on",
        "remedies_told": "on",
    }  # fmt: skip


def _signed(it):
    return {"signer": "applicant", "signer_name": "李桂兰", "signed_on": TODAY, "in_person": "on", "scan": photo()}


FORMS = {
    "amend": [Form("handler", "amend", lambda it: typed())],
    "submit": [Form("handler", "submit")],
    "add_material": [
        Form("handler", "material-add", lambda it: {"material_id": it.material_id, "file": photo(), "reason": "更清楚"}),
        Form("handler", "material-by-data", lambda it: {"material_id": it.material_id, "note": "公安户籍数据"}),
    ],
    "ask_missing": [Form("handler", "ask-missing")],
    "authorize": [
        Form("handler", "authorization-print", lambda it: {"member_id": it.member_id}),
        Form("handler", "authorize", lambda it: {"member_id": it.member_id} | _signed(it)),
    ],
    "accept": [Form("handler", "accept")],
    "refuse_acceptance": [Form("handler", "refuse-acceptance", lambda it: {"reason": "不在本街道", "basis": "第十一条"})],
    "record_survey": [Form("handler", "survey", _visit), Form("handler", "survey-print")],
    "sign_survey": [Form("handler", "survey-sign"), Form("handler", "survey-sign-household", _signed)],
    "add_survey_photo": [Form("handler", "survey-photo", lambda it: {"file": photo(), "caption": "门牌"})],
    "finish_survey": [Form("handler", "survey-finish")],
    "request_check": [Form("handler", "check-request")],
    "answer_check": [
        Form("centre", "check-answer", _report, of="check_id"), Form("centre", "check-open", _report, of="check_id"),
    ],
    "settle_items": [Form("handler", "settle", lambda it: {f"item-{it.item_id}": "420", f"why-{it.item_id}": "按申报"})],
    "finish_check": [Form("handler", "check-finish", lambda it: {"reason": "平台无数据返回"})],
    "open_optional": [Form("handler", "optional", lambda it: {"stage_key": "appraisal", "reason": "有争议"})],
    "record_appraisal": [
        Form("handler", "appraisal", _meeting), Form("handler", "appraisal-sign", lambda it: {"scan": photo()}),
    ],
    "add_appraisal_photo": [Form("handler", "appraisal-photo", lambda it: {"file": photo(), "caption": "会场"})],
    "finish_appraisal": [Form("handler", "appraisal-finish")],
    "give_opinion": [
        Form("handler", "review", lambda it: {"opinion": "grant", "grounds": "低于标准", "basis": "第九条"}),
    ],
    "issue_poster": [Form("handler", "poster-issue")],
    "record_posting": [Form("village", "posting", lambda it: {"posted_on": TODAY, "place": "公开栏", "sealed": "on"})],
    "add_publicity_photo": [
        Form("village", "publicity-photo", lambda it: {"distance": "near", "file": photo(), "taken_on": TODAY}),
    ],
    "record_loss": [Form("village", "loss", lambda it: {"lost_on": TODAY, "cause": "大风"})],
    "record_restoring": [Form("village", "restoring", lambda it: {"restored_on": TODAY})],
    "raise_objection": [
        Form("handler", "objection-add", lambda it: {"raised_on": TODAY, "content": "有房出租", "anonymous": "on"}),
    ],
    "answer_objection": [
        Form("handler", "objection-answer", lambda it: {"objection_id": "1", "upheld": "0", "answer": "不属实"}),
    ],
    "finish_publicity": [Form("handler", "publicity-finish")],
    "sign": [
        Form("deputy", "sign", lambda it: {"sitting_id": it.sitting_id}),
        # signs each case of the sitting, names each refusal, and leads back to the sitting
        Form("deputy", "sitting-sign", lambda it: {f"seen-{it.case_id}": it.seen}, of="sitting_id", answer=200),
    ],
    "return_signing": [Form("deputy", "return-signing", lambda it: {"reason": "再核实"})],
    "send_back": [Form("handler", "send-back", lambda it: {"to_key": "survey", "reason": "再调查"})],
    "decide": [Form("handler", "decide", lambda it: {"reasons": ""})],
    "file_result": [
        Form("handler", "filing-send", lambda it: {"cases": it.case_id, f"seen-{it.case_id}": it.seen}, of=""),
    ],
    "serve": [Form("handler", "serve", _service)],
    "start_benefit": [Form("handler", "start-benefit")],
    "record_excuse": [
        Form("handler", "excuse", lambda it: {"kind": "other", "since": TODAY, "reason": "停电"}),
    ],
    "withdraw": [Form("handler", "withdraw", lambda it: {"reason": "不再需要"})],
    "terminate": [Form("handler", "terminate", lambda it: {"reason": "拒绝入户"})],
}  # fmt: skip

ON_A_CASE = ("detail", "timeline", "chain", "materials", "authorizations", "survey", "check", "appraisal", "publicity")
"""Pages that read a case; they open in every status."""
READ_BY = {
    "handler": ON_A_CASE,
    "village": ("detail", "survey", "appraisal", "publicity"),
    "deputy": ("detail", "chain"),
}
NO_MOVE = {
    *ON_A_CASE,
    "late",
    "list",
    "search",
    "register",
    "paper",
    "file",
    "filing",
    "filing-summary",
    "filing-receive",
    "filing-paper",
    "flag-answer",
    "reveal",
    "online",
    "online-detail",
    "online-register",
    "online-return",
    "online-reveal",
    "checks",
    "sign-desk",
    "sitting-open",
}
READING = {"survey", "appraisal"}
"""Addresses of a move under which there is something to read as well; a link to any other one offers the move."""


class Offers(HTMLParser):
    """What a page leads to: the addresses its forms post to, and its links."""

    def __init__(self, path, page):
        super().__init__()
        self.path, self.posts, self.links = path, set(), set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "form" and found.get("method") == "post":
            self.posts.add(found.get("action") or self.path)
        elif found.get("formaction"):
            self.posts.add(found["formaction"])
        elif tag == "a" and found.get("href"):
            self.links.add(found["href"].partition("?")[0])


def numbers_of(walk):
    """The numbers that stand in the forms and addresses of a case."""
    case = walk.case
    return SimpleNamespace(
        case_id=case.pk,
        seen=case.version,
        member_id=walk.members()[0].pk,
        material_id=Material.objects.unscoped(reason=HELD).filter(case=case).earliest("pk").pk,
        item_id=case.items.unscoped(reason=HELD).earliest("pk").pk,
        check_id=request_of(walk),
        sitting_id=open_unattended_sitting(walk.people.deputy, case_ids=[case.pk]).pk,
        investigators=[walk.people.handler.user_id, walk.people.colleague.user_id],
    )


def numbers_in(form, it):
    """The numbers in the address of a form."""
    return [getattr(it, form.of)] if form.of else []


def address(form, it):
    return reverse(f"cases:{form.name}", args=numbers_in(form, it))


def last_line():
    return Entry.objects.unscoped(reason=HELD).latest("pk").pk


def lines_since(last):
    rows = Entry.objects.unscoped(reason=HELD).filter(pk__gt=last).order_by("pk")
    return list(rows.values_list("act", "object_id"))


WORDS = {
    "CASES_WRONG_STAGE": (409, "这一户现在的环节是“{now}”，不能办“{move}”。请刷新页面，按当前环节办理。"),
    "COMMON_NOT_FOUND": (404, "没有找到这条记录。"),
}


def troubles_of_sending(person, form, it, move, walk):
    """What is wrong with the answer to the form, sent as its page would send it: it should be the refusal in words, with its code in
    the one line of the journal and nothing else written."""
    code = refusal_of(walk, move)
    answer, words = WORDS[code]
    words = words.format(now=status_label(walk.case), move=MOVES[move].title)
    last = last_line()
    with nothing_changes(leave_out={"journal_entry"}):
        person.sends(form.name, *numbers_in(form, it), **{"seen": it.seen, **form.values(it)})
    if person.status != (form.answer or answer):
        yield f"{form.name}: {person.status}, not {form.answer or answer}"
    if words not in person.said:
        yield f"{form.name}: does not say {words}"
    if (lines := lines_since(last)) != [(f"refused:cases:{form.name}", code)]:
        yield f"{form.name}: wrote {lines}"


def troubles_of_reading(people, it, closed):
    """Pages of the case that do not open, and those that offer a move that is not allowed now."""
    refused = {address(form, it) for form in closed}
    acting = {address(form, it) for form in closed if form.name not in READING}
    for who, path, query, fine in pages_of(it, closed):
        answer = people[who].client.get(path, query)
        offers = Offers(path, answer.content.decode())
        if answer.status_code not in fine:
            yield f"{path}, {who}: {answer.status_code}"
        if offered := (offers.posts & refused) | (offers.links & acting):
            yield f"{path}, {who}: offers {sorted(offered)}"


def pages_of(it, closed):
    """(who, path, query, fine answers) of the pages of the case as people read them, and of the moves as whoever makes them."""
    read = {(who, reverse(f"cases:{name}", args=[it.case_id])) for who, names in READ_BY.items() for name in names}
    made = {(form.who, address(form, it)) for form in closed}
    yield from ((who, path, {}, {200}) for who, path in sorted(read))
    yield from ((who, path, {}, {200, 404, 405, 409}) for who, path in sorted(made - read))
    for query in ({"case": it.case_id}, {"sitting": it.sitting_id}):
        yield "deputy", reverse("cases:sign-desk"), query, {200}


@pytest.mark.django_db
@pytest.mark.requirement("DEC-01", "DEC-21", "INT-13")
@pytest.mark.parametrize("status", sorted(REACHED))
def test_pages_refuse_what_the_status_does_not_allow_write_nothing_and_do_not_offer_it(status):
    walk = REACHED[status]()
    assert walk.case.status == status
    it = numbers_of(walk)
    people = {who: Person(getattr(walk.people, who)) for who in ("handler", "village", "deputy", "centre")}
    closed = [(move, form) for move, forms in FORMS.items() if move not in ALLOWED[status] for form in forms]
    wrong = [said for move, form in closed for said in troubles_of_sending(people[form.who], form, it, move, walk)]
    wrong += troubles_of_reading(people, it, [form for _move, form in closed])
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.django_db
def test_whoever_comes_second_reads_why_nothing_was_done_although_the_form_is_gone():
    walk = build.walk().to("PUBLICITY").makes_poster()
    seen, village = walk.seen, Person(walk.people.village)
    walk.hangs_poster()
    with nothing_changes(leave_out={"journal_entry"}):
        village.sends("posting", walk.case_id, posted_on=TODAY, place="公开栏", sealed="on", seen=seen)
    assert village.status == 409
    assert "这条记录在您打开之后已被他人更新" in village.said


def test_every_move_has_its_forms_and_every_address_is_one_of_a_move_or_known_to_be_none():
    assert set(FORMS) | OF_OTHER_SYSTEMS == set(MOVES)
    of_moves = {form.name for forms in FORMS.values() for form in forms}
    assert of_moves | NO_MOVE == {one.name for one in for_offices}


def test_the_form_of_an_allowed_move_would_be_offered():
    """The control of the parser above."""
    page = '<form method="post"><button formaction="/b/">x</button></form><form method="post" action="/c/"></form><a href="/d/?x=1">'
    offers = Offers("/a/", page)
    assert (offers.posts, offers.links) == ({"/a/", "/b/", "/c/"}, {"/d/"})
