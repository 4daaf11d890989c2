"""A full run fails when an address or a template was never exercised."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from tests.exercised import MARKS, SELECTING, Exercised, complaints, everything, is_full

TESTPATHS, ARGS = pytest.Config.ArgsSource.TESTPATHS, pytest.Config.ArgsSource.ARGS


@pytest.fixture
def noted(request, monkeypatch):
    """The names that this run has noted since the beginning of the test."""
    plugin = request.config.pluginmanager.get_plugin("exercised")
    monkeypatch.setattr(plugin, "names", set())
    return plugin.names


def run_of(source=TESTPATHS, **options):
    """The configuration of a run."""
    chosen = dict.fromkeys(SELECTING) | {"markexpr": MARKS} | options
    return SimpleNamespace(args_source=source, getoption=lambda name, default=None: chosen.get(name, default))


def ends(plugin, config, exitstatus=pytest.ExitCode.OK, shouldfail=False):
    """How the run ends."""
    session = SimpleNamespace(config=config, exitstatus=exitstatus, shouldfail=shouldfail)
    plugin.pytest_sessionfinish(session, exitstatus)
    return session.exitstatus


def test_what_is_not_exercised_is_named_and_so_is_an_exception_that_is_none():
    there = {"address /a/", "address /b/", "template c.html", "template d.html"}
    exceptions = {"address /b/": "is asked by a machine", "template d.html": "…", "template gone.html": "…"}
    assert complaints(there, {"template d.html"}, exceptions) == [
        "no test exercises the address /a/",
        "no test exercises the template c.html",
        "excepted, but exercised: the template d.html",
        "excepted, but not there: the template gone.html",
    ]
    assert complaints(there, there, {}) == []


def test_every_address_of_the_site_and_every_template_is_asked_for():
    there = everything()
    assert {"address /healthz", "address /cases/<int:pk>/timeline/"} <= there
    assert {"template base.html", "template cases/detail/next.html", "template archives/papers/base.html"} <= there


@pytest.mark.django_db
def test_a_page_notes_its_address_its_template_and_all_that_the_template_includes(client, noted):
    client.get(reverse("account_login"))
    wanted = {
        "address /account/login/",
        "template account/login.html",
        "template public.html",
        "template forms/field.html",
    }
    assert wanted <= noted


@pytest.mark.django_db
def test_a_refusal_and_the_way_to_the_sign_in_do_not_count(client, noted):
    assert client.get(reverse("workbench")).status_code == 302
    assert client.post(reverse("healthz")).status_code == 405
    assert client.get("/no-such-page/").status_code == 404
    assert not [name for name in noted if name.startswith("address")]


@pytest.mark.django_db
def test_pieces_tried_under_other_addresses_do_not_count(client, noted, settings):
    settings.ROOT_URLCONF = "tests.face.urls"
    client.get("/workbench/")
    assert noted == set()


def test_a_full_run_fails_when_something_is_missing_and_says_what():
    plugin = Exercised()
    plugin.names = everything() - {"address /healthz"}
    assert ends(plugin, run_of()) == pytest.ExitCode.TESTS_FAILED
    assert plugin.missing == ["no test exercises the address /healthz"]


def test_a_full_run_passes_when_its_workers_together_exercised_everything():
    leading = Exercised()
    names = sorted(everything())
    for half in (names[::2], names[1::2]):
        worker, config = Exercised(), SimpleNamespace(workeroutput={})
        worker.names = set(half)
        assert ends(worker, config) == pytest.ExitCode.OK
        leading.pytest_testnodedown(SimpleNamespace(workeroutput=config.workeroutput))
    leading.pytest_testnodedown(SimpleNamespace())  # one that died
    assert ends(leading, run_of()) == pytest.ExitCode.OK
    assert leading.missing == []


@pytest.mark.parametrize(
    "config",
    [run_of(ARGS), run_of(keyword="cases"), run_of(markexpr="long"), run_of(deselect=["x"]), run_of(lf=True)],
)
def test_nothing_is_asked_of_a_run_that_was_selected_by_hand(config):
    assert not is_full(config)
    plugin = Exercised()
    assert ends(plugin, config) == pytest.ExitCode.OK
    assert plugin.missing == []


def test_nothing_is_asked_of_a_run_that_was_broken_off():
    assert ends(Exercised(), run_of(), pytest.ExitCode.INTERRUPTED) == pytest.ExitCode.INTERRUPTED
    plugin = Exercised()
    ends(plugin, run_of(), pytest.ExitCode.TESTS_FAILED, shouldfail="stopping after 1 failures")
    assert plugin.missing == []
