"""The demonstration's people: one account each, with posts, second factor and responsibilities.

The accounts are marked; they keep one password and fixed secrets, whose codes of the moment the start page shows.
"""

import base64
import hashlib

from django.db import transaction

from common.actors import Actor
from config.demo.places import DISTRICT, FOUNDED
from config.demo.roster import DUTIES, ROSTER, Duty, Held, Person
from organizations.enums import AppointmentKind, OfficeKind, Post
from organizations.models import Appointment, Office, Responsibility, User
from organizations.queries import actor_for, appointments_in_force
from organizations.services.appointments import appoint, name_responsible
from organizations.services.areas import founder
from organizations.services.people import add_user
from organizations.services.second_factor import set_secret

PASSWORD = "sunlight-2026"  # noqa: S105 - of marked demonstration accounts alone, shown on the start page
SECRET_BYTES = 20
KINDS = {
    Post.VILLAGE: OfficeKind.VILLAGE,
    Post.ASSISTANT: OfficeKind.STREET,
    Post.HANDLER: OfficeKind.STREET,
    Post.DEPUTY_LEADER: OfficeKind.STREET,
    Post.PRINCIPAL_LEADER: OfficeKind.STREET,
    Post.RECONCILIATION: OfficeKind.CHECK_CENTRE,
    Post.DISTRICT_SUPERVISOR: OfficeKind.SUPERVISING_UNIT,
}
"""The kind of office at which a post is held; bureau for all others."""


def secret_of(username: str) -> str:
    """The fixed secret of a demonstration account, in base 32."""
    digest = hashlib.sha256(f"sunlight demonstration {username}".encode()).digest()
    return base64.b32encode(digest[:SECRET_BYTES]).decode()


def found_people() -> None:
    """Every account of the roster, then who answers for what. Run again it changes nothing."""
    for person in ROSTER:
        _found(person)
    for duty in DUTIES:
        _answer(duty)


def _found(person: Person) -> None:
    with transaction.atomic():
        user = User.objects.filter(username=person.username).first()
        if user is None:
            seat = office_at(person.held[0].office, person.held[0].post).seat
            user = add_user(
                founder(),
                username=person.username,
                name=person.name,
                password=PASSWORD,
                area_code=seat.code,
                is_demo=True,
            )
            set_secret(founder(), user.pk, secret_of(person.username))
        for held in person.held:
            _appoint(user, held)


def _appoint(user: User, held: Held) -> None:
    office = office_at(held.office, held.post)
    if Appointment.objects.filter(user=user, post=held.post, office=office).exists():
        return
    deputised = None
    kind = AppointmentKind.VISITOR if held.post == Post.VISITOR else AppointmentKind.STANDING
    if held.deputises:
        kind = AppointmentKind.DEPUTISING
        deputised = Appointment.objects.get(user__username=held.deputises, post=held.post, office=office)
    appoint(
        founder(), user_id=user.pk, post=held.post, office_id=office.pk, valid_from=FOUNDED, title=held.title, kind=kind,
        deputises_id=deputised.pk if deputised else None,
    )  # fmt: skip


def office_at(office: str, post: str) -> Office:
    """The office of that name, or the one of the post's kind that sits in the area of that code."""
    if not office.isdigit():
        return Office.objects.select_related("seat").get(name=office)
    kind = KINDS.get(Post(post), OfficeKind.GOVERNMENT)
    return (
        Office.objects.select_related("seat")
        .exclude(treated_as_city=True)
        .get(seat__code=office, kind=kind, areas__code=office)
    )


def _answer(duty: Duty) -> None:
    level = Post.VILLAGE if duty.office[-3:] != "000" else Post.HANDLER
    office = office_at(duty.office, level)
    person = User.objects.get(username=duty.username) if duty.username else None
    unit = None if person else office_at(DISTRICT, Post.DISTRICT_SUPERVISOR)
    present = Responsibility.objects.filter(
        office=office, kind=duty.kind, frontline=duty.frontline, person=person, unit=unit
    )
    if present.exists():
        return
    name_responsible(
        founder(), office_id=office.pk, kind=duty.kind, basis=duty.basis, valid_from=FOUNDED,
        person_id=person.pk if person else None, unit_id=unit.pk if unit else None, frontline=duty.frontline,
    )  # fmt: skip


def acting(username: str, office: Office | None = None, *, road: str = "page") -> Actor:
    """The actor of an account, under the post it holds at `office` (or under its first one)."""
    user = User.objects.get(username=username)
    held = appointments_in_force(user)
    chosen = next((one.pk for one in held if office is None or one.office_id == office.pk), None)
    return actor_for(user, chosen, road=road)
