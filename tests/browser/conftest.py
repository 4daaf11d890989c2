"""A real browser against a live server with a database of its own."""

import os

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import sync_playwright

from tests.browser.person import Person

ARGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session", autouse=True)
def playwright_beside_django():
    """Playwright's synchronous interface runs an event loop in the test's thread, which Django would refuse."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def site(fresh_database, settings):
    """The address of the running site, on this test's database."""
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


@pytest.fixture
def signs_in(site, chromium):
    """`signs_in(user)`: a person at a browser of their own, signed in. Errors of scripts and of the content policy fail."""
    people = []

    def enter(user, *, width=1366, script=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="zh-CN", java_script_enabled=script, base_url=site
        )
        person = Person(context.new_page(), user)
        people.append(person)
        person.signs_in()
        return person

    yield enter
    for person in people:
        person.page.context.close()
        assert person.troubles == [], person.troubles
