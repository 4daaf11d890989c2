"""Celery door of the nightly healing of powers."""

from celery import shared_task

from organizations.services import powers


@shared_task(name="organizations.heal_powers")
def heal_powers() -> int:
    return powers.heal_powers()
