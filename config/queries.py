"""What spans the apps: each app's `desk(actor)`, named explicitly."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from cases import list_page
from cases import queries as cases
from common import clock
from common.actors import Actor
from common.models import Progress
from common.templatetags.sunlight import capped
from config.demo import load
from config.demo.people import PASSWORD, secret_of
from config.demo.roster import ROSTER
from organizations.enums import Permission
from organizations.models import Appointment
from organizations.queries import in_force
from organizations.services.second_factor import PERIOD, current_code

GROUPS = (("late", _("已超期")), ("soon", _("三天内到期")), ("later", _("更晚")), ("none", _("没有到期日")))
COUNTERS = (
    ("late", _("超期"), "stop", "bad"),
    ("due", _("三天内到期"), "warn", "warn"),
    ("mine", _("我经办"), "user", ""),
    ("open", _("在办"), "clock", ""),
    ("publicity", _("公示中"), "board", ""),
    ("sign_off", _("待签批"), "pen", ""),
)
"""The counters on top: saved view of the list, word, icon, level when there is something in it."""


def workbench_desks(actor: Actor) -> list[Any]:
    """What waits for the actor, from every app that has something."""
    return [desk for desk in (cases.desk(actor),) if desk]


def workbench(actor: Actor) -> dict[str, Any]:
    """The workbench: waiting cases in groups by deadline, counters that lead to the filtered list, the check centre's queue."""
    desks = workbench_desks(actor)
    rows = list_page.rows(actor, [case for desk in desks for case in desk.rows], tails=False)
    groups = [{"label": label, "rows": [row for row in rows if row.group == key]} for key, label in GROUPS]
    return {
        "desks": desks,
        "groups": [group for group in groups if group["rows"]],
        "shown": len(rows),
        "stats": _counters(actor) if actor.holds(Permission.VIEW_CASE) else [],
        "steps": [_step(stat) for desk in desks for stat in desk.stats],
        "checks": [check for desk in desks for check in desk.checks],
        "online": next((desk.online for desk in desks if desk.online), None),
        "today": clock.today(),
        "may_register": actor.holds(Permission.REGISTER_APPLICATION),
    }


def _counters(actor: Actor) -> list[dict[str, Any]]:
    counts = cases.view_counts(actor, tuple(name for name, *_rest in COUNTERS))
    return [
        {
            "label": label,
            "value": capped(counts[name]),
            "unit": _("件"),
            "note": "",
            "url": _list_address(view=name),
            "level": level if counts[name] else "",
            "icon": icon,
        }
        for name, label, icon, level in COUNTERS
    ]


def _step(stat: dict[str, Any]) -> dict[str, Any]:
    return stat | {"url": _list_address(view="open", step=stat["step"])}


def _list_address(**values: str) -> str:
    return f"{reverse('cases:list')}?{urlencode(values)}"


# --- The start page ---------------------------------------------------------------------------------------------------


def start_page() -> dict[str, Any]:
    """What the start page shows: in a demonstration the progress of its loading and how to sign in; elsewhere nothing."""
    if not settings.DEMO:
        return {"progress": None, "logins": [], "more_logins": []}
    now = clock.now()
    logins = _demo_logins(now)
    progress = Progress.objects.filter(name=load.NAME).first()
    return {
        "progress": progress,
        "is_loading": progress is None or progress.state == "running",
        "logins": [one for one in logins if one["shown"]],
        "more_logins": [one for one in logins if not one["shown"]],
        "password": PASSWORD,
        "codes_until": now + dt.timedelta(seconds=PERIOD - int(now.timestamp()) % PERIOD),
    }


def _demo_logins(now: dt.datetime) -> list[dict[str, Any]]:
    """The demonstration accounts with their posts and the second-factor code of the moment."""
    held = Appointment.objects.filter(in_force(now.date()), user__is_demo=True, user__is_active=True)
    posts: dict[str, list[Appointment]] = {}
    for row in held.select_related("user", "office").order_by("pk"):
        posts.setdefault(row.user.username, []).append(row)
    return [
        {
            "username": person.username,
            "name": person.name,
            "post": posts[person.username][0].get_post_display(),
            "offices": [
                f"{row.office.short_name or row.office.name} {row.post_title}" for row in posts[person.username]
            ],
            "code": current_code(secret_of(person.username), now),
            "shown": person.shown,
        }
        for person in ROSTER
        if person.username in posts
    ]
