"""The second factor: time-based one-time codes (RFC 6238: HMAC-SHA-1, 30 seconds, six digits).

When it is asked: a password suffices to sign in and to read. The code is asked for signing (one check opens a sitting)
and for administering (pages that change organization data want a check within the last ten minutes of the session), so
that nobody types codes all day and no decision rests on a password alone.

`verify_code` may be called inside an act: the step of the accepted code is remembered in the same transaction, wrong
tries are counted outside of it (common.throttle)."""

import base64
import datetime as dt
import hmac
import secrets
import unicodedata

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common import clock, throttle
from common.actors import Actor
from common.acts import act
from common.errors import Forbidden, Invalid, NotFound
from journal.services import record
from organizations.enums import Permission
from organizations.errors import SecondFactorMissing, SecondFactorWrong
from organizations.models import SecondFactorUse, User
from organizations.services.areas import require_administrator
from organizations.services.sign_in import confirm_password, own_account

PERIOD, DIGITS, TOLERANCE = 30, 6, 1
SECRET_BYTES = 20
TRIES = "second-factor"


def new_secret() -> str:
    """A fresh secret in base 32, as authenticator apps take it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def current_code(secret: str, at: dt.datetime) -> str:
    """The code of a moment: six digits."""
    return _code(secret, int(at.timestamp()) // PERIOD)


def _code(secret: str, step: int) -> str:
    digest = hmac.digest(base64.b32decode(secret, casefold=True), step.to_bytes(8), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def _matching_step(secret: str, code: str, at: dt.datetime) -> int | None:
    """The time step whose code this is, a step early or late allowed."""
    given = "".join(unicodedata.normalize("NFKC", code).split()).encode()
    now = int(at.timestamp()) // PERIOD
    steps = range(now - TOLERANCE, now + TOLERANCE + 1)
    return next((step for step in steps if hmac.compare_digest(_code(secret, step).encode(), given)), None)


def has_second_factor(user_id: int | None) -> bool:
    """Whether the person has set up a second factor."""
    return bool(Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP).exists())


def verify_code(actor: Actor, code: str) -> None:
    """Accept the present code of the actor, once. Raises `SecondFactorMissing`, `SecondFactorWrong`."""
    row = Authenticator.objects.filter(user_id=actor.user_id, type=Authenticator.Type.TOTP).first()
    if row is None:
        raise SecondFactorMissing(
            _("您还没有设置动态口令，不能签批，也不能改动机构和人员。请先在“动态口令”页面设置。"), field="code"
        )
    if not throttle.is_allowed(TRIES, actor.user_id):
        raise SecondFactorWrong(
            _("动态口令连续输错次数太多。请等5分钟再试；手机丢失的，请联系安全管理员。"), field="code"
        )
    _accept(row.user_id, get_adapter().decrypt(row.data["secret"]), code)
    throttle.forget(TRIES, actor.user_id)


def _accept(user_id: int, secret: str, code: str, *, field: str = "code") -> None:
    """Take the code if it is right and newer than the last one taken. A secret that cannot be opened matches
    nothing."""
    with transaction.atomic():
        SecondFactorUse.objects.get_or_create(user_id=user_id)
        use = SecondFactorUse.objects.select_for_update().get(user_id=user_id)
        step = _matching_step(secret, code, clock.now()) if secret else None
        if step is None or step <= use.last_step:
            raise SecondFactorWrong(
                _("动态口令不对，或者已经用过。请等手机上换出下一个口令，再输入新的6位数字。"), field=field
            )
        use.last_step = step
        use.save(update_fields=["last_step"])


@act("organizations.set_up_second_factor")
def set_up_second_factor(actor: Actor, *, password: str, secret: str, code: str, key: str | None = None) -> User:
    """A person sets up the own second factor: knows the password, and shows that the app has taken the secret."""
    user = own_account(actor)
    if has_second_factor(user.pk):
        raise Invalid(_("您已经设置过动态口令。换手机请先停用，再重新设置。"), field="proof")
    confirm_password(user, password, field="password")
    if not throttle.is_allowed(TRIES, user.pk):
        raise SecondFactorWrong(_("动态口令连续输错次数太多。请等5分钟再试。"), field="proof")
    _accept(user.pk, secret, code, field="proof")
    throttle.forget(TRIES, user.pk)
    _store(user, secret)
    record(actor, "organizations.set_up_second_factor", user, area_code=user.area_code)
    return user


def _store(user: User, secret: str) -> None:
    data = {"secret": get_adapter().encrypt(secret)}
    Authenticator.objects.update_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": data})


@act("organizations.drop_second_factor")
def drop_second_factor(actor: Actor, *, code: str, key: str | None = None) -> User:
    """A person gives up the own second factor (a new telephone), by a code of the old one."""
    user = own_account(actor)
    verify_code(actor, code)
    Authenticator.objects.filter(user=user).delete()
    record(actor, "organizations.drop_second_factor", user, area_code=user.area_code)
    return user


@act("organizations.remove_second_factor")
def remove_second_factor(actor: Actor, user_id: int, *, reason: str, key: str | None = None) -> User:
    """The security administrator removes a lost second factor; the person sets up a new one after signing in."""
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None or not actor.can(Permission.MANAGE_SECURITY, user.area_code):
        raise NotFound() if actor.holds(Permission.MANAGE_SECURITY) else Forbidden()
    if user.pk == actor.user_id:
        raise Forbidden(_("不能替自己解除动态口令。请由另一位安全管理员办理。"))
    if not reason.strip():
        raise Invalid(_("请写明原因和核实身份的方式。"), field="reason")
    if not has_second_factor(user.pk):
        raise Invalid(_("这个账号没有设置动态口令，不用解除。"), field="username")
    Authenticator.objects.filter(user=user).delete()
    record(actor, "organizations.remove_second_factor", user, reason=reason, area_code=user.area_code)
    return user


@act("organizations.set_secret")
def set_secret(actor: Actor, user_id: int, secret: str, *, key: str | None = None) -> User:
    """Give a demonstration account a known secret, whose present code the start page shows. Never in production."""
    user = User.objects.select_for_update().filter(pk=user_id).first()
    require_administrator(actor, user.area_code if user else "")
    if user is None:
        raise NotFound()
    if settings.PRODUCTION or not user.is_demo:
        raise Forbidden(_("只有演示账号可以使用预先设定的动态口令。"))
    _store(user, secret)
    record(actor, "organizations.set_secret", user, area_code=user.area_code)
    return user
