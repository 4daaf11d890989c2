"""Reading the trail."""

from django.db.models import QuerySet

from common.actors import Actor
from journal.models import Entry


def trail(actor: Actor, subject: tuple[str, object]) -> "QuerySet[Entry]":
    """The lines of one matter that the actor may see, oldest first."""
    visible: QuerySet[Entry] = Entry.objects.visible_to(actor)
    return visible.filter(subject_type=subject[0], subject_id=str(subject[1])).order_by("pk")
