"""What another system is told about an application that it handed in."""

from typing import Any

from django.db.models import Count, QuerySet

from archives.enums import PaperKind
from archives.models import IssuedPaper
from cases.enums import Outcome
from cases.models import Case, CaseStage, Material, Submission
from common.actors import Actor
from common.errors import NotFound
from organizations.enums import Permission

HELD = "rows of a case already held"


def handed_in(actor: Actor) -> "QuerySet[Submission]":
    """What the system handed in, as long as its areas cover it."""
    own = Case.objects.visible_to(actor)
    rows: QuerySet[Submission] = Submission.objects.unscoped(
        reason="the system's own submissions, bounded by its cases"
    )
    if not actor.holds(Permission.EXCHANGE_APPLICATION):
        return rows.none()
    return rows.filter(client_id=actor.user_id, case__in=own.values("pk")).select_related("case")


def case_of(actor: Actor, number: str) -> Case:
    """The case of a number that the system handed in itself. Raises `NotFound`: absent and foreign look the same."""
    rows = Case.objects.visible_to(actor).filter(number=number).select_related("office", "submission")
    found: Case | None = rows.first()
    if found is None:
        raise NotFound()
    return found


def status(case: Case) -> dict[str, Any]:
    """The application as the schema's `ApplicationStatus`."""
    titles = {stage["key"]: stage["title"] for stage in case.procedure}
    stages = CaseStage.objects.unscoped(reason=HELD).filter(case=case, closed_at=None).order_by("pk")
    materials = Material.objects.unscoped(reason=HELD).filter(case=case).annotate(handed=Count("files")).order_by("pk")
    submission = case.submission
    return {
        "number": case.number,
        "reference": submission.reference,
        "programme": case.programme,
        "village_code": case.area_code,
        "office": case.office.name,
        "office_phone": case.office.hotline,
        "applied_on": case.applied_on,
        "submitted_at": submission.submitted_at,
        "accepted_on": case.accepted_on,
        "closed_on": case.closed_on,
        "stages": [
            {"key": one.key, "step": one.step, "title": titles.get(one.key, one.key), "opened_at": one.opened_at}
            for one in stages
        ],
        "outcome": case.outcome or None,
        "outcome_title": str(Outcome(case.outcome).label) if case.outcome else "",
        "materials": [
            {
                "code": one.code,
                "title": one.title,
                "required": one.required,
                "obtainable": one.obtainable,
                "state": one.state,
                "files": one.handed,
            }
            for one in materials
        ],
        "version": case.version,
    }


def receipt(case: Case) -> dict[str, str]:
    """The receipt's number and codes."""
    papers = IssuedPaper.objects.unscoped(reason=HELD).filter(
        kind=PaperKind.RECEIPT, owner_type=Case._meta.label_lower, owner_id=str(case.pk)
    )
    return {"number": papers.get().number, "query_code": case.receipt_code, "draw_code": case.draw_code}
