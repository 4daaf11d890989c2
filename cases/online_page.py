"""The reads of the street's pages of online applications."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from cases.case_clock import Badge, reckon
from cases.enums import Condition, ItemCategory, ItemKind, OnlineStatus, Relation, Work
from cases.models import OnlineApplication
from common import clock
from common.actors import Actor
from common.errors import NotFound
from common.ids import age_on, check_id_number, mask_id
from organizations.queries import area_name, area_names
from policies.queries import Calendar, Rules

SHOWN = 100


@dataclass(frozen=True)
class Row:
    """One online application in the list. `days` since it was received; `badge` where the area has a figure for acceptance."""

    online: OnlineApplication
    village: str
    days: int
    badge: Badge | None


def rows(actor: Actor, *, answered: bool = False) -> list[Row]:
    """What waits for the actor's street, the oldest first; with `answered` what was registered or returned, the latest first."""
    held = OnlineApplication.objects.visible_to(actor).select_related("office")
    if answered:
        found = list(held.exclude(status=OnlineStatus.WAITING).order_by("-answered_at", "-pk")[:SHOWN])
    else:
        found = list(held.filter(status=OnlineStatus.WAITING).order_by("received_at", "pk")[:SHOWN])
    villages, limits, calendar = area_names(one.area_code for one in found), _Limits(), Calendar()
    return [_row(one, villages.get(one.area_code, one.area_code), limits, calendar) for one in found]


class _Limits:
    """The figure for acceptance in force for each street of a list, read once."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}

    def of(self, online: OnlineApplication) -> Any:
        street = online.area_code[:9]
        if street not in self.known:
            self.known[street] = Rules(online.area_code, clock.today())["int.accept_days"]
        return self.known[street]


def _row(online: OnlineApplication, village: str, limits: _Limits, calendar: Calendar) -> Row:
    today, received = clock.today(), received_on(online)
    waiting = online.status == OnlineStatus.WAITING
    reckoned = reckon(received, limits.of(online), [], calendar, today) if waiting else None
    return Row(online, village, (today - received).days, reckoned.badge if reckoned else None)


def received_on(online: OnlineApplication) -> dt.date:
    """The day of the application."""
    return online.received_at.astimezone(clock.ZONE).date()


@dataclass(frozen=True)
class OnlinePage:
    """Everything the page of one online application shows; numbers are masked."""

    row: Row
    members: list[dict[str, Any]]
    items: list[dict[str, Any]]

    @property
    def online(self) -> OnlineApplication:
        return self.row.online

    @property
    def is_waiting(self) -> bool:
        return bool(self.online.status == OnlineStatus.WAITING)


def find(actor: Actor, online_id: int) -> OnlineApplication:
    """An online application of the actor's street. Raises `NotFound`."""
    found = OnlineApplication.objects.visible_to(actor).filter(pk=online_id).select_related("office").first()
    if found is None:
        raise NotFound()
    online: OnlineApplication = found
    return online


def read(actor: Actor, online_id: int) -> OnlinePage:
    """The page of one online application. Raises `NotFound`."""
    online = find(actor, online_id)
    row = _row(online, area_name(online.area_code), _Limits(), Calendar())
    members = online.typed["members"]
    return OnlinePage(row, [_member(one) for one in members], [_item(one, members) for one in online.typed["items"]])


def _member(typed: dict[str, Any]) -> dict[str, Any]:
    birth = check_id_number(typed["id_number"]).birth
    return {
        "name": typed["name"],
        "relation": Relation(typed["relation"]).label,
        "id_number": mask_id(typed["id_number"]),
        "age": age_on(birth, clock.today()),
        "work": Work(typed["work"]).label,
        "condition": Condition(typed["condition"]).label,
    }


def _item(typed: dict[str, Any], members: list[dict[str, Any]]) -> dict[str, Any]:
    place = typed["member"]
    return {
        "kind": ItemKind(typed["kind"]).label,
        "category": ItemCategory(typed["category"]).label,
        "amount": typed["amount"],
        "who": members[place]["name"] if place is not None and place < len(members) else "",
        "note": typed["note"],
    }
