"""Other government systems: registered by the system administrator, their secret shown once, ended for good."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from common import clock
from common.models import ApiReply
from journal.models import Entry
from organizations.enums import OfficeKind
from organizations.models import Appointment, Office, SystemClient
from organizations.tasks import drop_old_answers
from tests.builders import api as build
from tests.builders.cases import governed
from tests.builders.organization import DISTRICT, FOREIGN_DISTRICT, STREET, post, signed_in
from tests.organizations.test_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    governed()
    return signed_in(client, post("system_admin", DISTRICT))


def bureau(district=DISTRICT):
    return Office.objects.get(seat__code=district, kind=OfficeKind.GOVERNMENT)


def registers(admin, **changes):
    sent = {"name": "市政务服务平台", "office_id": bureau().pk, "scopes": ["applications"], "key": str(uuid.uuid4())}
    return admin.post(reverse("organizations:client-add"), sent | changes)


def test_a_system_is_registered_and_its_secret_is_shown_this_once(admin):
    page = registers(admin)
    client = SystemClient.objects.get()
    words = text_of(page)
    assert client.client_id in words
    assert "密钥只显示这一次" in words
    assert page["Cache-Control"].startswith("max-age=0")
    secret = page.context["secret"]
    assert secret in words
    assert secret != client.client_secret, "only the hash is kept"
    assert build.System(client, secret).get("/api/v1/applications/").status_code == 200
    listed = admin.get(reverse("organizations:clients"))
    assert client.client_id in text_of(listed)
    assert secret not in text_of(listed)


def test_a_form_sent_twice_registers_once_and_does_not_show_the_secret_again(admin):
    key = str(uuid.uuid4())
    registers(admin, key=key)
    again = registers(admin, key=key)
    assert SystemClient.objects.count() == 1
    assert "密钥已经显示过" in text_of(again)
    assert again.context["secret"] == ""


def test_what_is_missing_stands_beside_its_field_and_nothing_is_registered(admin):
    page = registers(admin, name="", scopes=[])
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"name", "scopes"}
    page = registers(admin, area_code="150199000000")
    assert "不在该机构的管辖范围内" in text_of(page)
    assert not SystemClient.objects.exists()


def test_a_new_secret_ends_the_old_one_and_is_recorded_with_its_reason(admin):
    first = registers(admin).context["secret"]
    client = SystemClient.objects.get()
    address = reverse("organizations:client-secret", args=[client.pk])
    assert admin.get(address).status_code == 200
    assert admin.post(address, {"reason": ""}).status_code == 422
    second = admin.post(address, {"reason": "经办人离职"}).context["secret"]
    assert second != first
    assert build.System(client, first).token().status_code == 401
    assert build.System(client, second).token().status_code == 200
    line = Entry.objects.unscoped(reason="test").get(act="organizations.renew_client_secret")
    assert line.reason == "经办人离职"
    assert second not in str(line.changes)


def test_an_ended_system_stays_on_the_list_and_cannot_come_back(admin):
    registers(admin)
    client = SystemClient.objects.get()
    address = reverse("organizations:client-end", args=[client.pk])
    assert admin.get(address).status_code == 200
    admin.post(address, {"reason": "平台下线"})
    assert "已停用" in text_of(admin.get(reverse("organizations:clients")))
    assert "已经停用" in text_of(admin.post(address, {"reason": "平台下线"}))
    renewed = admin.post(reverse("organizations:client-secret", args=[client.pk]), {"reason": "再用"})
    assert "已经停用" in text_of(renewed)
    assert Appointment.objects.get(user=client.user).valid_to == clock.today()


@pytest.mark.requirement("SEC-04")
def test_another_districts_systems_are_not_to_be_seen(admin):
    foreign = build.system(FOREIGN_DISTRICT, name="外区平台")
    assert "外区平台" not in text_of(admin.get(reverse("organizations:clients")))
    assert admin.get(reverse("organizations:client-end", args=[foreign.record.pk])).status_code == 404


def test_nobody_is_appointed_to_the_post_of_a_system(admin):
    page = admin.get(reverse("organizations:appoint") + f"?user={post('handler', STREET).pk}")
    assert "其他系统" not in text_of(page)


def test_kept_answers_are_forgotten_after_their_days(settings):
    portal = build.system()
    portal.submits()
    assert drop_old_answers() == 0
    with clock.moved(clock.today() + dt.timedelta(days=settings.API_KEY_DAYS + 2)):
        assert drop_old_answers() == 1
    assert not ApiReply.objects.exists()
