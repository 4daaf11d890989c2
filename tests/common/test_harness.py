"""The harness itself: what it promises to catch, it catches."""

import socket
import warnings

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.template import Context, engines

from policies.models import WorkingDay
from tests.harness import OWN_TEMPLATES, NetworkRefused, UndefinedVariable


@pytest.fixture
def rendered(monkeypatch):
    """Renders a text as if it stood in a template of the project, or of a package."""

    def render(text, *, own=True, **context):
        from django.template.base import Origin, Template

        engine = engines["django"].engine
        origin = Origin(f"{OWN_TEMPLATES}/x.html" if own else "/site-packages/x.html")
        return Template(text, origin=origin, engine=engine).render(Context(context))

    return render


@pytest.mark.parametrize(
    "text", ["{{ gone }}", "{{ here.gone }}", "{{ gone|default:'x' }}", "{% with a=gone %}{{ a }}{% endwith %}"]
)
def test_an_undefined_variable_fails_in_our_templates(rendered, text):
    with pytest.raises(UndefinedVariable, match="gone"):
        rendered(text, here={})


def test_but_may_be_asked_for(rendered):
    assert rendered("{% if gone %}x{% endif %}{{ here }}", here="y") == "y"


def test_and_is_nothing_in_the_templates_of_packages(rendered):
    assert rendered("{{ gone }}{{ gone|default:'x' }}", own=False) == "x"


def test_no_other_machine_is_reached():
    with socket.socket() as outside, pytest.raises(NetworkRefused):
        outside.connect(("192.0.2.1", 80))


def test_a_warning_is_an_error():
    with pytest.raises(UserWarning):
        warnings.warn("x", UserWarning, stacklevel=1)


@pytest.mark.django_db
def test_tests_run_as_the_role_of_the_site():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("sunlight_web",)


# --- The order of rows ---------------------------------------------------------------------------------------------------

WAYS = {
    "objects": lambda rows: [one.pk for one in rows],
    "portions": lambda rows: [one.pk for one in rows.iterator(chunk_size=2)],
    "dictionaries": lambda rows: [one["pk"] for one in rows.values("pk")],
    "tuples": lambda rows: [one[0] for one in rows.values_list("pk")],
    "named tuples": lambda rows: [one.pk for one in rows.values_list("pk", named=True)],
    "values": lambda rows: list(rows.values_list("pk", flat=True)),
}


def as_the_database_gives_them(rows):
    with connection.cursor() as cursor:
        cursor.execute(*rows.values("pk").query.sql_with_params())
        return [key for (key,) in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("number", [2, 20])
def test_rows_without_an_order_come_in_another_than_the_databases(way, number):
    rows = WorkingDay.objects.order_by()[:number]
    given, read = as_the_database_gives_them(rows), WAYS[way]
    assert len(given) == number
    assert read(rows.all()) != given
    assert sorted(read(rows.all())) == sorted(given)
    assert read(rows.all()) == read(rows.all()), "and so at each run of the test"


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
def test_rows_with_an_order_keep_it(way):
    rows = WorkingDay.objects.order_by("-pk")
    assert WAYS[way](rows) == as_the_database_gives_them(rows)
    assert WorkingDay.objects.order_by().first().pk == min(as_the_database_gives_them(rows))


@pytest.mark.django_db
def test_rows_of_packages_come_as_they_come():
    rows = ContentType.objects.order_by()
    assert WAYS["objects"](rows) == as_the_database_gives_them(rows)
