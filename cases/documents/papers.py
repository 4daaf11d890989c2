"""The data of each printed paper, frozen at its issue; the templates of `archives/papers/` only lay them out."""

import datetime as dt
from decimal import Decimal
from textwrap import wrap
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.documents.content import HELD, appraisal_content, day_words, item_row, items_of, members_of, survey_content
from cases.enums import ItemKind, MaterialState, Opinion, Step
from cases.models import (
    Appraisal,
    Assessment,
    Case,
    CaseMember,
    CaseStage,
    EconomicCheck,
    Filing,
    FilingItem,
    Frozen,
    Material,
    Objection,
    Publicity,
    Signature,
    Survey,
)
from common import clock
from common.ids import age_on, mask_account, mask_id, mask_phone
from common.money import capital_yuan, format_yuan
from organizations.enums import OfficeKind
from organizations.models import Office
from organizations.queries import ancestors, area_name, office_of
from policies.catalogue import catalogue
from policies.queries import Rules, Value
from policies.values import WORKING_DAY

AUTHORIZATION_SCOPE = "户籍、社会保险、住房公积金、不动产、车辆、市场主体、税务、银行存款、证券、保险等家庭经济状况信息"
MATERIAL_TITLES: dict[str, str] = catalogue().get("mat.list").options
EVERYBODY = "全部"


def prefix(case: Case) -> str:
    """The words before the number of a paper of the case."""
    return office_prefix(case.office)


def office_prefix(office: Office) -> str:
    """The words before a paper's number: the office's short name and 救."""
    return f"{office.short_name or office.name}救"


def head(case: Case, held: Rules) -> dict[str, Any]:
    """What every paper of a case begins with. `held`: the rules in force on the day of the paper."""
    district = office_of(case.area_code, OfficeKind.GOVERNMENT)
    return {
        "case_number": case.number,
        "programme": str(case.get_programme_display()),
        "applicant": case.applicant_name,
        "village": area_name(case.area_code),
        "address": case.address,
        "persons": case.persons,
        "applied_on": day_words(case.applied_on),
        "accepted_on": day_words(case.accepted_on),
        "channel": str(case.get_channel_display()),
        "agent": case.agent_name,
        "agent_relation": case.agent_relation,
        "handler": case.handler_name,
        "office_phone": case.office.hotline or _settled(held, "pub.hotline"),
        "office_address": case.office.address,
        "district_office": district.name if district else "",
        "district_hotline": district.hotline if district else "",
    }


def rules_of(case: Case) -> Rules:
    """The rules in force for the case today."""
    return Rules(case.area_code, clock.today())


def _settled(held: Rules, parameter: str) -> Any:
    """The value of a parameter, or the empty text where no rule gives one."""
    found = held[parameter]
    return found.value if isinstance(found, Value) and not found.open else ""


def receipt(case: Case) -> dict[str, Any]:
    """申请回执: what was handed in, when, and the code with which progress can be asked."""
    materials = Material.objects.unscoped(reason=HELD).filter(case=case).order_by("pk")
    return {
        **head(case, rules_of(case)),
        "receipt_code": case.receipt_code,
        "progress_address": f"{settings.SITE_ADDRESS.rstrip('/')}{reverse('cases:progress')}",
        "draw_code": " ".join(wrap(case.draw_code, 5)),
        "materials": [
            {"title": one.title, "state": _material_state(one), "note": _situation(one.note)} for one in materials
        ],
    }


def _material_state(material: Material) -> str:
    """What is not asked of every household is not called outstanding."""
    if material.state == MaterialState.WANTED and not material.required:
        return _("有此情形的提交")
    return str(material.get_state_display())


def _situation(note: str) -> str:
    return "" if note == EVERYBODY else note


def missing_notice(case: Case, missing: list[Material]) -> dict[str, Any]:
    """补正材料一次性告知书: everything that is missing, with its basis."""
    held = rules_of(case)
    listed = held[f"mat.application.{case.programme}"]
    chosen = listed.reason if isinstance(listed, Value) and not listed.citation else ""
    return {
        **head(case, held),
        "missing": [
            {"title": one.title, "basis": chosen or one.basis, "note": _situation(one.note)} for one in missing
        ],
    }


def acceptance_refusal(case: Case, reason: str, basis: str) -> dict[str, Any]:
    """不予受理告知书."""
    held = rules_of(case)
    return {**head(case, held), "reason": reason, "basis": basis}


def authorization(case: Case, member: CaseMember) -> dict[str, Any]:
    """核对授权书, with the member's full identity number, because it is the member's own consent."""
    return {
        **head(case, rules_of(case)),
        "member": member.name,
        "relation": str(member.get_relation_display()),
        "id_number": member.id_number,
        "has_capacity": member.has_capacity,
        "scope": AUTHORIZATION_SCOPE,
        "centre": _centre(case),
    }


def _centre(case: Case) -> str:
    office = office_of(case.area_code, OfficeKind.CHECK_CENTRE)
    return office.name if office else "居民家庭经济状况核对机构"


def survey_form(case: Case, survey: Survey) -> dict[str, Any]:
    """家庭经济状况入户调查表, filled from the survey (SUR-06)."""
    today = clock.today()
    return {
        **head(case, rules_of(case)),
        "phone": mask_phone(case.phone),
        "survey": survey_content(survey),
        "members": [member_row(one, today) for one in members_of(case)],
        "items": items_by_kind(case),
        "difficulty": case.difficulty,
    }


def items_by_kind(case: Case) -> dict[str, list[dict[str, Any]]]:
    """Income, property and expense as the tables of a form show them."""
    rows = items_of(case)
    return {
        kind.value: [{**item_row(one), "figure": str(one.figure)} for one in rows if one.kind == kind]
        for kind in ItemKind
    }


def member_row(member: CaseMember, on: dt.date) -> dict[str, Any]:
    """A member as a table row, the number masked."""
    return {
        "name": member.name,
        "relation": str(member.get_relation_display()),
        "sex": str(member.get_sex_display()),
        "age": age_on(member.birth, on),
        "id_number": mask_id(member.id_number),
        "work": str(member.get_work_display()),
        "condition": str(member.get_condition_display()),
        "counts": member.counts,
    }


def poster(case: Case, assessment: Assessment, days: int, hotline: str, title: str) -> dict[str, Any]:
    """审核公示单: what 002 二(二)1 asks for and nothing unrelated (PUB-03, PUB-05): no identity number,
    telephone, account, illness."""
    held = rules_of(case)
    district = office_of(case.area_code, OfficeKind.GOVERNMENT)
    limit = held["pub.days"]
    working = isinstance(limit, Value) and limit.value.unit == WORKING_DAY
    return {
        "title": title,
        "decided": case.decision_id is not None,
        "case_number": case.number,
        "programme": str(case.get_programme_display()),
        "applicant": case.applicant_name,
        "village": area_name(case.area_code),
        "persons": case.persons,
        "supported": assessment.persons,
        "amount": format_yuan(assessment.amount),
        "days": days,
        "days_unit": _("个工作日") if working else _("天"),
        "make_up": bool(_settled(held, "pub.make_up_lost_days")),
        "hotline": hotline,
        "district_hotline": district.hotline if district else "",
        "district_office": district.name if district else "",
    }


def decision(
    case: Case, assessment: Assessment, frozen: Frozen, reasons: str, from_month: dt.date | None
) -> dict[str, Any]:
    """The data of approval form and notice: facts, opinion, sheet, signatures, decision, remedies."""
    today = clock.today()
    held = rules_of(case)
    members = members_of(case)
    return {
        **head(case, held),
        **_account(case),
        **_findings(case),
        "granted": assessment.opinion == Opinion.GRANT,
        "members": [{**member_row(one, today), "id_number": one.id_number} for one in members],
        "supported_names": "、".join(one.name for one in members if one.counts),
        "items": items_by_kind(case),
        "difficulty": case.difficulty,
        "sheet": assessment.sheet,
        "lines": [_line(line) for line in assessment.sheet["lines"]],
        "standard": _standard(assessment),
        "opinion": str(assessment.get_opinion_display()),
        "grounds": assessment.grounds,
        "basis": assessment.basis,
        "reviewed_by": assessment.given_by_name,
        "reviewed_on": day_words(assessment.given_at.astimezone(clock.ZONE).date()),
        "supported": assessment.persons,
        "amount": format_yuan(assessment.amount),
        "amount_capital": capital_yuan(Decimal(assessment.amount)),
        "reasons": reasons or assessment.grounds,
        "from_month": f"{from_month.year}年{from_month.month}月" if from_month else "",
        "pay_day": _settled(held, "fnd.pay_day"),
        "decided_on": day_words(today),
        "content_hash": frozen.content_hash,
        "signatures": _signatures(frozen),
        "district": next((area.name for area in ancestors(case.area_code) if area.level == "district"), ""),
    }


def filing_summary(filing: Filing) -> dict[str, Any]:
    """审核确认结果备案汇总表: each result with its day and whether its publicity is still running (DEC-23, A-77)."""
    items = FilingItem.objects.unscoped(reason=HELD).filter(filing=filing).select_related("case", "decision")
    area = filing.area_code
    district = office_of(area, OfficeKind.GOVERNMENT)
    return {
        "district_office": district.name if district else "",
        "filed_by": filing.filed_by_name,
        "rows": [
            {
                "case_number": one.case.number,
                "applicant": one.case.applicant_name,
                "village": area_name(one.area_code),
                "programme": str(one.case.get_programme_display()),
                "granted": one.decision.opinion == Opinion.GRANT,
                "persons": one.decision.persons,
                "amount": format_yuan(one.decision.amount) if one.decision.opinion == Opinion.GRANT else "",
                "decided_on": day_words(one.decision.decided_at.astimezone(clock.ZONE).date()),
                "public_until": day_words(one.public_until),
                "publicity": _publicity_words(one),
            }
            for one in items.order_by("pk")
        ],
    }


def _publicity_words(item: FilingItem) -> str:
    """Where the publicity of a result stands on the day of its filing."""
    if item.decision.opinion != Opinion.GRANT:
        return _("不公示")
    if item.public_until:
        return _("公示至%(day)s") % {"day": day_words(item.public_until)}
    rows = CaseStage.objects.unscoped(reason=HELD).filter(case=item.case, step=Step.PUBLICITY)
    last = rows.order_by("-pk").first()
    return _("公示已结束") if last and last.result == "done" else _("尚未张贴公示")


def _account(case: Case) -> dict[str, Any]:
    """Telephone and bank account, masked: enough for the household to recognise them."""
    return {
        "phone": mask_phone(case.phone),
        "account": mask_account(case.account),
        "account_tail": case.account[-4:],
        "account_holder": case.account_holder,
        "account_bank": case.account_bank,
    }


def _findings(case: Case) -> dict[str, Any]:
    """What was found on the way to the decision: last survey, last report, last appraisal, last publicity with its objections."""
    surveys = Survey.objects.unscoped(reason=HELD).filter(case=case).order_by("-pk")[0:1]
    checks = (
        EconomicCheck.objects.unscoped(reason=HELD).filter(case=case).exclude(answered_at=None).order_by("-pk")[0:1]
    )
    appraisals = Appraisal.objects.unscoped(reason=HELD).filter(case=case, finished_at__isnull=False).order_by("-pk")
    publicity = (
        Publicity.objects.unscoped(reason=HELD).filter(case=case, posted_on__isnull=False).order_by("-pk").first()
    )
    return {
        "survey": [survey_content(one) for one in surveys],
        "check": [
            {"number": one.report_number, "on": day_words(one.report_on), "conclusion": one.conclusion}
            for one in checks
        ],
        "appraisal": [appraisal_content(one) for one in appraisals[0:1]],
        "publicity": {
            "from": day_words(publicity.first_day),
            "to": day_words(publicity.last_day),
            "place": publicity.place,
        }
        if publicity
        else None,
        "objections": Objection.objects.unscoped(reason=HELD).filter(case=case).count(),
    }


def _line(line: dict[str, Any]) -> dict[str, Any]:
    """A line of the calculation sheet; the source of its figure stands apart from the working and is written out."""
    how, _gap, source = line["how"].partition("　")
    return {
        "label": line["label"],
        "how": how,
        "source": source,
        "amount": format_yuan(Decimal(line["amount"])),
        "level": line["level"],
        "brief": line["level"] != "lv2" or line["label"].startswith("分类施保"),
    }


def _standard(assessment: Assessment) -> str:
    """The standard a person and month by which the sheet was calculated."""
    used = {row["parameter"]: row["value"] for row in assessment.parameters}
    text = str(used.get("calc.standard.dibao", "")).strip('"')
    return format_yuan(Decimal(text)) if text else ""


def _signatures(frozen: Frozen) -> list[dict[str, Any]]:
    rows = Signature.objects.unscoped(reason=HELD).filter(frozen=frozen, void_at=None).order_by("place")
    return [
        {
            "post": one.post_title,
            "name": one.name,
            "at": f"{one.signed_at.astimezone(clock.ZONE):%Y-%m-%d %H:%M}",
            "remark": one.remark or "同意",
        }
        for one in rows
    ]
