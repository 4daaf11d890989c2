"""Raising, clearing and answering flags."""

from django.db import models
from django.utils.translation import gettext as _

from common import clock
from common.actors import Actor
from common.acts import act
from common.errors import NotFound
from journal.services import record
from policies.access import require_dismissal
from policies.enums import FlagStatus
from policies.errors import FlagClosed, ReasonMissing
from policies.models import Flag


def raise_flag(
    actor: Actor, obj: models.Model, *, rule: str, message: str, area_code: str, basis: str = "", parameter: str = "",
    subject: tuple[str, object] | None = None,
) -> Flag | None:  # fmt: skip
    """Part of an act or a job (call it inside its transaction): mark `obj` under a rule. The same rule marks an
    object once: an open mark is returned, one that a person has answered is not raised again (None)."""
    identity = {"object_type": obj._meta.label_lower, "object_id": str(obj.pk), "rule": rule}
    held = flags_of(obj).filter(rule=rule)
    if open_one := held.filter(status=FlagStatus.OPEN).first():
        return open_one
    if held.filter(status=FlagStatus.DISMISSED).exists():
        return None
    flag = Flag(
        **identity,
        area_code=area_code,
        message=message,
        basis=basis,
        parameter=parameter,
        status=FlagStatus.OPEN,
        raised_at=clock.now(),
        raised_by=actor.name,
    )
    flag.save(force_insert=True)
    record(
        actor, "policies.raise_flag", flag, to_status=FlagStatus.OPEN, basis=basis, subject=subject, area_code=area_code
    )
    return flag


def clear_flag(
    actor: Actor, obj: models.Model, *, rule: str, reason: str, subject: tuple[str, object] | None = None
) -> None:
    """Part of an act or a job: the machine finds that what it marked is no longer so."""
    for flag in flags_of(obj).filter(rule=rule, status=FlagStatus.OPEN).select_for_update():
        _close(actor, flag, FlagStatus.CLEARED, reason, subject)


@act("policies.dismiss_flag")
def dismiss_flag(actor: Actor, flag_id: int, *, reason: str, subject: tuple[str, object] | None = None) -> Flag:
    """Answer a flag: say why it needs nothing further. It stays visible with the reason and the name."""
    flag = Flag.objects.visible_to(actor).select_for_update().filter(pk=flag_id).first()
    if flag is None:
        raise NotFound()
    require_dismissal(actor, flag)
    if flag.status != FlagStatus.OPEN:
        raise FlagClosed(_("这个标记已经处理过了，不用再说明。请刷新页面。"))
    if not reason.strip():
        raise ReasonMissing(_("请写明为什么不需要进一步处理。"), field="reason")
    _close(actor, flag, FlagStatus.DISMISSED, reason.strip(), subject)
    return flag


def _close(actor: Actor, flag: Flag, status: str, reason: str, subject: tuple[str, object] | None) -> None:
    flag.status, flag.closed_at, flag.closed_by, flag.close_reason = status, clock.now(), actor.name, reason
    flag.save(update_fields=["status", "closed_at", "closed_by", "close_reason"])
    record(
        actor, "policies.close_flag", flag, from_status=FlagStatus.OPEN, to_status=status, reason=reason,
        basis=flag.basis, subject=subject, area_code=flag.area_code,
    )  # fmt: skip


def flags_of(obj: models.Model) -> models.QuerySet[Flag]:
    """The flags of an object that the caller has already been allowed to open, the latest first."""
    every = Flag.objects.unscoped(reason="the caller has opened the object under its own scope")
    found: models.QuerySet[Flag] = every.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk))
    return found
