"""Reads of issued papers."""

import re

from django.db.models import QuerySet

from archives.models import IssuedPaper
from common.actors import Actor


def papers_of(actor: Actor, subject: tuple[str, object]) -> "QuerySet[IssuedPaper]":
    """The papers of one matter that the actor may see, oldest first."""
    visible: QuerySet[IssuedPaper] = IssuedPaper.objects.visible_to(actor)
    return visible.filter(subject_type=subject[0], subject_id=str(subject[1])).order_by("pk")


def by_check_code(check_code: str) -> IssuedPaper | None:
    """The paper behind a QR code, for the public check page: only number, office, date and hash may be shown of it."""
    if not re.fullmatch(r"[0-9a-f]{32}", check_code):
        return None
    rows = IssuedPaper.objects.unscoped(reason="public check page shows number, office, date and hash alone")
    return rows.filter(check_code=check_code).defer("data").first()
