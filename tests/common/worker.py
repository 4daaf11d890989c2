"""The application of the worker process that test_outbox.py starts: the project's own, with two tasks for watching it."""

import time

from celery import shared_task

from config.celery import app

__all__ = ["app"]


@shared_task(name="tests.mark")
def mark(name):
    """Make sure that the row exists and is done."""
    from common import clock
    from common.models import Progress

    row, _created = Progress.objects.get_or_create(name=name, defaults={"title": "t", "updated_at": clock.now()})
    Progress.objects.filter(pk=row.pk).update(done=1)


@shared_task(name="tests.mark_slowly")
def mark_slowly(name):
    """The same, with a long pause in the middle at the first attempt."""
    from common import clock
    from common.models import Progress

    _row, created = Progress.objects.get_or_create(name=name, defaults={"title": "t", "updated_at": clock.now()})
    if created:
        time.sleep(600)
    mark(name)
