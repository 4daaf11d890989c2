"""A full run fails when an address or a template of the site was never exercised, summed over the processes of the run.

An address counts when it answered with more than a refusal, a template when it was rendered with the site's own addresses in
force: pieces that are only tried alone (tests/face) do not count.
"""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.shortcuts import resolve_url
from django.test.signals import template_rendered
from django.urls import get_resolver

TEMPLATES = Path(settings.BASE_DIR) / "templates"
SITE = settings.ROOT_URLCONF
MARKS = "not long"  # as pyproject.toml has it
SELECTING = ("keyword", "deselect", "ignore", "ignore_glob", "lf", "stepwise", "collectonly")
COMPLETED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)

# What a run of the tests need not exercise: name → reason. A line that is not needed fails the run as well.
EXCEPTIONS: dict[str, str] = {}


class Exercised:
    """The names of what was exercised. Each worker notes its own; the process that leads them sums up and judges."""

    def __init__(self):
        self.names: set[str] = set()
        self.missing: list[str] = []

    def note_template(self, template, **_):
        path = Path(template.origin.name)
        if settings.ROOT_URLCONF == SITE and path.is_relative_to(TEMPLATES):
            self.names.add(template_name(path))

    def note_answer(self, request, response):
        if settings.ROOT_URLCONF == SITE and request.resolver_match and not is_refusal(response):
            self.names.add(address_name(request.resolver_match.route))

    def pytest_sessionstart(self):
        get_response = BaseHandler.get_response

        def noted_response(handler, request):
            response = get_response(handler, request)
            self.note_answer(request, response)
            return response

        BaseHandler.get_response = noted_response
        template_rendered.connect(self.note_template)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node):
        self.names.update(getattr(node, "workeroutput", {}).get("exercised", ()))

    def pytest_sessionfinish(self, session, exitstatus):
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["exercised"] = sorted(self.names)
        elif is_full(session.config) and exitstatus in COMPLETED and not session.shouldfail:
            self.missing = complaints(everything(), self.names, EXCEPTIONS)
            if self.missing:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        if self.missing:
            terminalreporter.section("never exercised", red=True, bold=True)
            for sentence in self.missing:
                terminalreporter.line(sentence, red=True)


def complaints(everything: set[str], exercised: set[str], exceptions: dict[str, str]) -> list[str]:
    """A sentence for each name that was not exercised though nothing excepts it, and for each exception that is none."""
    missing = everything - exercised - set(exceptions)
    return [
        *(f"no test exercises the {name}" for name in sorted(missing)),
        *(f"excepted, but exercised: the {name}" for name in sorted(set(exceptions) & exercised)),
        *(f"excepted, but not there: the {name}" for name in sorted(set(exceptions) - everything)),
    ]


def everything() -> set[str]:
    """All addresses of the site and all files under templates/."""
    addresses = {address_name(route) for route in routes(get_resolver(SITE))}
    return addresses | {template_name(path) for path in TEMPLATES.rglob("*") if path.is_file()}


def routes(resolver, before=""):
    for one in resolver.url_patterns:
        route = f"{before}{one.pattern}"
        if hasattr(one, "url_patterns"):
            yield from routes(one, route)
        else:
            yield route


def address_name(route) -> str:
    return f"address /{route}"


def template_name(path) -> str:
    return f"template {path.relative_to(TEMPLATES)}"


def is_refusal(response) -> bool:
    """An error, or the way to the sign-in page."""
    return response.status_code >= 400 or response.get("Location", "").startswith(resolve_url(settings.LOGIN_URL))


def is_full(config) -> bool:
    """Nothing was selected by hand."""
    by_hand = any(config.getoption(name, None) for name in SELECTING)
    from_settings = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return from_settings and config.getoption("markexpr") == MARKS and not by_hand
