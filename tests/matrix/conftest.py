"""One world for all tests of the matrix, never committed."""

import datetime as dt
import functools
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import override_settings

NOW = dt.datetime(2026, 9, 1, 9, 0)
SESSIONS = "django.contrib.sessions.backends.signed_cookies"


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, leak_watch, tmp_path_factory):
    """The world, inside a transaction that is taken back after the last test. Sessions live in the cookie, so that a request that
    is taken back takes its session back too."""
    from common import clock
    from tests.matrix import world

    folder = Path(tmp_path_factory.mktemp("matrix"))
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=str(folder), SESSION_ENGINE=SESSIONS):
        clock.move(NOW)
        try:
            with transaction.atomic():
                yield world.make()
                transaction.set_rollback(True)
        finally:
            clock.move(None)


@pytest.fixture
def world(made, monkeypatch):
    """The world for one test; what the test does to it is taken back. Two things that would be the same at each of thousands of
    requests happen once: the powers of a person, which do not change meanwhile, and the page of each kind of refusal."""
    from organizations import doors, middleware

    held = middleware.appointments_in_force
    monkeypatch.setattr(middleware, "appointments_in_force", functools.cache(lambda user: tuple(held(user))))
    monkeypatch.setattr(middleware, "actor_among", functools.cache(middleware.actor_among))
    monkeypatch.setattr(doors, "render", each_refusal_once(doors.render))
    with transaction.atomic():
        yield made
        transaction.set_rollback(True)


def each_refusal_once(render):
    """The whole page for the first refusal of a kind, its sentence alone for the next."""
    shown = set()

    def answer(request, template, context, **more):
        if template == "error.html":
            kind = (request.user.pk, context["refusal"].code)
            if kind in shown:
                return HttpResponse(context["refusal"].message, **more)
            shown.add(kind)
        return render(request, template, context, **more)

    return answer


@pytest.fixture(autouse=True)
def clean_surroundings():
    """An empty cache; the files stay where the world put them."""
    cache.clear()
