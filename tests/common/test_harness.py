"""The harness itself: what it promises to catch, it catches."""

import socket
import warnings

import pytest
from django.db import connection
from django.template import Context, engines

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
