"""A web process of its own on the present test database, and somebody who uses it over HTTP."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.urls import reverse

from common import clock
from tests import databases
from tests.builders.organization import PASSWORD

READY_SECONDS = 60
LISTENING = re.compile(r"Listening at: http://127\.0\.0\.1:(\d+)")


class Site:
    """gunicorn as `ops/run.py` starts it, with one worker, on a port that it finds itself."""

    def __init__(self, folder):
        self.folder, self.process, self.port, self.starts = folder, None, 0, 0

    def start(self):
        """Returns when the process answers."""
        self.starts += 1
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "tests.faults.wsgi:application",
            "--bind",
            "127.0.0.1:0",
            "--workers",
            "1",
        ]
        command += ["--threads", "4", "--timeout", "120", "--log-level", "info", "--no-control-socket"]
        environment = {
            **os.environ, "DJANGO_ENV": "test", "DJANGO_SETTINGS_MODULE": "tests.settings", "MEDIA_ROOT": settings.MEDIA_ROOT,
            "DATABASE_URL": databases.address(), "MIGRATION_DATABASE_URL": databases.address("owner"),
            "TEST_CLOCK": clock.now().isoformat(),
        }  # fmt: skip
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self._until(self._answers)

    @property
    def _log(self):
        return self.folder / f"web-{self.starts}.log"

    def _answers(self):
        found = LISTENING.search(self._log.read_text())
        if not found:
            return False
        self.port = int(found[1])
        with suppress(OSError, http.client.HTTPException):
            return Visitor(self).get("/healthz").status == 200
        return False

    def _until(self, condition):
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            if condition():
                return
            time.sleep(0.1)
        pytest.fail(f"the web process does not answer:\n{self._log.read_text()}")

    def died(self):
        """Whether the process was killed: waits for its end."""
        return self.process.wait(READY_SECONDS) == -signal.SIGKILL

    def stop(self):
        """End every process of the group, whatever became of the master."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass(frozen=True)
class Answer:
    """What came back: status, where it leads to, and the page."""

    status: int
    location: str
    page: str


class Visitor:
    """A person at a browser without script: keeps cookies, sends the forms that the pages have."""

    def __init__(self, site):
        self.site, self.cookies = site, {}

    def signs_in(self, username):
        address = reverse("account_login")
        token = self.form(address, "")
        answer = self.post(address, token | {"login": username, "password": PASSWORD})
        assert answer.status == 302, answer
        return self

    def form(self, page, action):
        """The hidden fields of the form on a page that posts to `action` (as it stands in the page)."""
        found = HiddenFields(action)
        found.feed(self.get(page).page)
        assert found.fields, f"{page} has no form for {action}"
        return found.fields

    def get(self, path):
        return self._ask("GET", path)

    def post(self, path, form, *, die=""):
        """Send a form; `die`: the moment of this request at which the web process is killed."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"} | ({"X-Die": die} if die else {})
        return self._ask("POST", path, urlencode(form), headers)

    def _ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=READY_SECONDS)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, path, body, {**(headers or {}), "Cookie": cookies})
            answer = connection.getresponse()
            page = answer.read().decode()
        finally:
            connection.close()
        self._keep(answer.headers.get_all("Set-Cookie") or [])
        return Answer(answer.status, urlsplit(answer.headers.get("Location", "")).path, page)

    def _keep(self, lines):
        for line in lines:
            for name, cookie in SimpleCookie(line).items():
                self.cookies[name] = cookie.coded_value
                if cookie["max-age"] == "0":
                    del self.cookies[name]


class HiddenFields(HTMLParser):
    """The hidden fields of the form with an action."""

    def __init__(self, action):
        super().__init__()
        self.action, self.inside, self.fields = action, False, {}

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "form":
            self.inside = found.get("action", "") == self.action
        elif tag == "input" and self.inside and found.get("type") == "hidden":
            self.fields[found["name"]] = found.get("value", "")

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "form"
