"""Whatever is sent to the interfaces: no error of the server, and no answer that the schema does not describe."""

import json
import uuid
from pathlib import Path

import pytest
import schemathesis
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application as site
from organizations.api_access import Rate
from tests.builders import api as build
from tests.builders.cases import identity, picture
from tests.builders.organization import FOREIGN_VILLAGE, VILLAGE

COMMITTED = Path(settings.BASE_DIR) / "docs" / "openapi.json"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
SCHEMA = schemathesis.openapi.from_path(COMMITTED)
SCHEMA.app = site
OPERATIONS = {found.ok().definition.raw["operationId"]: found.ok() for found in SCHEMA.get_all_operations()}


def test_the_committed_schema_is_the_one_that_the_site_serves(client):
    """After a change: make manage ARGS="spectacular --format openapi-json --file docs/openapi.json"."""
    generated = SchemaGenerator().get_schema(public=True)
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == json.loads(json.dumps(generated))
    assert client.get("/api/v1/schema/?format=json").json() == json.loads(json.dumps(generated))


@pytest.fixture
def one_connection(db, monkeypatch):
    """The site in this process, on the test's connection and without its limits of rate."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda connection: None)
    monkeypatch.setattr(Rate, "allow_request", lambda *args: True)


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_request_breaks_the_site_or_gets_an_answer_the_schema_does_not_know(name, one_connection):
    _fuzz(name, 40)


@pytest.mark.long
@pytest.mark.parametrize("name", OPERATIONS)
def test_no_request_of_hundreds_breaks_the_site(name, one_connection):
    _fuzz(name, 500)


def _fuzz(name, examples):
    portal, operation, reached = build.system(), OPERATIONS[name], set()
    open_case = portal.submits().json()
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]

    @hypothesis_settings(
        max_examples=examples, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(data=st.data())
    def run(data):
        case = data.draw(st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes]))
        headers = _sensible(case, data, portal, open_case)
        answer = case.call(headers=headers)
        reached.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS, headers=headers)

    run()
    assert min(reached) < 300, f"only {sorted(reached)}: the examples never got through"


def _sensible(case, data, portal, open_case):
    """Half of the examples get what a machine cannot guess: a token, a number that exists, identity numbers that are valid."""
    known = data.draw(st.booleans())
    headers = {} if case.operation.path.endswith("token/") else portal.headers()
    if not known:
        return headers if data.draw(st.integers(0, 3)) else {}
    if "number" in case.operation.path:
        case.path_parameters["number"] = open_case["number"]
        headers["If-Match"] = f'"{data.draw(st.integers(1, 3))}"'
    if case.method == "POST":
        headers["Idempotency-Key"] = str(uuid.uuid4())
    body = case.body
    if isinstance(body, dict) and "client_secret" in body:
        body |= {"client_id": portal.record.client_id, "client_secret": portal.secret}
        body.pop("scope", None)
    if isinstance(body, dict) and isinstance(body.get("members"), list):
        _made_valid(body, data)
    if isinstance(body, dict) and "file" in body:
        body |= {"code": open_case["materials"][0]["code"], "file": picture(), "reason": "更清楚"}
        headers["If-Match"] = portal.get(f"/api/v1/applications/{open_case['number']}/")["ETag"]
    return headers


def _made_valid(body, data):
    body["village_code"] = data.draw(st.sampled_from([VILLAGE, VILLAGE, VILLAGE, FOREIGN_VILLAGE]))
    body |= {
        "applied_on": "2026-09-01",
        "rights_told": True,
        "phone": "13900000000",
        "account": "",
        "kin_declared": False,
    }
    for place, member in enumerate(body["members"]):
        if isinstance(member, dict):
            member |= {"id_number": identity(), "relation": "other" if place else "self"}
    for item in body.get("items") or []:
        if isinstance(item, dict):
            item |= {"kind": "income", "category": "transfer"}
