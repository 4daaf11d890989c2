"""查看完整信息: showing a masked number is an act of its own, with its reason, in the trail (SEC-11, SEC-12)."""

from django.utils.translation import gettext as _

from cases.access import fetch
from cases.models import Case, CaseMember, OnlineApplication
from cases.services import engine
from common import clock
from common.actors import Actor
from common.acts import act
from common.errors import Forbidden, Invalid, NotFound, Refusal
from journal.models import Entry
from journal.services import record
from organizations.enums import Permission
from policies.queries import Rules, Value

SHORTEST_REASON = 2
ACT, ACT_ONLINE = "cases.reveal", "cases.reveal_online"


class TooMany(Refusal):
    """The office's own limit of revealed numbers a person and day is reached."""

    code = "CASES_REVEAL_LIMIT"
    status = 429


@act(ACT)
def reveal(actor: Actor, case_id: int, *, what: str, row: int, reason: str) -> str:
    """The full identity number of a member (`row`: the member), telephone or account of the case (`row`: the case).

    Refuses without the permission, without a reason, and beyond the daily limit where the area has one. The number itself is
    nowhere in the trail.
    """
    case = fetch(actor, case_id)
    if not actor.can(Permission.REVEAL_PERSONAL, case.area_code):
        raise Forbidden()
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid(_("请写明查看的理由，理由会被记录。"), field="reason")
    value = _value(case, what, row)
    _require_room(actor, case.area_code)
    record(
        actor,
        ACT,
        case,
        subject=engine.subject(case),
        reason=reason.strip(),
        changes={"what": [None, what], "row": [None, row]},
    )
    return value


def _value(case: Case, what: str, row: int) -> str:
    if what == "id_number":
        members = CaseMember.objects.unscoped(reason="members of a case already held").filter(case=case, pk=row)
        if member := members.first():
            return str(member.id_number)
    elif what in {"phone", "account"} and row == case.pk and (value := getattr(case, what)):
        return str(value)
    raise NotFound()


@act(ACT_ONLINE)
def reveal_online(actor: Actor, online_id: int, *, what: str, row: int, reason: str) -> str:
    """The telephone that a resident typed (`what`: phone), or the identity number of one of the members (`id_number`; `row`:
    the place in the list), before the application is a case. On the same terms as in a case."""
    online = OnlineApplication.objects.visible_to(actor).filter(pk=online_id).first()
    if online is None:
        raise NotFound()
    if not actor.can(Permission.REVEAL_PERSONAL, online.area_code):
        raise Forbidden()
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid(_("请写明查看的理由，理由会被记录。"), field="reason")
    members = online.typed["members"]
    values = {"phone": online.phone, "id_number": members[row]["id_number"] if row < len(members) else ""}
    if not values.get(what):
        raise NotFound()
    _require_room(actor, online.area_code)
    record(
        actor, ACT_ONLINE, online, reason=reason.strip(), changes={"what": [None, what], "row": [None, row]},
    )  # fmt: skip
    return str(values[what])


def _require_room(actor: Actor, area_code: str) -> None:
    """No more than the area's daily limit a person, where one was chosen; none otherwise."""
    limit = Rules(area_code, clock.today())["reveal.daily_limit"]
    if not isinstance(limit, Value) or limit.open:
        return
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Entry.objects.visible_to(actor).filter(actor_id=actor.user_id, act__in=(ACT, ACT_ONLINE), at__gte=midnight)
    if mine.count() >= limit.value:
        raise TooMany(
            _("您今天查看完整信息已到%(n)d次的上限。确有需要，请由有此职责的同事查看，或者明天再看。")
            % {"n": limit.value},
            basis=limit.cited,
        )
