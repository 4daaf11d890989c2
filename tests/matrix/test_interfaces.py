"""Which system may do what at the interfaces: every operation of the schema, for every kind of system and for nobody, against a
table written by hand. What is refused writes nothing but the line of the refusal."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from organizations.models import SystemClient
from organizations.services.areas import founder
from organizations.services.clients import end_client
from tests.builders import api as build
from tests.builders.unchanged import fingerprint
from tests.matrix.summary import COMBINATIONS
from tests.matrix.tables import read
from tests.matrix.world import undone

TABLE = read("interfaces.toml")
SYSTEMS = TABLE.pop("systems")
SCHEMA = json.loads(Path(settings.BASE_DIR, "docs", "openapi.json").read_text(encoding="utf-8"))
APPLICATIONS = "/api/v1/applications/"


class Nobody:
    """Somebody without a token, or with one that is worth nothing any more."""

    def __init__(self, headers=None):
        self.sent = headers or {}

    def headers(self):
        return self.sent

    get, post, submits = build.System.get, build.System.post, build.System.submits


@pytest.fixture
def systems(db):
    found = {name: build.system(name=name, **line) for name, line in SYSTEMS.items()}
    found["scopeless"] = build.system(name="scopeless")
    found["ended"] = build.system(name="ended")
    for one in found.values():
        one.headers()
    SystemClient.objects.filter(name="scopeless").update(scopes="")
    found["scopeless"]._token = ""
    found["scopeless"].headers()
    ended = found["ended"]
    headers = ended.headers()
    end_client(founder(), ended.record.pk, reason="停止对接")
    return found | {"ended": Nobody(headers), "nobody": Nobody()}


CALLS = {
    "applications_list": lambda who, sent: who.get(APPLICATIONS),
    "applications_submit": lambda who, sent: who.submits(),
    "applications_status": lambda who, sent: who.get(address(sent)),
    "applications_attach": lambda who, sent: who.post(
        address(sent, "materials/"), {"code": sent["materials"][0]["code"], "file": build.photo()}, seen=sent["version"],
        upload=True,
    ),
    "applications_withdraw": lambda who, sent: who.post(
        address(sent, "withdrawal/"), {"reason": "不再需要"}, seen=sent["version"]
    ),
}  # fmt: skip


def address(sent, tail=""):
    return f"{APPLICATIONS}{sent['number']}/{tail}"


def test_every_operation_of_the_schema_has_a_line_and_every_line_an_operation():
    operations = {one["operationId"] for path in SCHEMA["paths"].values() for one in path.values()}
    assert set(TABLE) == operations == {*CALLS, "token"}
    everybody = {*SYSTEMS, "scopeless", "ended", "nobody"}
    assert all(set(line) == everybody for name, line in TABLE.items() if name != "token")


@pytest.mark.requirement("SEC-01", "SEC-04")
@pytest.mark.parametrize("name", CALLS)
def test_every_operation_answers_each_system_as_the_table_says_and_a_refusal_writes_only_its_line(
    name, systems, record_property
):
    sent = systems["portal"].submits().json()
    wrong = []
    for who, expected in TABLE[name].items():
        before = fingerprint(leave_out={"journal_entry"})
        with undone():
            answer = CALLS[name](systems[who], sent)
            changed = fingerprint(leave_out={"journal_entry"}) != before
        if answer.status_code != expected:
            wrong.append(f"{name}, {who}: {answer.status_code}, not {expected}: {answer.content.decode()[:200]}")
        if changed and answer.status_code >= 400:
            wrong.append(f"{name}, {who}: refused and changed something")
    record_property(COMBINATIONS, len(TABLE[name]))
    assert not wrong, "\n".join(wrong)


def test_a_wrong_secret_gives_no_token(db):
    portal = build.system()
    assert portal.token(client_secret="wrong").status_code == TABLE["token"]["everybody"]
    assert Client().post("/api/v1/token/", {"grant_type": "client_credentials"}).status_code == 401
