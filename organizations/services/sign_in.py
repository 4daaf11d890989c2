"""Signing in, out, locked out: what the journal keeps of it, and the acts around it (quality.md: the journal covers
sign-in)."""

from typing import Any

from axes.models import AccessAttempt
from django.utils.translation import gettext as _

from common import throttle
from common.actors import Actor
from common.acts import act
from common.crypto import blind_index
from common.errors import Forbidden, Invalid, NotFound
from journal.services import record
from organizations.enums import Permission
from organizations.models import User
from organizations.queries import actor_for

UNKNOWN = "unknown"


def attempt_name(request: Any, credentials: dict[str, Any] | None) -> str:
    """Under which name axes counts a try: the username where there is such an account; a keyed digest otherwise,
    because people type identity numbers and passwords into the wrong field, and axes keeps what it counts in clear."""
    typed = str((credentials or request.POST).get("username") or request.POST.get("login") or "")
    if not hasattr(request, "attempt_name") or request.attempt_name[0] != typed:
        known = User.objects.filter(username=typed).exists()
        request.attempt_name = (typed, typed if known else f"{UNKNOWN}:{blind_index('sign-in', typed)}")
    return str(request.attempt_name[1])


def record_sign_in(user: User, ip: str) -> None:
    """A person has signed in."""
    record(actor_for(user, ip=ip), "organizations.sign_in", user, area_code=user.area_code)


def record_sign_out(actor: Actor, user: User, *, by_timeout: bool = False) -> None:
    """A person has signed out, or the session ended by itself."""
    name = "organizations.session_ended" if by_timeout else "organizations.sign_out"
    record(actor, name, user, area_code=user.area_code)


def record_failed_sign_in(username: str, ip: str, *, locked: bool) -> None:
    """Somebody tried to sign in and could not. What was typed stands there as ciphertext."""
    user = User.objects.filter(username=username).first() or User(area_code="")
    nobody = Actor(user_id=None, username="", name="", post="", ip=ip)
    record(
        nobody,
        "organizations.sign_in_failed",
        user,
        changes={"locked": [None, locked]},
        personal={"typed": [None, username[:150]]},
        area_code=user.area_code,
    )


def own_account(actor: Actor) -> User:
    """The account of the person who acts, locked. Raises `Forbidden` for a job or a client."""
    user = User.objects.select_for_update().filter(pk=actor.user_id or 0).first()
    if user is None or actor.kind != "person":
        raise Forbidden()
    return user


def confirm_password(user: User, password: str, *, field: str) -> None:
    """The person at the keyboard still is who signed in. Five tries in five minutes."""
    if not throttle.is_allowed("password", user.pk):
        raise Invalid(_("密码连续输错次数太多。请等5分钟再试。"), field=field)
    if not user.check_password(password):
        raise Invalid(_("密码不对。请重新输入现在的登录密码。"), field=field)
    throttle.forget("password", user.pk)


@act("organizations.unlock")
def unlock(actor: Actor, user_id: int, *, reason: str, key: str | None = None) -> User:
    """The security administrator lifts the lock of an account after five failed sign-ins."""
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None or not actor.can(Permission.MANAGE_SECURITY, user.area_code):
        raise NotFound() if actor.holds(Permission.MANAGE_SECURITY) else Forbidden()
    if not reason.strip():
        raise Invalid(_("请写明原因和核实身份的方式。"), field="reason")
    removed, _per_model = AccessAttempt.objects.filter(username=user.username).delete()
    if not removed:
        raise Invalid(_("这个账号没有被锁定，不用解锁。"), field="reason")
    record(actor, "organizations.unlock", user, reason=reason, area_code=user.area_code)
    return user
