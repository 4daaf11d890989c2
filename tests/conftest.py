"""The harness: template database, frozen clock, strict templates, no network, no leak of planted numbers."""

import datetime as dt
import fcntl
import os
import uuid
from contextlib import closing

os.environ.setdefault("DJANGO_ENV", "test")

import pytest
from django.core.cache import cache
from django.db import connections

from tests.matrix.summary import pytest_terminal_summary  # noqa: F401

NOW = dt.datetime(2026, 9, 1, 9, 0)
CHROMIUM = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
DATABASE_FIXTURES = {"db", "fresh_database", "transactional_db", "django_db_reset_sequences"}


def pytest_configure(config):
    """The controller (or the only process) names the run; workers build on it. Every process notes what is exercised."""
    from tests import databases
    from tests.exercised import Exercised

    config.pluginmanager.register(Exercised(), "exercised")
    if not hasattr(config, "workerinput"):
        os.environ["SUNLIGHT_TEST_RUN"] = databases.RUN


def pytest_collection_modifyitems(items):
    """Flushing would truncate: tests that commit take `fresh_database`."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if (marker and marker.kwargs.get("transaction")) or "transactional_db" in item.fixturenames:
            raise pytest.UsageError(f"{item.nodeid}: use the fixture fresh_database instead of a transactional test")


@pytest.fixture(scope="session")
def worker_id(request):
    return getattr(request.config, "workerinput", {}).get("workerid", "master")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, tmp_path_factory, worker_id):
    """A database of this worker, copied from the template."""
    from tests import databases

    base = tmp_path_factory.getbasetemp()
    with django_db_blocker.unblock():
        _build_template_once(base if worker_id == "master" else base.parent)
        name = databases.copy(f"{databases.TEMPLATE}_{worker_id}")
        databases.point_at(name)
    yield
    with django_db_blocker.unblock():
        for connection in connections.all():
            connection.close()
        if worker_id == "master":
            databases.drop_all()
        else:
            databases.drop(name)


def _build_template_once(folder):
    """One worker builds, the others wait for its file."""
    from tests import databases

    marker = folder / "template"
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not marker.exists():
            databases.build_template()
            marker.write_text("built")


def pytest_sessionfinish(session):
    """The controller of a parallel run removes the template."""
    if hasattr(session.config, "workerinput") or not session.config.getoption("numprocesses", None):
        return
    from tests import databases

    databases.drop_all()


@pytest.fixture
def fresh_database(request, django_db_setup, django_db_blocker):
    """A database of the test's own, for tests that commit; everything in it is gone afterwards. Yields its name."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        pytest.fail("a test has either the database of its worker or a fresh one, not both")
    from tests import databases

    with django_db_blocker.unblock():
        before = connections["default"].settings_dict["NAME"]
        name = databases.copy(f"{databases.TEMPLATE}_{uuid.uuid4().hex[:8]}")
        databases.point_at(name)
        yield name
        for connection in connections.all():
            connection.close()
        leaks = _plain_values_in_backup(databases)
        databases.point_at(before)
        databases.drop(name)
    if leaks:
        pytest.fail("a backup of this database would hold in clear: " + ", ".join(map(str, leaks)))


def _plain_values_in_backup(databases):
    """Planted numbers in a dump of the test's database, if it holds cases at all."""
    from tests.leaks.scanner import scan

    with closing(databases.session("sunlight_owner")) as session, session.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM cases_case)")
        if not cursor.fetchone()[0]:
            return []
    return scan(databases.dump(), channel="dump")


@pytest.fixture
def live_server(fresh_database):
    """The site on a port of its own over a fresh database; `live_server.url`."""
    from pytest_django.live_server_helper import LiveServer

    server = LiveServer("127.0.0.1:0")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium():
    """One headless browser per worker; a test opens a context of its own in it."""
    from playwright.sync_api import sync_playwright

    # Playwright's synchronous interface keeps an event loop in this thread, beside which Django would refuse to work.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(autouse=True)
def frozen_clock(request):
    """Tests that use the database run on 1 September 2026, nine o'clock, until they move the clock themselves."""
    if "fresh_database" in request.fixturenames:
        request.getfixturevalue("fresh_database")
    elif DATABASE_FIXTURES.intersection(request.fixturenames) or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
    else:
        yield
        return
    from common import clock

    clock.move(NOW)
    yield
    clock.move(None)


@pytest.fixture(autouse=True)
def clean_surroundings(settings, tmp_path):
    """Own files, empty cache."""
    settings.MEDIA_ROOT = str(tmp_path / "files")
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def strict_surroundings():
    """No network but this machine; an undefined template variable is an error; unordered rows are shuffled."""
    from tests import harness

    harness.refuse_network()
    harness.make_templates_strict()
    harness.shuffle_unordered_queries()


@pytest.fixture(scope="session")
def leak_watch():
    """Stands at every exit of the system for the whole run (tests/leaks)."""
    from tests.leaks.watch import Watch, install

    watch = Watch()
    install(watch)
    return watch


@pytest.fixture(autouse=True)
def no_leak(leak_watch):
    """Fails the test during which a planted number left the system in full."""
    yield
    if hits := leak_watch.take():
        pytest.fail("planted numbers came out in full:\n" + "\n".join(sorted({str(hit) for hit in hits})))
