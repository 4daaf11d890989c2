"""Celery door of the seal."""

from celery import shared_task

from journal import services


@shared_task(name="journal.seal")
def seal() -> int:
    return services.seal()
