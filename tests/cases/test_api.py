"""Another government system hands in applications and follows them: `/api/v1/applications/`."""

from urllib.parse import unquote

import pytest

from archives.models import IssuedPaper
from cases.models import Case, MaterialFile, Submission
from common.models import ApiReply
from journal.models import Entry
from organizations.services.areas import founder
from organizations.services.clients import end_client, renew_client_secret
from tests.builders import api as build
from tests.builders import cases as built
from tests.builders.organization import FOREIGN_DISTRICT, FOREIGN_VILLAGE, OTHER_STREET, STREET
from tests.builders.unchanged import fingerprint

pytestmark = pytest.mark.django_db
APPLICATIONS = "/api/v1/applications/"


@pytest.fixture
def portal():
    return build.system()


def case_of(answer):
    return Case.objects.unscoped(reason="test").get(number=answer.json()["number"])


def address(answer, tail=""):
    return f"{APPLICATIONS}{answer.json()['number']}/{tail}"


def is_problem(answer, status, code):
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"].startswith("application/problem+json")
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code), body
    assert body["detail"].endswith(("。", "）"))
    return body


# --- Handing in ---------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("INT-09", "INT-01")
def test_an_application_of_another_system_goes_to_the_street_of_the_village_with_its_receipt(portal):
    answer = portal.submits()
    assert answer.status_code == 201, answer.content.decode()
    body, case = answer.json(), case_of(answer)
    assert case.office.seat.code == STREET
    assert (case.channel, case.agent_name) == ("system", "")
    assert [one["step"] for one in body["stages"]] == ["ACCEPTANCE"]
    assert unquote(answer["Location"]).endswith(f"{APPLICATIONS}{case.number}/")
    paper = IssuedPaper.objects.unscoped(reason="test").get(owner_id=str(case.pk))
    assert body["receipt"] == {
        "number": paper.number,
        "query_code": case.receipt_code,
        "draw_code": case.draw_code,
    }
    assert Submission.objects.unscoped(reason="test").get().reference == body["reference"]


@pytest.mark.requirement("INT-11")
def test_who_accepts_becomes_the_handler_and_the_trail_names_the_system(portal):
    case = case_of(portal.submits())
    assert case.handler_name == portal.record.name
    lines = Entry.objects.unscoped(reason="test").filter(subject_id=str(case.pk), act="cases.register")
    assert [(one.actor_kind, one.road, one.actor_name) for one in lines] == [("client", "api", portal.record.name)]


def test_what_the_window_refuses_is_refused_here_with_the_place_of_the_mistake(portal):
    wrong = build.application()
    wrong["members"][0]["id_number"] = "120199196405200013"
    before = fingerprint(leave_out={"journal_entry", "oauth2_provider_accesstoken"})
    portal.headers()
    body = is_problem(portal.submits(wrong), 422, "COMMON_INVALID")
    assert "校验" in body["detail"] or "身份证" in body["detail"]
    missing = build.application()
    del missing["members"][0]["name"], missing["phone"]
    body = is_problem(portal.submits(missing), 422, "COMMON_INVALID")
    assert {one["field"] for one in body["errors"]} == {"members[0].name", "phone"}
    assert fingerprint(leave_out={"journal_entry", "oauth2_provider_accesstoken"}) == before


def test_an_application_that_is_not_complete_is_not_kept_half(portal):
    is_problem(portal.submits(build.application(rights_told=False)), 422, "CASES_INCOMPLETE")
    assert not Case.objects.unscoped(reason="test").exists()
    assert not ApiReply.objects.exists()


@pytest.mark.requirement("INT-16")
def test_a_person_with_an_open_application_is_not_taken_twice(portal):
    sent = build.application()
    portal.submits(sent)
    again = build.application(members=sent["members"])
    assert "不能重复申请" in is_problem(portal.submits(again), 422, "CASES_OPEN_ELSEWHERE")["detail"]


def test_a_number_of_the_other_system_is_taken_once_and_the_refusal_names_the_case(portal):
    first = portal.submits(build.application(reference="ZW-1"))
    body = is_problem(portal.submits(build.application(reference="ZW-1")), 409, "CASES_REFERENCE_USED")
    assert first.json()["number"] in body["detail"]
    assert Case.objects.unscoped(reason="test").count() == 1


# --- One act a key ------------------------------------------------------------------------------------------------------


def test_the_same_key_twice_gives_the_same_answer_once_acted(portal):
    sent = build.application()
    first, second = portal.submits(sent, key="k-1"), portal.submits(sent, key="k-1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (first["ETag"], first["Location"]) == (second["ETag"], second["Location"])
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert Case.objects.unscoped(reason="test").count() == 1


def test_a_key_is_good_for_one_content_and_for_one_system(portal):
    portal.submits(key="k-1")
    is_problem(portal.submits(key="k-1"), 422, "COMMON_KEY_REUSED")
    other = build.system(name="另一平台")
    assert other.submits(key="k-1").status_code == 201


def test_a_refused_act_leaves_its_key_free(portal):
    sent = build.application(rights_told=False)
    is_problem(portal.submits(sent, key="k-1"), 422, "CASES_INCOMPLETE")
    assert portal.submits(sent | {"rights_told": True}, key="k-1").status_code == 201


def test_without_a_key_nothing_is_done(portal):
    is_problem(portal.submits(key=" " * 65), 400, "API_KEY_MISSING")
    answer = portal.post(APPLICATIONS, build.application(), **{"Idempotency-Key": ""})
    is_problem(answer, 400, "API_KEY_MISSING")


def test_the_kept_answer_is_ciphertext(portal):
    answer = portal.submits()
    (kept,) = _kept_bodies()
    assert kept
    assert answer.json()["receipt"]["query_code"].encode() not in kept


def _kept_bodies():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM common_apireply")
        return [bytes(row[0]) for row in cursor.fetchall()]


# --- Following ------------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("INT-14")
def test_the_state_follows_the_case_and_carries_its_version_as_entity_tag(portal):
    first = portal.submits()
    state = portal.get(address(first))
    assert state.status_code == 200
    assert state["ETag"] == first["ETag"] == f'"{state.json()["version"]}"'
    assert portal.get(address(first), **{"If-None-Match": state["ETag"]}).status_code == 304
    assert "receipt" not in state.json()
    people = built.street()
    from cases.services.materials import refuse_acceptance

    refuse_acceptance(
        people.handler, case_of(first).pk, reason="不属本市户籍", basis="第三条", seen=state.json()["version"]
    )
    later = portal.get(address(first), **{"If-None-Match": state["ETag"]})
    assert later.status_code == 200
    assert (later.json()["outcome"], later.json()["stages"]) == ("NOT_ACCEPTED", [])


def test_the_list_shows_what_the_system_handed_in_page_by_page(portal, monkeypatch):
    from cases.api import Newest

    monkeypatch.setattr(Newest, "page_size", 2)
    sent = [portal.submits().json() for _turn in range(3)]
    first = portal.get(APPLICATIONS).json()
    second = portal.get(first["next"]).json()
    numbers = [one["number"] for one in first["results"] + second["results"]]
    assert sorted(numbers) == sorted(one["number"] for one in sent)
    assert (len(first["results"]), second["next"]) == (2, None)
    only = portal.get(APPLICATIONS, {"reference": sent[1]["reference"]}).json()["results"]
    assert [one["number"] for one in only] == [sent[1]["number"]]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"reference": "ZW\0"}, 400),
        ({"cursor": "nothing"}, 404),
        ({"cursor": "cD1ub3RoaW5n"}, 404),
        ({"cursor": "cD0lMDA="}, 404),
    ],
)
def test_a_question_that_makes_no_sense_gets_an_answer_all_the_same(portal, query, status):
    portal.submits()
    answer = portal.get(APPLICATIONS, query)
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    assert portal.get(f"{APPLICATIONS}x%00/").status_code == 400


# --- Completing, taking back ------------------------------------------------------------------------------------------------


@pytest.mark.requirement("MAT-21")
def test_a_file_is_put_to_an_item_and_a_second_one_needs_its_reason(portal):
    first = portal.submits()
    code = first.json()["materials"][0]["code"]
    path = address(first, "materials/")
    answer = portal.post(path, {"code": code, "file": build.photo()}, seen=first.json()["version"], upload=True)
    assert answer.status_code == 200, answer.content.decode()
    line = answer.json()["materials"][0]
    assert (line["state"], line["files"]) == ("received", 1)
    seen = answer.json()["version"]
    is_problem(portal.post(path, {"code": code, "file": build.photo()}, seen=seen, upload=True), 422, "COMMON_INVALID")
    better = {"code": code, "file": build.photo(), "reason": "原件不清"}
    assert portal.post(path, better, seen=seen, upload=True).json()["materials"][0]["files"] == 2
    unknown = {"code": "nothing", "file": build.photo()}
    body = is_problem(portal.post(path, unknown, seen=seen + 1, upload=True), 422, "COMMON_INVALID")
    assert body["errors"][0]["field"] == "code"


def test_the_same_file_with_the_same_key_is_kept_once(portal):
    first = portal.submits()
    code, path = first.json()["materials"][0]["code"], address(first, "materials/")
    content = built.picture()
    from django.core.files.uploadedfile import SimpleUploadedFile

    answers = [
        portal.post(
            path, {"code": code, "file": SimpleUploadedFile("a.jpg", content)}, key="k-2",
            seen=first.json()["version"], upload=True,
        )
        for _turn in range(2)
    ]  # fmt: skip
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert MaterialFile.objects.unscoped(reason="test").count() == 1


@pytest.mark.requirement("INT-15")
def test_an_application_is_taken_back_by_the_system_that_handed_it_in(portal):
    first = portal.submits()
    answer = portal.post(address(first, "withdrawal/"), {"reason": "申请人已就业"}, seen=first.json()["version"])
    assert answer.status_code == 200, answer.content.decode()
    assert (answer.json()["outcome"], answer.json()["outcome_title"]) == ("WITHDRAWN", "申请人撤回")
    again = portal.post(address(first, "withdrawal/"), {"reason": "申请人已就业"}, seen=answer.json()["version"])
    is_problem(again, 409, "CASES_WRONG_STAGE")


def test_a_change_needs_the_version_that_was_seen(portal):
    first = portal.submits()
    path = address(first, "withdrawal/")
    is_problem(portal.post(path, {"reason": "不需要了"}), 428, "API_IF_MATCH_MISSING")
    is_problem(portal.post(path, {"reason": "不需要了"}, seen=99), 412, "COMMON_STALE")
    assert case_of(first).outcome == ""


# --- Who ------------------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("SEC-04")
def test_a_foreign_system_sees_nothing_and_changes_nothing(portal):
    first = portal.submits()
    for other in (
        build.system(name="同区的另一平台"),
        build.system(name="另一街道的平台", area_code=OTHER_STREET),
        build.system(FOREIGN_DISTRICT, name="外区平台"),
    ):
        assert other.get(APPLICATIONS).json()["results"] == []
        is_problem(other.get(address(first)), 404, "COMMON_NOT_FOUND")
        assert other.get(address(first)).json() == other.get(f"{APPLICATIONS}nothing/").json()
        taken = other.post(address(first, "withdrawal/"), {"reason": "不需要了"}, seen=first.json()["version"])
        is_problem(taken, 404, "COMMON_NOT_FOUND")
        sent = {"code": "id_card", "file": build.photo()}
        answer = other.post(address(first, "materials/"), sent, seen=first.json()["version"], upload=True)
        is_problem(answer, 404, "COMMON_NOT_FOUND")


@pytest.mark.requirement("SEC-04")
def test_a_system_hands_in_only_for_villages_of_its_division():
    narrow = build.system(area_code=OTHER_STREET)
    is_problem(narrow.submits(), 403, "COMMON_FORBIDDEN")
    is_problem(build.system().submits(build.application(FOREIGN_VILLAGE)), 403, "COMMON_FORBIDDEN")
    assert not Case.objects.unscoped(reason="test").exists()


def test_a_system_sees_the_cases_it_handed_in_and_no_others(portal):
    mine = portal.submits().json()["number"]
    other = built.walk().case
    assert [one["number"] for one in portal.get(APPLICATIONS).json()["results"]] == [mine]
    is_problem(portal.get(f"{APPLICATIONS}{other.number}/"), 404, "COMMON_NOT_FOUND")


def test_without_a_good_token_nobody_gets_in(portal, client):
    answer = client.get(APPLICATIONS)
    is_problem(answer, 401, "API_NOT_AUTHENTICATED")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    is_problem(client.get(APPLICATIONS, headers={"Authorization": "Bearer nothing"}), 401, "API_AUTHENTICATION_FAILED")
    official = built.street().handler
    from organizations.models import User

    client.force_login(User.objects.get(pk=official.user_id), backend="django.contrib.auth.backends.ModelBackend")
    is_problem(client.get(APPLICATIONS), 401, "API_NOT_AUTHENTICATED")


def test_a_token_in_the_address_is_no_token(portal, client):
    token = portal.token().json()["access_token"]
    assert client.get(APPLICATIONS, {"access_token": token}).status_code == 401


def test_a_system_that_was_ended_or_given_a_new_secret_is_out_at_once(portal):
    assert portal.get(APPLICATIONS).status_code == 200
    renewed = renew_client_secret(founder(), portal.record.pk, reason="定期更换")
    is_problem(portal.get(APPLICATIONS), 401, "API_AUTHENTICATION_FAILED")
    assert portal.token().status_code == 401
    fresh = build.System(renewed, renewed.secret_shown)
    assert fresh.get(APPLICATIONS).status_code == 200
    end_client(founder(), portal.record.pk, reason="停止对接")
    assert fresh.get(APPLICATIONS).status_code == 401
    assert fresh.token().status_code == 401


def test_a_token_carries_no_more_than_the_system_was_given(portal):
    assert portal.token(scope="applications").json()["scope"] == "applications"
    assert portal.token(scope="payments").json()["error"] == "invalid_scope"
    assert portal.token(grant_type="password", username="x", password="y").status_code == 400


def test_a_token_is_recorded_and_kept_as_a_digest_alone(portal):
    token = portal.token().json()["access_token"]
    assert (
        Entry.objects.unscoped(reason="test")
        .filter(act="organizations.client_sign_in", actor_username=portal.record.user.username)
        .count()
    )
    from oauth2_provider.models import get_access_token_model

    assert token not in set(get_access_token_model().objects.values_list("token", flat=True))


def test_a_system_has_no_road_through_the_pages(portal, client):
    client.force_login(portal.record.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/workbench/").status_code == 403
    assert client.get("/cases/").status_code == 403


def test_too_many_requests_are_held_up_with_the_time_to_wait(portal, monkeypatch):
    from organizations.api_access import ClientRate

    monkeypatch.setattr(ClientRate, "THROTTLE_RATES", {"client": "2/min"})
    answers = [portal.get(APPLICATIONS) for _turn in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    is_problem(answers[2], 429, "API_THROTTLED")
    assert 0 < int(answers[2]["Retry-After"]) <= 61


def test_an_unknown_address_answers_as_a_problem(portal, client):
    is_problem(client.get("/api/v1/nothing/"), 404, "COMMON_NOT_FOUND")
    is_problem(portal.post(f"{APPLICATIONS}x/", {}), 405, "API_METHOD_NOT_ALLOWED")
    is_problem(portal.get(APPLICATIONS, Accept="text/html"), 406, "API_NOT_ACCEPTABLE")
    sent = portal.post(APPLICATIONS, "{")
    is_problem(sent, 400, "API_PARSE_ERROR")


# --- Every status -------------------------------------------------------------------------------------------------------------

GATHERING = ("ACCEPTANCE", "SURVEY", "INITIAL_REVIEW")
DECIDING = ("PUBLICITY", "SIGN_OFF", "DECISION")
DECIDED = ("DELIVERY", "PAYMENT_START", "CONFIRMED")


@pytest.mark.requirement("INT-15")
@pytest.mark.parametrize("step", [*GATHERING, *DECIDING, *DECIDED])
def test_a_file_is_taken_while_evidence_is_gathered_and_a_recall_until_the_decision(portal, step):
    first = portal.submits()
    walk = built.Walk(built.street(), built.picture, case_id=case_of(first).pk).to(step)
    code, version = first.json()["materials"][0]["code"], walk.seen
    sent = {"code": code, "file": build.photo(), "reason": "更清楚"}
    attached = portal.post(address(first, "materials/"), sent, seen=version, upload=True)
    if step in GATHERING:
        assert attached.status_code == 200
        version = attached.json()["version"]
    else:
        is_problem(attached, 409, "CASES_WRONG_STAGE")
    recalled = portal.post(address(first, "withdrawal/"), {"reason": "申请人已就业"}, seen=version)
    if step in DECIDED:
        is_problem(recalled, 409, "CASES_WRONG_STAGE")
        assert portal.get(address(first)).json()["outcome"] in {None, "CONFIRMED"}
    else:
        assert recalled.json()["outcome"] == "WITHDRAWN"
