"""Reads of the organization: areas, posts in force, powers; and what administrators see."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from common import clock
from common.actors import Actor
from common.errors import Forbidden, Invalid, NotFound
from common.models import OutboxMessage
from common.scoping import in_ranges
from organizations.enums import Level, OfficeKind, Permission, Post
from organizations.models import (
    Appointment,
    Area,
    AreaUserPermission,
    Delegation,
    Office,
    Responsibility,
    SystemClient,
    User,
)
from organizations.rules import POST_PERMISSIONS, subtree


def in_force(on: dt.date) -> Q:
    """The condition for rows with `valid_from` and `valid_to` that hold on a day."""
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gte=on))


def appointments_in_force(user: User, on: dt.date | None = None) -> QuerySet[Appointment]:
    """The posts a person holds on a day."""
    held = Appointment.objects.filter(user=user).filter(in_force(on or clock.today()))
    return held.select_related("user", "office__seat", "area").order_by("pk")


def bounds(area: Area) -> tuple[str, str]:
    """The half-open range of codes of the area and all below it."""
    return subtree(area.code, area.level)


def covered_areas(appointment: Appointment) -> "QuerySet[Area] | list[Area]":
    """The areas of a post: all of its office, or its own narrower one, with those that replaced that one when it was
    recoded."""
    if appointment.area is None:
        return appointment.office.areas.order_by("code")
    found = newest = [appointment.area]
    while newest := list(Area.objects.filter(replaces__in=newest).order_by("code")):
        found = found + newest
    return found


def powers(appointment: Appointment, on: dt.date) -> frozenset[tuple[str, str, str]]:
    """(permission, lo, hi) of one post on a day: guardian's rows on the post's areas, bounded by the post's permissions
    and the appointment's dates (guardian itself knows neither dates nor the tree)."""
    if not appointment.in_force(on) or not appointment.user.is_active:
        return frozenset()
    rows = AreaUserPermission.objects.filter(
        user_id=appointment.user_id,
        content_object__in=covered_areas(appointment),
        permission__codename__in=POST_PERMISSIONS[appointment.post],
    ).select_related("permission", "content_object")
    return frozenset((row.permission.codename, *bounds(row.content_object)) for row in rows)


def actor_for(user: User, appointment_id: int | None = None, *, road: str = "page", ip: str = "") -> Actor:
    """The actor of a person under the chosen post (or the first one held)."""
    return actor_among(user, tuple(appointments_in_force(user)), appointment_id, road=road, ip=ip)


def actor_among(
    user: User, held: Sequence[Appointment], appointment_id: int | None = None, *, road: str = "page", ip: str = ""
) -> Actor:
    """The same from the posts the person holds today. Without any post in force it has no powers."""
    chosen = next((one for one in held if one.pk == appointment_id), held[0] if held else None)
    if chosen is None:
        return Actor(user_id=user.pk, username=user.username, name=user.name, post="", road=road, ip=ip)
    return Actor(
        user_id=user.pk,
        username=user.username,
        name=user.name,
        post=chosen.post,
        post_title=chosen.post_title,
        appointment_id=chosen.pk,
        area=chosen.area.code if chosen.area else chosen.office.seat.code,
        office=chosen.office.name,
        kind="client" if chosen.post == Post.CLIENT else "person",
        road=road,
        ip=ip,
        powers=powers(chosen, clock.today()),
    )


def area(code: str) -> Area:
    """The area of a code. Raises `NotFound`."""
    found = Area.objects.filter(code=code).select_related("parent").first()
    if found is None:
        raise NotFound()
    return found


def area_name(code: str) -> str:
    """The plain name of an area, or its code where it is unknown."""
    return Area.objects.filter(code=code).values_list("name", flat=True).first() or code


def area_names(codes: Any) -> dict[str, str]:
    """code → name for many codes in one query."""
    return dict(Area.objects.filter(code__in=set(codes)).values_list("code", "name"))


def ancestors(code: str) -> list[Area]:
    """The area itself and those above it, nearest first: village, street, district, city, province."""
    candidates = {code, code[:9] + "000", code[:6] + "000000", code[:4] + "00000000", code[:2] + "0000000000"}
    return list(Area.objects.filter(code__in=candidates).order_by("-code"))


def office_of(area_code: str, kind: str) -> Office | None:
    """The office of a kind whose areas cover the code, the narrowest first."""
    found = Office.objects.filter(kind=kind, areas__in=ancestors(area_code), closed_on=None)
    return found.order_by("-areas__code").first()


def offices_by_name(codes: list[str], kind: str) -> dict[str, str]:
    """code → name of the office of a kind that covers this very area, for those of many that are covered by name and not with
    what lies above them."""
    found = Office.objects.filter(kind=kind, areas__code__in=codes, closed_on=None).order_by("pk")
    return dict(found.values_list("areas__code", "name"))


def holders(post: str, area_code: str, on: dt.date | None = None) -> list[Appointment]:
    """The appointments of a post that cover an area on a day, standing before deputising."""
    covering = ancestors(area_code)
    found = Appointment.objects.filter(in_force(on or clock.today()), post=post, user__is_active=True).filter(
        Q(area__in=covering) | Q(area=None, office__areas__in=covering)
    )
    return list(found.select_related("user", "office").distinct().order_by("-kind", "pk"))


def is_delegated(district_code: str, programme: str, on: dt.date) -> bool:
    """Whether the street confirms this programme in the district on that day (ORG-03)."""
    return Delegation.objects.filter(in_force(on), district__code=district_code, programme=programme).exists()


# --- What administrators see ------------------------------------------------------------------------------------------

PAGE_SIZE = 50
SEARCH_LIMIT = 200


def require_managed(actor: Actor, area_code: str, permission: str = Permission.MANAGE_ORGANIZATION) -> None:
    """A foreign area is as good as absent; without the permission anywhere the post is wrong."""
    if not actor.can(permission, area_code):
        raise NotFound() if actor.holds(permission) else Forbidden()


def managed(actor: Actor, field: str, permission: str = Permission.MANAGE_ORGANIZATION) -> Q:
    """The condition for rows whose area code lies in the actor's administration."""
    return in_ranges(field, actor.ranges(permission))


def areas_at(actor: Actor, code: str) -> dict[str, Any]:
    """One area with those directly below it, its ways up inside the administration, and its offices. Without a code the
    highest area of the administration. Raises `NotFound`."""
    code = code or next((lo for lo, _hi in actor.ranges(Permission.MANAGE_ORGANIZATION)), "")
    require_managed(actor, code)
    here = Area.objects.filter(code=code).select_related("parent", "replaces").first()
    if here is None:
        raise NotFound()
    above = [one for one in ancestors(code)[1:] if actor.can(Permission.MANAGE_ORGANIZATION, one.code)]
    return {
        "here": here,
        "above": above[::-1],
        "children": list(Area.objects.filter(parent=here).order_by("code")),
        "offices": list(Office.objects.filter(seat=here).order_by("name")),
        "replaced_by": list(Area.objects.filter(replaces=here).order_by("code")),
    }


def search_areas(actor: Actor, text: str) -> list[Area]:
    """Areas of the administration by a part of the name or the beginning of the code, at most `SEARCH_LIMIT`."""
    found = Area.objects.filter(managed(actor, "code")).filter(Q(name__contains=text) | Q(code__startswith=text))
    return list(found.select_related("parent").order_by("code")[:SEARCH_LIMIT])


def managed_area(actor: Actor, area_id: int) -> Area:
    """An area of the administration. Raises `NotFound`."""
    found = Area.objects.filter(managed(actor, "code"), pk=area_id).select_related("parent").first()
    if found is None:
        raise NotFound()
    return found


def search_offices(actor: Actor, text: str, kind: str, after: str) -> list[Office]:
    """One page of the administration's offices (one row more, if there are more), by name or short name and kind."""
    found = Office.objects.filter(managed(actor, "seat__code"))
    if text:
        found = found.filter(Q(name__contains=text) | Q(seat__name__contains=text))
    if kind:
        found = found.filter(kind=kind)
    if after:
        found = found.filter(name__gt=after)
    return list(found.select_related("seat").prefetch_related("areas").order_by("name")[: PAGE_SIZE + 1])


def managed_office(actor: Actor, office_id: int) -> Office:
    """An office of the administration. Raises `NotFound`."""
    found = (
        Office.objects.filter(managed(actor, "seat__code"), pk=office_id)
        .select_related("seat__parent", "parent")
        .first()
    )
    if found is None:
        raise NotFound()
    return found


def offices_to_choose(actor: Actor, kinds: tuple[str, ...] = ()) -> list[tuple[int, str]]:
    """The open offices of the administration as choices."""
    found = Office.objects.filter(managed(actor, "seat__code"), closed_on=None)
    if kinds:
        found = found.filter(kind__in=kinds)
    return list(found.order_by("seat__code", "name").values_list("pk", "name"))


def areas_to_choose(seat: Area, office: Office | None) -> list[tuple[str, str]]:
    """What an office at a seat may cover, as choices: the seat, what lies beside and below it, and what it covers
    already."""
    near = Q(pk=seat.pk) | Q(parent=seat) | Q(parent=seat.parent, parent__isnull=False)
    if office is not None:
        near |= Q(covered_by=office)
    found = Area.objects.filter(near, valid_to=None).distinct().order_by("code")
    return [(code, f"{name}（{code}）") for code, name in found.values_list("code", "name")]


def search_users(actor: Actor, text: str, after: str) -> list[User]:
    """One page of the administration's accounts (one row more, if there are more) with `held`, their posts in force."""
    found = User.objects.filter(managed(actor, "area_code"))
    if text:
        found = found.filter(Q(name__contains=text) | Q(username__startswith=text))
    if after:
        found = found.filter(username__gt=after)
    posts = Appointment.objects.filter(in_force(clock.today())).select_related("office").order_by("pk")
    held = Prefetch("appointments", queryset=posts, to_attr="held")
    return list(found.prefetch_related(held).order_by("username")[: PAGE_SIZE + 1])


def managed_user(actor: Actor, user_id: int) -> dict[str, Any]:
    """An account of the administration with all its posts, past ones too. Raises `NotFound`."""
    found = User.objects.filter(managed(actor, "area_code"), pk=user_id).first()
    if found is None:
        raise NotFound()
    posts = found.appointments.select_related("office", "area", "deputises__user").order_by("-valid_from", "-pk")
    return {"person": found, "posts": list(posts), "area": area_name(found.area_code), "today": clock.today()}


def user_of_name(actor: Actor, username: str, permission: str = Permission.MANAGE_ORGANIZATION) -> User:
    """The account of a username inside the administration. Raises `Invalid` beside the field `username`."""
    found = User.objects.filter(managed(actor, "area_code", permission), username=username.strip()).first()
    if found is None:
        raise Invalid(_("没有这个用户名的账号，或者账号不归本单位管理。请核对用户名。"), field="username")
    return found


def managed_appointment(actor: Actor, appointment_id: int) -> Appointment:
    """A post at an office of the administration. Raises `NotFound`."""
    rows = Appointment.objects.filter(managed(actor, "office__seat__code"), pk=appointment_id)
    found = rows.select_related("user", "office__seat", "area").first()
    if found is None:
        raise NotFound()
    return found


def clients(actor: Actor) -> list[SystemClient]:
    """The systems registered in the administration, running ones first, with `bound`: the areas each is bounded to."""
    found = SystemClient.objects.filter(managed(actor, "office__seat__code")).select_related("office__seat", "user")
    held = Appointment.objects.filter(post=Post.CLIENT).select_related("office", "area").order_by("-pk")
    rows = found.prefetch_related(Prefetch("user__appointments", queryset=held, to_attr="held"))
    return list(rows.order_by(F("ended_on").desc(nulls_first=True), "name", "pk")[:SEARCH_LIMIT])


def managed_client(actor: Actor, client_id: int) -> SystemClient:
    """A system registered in the administration. Raises `NotFound`."""
    rows = SystemClient.objects.filter(managed(actor, "office__seat__code"), pk=client_id)
    found: SystemClient | None = rows.select_related("office__seat", "user").first()
    if found is None:
        raise NotFound()
    return found


def responsibilities(actor: Actor, text: str) -> list[Responsibility]:
    """Who answers for the offices of the administration, those in force first, at most `SEARCH_LIMIT`."""
    found = Responsibility.objects.filter(managed(actor, "office__seat__code"))
    if text:
        found = found.filter(Q(office__name__contains=text) | Q(person__name__contains=text))
    order = found.select_related("office__seat", "person", "unit").order_by(
        F("valid_to").desc(nulls_first=True), "office__seat__code", "kind", "pk"
    )
    return list(order[:SEARCH_LIMIT])


def managed_responsibility(actor: Actor, responsibility_id: int) -> Responsibility:
    """A responsibility at an office of the administration. Raises `NotFound`."""
    rows = Responsibility.objects.filter(managed(actor, "office__seat__code"), pk=responsibility_id)
    found = rows.select_related("office", "person", "unit").first()
    if found is None:
        raise NotFound()
    return found


def responsible(office: Office, kind: str, on: dt.date) -> list[Responsibility]:
    """Who answers for an office in one kind of responsibility on a day (ORG-06 … ORG-10)."""
    rows = Responsibility.objects.filter(in_force(on), office=office, kind=kind)
    return list(rows.select_related("person", "unit").order_by("pk"))


def supervisor_of(area_code: str) -> Office | None:
    """The bureau that supervises a town/street: the civil-affairs office of its district (ORG-05)."""
    return office_of(area_code, OfficeKind.GOVERNMENT)


def delegations(actor: Actor) -> list[Delegation]:
    """What the districts of the administration have delegated, present ones first."""
    rows = Delegation.objects.filter(managed(actor, "district__code")).select_related("district")
    return list(rows.order_by(F("valid_to").desc(nulls_first=True), "district__code", "programme")[:SEARCH_LIMIT])


def managed_delegation(actor: Actor, delegation_id: int) -> Delegation:
    """A delegation of a district of the administration. Raises `NotFound`."""
    found = (
        Delegation.objects.filter(managed(actor, "district__code"), pk=delegation_id).select_related("district").first()
    )
    if found is None:
        raise NotFound()
    return found


def districts_to_choose(actor: Actor) -> list[tuple[str, str]]:
    """The districts of the administration as choices."""
    found = Area.objects.filter(managed(actor, "code"), level=Level.DISTRICT, valid_to=None)
    return list(found.order_by("code").values_list("code", "name"))


def locked_accounts(actor: Actor) -> list[User]:
    """The accounts of the security administrator's area that are locked now, with `failures`, `ip` and `last_try`."""
    since = clock.now() - dt.timedelta(hours=settings.AXES_COOLOFF_TIME)
    tries = AccessAttempt.objects.filter(attempt_time__gte=since).order_by("attempt_time")
    sums: dict[str, dict[str, Any]] = {}
    for row in tries.values("username", "failures_since_start", "ip_address", "attempt_time"):
        one = sums.setdefault(row["username"], {"failures": 0})
        one.update(
            failures=one["failures"] + row["failures_since_start"], ip=row["ip_address"], last_try=row["attempt_time"]
        )
    locked = {name: one for name, one in sums.items() if one["failures"] >= settings.AXES_FAILURE_LIMIT}
    users = User.objects.filter(managed(actor, "area_code", Permission.MANAGE_SECURITY), username__in=locked)
    found = list(users.order_by("username"))
    for user in found:
        user.__dict__.update(locked[user.username])
    return found


def secured_user(actor: Actor, user_id: int) -> User:
    """An account of the security administrator's area. Raises `NotFound`."""
    found = User.objects.filter(managed(actor, "area_code", Permission.MANAGE_SECURITY), pk=user_id).first()
    if found is None:
        raise NotFound()
    return found


def failed_tasks() -> list[OutboxMessage]:
    """Queued work that failed at least once and is not done, the oldest first."""
    rows = OutboxMessage.objects.filter(done_at=None).exclude(last_error="")
    return list(rows.order_by("created_at", "pk")[:SEARCH_LIMIT])
