"""What makes tests strict: no network, no undefined template variable, no query that relies on an order it did not ask for."""

import functools
import ipaddress
import os
import random
import socket
import sys
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import query
from django.template import engines

OWN_TEMPLATES = str(Path(settings.BASE_DIR) / "templates")
ITERABLES = (
    query.ModelIterable,
    query.ValuesIterable,
    query.ValuesListIterable,  # named tuples come through it
    query.FlatValuesListIterable,
)


class NetworkRefused(Exception):
    """A test tried to reach another machine."""


def refuse_network() -> None:
    """Only unix sockets and this machine's own addresses may be connected to."""
    real = socket.socket.connect

    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address[0]):
            raise NetworkRefused(f"no network in tests: {address}")
        return real(self, address)

    socket.socket.connect = connect


def _is_local(host: str) -> bool:
    if host == "localhost" or host in _given_servers():
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _given_servers() -> set[str]:
    """The database and the broker that the environment names may be elsewhere."""
    from urllib.parse import urlsplit

    return {settings.DATABASES["default"]["HOST"], urlsplit(settings.REDIS_URL).hostname or ""}


class UndefinedVariable(Exception):
    """A template of the project uses a variable that its context does not have."""


class Strict(str):
    """`string_if_invalid`: raises in the project's own templates, is as if empty in those of Django and allauth."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return _template_being_rendered().startswith(OWN_TEMPLATES)

    def __contains__(self, key: object) -> bool:
        return key == "%s"

    def __mod__(self, variable: object) -> str:
        template = _template_being_rendered()
        if template.startswith(OWN_TEMPLATES):
            raise UndefinedVariable(f"{template.removeprefix(OWN_TEMPLATES)}: {variable}")
        return ""


def _template_being_rendered() -> str:
    """The file of the node that asks, found on the stack: only nodes know their origin."""
    frame = sys._getframe()
    while frame:
        if frame.f_code.co_name == "render_annotated":
            return str(frame.f_locals["self"].origin)
        frame = frame.f_back
    return ""


def make_templates_strict() -> None:
    """In the settings as well, because tests that change TEMPLATES make the engine anew."""
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = engines["django"].engine.string_if_invalid = Strict()


def shuffle_unordered_queries() -> None:
    """The rows of a query of our models that names no order come in another than the database's."""
    for iterable in ITERABLES:
        iterable.__iter__ = _shuffling(iterable.__iter__)


def _shuffling(iterate):
    @functools.wraps(iterate)
    def shuffled(self):
        rows = iterate(self)
        if self.queryset.ordered or self.queryset.model._meta.app_label not in _own_apps():
            return rows
        rows = list(rows)
        return iter([rows[place] for place in _places(len(rows))])

    return shuffled


@functools.cache
def _own_apps() -> set[str]:
    return {app.label for app in apps.get_app_configs() if (Path(settings.BASE_DIR) / app.name).is_dir()}


def _places(number: int) -> list[int]:
    """The numbers below `number` in disorder, the same at each run of a test."""
    places = list(range(number))
    random.Random(_test_running()).shuffle(places)
    return places if places != sorted(places) else places[::-1]


def _test_running() -> str:
    """The test's name without its phase: what its fixtures read comes in the same disorder."""
    return os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
