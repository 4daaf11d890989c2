"""Celery doors of the outbox and of the nightly tidying."""

from celery import shared_task

from common import drafts, outbox


@shared_task(name="common.deliver")
def deliver(message_id: int) -> None:
    outbox.deliver(message_id)


@shared_task(name="common.sweep_outbox")
def sweep_outbox() -> int:
    return outbox.sweep()


@shared_task(name="common.drop_old_drafts")
def drop_old_drafts() -> int:
    return drafts.drop_old_drafts()
