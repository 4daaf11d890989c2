"""The pages that belong to no app: readiness, large type, drafts, and what a person sees when the site itself says no."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case
from common.drafts import load_draft
from config import web
from tests.builders import cases as build
from tests.matrix.test_matrix import RESOLVED

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk():
    return build.walk()


def browser(walk, **options):
    client = Client(**options)
    client.force_login(build.post_user(walk.people.handler))
    return client


def test_a_form_from_before_the_sign_in_explains_itself_and_nothing_happens(walk):
    form = {"key": str(uuid.uuid4()), "seen": walk.seen}
    answer = browser(walk, enforce_csrf_checks=True).post(reverse("cases:submit", args=[walk.case_id]), form)

    assert answer.status_code == 403
    assert "这张表单放得太久了" in answer.content.decode()
    assert "刚才的操作没有执行" in answer.content.decode()
    assert Case.objects.unscoped(reason="test").get().status == "intake"


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_failure_has_a_page_that_tells_what_to_do_and_nothing_of_the_inside(walk, monkeypatch, signed_in):
    def fails():
        raise RuntimeError("database on fire at db1.internal")

    monkeypatch.setattr(web.queries, "start_page", fails)
    client = browser(walk, raise_request_exception=False) if signed_in else Client(raise_request_exception=False)
    answer = client.get(reverse("start"))

    assert answer.status_code == 500
    assert "系统出了故障" in answer.content.decode()
    assert "请稍后再试" in answer.content.decode()
    assert "on fire" not in answer.content.decode()
    assert "RuntimeError" not in answer.content.decode()


@pytest.mark.parametrize("signed_in", [True, False])
def test_an_address_that_is_none_says_so(walk, signed_in):
    answer = (browser(walk) if signed_in else Client()).get("/no-such-page/")

    assert answer.status_code == 404
    assert "没有这个页面" in answer.content.decode()


def test_the_site_is_ready_when_its_database_answers():
    assert Client().get(reverse("readyz")).content == b"ready"


def test_large_type_is_switched_on_at_the_start_page_and_stays_after_signing_in(walk):
    client = browser(walk)
    assert "sl-large" not in client.get(reverse("workbench")).content.decode()
    client.post(reverse("large_type"), {"on": "1", "next": reverse("start")})
    assert 'class="sl-large"' in client.get(reverse("workbench")).content.decode()
    client.post(reverse("large_type"), {"on": "0", "next": reverse("start")})
    assert "sl-large" not in client.get(reverse("workbench")).content.decode()


def test_what_the_page_sends_while_one_types_is_kept_without_what_belongs_to_the_sending(walk):
    handler = walk.people.handler
    typed = {
        "form_key": "register",
        "key": str(uuid.uuid4()),
        "seen": "3",
        "address": "春和里3号楼",
        "kin": ["甲", "乙"],
    }
    answer = browser(walk).post(reverse("draft"), typed)

    draft = load_draft(handler, "register")
    assert answer.json() == {"saved_at": draft.saved_at.isoformat()}
    assert draft.data == {"address": ["春和里3号楼"], "kin": ["甲", "乙"]}


@pytest.mark.parametrize("form_key", ["", "x" * 121])
def test_a_draft_of_no_form_is_refused_with_a_sentence(walk, form_key):
    answer = browser(walk).post(reverse("draft"), {"form_key": form_key, "address": "春和里3号楼"})
    assert answer.status_code == 422
    assert "草稿没有保存" in answer.content.decode()


HOSTILE = ["%00", "x%00y", "9" * 30, "-1", "%F0%9F%92%A9", "'", "x" * 3000]
NAMES = (
    *(
        "after",
        "area",
        "at",
        "before",
        "case",
        "cursor",
        "deputises",
        "district",
        "kind",
        "limit",
        "next",
        "proposal",
        "q",
    ),
    *("sitting", "step", "street", "user", "view", "village"),
)


@pytest.mark.parametrize("value", HOSTILE)
def test_an_address_that_makes_no_sense_never_breaks_the_site(walk, value):
    """Every page without a number of its own, asked with every name that pages know, as caseworker and as nobody."""
    query = "&".join(f"{name}={value}" for name in NAMES)
    wrong = []
    for client in (browser(walk, raise_request_exception=False), Client(raise_request_exception=False)):
        for address in sorted(plain_addresses()):
            answer = client.get(f"{address}?{query}")
            if answer.status_code >= 500 or ("%00" in value and answer.status_code != 400):
                wrong.append((address, answer.status_code))
    assert wrong == []


def plain_addresses():
    """Every address of the site that has no number in it."""
    for name, parameters in RESOLVED.items():
        if not parameters:
            yield reverse(name)
