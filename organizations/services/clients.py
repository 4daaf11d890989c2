"""Acts on other government systems: registered, given a new secret, ended; and their sign-in."""

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import clear_expired, get_access_token_model

from common import clock
from common.actors import Actor
from common.acts import act
from common.errors import Invalid, NotFound
from common.models import ApiReply
from journal.services import record
from organizations.enums import Post, Scope
from organizations.models import Office, SystemClient, User
from organizations.queries import actor_for
from organizations.services.appointments import appointed, end_appointment
from organizations.services.areas import require_administrator


@act("organizations.add_client")
def add_client(
    actor: Actor, *, name: str, office_id: int, scopes: list[str], area_code: str = "", key: str | None = None
) -> SystemClient:
    """Register another government system for an office, bounded to the office's areas or to the narrower `area_code`. The answer
    carries the secret in clear as `secret_shown`, this once; only its hash is kept."""
    office = Office.objects.select_related("seat").filter(pk=office_id, closed_on=None).first()
    if office is None:
        raise NotFound()
    require_administrator(actor, office.seat.code)
    if not name.strip():
        raise Invalid(_("请填写系统的名称。"), field="name")
    if not scopes or set(scopes) - set(Scope.values):
        raise Invalid(_("请选择这个系统可以用的接口。"), field="scopes")
    secret = generate_client_secret()
    client = SystemClient(
        name=name.strip(), office=office, scopes=" ".join(sorted(set(scopes))), client_secret=secret,
        client_type=SystemClient.CLIENT_CONFIDENTIAL, authorization_grant_type=SystemClient.GRANT_CLIENT_CREDENTIALS,
    )  # fmt: skip
    client.user = User(
        username=f"client-{client.client_id[:20].lower()}", name=client.name, area_code=office.seat.code,
        must_change_password=False, created_at=clock.now(),
    )  # fmt: skip
    client.user.set_unusable_password()
    client.user.save(force_insert=True)
    client.save(force_insert=True)
    appointed(actor, user=client.user, post=Post.CLIENT, office=office, area_code=area_code)
    record(
        actor, "organizations.add_client", client, area_code=office.seat.code,
        changes={"client_id": [None, client.client_id], "scopes": [None, client.scopes]},
    )  # fmt: skip
    client.secret_shown = secret
    return client


@act("organizations.renew_client_secret")
def renew_client_secret(actor: Actor, client_id: int, *, reason: str, key: str | None = None) -> SystemClient:
    """Give a new secret, shown this once as `secret_shown`; the old one and all tokens end at once."""
    client = _running(actor, client_id)
    _require_reason(reason)
    client.client_secret = secret = generate_client_secret()
    client.save(update_fields=["client_secret", "updated"])
    _drop_tokens(client)
    record(actor, "organizations.renew_client_secret", client, area_code=client.office.seat.code, reason=reason)
    client.secret_shown = secret
    return client


@act("organizations.end_client")
def end_client(actor: Actor, client_id: int, *, reason: str, key: str | None = None) -> SystemClient:
    """End a system's access from now on: its post ends today, its account is closed, its tokens are dropped."""
    client = _running(actor, client_id)
    _require_reason(reason)
    for held in client.user.appointments.filter(valid_to=None):
        end_appointment(actor, held.pk, on=clock.today(), reason=reason)
    client.user.is_active = False
    client.user.save(update_fields=["is_active"])
    client.ended_on = clock.today()
    client.save(update_fields=["ended_on", "updated"])
    _drop_tokens(client)
    record(
        actor, "organizations.end_client", client, area_code=client.office.seat.code, reason=reason,
        changes={"ended_on": [None, client.ended_on.isoformat()]},
    )  # fmt: skip
    return client


def client_signed_in(client: SystemClient, *, ip: str) -> None:
    """A token was given: the line that stands in the journal where a person's sign-in would."""
    actor = actor_for(client.user, road="api", ip=ip)
    record(actor, "organizations.client_sign_in", client, area_code=client.office.seat.code)


def drop_old_answers() -> int:
    """Forget the kept answers older than `API_KEY_DAYS` (settings) and the tokens that have run out. Returns how many answers."""
    clear_expired()
    old = clock.now() - dt.timedelta(days=settings.API_KEY_DAYS)
    return ApiReply.objects.filter(at__lt=old).delete()[0]


def _running(actor: Actor, client_id: int) -> SystemClient:
    """The system, locked, if the administration keeps it and it has not ended."""
    locked = SystemClient.objects.select_for_update(of=("self",)).select_related("office__seat", "user")
    client: SystemClient | None = locked.filter(pk=client_id).first()
    require_administrator(actor, client.office.seat.code if client else "")
    if client is None:
        raise NotFound()
    if client.ended_on:
        raise Invalid(_("这个系统已经停用。要重新对接，请新登记一个。"))
    return client


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(_("请写明原因。"), field="reason")


def _drop_tokens(client: SystemClient) -> None:
    get_access_token_model().objects.filter(application=client).delete()
