"""Celery doors of the outbox."""

from celery import shared_task

from common import outbox


@shared_task(name="common.deliver")
def deliver(message_id: int) -> None:
    outbox.deliver(message_id)


@shared_task(name="common.sweep_outbox")
def sweep_outbox() -> int:
    return outbox.sweep()
