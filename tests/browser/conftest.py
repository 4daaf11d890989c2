"""A real browser against a live server with a database of its own."""

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread

from tests.browser.person import Person


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
