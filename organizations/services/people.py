"""Acts on accounts (SEC-12, SEC-13): opened, disabled, handed over; passwords given and changed."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from common import clock
from common.actors import Actor
from common.acts import act
from common.errors import Invalid, NotFound
from journal.services import record
from organizations.errors import OwnAccount
from organizations.models import Area, User
from organizations.services.areas import require_administrator
from organizations.services.sign_in import confirm_password, own_account

WEAKNESSES = {
    "password_too_short": lazy("密码至少要10位。"),
    "password_too_common": lazy("这个密码太常见，容易被猜中。请另设一个。"),
    "password_entirely_numeric": lazy("密码不能全是数字。请加上字母或符号。"),
    "password_too_similar": lazy("密码与用户名或姓名太相近。请另设一个。"),
}


@act("organizations.add_user")
def add_user(
    actor: Actor,
    *,
    username: str,
    name: str,
    password: str,
    area_code: str = "",
    is_demo: bool = False,
    key: str | None = None,
) -> User:
    """Open an account with an initial password that must be changed at first sign-in (demonstration accounts excepted).
    Without `area_code` the administrator's own division keeps it."""
    area_code = area_code or actor.area
    require_administrator(actor, area_code)
    if not username.strip():
        raise Invalid(_("请填写用户名。"), field="username")
    if not name.strip():
        raise Invalid(_("请填写姓名。"), field="name")
    user = User(
        username=username.strip(),
        name=name.strip(),
        is_demo=is_demo,
        area_code=area_code,
        created_at=clock.now(),
        must_change_password=not is_demo,
    )
    check_password_strength(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise Invalid(_("这个用户名已有人使用。请换一个。"), field="username") from error
    record(actor, "organizations.add_user", user, changes={"username": [None, user.username]}, area_code=area_code)
    return user


def check_password_strength(password: str, user: User) -> None:
    """The password rules of the settings, as a refusal."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        sentences = [str(WEAKNESSES.get(str(one.code), one.messages[0])) for one in error.error_list]
        raise Invalid("".join(sentences), field="password") from error


@act("organizations.set_user_active")
def set_user_active(actor: Actor, user_id: int, *, active: bool, reason: str, key: str | None = None) -> User:
    """Disable or enable an account; its appointments stay as they were."""
    user = managed_user(actor, user_id)
    if user.pk == actor.user_id:
        raise OwnAccount(_("不能停用自己的账号。请由另一位系统管理员办理。"), field="reason")
    if not reason.strip():
        raise Invalid(_("请写明原因。"), field="reason")
    if user.is_active == active:
        raise Invalid(_("账号已经是这个状态，没有改动。"), field="reason")
    user.is_active = active
    user.save(update_fields=["is_active"])
    record(
        actor,
        "organizations.set_user_active",
        user,
        changes={"is_active": [not active, active]},
        reason=reason,
        area_code=user.area_code,
    )
    return user


@act("organizations.reset_password")
def reset_password(actor: Actor, user_id: int, *, password: str, key: str | None = None) -> User:
    """Give a new initial password; it must be changed at the next sign-in, and open sessions end."""
    user = managed_user(actor, user_id)
    if user.pk == actor.user_id:
        raise OwnAccount(_("自己的密码请在“修改密码”里更换。"), field="password")
    check_password_strength(password, user)
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    record(actor, "organizations.reset_password", user, area_code=user.area_code)
    return user


@act("organizations.change_password")
def change_password(actor: Actor, *, old: str, new: str, key: str | None = None) -> User:
    """A person changes the own password; the demand to change an initial one is thereby met."""
    user = own_account(actor)
    confirm_password(user, old, field="old")
    if old == new:
        raise Invalid(_("新密码不能与原密码相同。请另设一个。"), field="password")
    check_password_strength(new, user)
    user.set_password(new)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record(actor, "organizations.change_password", user, area_code=user.area_code)
    return user


@act("organizations.hand_over_user")
def hand_over_user(actor: Actor, user_id: int, *, area_code: str, reason: str, key: str | None = None) -> User:
    """Hand the account of a person who moves to the administrators of another division. Posts still held here must have
    been ended first, so that nothing is carried along unseen."""
    user = managed_user(actor, user_id)
    target = Area.objects.filter(code=area_code, valid_to=None).first()
    if target is None or target.code == user.area_code:
        raise Invalid(_("请选择接收账号的另一个区划。"), field="area_code")
    if not reason.strip():
        raise Invalid(_("请写明调动依据。"), field="reason")
    if user.appointments.filter(valid_to=None).exists():
        raise Invalid(_("这个人还有没登记离任的岗位。请先登记离任，再移交账号。"), field="area_code")
    before, user.area_code = user.area_code, target.code
    user.save(update_fields=["area_code"])
    record(
        actor,
        "organizations.hand_over_user",
        user,
        changes={"area_code": [before, target.code]},
        reason=reason,
        area_code=before,
    )
    return user


def managed_user(actor: Actor, user_id: int) -> User:
    """The account, locked, if the administrator's division keeps it."""
    user = User.objects.select_for_update().filter(pk=user_id).first()
    require_administrator(actor, user.area_code if user else "")
    if user is None:
        raise NotFound()
    return user
