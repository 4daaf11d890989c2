"""Logs are structured and hold no personal data, whatever was asked or went wrong."""

import io
import json
import logging

import pytest
import structlog
from django.db import IntegrityError, connection, transaction

from config.logs import formatter, masked
from tests.leaks.plants import ACCOUNT, IDENTITY, PHONE

pytestmark = pytest.mark.requirement("SEC-11")


@pytest.fixture
def lines():
    """Everything that is logged, as it would stand in the log."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)


@pytest.mark.django_db
class TestRequests:
    def test_a_request_is_one_line_with_its_number(self, client, lines):
        answer = client.get("/archives/verify/x/")
        (line,) = [line for line in lines() if line["event"] == "request"]
        assert (line["method"], line["path"], line["status"], line["user"]) == ("GET", "/archives/verify/x/", 404, None)
        assert line["request"] == answer["X-Request-ID"]
        assert line["milliseconds"] >= 0

    def test_what_was_asked_or_typed_is_in_no_line(self, client, lines, leak_watch):
        client.get("/account/login/", {"next": f"/cases/?q={IDENTITY[0]}", "name": "示例李桂兰"})
        client.post("/account/login/", {"login": PHONE[0], "password": f"geheim-{ACCOUNT[0]}", "name": "示例李桂兰"})
        own = {"address", "form"}  # the number that this test itself puts into an address
        assert {hit.channel for hit in leak_watch.take()} <= own
        text = json.dumps(lines(), ensure_ascii=False)
        assert "/account/login/" in text
        for unsaid in (IDENTITY[0], PHONE[0], ACCOUNT[0], "geheim", "李桂兰", "next="):
            assert unsaid not in text

    def test_numbers_in_a_path_are_masked(self, client, lines):
        client.get("/archives/verify/0/")
        client.get(f"/no/{IDENTITY[0][:17]}/x")
        structlog.get_logger("config.requests").info("request", path=f"/no/{IDENTITY[0]}/")
        assert IDENTITY[0] not in json.dumps(lines())

    def test_signs_of_life_are_not_logged(self, client, lines):
        client.get("/healthz")
        assert lines() == []


@pytest.mark.django_db
def test_an_error_of_the_database_does_not_repeat_the_row(lines):
    name = "".join(["示例", "李桂兰"])  # in pieces: a traceback repeats lines of source
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO common_progress (name, title) VALUES (%s, 't')", [name])
    except IntegrityError:
        logging.getLogger("tests").exception("failed")
    (line,) = lines()
    assert "NotNullViolation" in line["exception"]
    assert "DETAIL: ***" in line["exception"]
    assert name not in json.dumps(line, ensure_ascii=False)


@pytest.mark.parametrize("number", [IDENTITY[0], ACCOUNT[0], PHONE[0], "022-12345678", "6217 0000 1234 5082"])
def test_a_number_is_masked_wherever_it_stands_in_a_line(number, lines):
    structlog.get_logger("tests").warning(f"号码 {number}", a=number, b={"c": [number]}, d=f"x\n{number}\n")
    logging.getLogger("tests").warning("号码 %s", number)
    assert len(lines()) == 2
    assert number not in json.dumps(lines(), ensure_ascii=False)


@pytest.mark.parametrize("text", ["120104001002", "2026-09-01T09:00:00.123456Z", "a1" * 32, "case 12345 in 1286 ms"])
def test_what_belongs_to_nobody_stays_readable(text):
    assert masked(text) == text
