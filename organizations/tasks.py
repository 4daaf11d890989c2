"""Celery doors of the nightly healing of powers and tidying of the interfaces."""

from celery import shared_task

from organizations.services import clients, powers


@shared_task(name="organizations.heal_powers")
def heal_powers() -> int:
    return powers.heal_powers()


@shared_task(name="organizations.drop_old_answers")
def drop_old_answers() -> int:
    return clients.drop_old_answers()
