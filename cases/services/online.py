"""线上申请: what a resident sends in without signing in (INT-09), and what the street does with it (INT-10)."""

import json
from dataclasses import asdict, replace
from typing import Any

from django.utils.translation import gettext as _

from cases.enums import Channel, OnlineStatus
from cases.errors import AlreadyAnswered, Incomplete
from cases.models import Case, OnlineApplication
from cases.services import engine, intake
from cases.services.intake import Application
from common import clock
from common.actors import RESIDENT, Actor
from common.acts import act
from common.crypto import canonical
from common.errors import Forbidden, Invalid, NotFound, Stale
from common.ids import check_id_number, check_phone
from common.models import ActKey
from journal.services import record
from organizations.enums import Permission
from policies.queries import citation

APPLY = "cases.apply_online"
SHORTEST_REASON = 4


@act(APPLY)
def apply_online(actor: Actor, *, application: Application) -> OnlineApplication:
    """Keep what a resident typed, routed to the street of the village (INT-09), with a receipt code and a draw code.

    It looks at nobody's household: the answer is the same whether somebody is in benefit, has an open case, or neither. Refuses
    what the window's form refuses too, and an application without hardship or without rights and duties read.
    """
    if actor.kind != RESIDENT:
        raise Forbidden()
    office, _procedure = intake.destination(application)
    today = clock.today()
    intake.check(application, today)
    if not application.difficulty.strip():
        raise Incomplete(_("请写一写家里的困难，写清楚原因和现在的情况。"), field="difficulty")
    if not application.rights_told:
        raise Incomplete(_("请先看完申请人的权利和义务，再打勾。"), field="rights_told")
    applicant = application.members[0]
    receipt_code, draw_code = intake.new_codes()
    online = OnlineApplication.objects.create(
        area_code=application.village_code,
        programme=application.programme,
        office=office,
        applicant_name=applicant.name.strip(),
        persons=len(application.members),
        id_number=check_id_number(applicant.id_number).number,
        phone=check_phone(application.phone),
        typed=as_stored(application),
        receipt_code=receipt_code,
        draw_code=draw_code,
        received_at=clock.now(),
    )
    record(
        actor, APPLY, online, to_status=online.status, basis=citation(online.area_code, today, "INT-09", "INT-01"),
        changes={"office": [None, office.name], "channel": [None, Channel.ONLINE]},
    )  # fmt: skip
    return online


def already_sent(key: str | None) -> bool:
    """Whether a form with this key has been taken already; sending it again adds nothing."""
    return bool(key) and ActKey.objects.filter(key=key, act=APPLY).exists()


def as_stored(application: Application) -> dict[str, Any]:
    """An application as JSON: days and amounts as text."""
    stored: dict[str, Any] = json.loads(canonical(asdict(application)))
    return stored


@act("cases.return_online")
def return_online(actor: Actor, online_id: int, *, reason: str, seen: int) -> OnlineApplication:
    """Return an online application that cannot be taken in as it is; the resident reads the reason (INT-10, INT-15)."""
    online = begin(actor, online_id, seen)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid(_("请写明退回的原因和申请人下一步怎么办，申请人会看到。"), field="reason")
    online.answer = reason.strip()
    return _answer(actor, online, "cases.return_online", OnlineStatus.RETURNED, reason=online.answer)


@act("cases.register_online")
def register_online(actor: Actor, online_id: int, *, application: Application, seen: int) -> Case:
    """Take an online application in as a case, after the street has looked at it: what was corrected in agreement with the
    resident stands in the trail, before and after. The case was applied for on the day on which it was received online, and
    keeps the codes that the resident has.

    Refuses: a village of another street, a member of another open case or in benefit already (INT-16), what is not complete.
    """
    online = begin(actor, online_id, seen)
    if not actor.can(Permission.ACCEPT_CASE, application.village_code):
        raise Invalid(
            _("这个村（社区）不归本街道（乡镇）办。请核对；确实不归本街道的，把申请退回，告诉申请人向哪里申请。"),
            field="village_code",
        )
    received_on = online.received_at.astimezone(clock.ZONE).date()
    application = replace(application, channel=Channel.ONLINE, applied_on=received_on)
    online.case = case = intake.enter(actor, application, (online.receipt_code, online.draw_code))
    _answer(
        actor, online, "cases.register_online", OnlineStatus.REGISTERED, subject=engine.subject(case),
        changes={"case": [None, case.pk], "received_at": [None, f"{online.received_at.astimezone(clock.ZONE):%Y-%m-%d %H:%M}"]},
        personal=corrections(online.typed, as_stored(application)),
    )  # fmt: skip
    return case


def corrections(typed: dict[str, Any], registered: dict[str, Any]) -> dict[str, Any]:
    """{field: [as typed, as registered]} of what was changed on the way."""
    names = [name for name in registered if canonical(typed.get(name)) != canonical(registered[name])]
    return {name: [typed.get(name), registered[name]] for name in names}


def begin(actor: Actor, online_id: int, seen: int) -> OnlineApplication:
    """Take hold of a waiting online application: scoped and locked, in the version the person had seen."""
    rows = OnlineApplication.objects.visible_to(actor).filter(pk=online_id)
    online: OnlineApplication | None = rows.select_for_update(of=("self",)).select_related("office").first()
    if online is None:
        raise NotFound()
    if online.status != OnlineStatus.WAITING:
        raise AlreadyAnswered(
            _("这件网上申请已经办过了（%(now)s），不能再办。请回到列表，办下一件。")
            % {"now": online.get_status_display()}
        )
    if online.version != seen:
        raise Stale()
    return online


def _answer(actor: Actor, online: OnlineApplication, name: str, status: str, **more: Any) -> OnlineApplication:
    before = online.status
    online.status, online.version = status, online.version + 1
    online.answered_at, online.answered_by_name = clock.now(), actor.name
    online.save()
    basis = citation(online.area_code, clock.today(), "INT-10", "INT-09", "INT-01")
    record(actor, name, online, from_status=before, to_status=status, basis=basis, **more)
    return online
