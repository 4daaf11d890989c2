"""区级备案: a street sends its results to the district, singly or many in one summary; the district receives them (DEC-23 … DEC-25;
004 五(二))."""

import datetime as dt

from django.utils.translation import gettext as _

from archives.enums import PaperKind
from archives.services import issue
from cases import documents
from cases.access import begin, cite
from cases.case_clock import reckon
from cases.filing_page import start_of
from cases.flow import FILING_LIMIT
from cases.models import Case, CaseStage, Decision, Filing, FilingItem, Publicity
from cases.services import engine
from common import clock
from common.actors import Actor
from common.acts import act
from common.errors import Forbidden, Invalid, NotFound
from journal.services import record
from organizations.enums import Permission
from policies.queries import Calendar, Rules, citation
from policies.services.flags import raise_flag

HELD = "rows of a case already held"
LIMIT = FILING_LIMIT.parameter


@act("cases.file_results")
def file_results(actor: Actor, *, seen: dict[int, int]) -> Filing:
    """Send the results of these cases (number → version) of one street to the district in one summary. All or nothing.

    Refuses: no case, cases of several offices, a case whose filing is not due.
    """
    if not seen:
        raise Invalid(_("请先选择要上报备案的个案。"), field="cases")
    begun = [begin(actor, number, "file_result", seen[number]) for number in sorted(seen)]
    offices = {case.office_id for case, _move in begun}
    if len(offices) > 1:
        raise Invalid(_("一份汇总表只能上报一个街道（乡镇）的结果。请分开上报。"), field="cases")
    office = begun[0][0].office
    filing = Filing.objects.create(
        area_code=office.seat.code, office=office, filed_at=clock.now(), filed_by_name=actor.name
    )
    for case, move in begun:
        FilingItem.objects.create(
            area_code=case.area_code, filing=filing, case=case, stage=engine.current(case, move),
            decision=Decision.objects.unscoped(reason=HELD).get(pk=case.decision_id or 0), public_until=_public_until(case),
        )  # fmt: skip
    filing.paper = issue(
        actor, kind=PaperKind.FILING_SUMMARY, owner=filing, subject=("filing", filing.pk), area_code=filing.area_code,
        office_name=office.name, prefix=documents.office_prefix(office), data=documents.filing_summary(filing),
    )  # fmt: skip
    filing.save(update_fields=["paper"])
    record(actor, "cases.file_results", filing, changes={"cases": [None, [case.pk for case, _move in begun]]})
    for case, move in begun:
        _flag_late(actor, case, engine.current(case, move))
        engine.close(actor, case, move, changes={"filing": [None, filing.paper.number]})
    return filing


def _flag_late(actor: Actor, case: Case, stage: CaseStage) -> None:
    """A filing sent after its limit is marked (DEC-23)."""
    today, limit = clock.today(), Rules(case.area_code, clock.today())[LIMIT]
    found = reckon(start_of(limit, stage, case.decision), limit, [], Calendar(), today)
    if found and today >= found.due.flag_from:
        late = (today - found.due.flag_from).days + 1
        raise_flag(
            actor, case, area_code=case.area_code, rule="DEC-23", basis=cite(case, "DEC-23"), parameter=LIMIT,
            message=_("审核确认结果超过上报备案的时限%(n)d天才上报。") % {"n": late}, subject=engine.subject(case),
        )  # fmt: skip


def _public_until(case: Case) -> dt.date | None:
    """The last day of a publicity that is still running."""
    row = Publicity.objects.unscoped(reason=HELD).filter(case=case, closed_at=None).order_by("-pk").first()
    return row.last_day if row else None


@act("cases.receive_filing")
def receive_filing(actor: Actor, filing_id: int, *, remarks: str = "") -> Filing:
    """The district receives a summary, once, with its remarks (DEC-25)."""
    filing: Filing | None = Filing.objects.visible_to(actor).select_for_update().filter(pk=filing_id).first()
    if filing is None:
        raise NotFound()
    if not actor.can(Permission.RECEIVE_FILING, filing.area_code):
        raise Forbidden()
    if filing.received_at:
        raise Invalid(_("这份汇总表已经签收。"))
    filing.received_at, filing.received_by_name, filing.remarks = clock.now(), actor.name, remarks.strip()
    filing.save(update_fields=["received_at", "received_by_name", "remarks"])
    record(
        actor, "cases.receive_filing", filing, reason=filing.remarks,
        basis=citation(filing.area_code, clock.today(), "DEC-25"),
    )  # fmt: skip
    return filing
