"""Celery door of the nightly healing of limits."""

from celery import shared_task

from cases.services import limits


@shared_task(name="cases.heal_limits")
def heal_limits() -> int:
    return limits.heal_limits()
