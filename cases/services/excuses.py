"""超期原因: why a limit was missed, or will be. It excuses the person; the clock goes on."""

import datetime as dt
from dataclasses import replace

from django.utils.translation import gettext as _

from cases.access import begin
from cases.enums import ExcuseKind
from cases.flow import EXCUSED_BY
from cases.limits import recognised
from cases.models import Case, CaseLimit, EconomicCheck, Excuse
from cases.queries import SOON
from cases.services import engine
from common import clock
from common.actors import Actor
from common.acts import act
from common.errors import Invalid, NotFound

HELD = "rows of a case already held"


@act("cases.record_excuse")
def record_excuse(
    actor: Actor, case_id: int, *, limit_id: int, kind: str, reason: str, since: dt.date, seen: int
) -> Case:
    """Record why a limit that is late, or nearly, is missed (CHK-11). The basis is the document's where it recognises the kind
    (001 第二十条: 因家庭经济状况比对平台缓慢导致审批延误), else none. The limit runs on and stays late.

    Refuses: a limit not nearly due, no reason, a day outside the limit, 核对机构未反馈 where no request was waiting on that day."""
    case, move = begin(actor, case_id, "record_excuse", seen)
    limit = CaseLimit.objects.unscoped(reason=HELD).filter(case=case, pk=limit_id, ended_on=None).first()
    if limit is None:
        raise NotFound()
    if kind not in ExcuseKind.values:
        raise Invalid(_("请选择超期的情形。"), field="kind")
    if not reason.strip():
        raise Invalid(_("请说明原因：发生了什么，影响了哪一步。"), field="reason")
    today = clock.today()
    if limit.due_on - dt.timedelta(days=SOON) > today:
        raise Invalid(_("这个时限还没有临近到期，不用登记超期原因。"))
    if not limit.started_on <= since <= today:
        days = {"first": limit.started_on.isoformat(), "last": today.isoformat()}
        raise Invalid(_("日期应在时限起算之日（%(first)s）到今天（%(last)s）之间。请核对。") % days, field="since")
    if kind == ExcuseKind.CHECK_CENTRE and not _was_waiting(case, since):
        raise Invalid(
            _("那一天没有等待反馈的核对，不能以核对机构未反馈为由。请核对日期，或者先发起核对。"), field="since"
        )
    basis = recognised(case.area_code, kind, today)
    Excuse.objects.create(
        case=case, area_code=case.area_code, limit=limit, kind=kind, reason=reason.strip(), since=since, basis=basis,
        recorded_at=clock.now(), recorded_by_id=actor.person_id, recorded_by_name=actor.name,
    )  # fmt: skip
    changes = {"limit": [None, limit.parameter], "kind": [None, kind], "since": [None, since.isoformat()]}
    return engine.trace(
        actor, case, replace(move, basis=EXCUSED_BY.get(kind, ())), reason=reason.strip(), changes=changes
    )


def _was_waiting(case: Case, on: dt.date) -> bool:
    """Whether a request to the check centre had not been answered at the end of the day."""
    rows = EconomicCheck.objects.unscoped(reason=HELD).filter(case=case).order_by("pk")
    for asked, answered in rows.values_list("requested_at", "answered_at"):
        if asked.astimezone(clock.ZONE).date() <= on and (
            answered is None or answered.astimezone(clock.ZONE).date() > on
        ):
            return True
    return False
