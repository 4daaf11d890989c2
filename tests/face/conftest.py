"""Rendering without database or server: strict templates, a shell such as a street handler sees."""

import datetime as dt
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.middleware.csrf import get_token
from django.template import Context, engines
from django.test import RequestFactory

from common.actors import Actor

AT = dt.datetime(2026, 11, 24, 9, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
HANDLER = Actor(
    user_id=1,
    username="zhou",
    name="周明远",
    post="street_handler",
    post_title="社会救助经办",
    appointment_id=11,
    office="万兴街道",
)
POSTS = [
    SimpleNamespace(pk=11, post_title="社会救助经办", office=SimpleNamespace(name="万兴街道")),
    SimpleNamespace(pk=12, post_title="分管领导（代理）", office=SimpleNamespace(name="广开街道")),
]


class Undefined(str):
    """What a template gets for a name that nobody gave."""

    def __mod__(self, name):
        raise AssertionError(f"the template shows {name}, which is not in its context")


@pytest.fixture(autouse=True)
def strict_templates(settings, monkeypatch):
    settings.ROOT_URLCONF = "tests.face.urls"
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", Undefined("%s"))


@pytest.fixture
def show():
    """Render template source, or a template by name, as the handler sees it (context processors stay out)."""

    def render(source, name=None, path="/workbench/", cookies=None, signed_in=True, **context):
        engine = engines["django"].engine
        template = engine.get_template(name) if name else engine.from_string("{% load i18n sunlight %}" + source)
        request = RequestFactory().get(path)
        request.COOKIES.update(cookies or {})
        shell = {"demo": False, "now": AT, "messages": [], "request": request, "csrf_token": get_token(request)}
        if signed_in:
            nav = [{"label": "工作台", "url": "/workbench/", "current": path == "/workbench/"}]
            shell |= {"actor": HANDLER, "posts": POSTS, "nav": nav, "search_url": "/cases/"}
        return template.render(Context({**shell, **context}))

    return render
