"""Stands at every exit of the system during the whole run and notes planted numbers that come out in full.

Exits: answers to requests (page, json, spreadsheet, their headers), rendered papers, log lines as they are written, messages to
the broker, statements that write to the database. `allowed.toml` names where full numbers may stand, each with its reason.
"""

import hashlib
import logging
import re
import tomllib
from pathlib import Path

from tests.leaks.scanner import Hit, scan

ALLOWED = tomllib.loads((Path(__file__).parent / "allowed.toml").read_text(encoding="utf-8"))["allowed"]
CONTROL = re.compile(r"<input\b[^>]*>|<textarea\b.*?</textarea>", re.DOTALL | re.IGNORECASE)
WRITES = ("INSERT", "UPDATE", "COPY", "WITH")
SKIPPED_TYPES = ("image/", "text/css", "text/javascript", "application/javascript", "font/")


class Watch:
    """Collects hits; `allowed` says in which channel and place which kinds may stand."""

    def __init__(self, allowed=ALLOWED):
        self.allowed = allowed
        self.hits: list[Hit] = []
        self.papers: set[str] = set()

    def note(self, found: list[Hit]) -> None:
        self.hits += [hit for hit in found if not self.is_allowed(hit)]

    def is_allowed(self, hit: Hit) -> bool:
        return any(
            entry["channel"] == hit.channel and entry["place"] == hit.place and hit.kind in entry["kinds"]
            for entry in self.allowed
        )

    def see(self, content, channel: str, place: str) -> None:
        self.note(scan(content, channel=channel, place=place))

    def take(self) -> list[Hit]:
        """The hits so far; forgets them."""
        hits, self.hits = self.hits, []
        return hits

    def answer(self, request, response) -> None:
        """An answer of the site: what it holds, where it sends to, and the address it was asked under."""
        match = request.resolver_match
        place = f"{request.method} {match.view_name if match else request.path}"
        self.see(request.get_full_path(), "address", place)
        self.see("\n".join(f"{name}: {value}" for name, value in response.items()), "header", place)
        kind = response.get("Content-Type", "")
        if kind.startswith(SKIPPED_TYPES):
            return
        content = body_of(response)
        if hashlib.sha256(content).hexdigest() in self.papers:
            return  # judged when it was rendered
        if "html" in kind:
            self._page(request, content.decode(), place)
        else:
            self.see(content, kind.split(";")[0], place)

    def _page(self, request, text: str, place: str) -> None:
        """What a person has typed may stand in the form that is shown to them again, and nowhere else on the page."""
        self.see(CONTROL.sub("", text), "page", place)
        typed = str(dict(getattr(request, "_post", None) or {}))
        inside = scan("\n".join(CONTROL.findall(text)), channel="form", place=place)
        self.note([hit for hit in inside if hit.number not in typed])

    def paper(self, template: str, content: bytes) -> None:
        """A rendered paper, judged by its template."""
        self.papers.add(hashlib.sha256(content).hexdigest())
        self.see(content, "paper", template)

    def statement(self, sql, params) -> None:
        """A statement of the site that writes; parameters in clear would be so in every backup."""
        text = sql if isinstance(sql, str) else str(sql)
        if params and text.lstrip().upper().startswith(WRITES):
            values = params.values() if isinstance(params, dict) else params
            self.see("\n".join(str(value) for value in values), "database", " ".join(text.split()[:3]))


def body_of(response) -> bytes:
    if not response.streaming:
        return response.content
    content = b"".join(response.streaming_content)
    response.streaming_content = [content]
    return content


class LogWatch(logging.Handler):
    """Sees each log line as it is written."""

    def __init__(self, watch: Watch, formatter: logging.Formatter):
        super().__init__()
        self.watch = watch
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        self.watch.see(self.format(record), "log", record.name)


def install(watch: Watch) -> None:
    """Put the watch at every exit, for the rest of the process."""
    from celery import Celery
    from django.core.handlers.base import BaseHandler
    from django.db.backends.utils import CursorWrapper

    from common import pdf
    from config.logs import formatter

    get_response, render, send_task = BaseHandler.get_response, pdf.render, Celery.send_task
    execute, executemany = CursorWrapper._execute, CursorWrapper._executemany

    def watched_response(self, request):
        response = get_response(self, request)
        watch.answer(request, response)
        return response

    def watched_render(template, context):
        content = render(template, context)
        watch.paper(template, content)
        return content

    def watched_task(self, name, args=None, kwargs=None, **options):
        watch.see(f"{args} {kwargs}", "task", name)
        return send_task(self, name, args, kwargs, **options)

    def watched_execute(self, sql, params, *ignored):
        watch.statement(sql, params)
        return execute(self, sql, params, *ignored)

    def watched_executemany(self, sql, param_list, *ignored):
        rows = list(param_list)
        for params in rows:
            watch.statement(sql, params)
        return executemany(self, sql, rows, *ignored)

    BaseHandler.get_response, pdf.render, Celery.send_task = watched_response, watched_render, watched_task
    CursorWrapper._execute, CursorWrapper._executemany = watched_execute, watched_executemany
    logging.getLogger().addHandler(LogWatch(watch, formatter()))
    for name in ("config.requests", "django.request", "django.security", "axes", "celery"):
        logging.getLogger(name).setLevel(logging.INFO)
