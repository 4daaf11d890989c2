"""guardian's rows, derived from the appointments in force."""

from django.contrib.auth.models import Permission as AuthPermission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from common import clock
from organizations.models import Appointment, Area, AreaUserPermission, User
from organizations.queries import covered_areas, in_force
from organizations.rules import POST_PERMISSIONS


def derive_powers(user: User) -> int:
    """Make guardian's rows of one person exactly those of the appointments in force today or later. Returns changes
    made."""
    kind = ContentType.objects.get_for_model(Area)
    permissions = {p.codename: p for p in AuthPermission.objects.filter(content_type=kind)}
    wanted = {
        (permissions[codename].pk, area.pk)
        for appointment in _current(user)
        for area in covered_areas(appointment)
        for codename in POST_PERMISSIONS[appointment.post]
    }
    present = {
        (row.permission_id, row.content_object_id): row.pk for row in AreaUserPermission.objects.filter(user=user)
    }
    surplus = [pk for pair, pk in present.items() if pair not in wanted]
    missing = [
        AreaUserPermission(user=user, permission_id=permission, content_object_id=area)
        for permission, area in sorted(wanted - present.keys())
    ]
    AreaUserPermission.objects.filter(pk__in=surplus).delete()
    AreaUserPermission.objects.bulk_create(missing)
    return len(surplus) + len(missing)


def _current(user: User) -> list[Appointment]:
    today = clock.today()
    rows = Appointment.objects.filter(user=user).select_related("office", "area")
    return [row for row in rows if row.valid_to is None or row.valid_to >= today]


def heal_powers() -> int:
    """Derive the rows of everybody anew; a job runs this, because appointments end by the calendar. Returns changes
    made."""
    changes = 0
    held = Appointment.objects.filter(in_force(clock.today())).values("user_id")
    with_rows = AreaUserPermission.objects.values("user_id")
    for user in User.objects.filter(pk__in=held.union(with_rows)).order_by("pk"):
        with transaction.atomic():
            changes += derive_powers(user)
    return changes
