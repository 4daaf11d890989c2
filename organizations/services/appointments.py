"""Acts on appointments and responsibilities (ORG-06 … ORG-10, ORG-28, ORG-30): who holds which post, who answers for
what."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common import clock
from common.actors import Actor
from common.acts import act
from common.errors import Invalid, NotFound
from journal.services import record
from organizations.enums import AppointmentKind, Frontline, Post, ResponsibilityKind
from organizations.errors import IncompatiblePosts, OwnAccount
from organizations.models import Appointment, Area, Office, Responsibility, User
from organizations.queries import bounds, covered_areas
from organizations.rules import are_incompatible, overlap
from organizations.services.areas import require_administrator
from organizations.services.people import managed_user
from organizations.services.powers import derive_powers


@act("organizations.appoint")
def appoint(
    actor: Actor,
    *,
    user_id: int,
    post: str,
    office_id: int,
    valid_from: dt.date,
    title: str = "",
    area_code: str = "",
    kind: str = AppointmentKind.STANDING,
    deputises_id: int | None = None,
    valid_to: dt.date | None = None,
    key: str | None = None,
) -> Appointment:
    """Appoint a person to a post; powers follow in the same transaction (ORG-28)."""
    user = managed_user(actor, user_id)
    if user.pk == actor.user_id:
        raise OwnAccount(_("不能给自己安排岗位。请由另一位系统管理员办理。"), field="post")
    office = Office.objects.select_related("seat").filter(pk=office_id, closed_on=None).first()
    if office is None:
        raise NotFound()
    require_administrator(actor, office.seat.code)
    if post not in Post.values or post == Post.CLIENT:  # a system gets its post when it is registered
        raise Invalid(_("请选择岗位。"), field="post")
    if valid_to and valid_to < valid_from:
        raise Invalid(_("离任日期不能早于任职日期。"), field="valid_to")
    row = Appointment(
        user=user,
        post=post,
        office=office,
        area=_narrower_area(office, area_code),
        title=title.strip(),
        kind=kind,
        deputises=_deputised(actor, kind, deputises_id, post, user),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    _refuse_incompatible(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Invalid(_("这个人在这个岗位上已有同日开始的任职，没有重复登记。"), field="post") from error
    return _in_power(actor, row)


def appointed(actor: Actor, *, user: User, post: str, office: Office, area_code: str = "") -> Appointment:
    """The post of an account that begins today with the account itself: a part of the act that opens it."""
    row = Appointment(
        user=user, post=post, office=office, area=_narrower_area(office, area_code), valid_from=clock.today()
    )
    row.save(force_insert=True)
    return _in_power(actor, row)


def _in_power(actor: Actor, row: Appointment) -> Appointment:
    """The line in the journal, and the powers that follow from the post."""
    changes = {
        "user": [None, row.user.username],
        "post": [None, row.post],
        "valid_from": [None, row.valid_from.isoformat()],
    }
    record(actor, "organizations.appoint", row, area_code=row.office.seat.code, changes=changes)
    derive_powers(row.user)
    return row


def _narrower_area(office: Office, area_code: str) -> Area | None:
    if not area_code:
        return None
    area = Area.objects.filter(code=area_code, valid_to=None).first()
    covered = [bounds(one) for one in office.areas.order_by("code")]
    if area is None or not any(lo <= area.code < hi for lo, hi in covered):
        raise Invalid(_("所选区划不在该机构的管辖范围内。请重新选择。"), field="area_code")
    return area


def _deputised(actor: Actor, kind: str, deputises_id: int | None, post: str, user: User) -> Appointment | None:
    """Whose post is deputised: named exactly where the kind says so, the same post, another person."""
    if kind not in AppointmentKind.values:
        raise Invalid(_("请选择任职方式。"), field="kind")
    if kind != AppointmentKind.DEPUTISING:
        return None
    row = Appointment.objects.select_related("office__seat").filter(pk=deputises_id).first() if deputises_id else None
    if row is None:
        raise Invalid(_("代理任职要写明代理谁的岗位。请选择被代理的任职。"), field="deputises_id")
    require_administrator(actor, row.office.seat.code)
    if row.post != post or row.user_id == user.pk:
        raise Invalid(_("代理的岗位必须与被代理人的岗位相同，且不能代理自己。请重新选择。"), field="deputises_id")
    return row


def _refuse_incompatible(new: Appointment) -> None:
    """审核 and 监管 in separate hands; three administrators are three people (ORG-30)."""
    ranges = [bounds(area) for area in covered_areas(new)]
    held = Appointment.objects.filter(user=new.user).select_related("office", "area", "user").order_by("pk")
    for row in held:
        apart = (row.valid_to and row.valid_to < new.valid_from) or (new.valid_to and new.valid_to < row.valid_from)
        if apart or not are_incompatible(row.post, new.post):
            continue
        if any(overlap(one, bounds(area)) for one in ranges for area in covered_areas(row)):
            raise IncompatiblePosts(
                _("%(name)s 同期担任“%(post)s”，审核与监管、三类管理员之间不能由一人兼任。请先登记离任，或改派他人。")
                % {"name": new.user.name, "post": row.get_post_display()},
                field="post",
                basis="ORG-30",
            )


@act("organizations.end_appointment")
def end_appointment(
    actor: Actor, appointment_id: int, *, on: dt.date, reason: str, key: str | None = None
) -> Appointment:
    """End a post on its last day; the row stays, so that a past step shows the holder of that day (ORG-28). The last
    day is never before today: until now the post was in fact held, and steps may have been signed under it."""
    row = Appointment.objects.select_related("office__seat", "user").filter(pk=appointment_id).first()
    if row is None:
        raise NotFound()
    require_administrator(actor, row.office.seat.code)
    User.objects.select_for_update().get(pk=row.user_id)
    row.refresh_from_db(fields=["valid_to"])
    if row.valid_to is not None:
        raise Invalid(_("这项任职已经登记离任，不能再改。"), field="on")
    if not reason.strip():
        raise Invalid(_("请写明离任原因。"), field="reason")
    if on < row.valid_from or on < clock.today():
        raise Invalid(_("最后任职日不能早于今天，也不能早于任职日期。需要立即停权的，请停用账号。"), field="on")
    row.valid_to = on
    row.save(update_fields=["valid_to"])
    record(
        actor,
        "organizations.end_appointment",
        row,
        changes={"valid_to": [None, on.isoformat()]},
        reason=reason,
        area_code=row.office.seat.code,
    )
    derive_powers(row.user)
    return row


@act("organizations.name_responsible")
def name_responsible(
    actor: Actor,
    *,
    office_id: int,
    kind: str,
    basis: str,
    valid_from: dt.date,
    person_id: int | None = None,
    unit_id: int | None = None,
    frontline: str = "",
    key: str | None = None,
) -> Responsibility:
    """Name who answers for an office: a person, or the supervising unit (ORG-06 … ORG-10)."""
    office = Office.objects.select_for_update(of=("self",)).select_related("seat").filter(pk=office_id).first()
    if office is None:
        raise NotFound()
    require_administrator(actor, office.seat.code)
    if kind not in ResponsibilityKind.values:
        raise Invalid(_("请选择责任类别。"), field="kind")
    if (kind == ResponsibilityKind.FRONTLINE) != (frontline in Frontline.values):
        raise Invalid(_("一线人员要写明一线岗位，其他责任类别不用填。请核对。"), field="frontline")
    if (person_id is None) == (unit_id is None):
        raise Invalid(_("请选择责任人，或者选择责任单位，二者选一。"), field="person_id")
    if unit_id is not None and kind != ResponsibilityKind.SUPERVISION:
        raise Invalid(_("责任单位只用于监督主体责任人。请选择责任人。"), field="unit_id")
    if not basis.strip():
        raise Invalid(_("请写明责任依据，例如文件条款。"), field="basis")
    row = Responsibility.objects.create(
        office=office,
        kind=kind,
        frontline=frontline,
        person=_person(actor, person_id),
        unit=_unit(actor, unit_id),
        basis=basis.strip(),
        valid_from=valid_from,
    )
    changes = {"kind": [None, kind], "person": [None, person_id], "unit": [None, unit_id]}
    record(
        actor, "organizations.name_responsible", row, changes=changes, basis=basis.strip(), area_code=office.seat.code
    )
    return row


def _person(actor: Actor, person_id: int | None) -> User | None:
    return managed_user(actor, person_id) if person_id is not None else None


def _unit(actor: Actor, unit_id: int | None) -> Office | None:
    if unit_id is None:
        return None
    unit = Office.objects.select_related("seat").filter(pk=unit_id, closed_on=None).first()
    if unit is None:
        raise NotFound()
    require_administrator(actor, unit.seat.code)
    return unit


@act("organizations.end_responsibility")
def end_responsibility(
    actor: Actor, responsibility_id: int, *, on: dt.date, reason: str, key: str | None = None
) -> Responsibility:
    """End a responsibility on its last day; who answered until then stays on record."""
    row = Responsibility.objects.select_related("office__seat").filter(pk=responsibility_id).first()
    if row is None:
        raise NotFound()
    require_administrator(actor, row.office.seat.code)
    Office.objects.select_for_update().get(pk=row.office_id)
    row.refresh_from_db(fields=["valid_to"])
    if row.valid_to is not None:
        raise Invalid(_("这项责任已经登记结束，不能再改。"), field="on")
    if on < row.valid_from:
        raise Invalid(_("结束日期不能早于开始日期。请核对日期。"), field="on")
    if not reason.strip():
        raise Invalid(_("请写明结束原因。"), field="reason")
    row.valid_to = on
    row.save(update_fields=["valid_to"])
    record(
        actor,
        "organizations.end_responsibility",
        row,
        changes={"valid_to": [None, on.isoformat()]},
        reason=reason,
        area_code=row.office.seat.code,
    )
    return row
