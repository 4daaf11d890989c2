"""Progress of long work, for the page that shows it."""

from common import clock
from common.models import Progress

MESSAGE = 300


def start(name: str, title: str, total: int) -> Progress:
    """Begin, or begin again, a named piece of long work of `total` units."""
    row, _created = Progress.objects.update_or_create(
        name=name,
        defaults={
            "title": title,
            "total": total,
            "done": 0,
            "state": "running",
            "message": "",
            "updated_at": clock.now(),
        },
    )
    return row


def advance(name: str, done: int, message: str = "") -> None:
    """So many units are done."""
    Progress.objects.filter(name=name).update(done=done, message=message[:MESSAGE], updated_at=clock.now())


def finish(name: str, message: str = "") -> None:
    """The work has ended well."""
    Progress.objects.filter(name=name).update(state="done", message=message[:MESSAGE], updated_at=clock.now())


def fail(name: str, message: str) -> None:
    """The work has ended badly; the message says why, without personal data."""
    Progress.objects.filter(name=name).update(state="failed", message=message[:MESSAGE], updated_at=clock.now())
