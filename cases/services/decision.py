"""审核确认、送达、起发 (DEC-06, DEC-16 … DEC-19, DEC-34; 002 二(一)3)."""

import datetime as dt

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from archives.enums import PaperKind
from archives.services import issue
from cases import documents, rules
from cases.access import begin, cite, require_no_objection
from cases.enums import BenefitStatus, Method, Opinion
from cases.errors import ContentChanged, Incomplete, NotServed
from cases.models import Benefit, BenefitTerm, Case, Decision, Delivery, Frozen, Household
from cases.queries import latest_assessment, signing_posts
from cases.services import engine, signing
from common import clock, files
from common.actors import Actor
from common.acts import act
from common.crypto import content_hash
from common.errors import Invalid
from journal.services import record
from policies.queries import Rules

HELD = "rows of a case already held"
MONTHS_AFTER = {"next_month": 1, "same_month": 0}


@act("cases.decide")
def decide(actor: Actor, case_id: int, *, reasons: str, seen: int) -> Case:
    """Make the decision that the signers signed: confirm or refuse, with reasons and basis; approval form and notice are issued
    (DEC-16, DEC-17, DEC-18). What was signed must still be the content."""
    case, move = begin(actor, case_id, "decide", seen)
    require_no_objection(case)
    frozen = _signed_content(actor, case)
    assessment = latest_assessment(case)
    granted = assessment.opinion == Opinion.GRANT
    if not granted and not reasons.strip():
        raise Incomplete(_("不予确认要写明理由。请写明事实和理由。"), field="reasons", basis=cite(case, "DEC-18"))
    from_month = start_month(case) if granted else None
    data = documents.decision(case, assessment, frozen, reasons.strip(), from_month)
    papers = {
        kind: issue(
            actor, kind=kind, owner=case, subject=engine.subject(case), area_code=case.area_code,
            office_name=case.office.name, prefix=documents.prefix(case), data=data,
        )
        for kind in (PaperKind.APPROVAL_FORM, PaperKind.GRANT_NOTICE if granted else PaperKind.DENIAL_NOTICE)
    }  # fmt: skip
    row = Decision.objects.create(
        case=case,
        area_code=case.area_code,
        frozen=frozen,
        opinion=assessment.opinion,
        reasons=reasons.strip() or assessment.grounds,
        basis=assessment.basis,
        persons=assessment.persons,
        amount=assessment.amount,
        from_month=from_month,
        parameters=assessment.parameters,
        decided_at=clock.now(),
        decided_by_name=actor.name,
        approval_form=papers[PaperKind.APPROVAL_FORM],
        notice=papers[PaperKind.GRANT_NOTICE if granted else PaperKind.DENIAL_NOTICE],
    )
    case.decision = row
    return engine.close(
        actor, case, move, changes={"decision": [None, row.opinion], "amount": [None, str(row.amount)]}, reason=reasons
    )


def _signed_content(actor: Actor, case: Case) -> Frozen:
    """The frozen content with all its signatures, unchanged since the first of them."""
    frozen = Frozen.objects.unscoped(reason=HELD).filter(case=case, void_at=None).first()
    signed = frozen.signatures.unscoped(reason=HELD).filter(void_at=None).count() if frozen else 0
    if frozen is None or signed < len(signing_posts(case, frozen.frozen_at.date())):
        raise Incomplete(_("这一户还没有签批齐全，不能作出决定。请退回签批。"), basis=cite(case, "DEC-14", "DEC-15"))
    if content_hash(signing.content_of(case)) != frozen.content_hash:
        raise ContentChanged(_("签批之后内容有改动，原来的签批不再有效。请退回初审，重新签批。"))
    return frozen


def start_month(case: Case) -> dt.date:
    """The first month of the benefit by the rule of the area (national-baseline 2.1)."""
    choice = Rules(case.area_code, clock.today()).required("dec.first_month").value
    if choice == "application_month":
        return case.applied_on.replace(day=1)
    return rules.first_month(clock.today(), MONTHS_AFTER[choice])


@act("cases.serve")
def serve(
    actor: Actor, case_id: int, *, method: str, served_on: dt.date, received_by: str, receiver_relation: str,
    duties_told: bool, remedies_told: bool, scan: UploadedFile | None = None, seen: int,
) -> Case:  # fmt: skip
    """Record the service of the notice, with remedies and the duty to report told in writing (DEC-17, DEC-19)."""
    case, move = begin(actor, case_id, "serve", seen)
    decision = Decision.objects.unscoped(reason=HELD).get(pk=case.decision_id or 0)
    granted = decision.opinion == Opinion.GRANT
    if method not in Method.values:
        raise Invalid(_("请选择送达方式。"), field="method")
    if not decision.decided_at.date() <= served_on <= clock.today():
        raise Invalid(_("送达日期应在作出决定之日到今天之间。请核对。"), field="served_on")
    if not received_by.strip():
        raise Invalid(_("请写明签收人。留置送达的，请写见证人。"), field="received_by")
    if granted and not duties_told:
        raise Incomplete(
            _("要书面告知享受救助的家庭及时报告变化的义务。请告知后登记。"),
            field="duties_told",
            basis=cite(case, "DEC-19"),
        )
    if not remedies_told:
        raise Incomplete(_("要告知对决定不服的救济途径。请告知后登记。"), field="remedies_told")
    stored = files.store(actor, scan, area_code=case.area_code, purpose="delivery", field="scan") if scan else None
    delivery = Delivery.objects.create(
        decision=decision, area_code=case.area_code, method=method, served_on=served_on, received_by=received_by.strip(),
        receiver_relation=receiver_relation.strip(), duties_told=duties_told, remedies_told=remedies_told, scan=stored,
        served_by_name=actor.name,
    )  # fmt: skip
    changes = {"served_on": [None, served_on.isoformat()], "method": [None, method]}
    record(actor, "cases.delivery", delivery, subject=engine.subject(case), changes=changes)
    return engine.close(actor, case, move, changes=changes)


@act("cases.start_benefit")
def start_benefit(actor: Actor, case_id: int, *, seen: int) -> Case:
    """Begin the benefit from the month of the decision. Impossible before the notice is served."""
    case, move = begin(actor, case_id, "start_benefit", seen)
    Household.objects.unscoped(reason=HELD).select_for_update().get(pk=case.household_id)
    decision = Decision.objects.unscoped(reason=HELD).filter(pk=case.decision_id or 0, opinion=Opinion.GRANT).first()
    if (
        decision is None
        or decision.from_month is None
        or not Delivery.objects.unscoped(reason=HELD).filter(decision=decision).exists()
    ):
        raise NotServed(_("准予通知书还没有送达，不能起发。请先送达并登记。"), basis=cite(case, "DEC-16"))
    benefit = Benefit.objects.create(
        area_code=case.area_code, household=case.household, case=case, programme=case.programme, status=BenefitStatus.ACTIVE,
        from_month=decision.from_month,
    )  # fmt: skip
    BenefitTerm.objects.create(
        benefit=benefit, area_code=case.area_code, decision=decision, from_month=decision.from_month, amount=decision.amount,
        persons=decision.persons,
    )  # fmt: skip
    record(
        actor, "cases.start_benefit", benefit, to_status=benefit.status, subject=engine.subject(case),
        changes={"from_month": [None, str(decision.from_month)], "amount": [None, str(decision.amount)]},
    )  # fmt: skip
    return engine.close(actor, case, move)
