"""What a case says, as plain JSON values: for the trail, for what is signed, for the papers."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cases.enums import Step, Vote
from cases.models import (
    Appraisal,
    Appraiser,
    Assessment,
    Case,
    CaseMember,
    CaseStage,
    EconomicCheck,
    EconomicItem,
    Material,
    Objection,
    Publicity,
    Survey,
    SurveyInvestigator,
)
from organizations.enums import Post

HELD = "rows of a case already held"


def day_words(day: dt.date | None) -> str:
    """`2026年11月24日`."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def post_words(post: str) -> str:
    """The Chinese term of a post."""
    return str(Post(post).label)


def members_of(case: Case) -> list[CaseMember]:
    return list(CaseMember.objects.unscoped(reason=HELD).filter(case=case).order_by("pk"))


def items_of(case: Case) -> list[EconomicItem]:
    rows = EconomicItem.objects.unscoped(reason=HELD).filter(case=case).select_related("member")
    return list(rows.order_by("kind", "pk"))


def declaration(case: Case) -> dict[str, Any]:
    """What the household declared, complete: for the trail and for what is signed."""
    return {
        "applicant": case.applicant_name,
        "address": case.address,
        "phone": case.phone,
        "account": case.account,
        "account_holder": case.account_holder,
        "account_bank": case.account_bank,
        "difficulty": case.difficulty,
        "kin": [case.kin_declared, case.kin_detail],
        "members": [
            {
                "name": one.name,
                "id_number": one.id_number,
                "relation": one.relation,
                "work": one.work,
                "condition": one.condition,
                "counts": one.counts,
                "has_capacity": one.has_capacity,
            }
            for one in members_of(case)
        ],
        "items": [item_row(one) for one in items_of(case)],
    }


def item_row(item: EconomicItem) -> dict[str, Any]:
    return {
        "member": item.member.name if item.member else "",
        "kind": item.kind,
        "category": str(item.get_category_display()),
        "note": item.note,
        "declared": text_of(item.declared),
        "surveyed": text_of(item.surveyed),
        "checked": text_of(item.checked),
        "counted": text_of(item.counted),
        "explanation": item.explanation,
    }


def text_of(amount: Any) -> str | None:
    return None if amount is None else str(amount)


def survey_content(survey: Survey) -> dict[str, Any]:
    """A survey as it is written down and signed."""
    people = SurveyInvestigator.objects.unscoped(reason=HELD).filter(survey=survey).order_by("pk")
    return {
        "visited_on": day_words(survey.visited_on),
        "started_at": survey.started_at.strftime("%H:%M"),
        "ended_at": survey.ended_at.strftime("%H:%M"),
        "place": survey.place,
        "members_found": survey.members_found,
        "living": survey.living,
        "conclusion": survey.conclusion,
        "helper": survey.helper_name,
        "investigators": [{"name": one.name, "post": one.post_title} for one in people],
        "signer": str(survey.get_signer_display()) if survey.signer else "",
        "signer_name": survey.signer_name,
    }


def vote_words(votes: Mapping[str, int]) -> str:
    """`同意 3 人，不同意 0 人，弃权 0 人`; nothing counted gives nothing."""
    said = [_("%(vote)s %(n)d 人") % {"vote": label, "n": votes.get(vote, 0)} for vote, label in Vote.choices]
    return "，".join(said) if votes else ""


def appraisal_content(appraisal: Appraisal) -> dict[str, Any]:
    """An appraisal as it is signed and printed: day, place, who led it, how many came, the votes, who signed for the village."""
    rows = Appraiser.objects.unscoped(reason=HELD).filter(appraisal=appraisal, attended=True)
    votes = Counter(rows.values_list("vote", flat=True))
    return {
        "held_on": day_words(appraisal.held_on),
        "place": appraisal.place,
        "chaired_by": appraisal.chaired_by,
        "attended": votes.total(),
        "votes": {vote: votes[vote] for vote in Vote.values},
        "result": vote_words(votes),
        "signer_name": appraisal.signer_name,
        "signer_post": appraisal.signer_post,
    }


def _rounds_before_signing(case: Case) -> QuerySet[Publicity]:
    """The rounds of publicity that were over when the signing opened; a later round cannot be part of what is signed."""
    rounds = Publicity.objects.unscoped(reason=HELD).filter(case=case).order_by("pk")
    signing = CaseStage.objects.unscoped(reason=HELD).filter(case=case, step=Step.SIGN_OFF).order_by("pk").last()
    return rounds.filter(closed_at__lte=signing.opened_at) if signing else rounds


def frozen_content(case: Case) -> dict[str, Any]:
    """What the leaders sign: application, findings, appraisals, sheet, parameters, publicity; frozen at the first signature."""
    surveys = Survey.objects.unscoped(reason=HELD).filter(case=case).order_by("pk")
    checks = EconomicCheck.objects.unscoped(reason=HELD).filter(case=case).exclude(answered_at=None).order_by("pk")
    appraisals = Appraisal.objects.unscoped(reason=HELD).filter(case=case, finished_at__isnull=False).order_by("pk")
    publicities = _rounds_before_signing(case)
    objections = Objection.objects.unscoped(reason=HELD).filter(case=case).order_by("pk")
    assessment = Assessment.objects.unscoped(reason=HELD).filter(case=case).order_by("-pk").first()
    return {
        "number": case.number,
        "programme": case.programme,
        "declaration": declaration(case),
        "materials": list(
            Material.objects.unscoped(reason=HELD).filter(case=case).order_by("pk").values_list("code", "state")
        ),
        "surveys": [survey_content(one) for one in surveys],
        "checks": [{"number": one.report_number, "on": str(one.report_on), "report": one.report} for one in checks],
        "appraisals": [appraisal_content(one) for one in appraisals],
        "assessment": assessment
        and {
            "opinion": assessment.opinion,
            "grounds": assessment.grounds,
            "basis": assessment.basis,
            "persons": assessment.persons,
            "amount": str(assessment.amount),
            "sheet": assessment.sheet,
            "parameters": assessment.parameters,
        },
        "publicity": [
            {"text": one.text_hash, "posted_on": str(one.posted_on), "last_day": str(one.last_day), "place": one.place}
            for one in publicities
        ],
        "objections": [{"on": str(one.raised_on), "upheld": one.upheld, "answer": one.answer} for one in objections],
    }
