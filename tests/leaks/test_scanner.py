"""The scanner proves itself: one planted leak per channel is found, and what is masked or allowed is not."""

import io
import json
import logging
import zipfile

import pytest
from django.db import connection
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import RequestFactory

from common import ids, outbox, pdf
from common.models import Progress
from tests.leaks import watch as module
from tests.leaks.plants import ACCOUNT, IDENTITY, PHONE
from tests.leaks.scanner import scan
from tests.leaks.watch import LogWatch, Watch

pytestmark = pytest.mark.requirement("SEC-11")
NUMBERS = [("identity", IDENTITY[0]), ("account", ACCOUNT[0]), ("phone", PHONE[0])]


@pytest.fixture
def watch():
    return Watch(allowed=[])


def asked(watch, response, *, path="/x/", post=None):
    request = RequestFactory().post(path, post) if post else RequestFactory().get(path)
    _ = request.POST
    request.resolver_match = None
    watch.answer(request, response)
    return watch.take()


@pytest.mark.parametrize(("kind", "number"), NUMBERS)
class TestEachKind:
    def test_in_text(self, kind, number):
        assert [(hit.kind, hit.number) for hit in scan(f"号码{number}，")] == [(kind, number)]

    def test_not_when_masked(self, kind, number):
        mask = {"identity": ids.mask_id, "account": ids.mask_account, "phone": ids.mask_phone}[kind]
        assert scan(f"号码{mask(number)}，后四位{number[-4:]}") == []

    def test_in_a_spreadsheet(self, kind, number):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("xl/sharedStrings.xml", f"<sst><si><t>{number}</t></si></sst>")
        assert [hit.number for hit in scan(out.getvalue())] == [number]

    def test_on_a_page(self, watch, kind, number):
        assert [hit.number for hit in asked(watch, HttpResponse(f"<p>{number}</p>"))] == [number]

    def test_in_json(self, watch, kind, number):
        assert [hit.channel for hit in asked(watch, JsonResponse({"a": number}))] == ["application/json"]

    def test_in_a_streamed_answer_which_stays_readable(self, watch, kind, number):
        response = StreamingHttpResponse([number[:5].encode(), number[5:].encode()], content_type="text/csv")
        assert [hit.number for hit in asked(watch, response)] == [number]
        assert response.getvalue() == number.encode()

    def test_in_an_address(self, watch, kind, number):
        assert [hit.channel for hit in asked(watch, HttpResponse(""), path=f"/x/?q={number}")] == ["address"]

    def test_in_a_header(self, watch, kind, number):
        assert [hit.channel for hit in asked(watch, HttpResponse("", headers={"Location": f"/x/{number}"}))] == [
            "header"
        ]

    def test_in_a_log_line(self, watch, kind, number):
        logger = logging.getLogger("tests.leaks")
        handler = LogWatch(watch, logging.Formatter())
        logger.addHandler(handler)
        try:
            logger.propagate = False
            logger.error("seen %s", number)
        finally:
            logger.propagate = True
            logger.removeHandler(handler)
        assert [(hit.channel, hit.place) for hit in watch.take()] == [("log", "tests.leaks")]


def test_groups_of_four_are_the_full_number_too():
    grouped = " ".join(ACCOUNT[0][i : i + 4] for i in range(0, 19, 4))
    assert [hit.number for hit in scan(grouped)] == [ACCOUNT[0]]


def test_ordinary_numbers_are_no_hits():
    assert scan("120199001901 2026-09-01 1,900.00 202609010001 15400 " + "ab12" * 16) == []


def test_what_was_typed_may_stand_in_its_form_and_nowhere_else(watch):
    form = HttpResponse(f'<input name="id_number" value="{IDENTITY[0]}"><textarea>{PHONE[0]}</textarea>')
    assert asked(watch, form, post={"id_number": IDENTITY[0], "phone": PHONE[0]}) == []
    assert len(asked(watch, form)) == 2, "but not in a form that nobody has filled in"
    said = HttpResponse(f"<p>{IDENTITY[0]} 不对</p>")
    assert [hit.channel for hit in asked(watch, said, post={"id_number": IDENTITY[0]})] == ["page"]


def test_the_list_of_exceptions_is_exact():
    entry = {"channel": "page", "place": "GET /x/", "kinds": ["phone"], "reason": "test"}
    watch = Watch(allowed=[entry])
    assert asked(watch, HttpResponse(PHONE[0])) == []
    assert len(asked(watch, HttpResponse(ACCOUNT[0]))) == 1
    assert len(asked(watch, HttpResponse(PHONE[0]), path="/y/")) == 1
    assert all(set(entry) == {"channel", "place", "kinds", "reason"} and entry["reason"] for entry in module.ALLOWED)


class TestTheRunItself:
    """The watch that stands at the exits of this very run."""

    @pytest.fixture
    def standing(self, leak_watch):
        before = leak_watch.take()
        assert before == []
        yield leak_watch
        leak_watch.take()

    @pytest.mark.django_db
    def test_sees_what_a_statement_writes(self, standing):
        Progress.objects.create(name="leak", title=f"户主 {PHONE[0]}", updated_at="2026-09-01 09:00+08")
        assert [(hit.channel, hit.number) for hit in standing.take()] == [("database", PHONE[0])]

    @pytest.mark.django_db
    def test_sees_copies_and_many_rows_at_once(self, standing):
        with connection.cursor() as cursor:
            rows = [("a", "t", PHONE[0]), ("b", "t", "x")]
            cursor.executemany(
                "INSERT INTO common_progress (name, title, total, done, state, message, updated_at)"
                " VALUES (%s, %s, 0, 0, '', %s, now())",
                rows,
            )
        assert [hit.number for hit in standing.take()] == [PHONE[0]]

    @pytest.mark.django_db
    def test_does_not_mind_the_same_in_an_encrypted_column(self, standing):
        from common.crypto import seal

        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE common_draft SET data = %s", [seal(json.dumps({"phone": PHONE[0]}), "common_draft.data")]
            )
        assert standing.take() == []

    @pytest.mark.django_db
    def test_sees_what_goes_to_the_broker(self, standing):
        message = outbox.enqueue("tests.note", PHONE[0])
        assert [hit.channel for hit in standing.take()] == ["database"]
        outbox.current_app.send_task("tests.note", args=[PHONE[0]])
        assert [(hit.channel, hit.place) for hit in standing.take()] == [("task", "tests.note")]
        assert message.pk

    def test_sees_a_rendered_paper(self, standing, settings, tmp_path):
        (tmp_path / "leak.html").write_text(f"<p>户主 {IDENTITY[0]}</p>")
        settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
        content = pdf.render("leak.html", {})
        assert [(hit.channel, hit.place) for hit in standing.take()] == [("paper", "leak.html")]
        assert scan(content) != []

    @pytest.mark.django_db
    def test_sees_an_answer_of_the_site(self, standing, client):
        client.get(f"/no-such-page/{PHONE[0]}/")
        assert {hit.channel for hit in standing.take()} == {"address"}
