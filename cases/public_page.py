"""What residents read without signing in: where to apply, the receipt, the progress of an application.

Nobody's name and no number of a person is among it, and what is asked with a wrong pair is answered as if it were not there.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.enums import OnlineStatus, Opinion, Outcome, Programme, Relation, Step
from cases.models import Case, CaseMember, CaseStage, Delivery, OnlineApplication
from common import clock
from organizations.enums import Level, OfficeKind
from organizations.models import Area, Office
from organizations.queries import office_of, offices_by_name
from policies.models import LocalChoice, PackBinding
from policies.queries import Rules, Value, held_on
from policies.queries import chain as codes_above

ASKED = "a resident asks with receipt code and the end of the identity number"


# --- Where to apply ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Contact:
    """An office as residents reach it; what is not recorded is empty."""

    name: str
    phone: str
    address: str


def contact(office: Office, area_code: str) -> Contact:
    """The office with its own telephone, or the one that the rules of the area name."""
    found = None if office.hotline else Rules(area_code, clock.today())["pub.hotline"]
    named = str(found.value) if isinstance(found, Value) and not found.open else ""
    return Contact(office.name, office.hotline or named, office.address)


@dataclass(frozen=True)
class Place:
    """A district or street to choose: its name, and what stands above it."""

    code: str
    name: str
    above: str = ""


@dataclass(frozen=True)
class Street:
    """A street where one can apply: its villages as choices, and the office that handles most of them."""

    code: str
    name: str
    district: Place
    office: Contact
    villages: list[tuple[str, str]]


def districts() -> list[Place]:
    """The districts in which a programme can be applied for: those under a pack that states an order of stages, or whose bureau
    chose one. The number of queries does not grow with the districts: anybody may ask."""
    today = clock.today()
    held = PackBinding.objects.select_related("document").order_by("pk")
    bound = {row.area_code: row.document.key for row in held if held_on(row, today)}
    stating = {key for key in set(bound.values()) if _handles(Rules("", today, pack=key))}
    choices = LocalChoice.objects.filter(parameter__in=[f"stages.{one}" for one in Programme.values]).order_by("pk")
    chosen = {row.area_code for row in choices if held_on(row, today)}
    found = Area.objects.filter(level=Level.DISTRICT, valid_to=None).select_related("parent").order_by("code")
    return [
        Place(area.code, area.name, area.parent.name if area.parent else "")
        for area in found
        if (pack := _nearest(bound, codes_above(area.code)))
        and (pack in stating or chosen.intersection(codes_above(area.code)))
    ]


def _nearest(bound: dict[str, str], codes: list[str]) -> str:
    """The pack of the nearest area upward."""
    return next((bound[code] for code in codes if code in bound), "")


def _handles(rules: Rules) -> bool:
    """Whether the rules give the order of stages of any programme."""
    return any(isinstance(rules.stages(one), list) for one in Programme.values)


def streets(district_code: str) -> tuple[Place, list[Place]] | None:
    """A district with its streets; None where one cannot apply."""
    district = Area.objects.filter(code=district_code, level=Level.DISTRICT, valid_to=None).first()
    if district is None or not _handles(Rules(district.code, clock.today())):
        return None
    below = Area.objects.filter(parent=district, level=Level.STREET, valid_to=None).order_by("code")
    return Place(district.code, district.name), [Place(area.code, area.name) for area in below]


def street(code: str) -> Street | None:
    """A street with its villages; where another office handles a village, its name stands beside. None where one cannot apply."""
    area = Area.objects.filter(code=code, level=Level.STREET, valid_to=None).select_related("parent").first()
    office = office_of(code, OfficeKind.STREET) if area else None
    if area is None or area.parent is None or office is None or not _handles(Rules(code, clock.today())):
        return None
    below = Area.objects.filter(parent=area, level=Level.VILLAGE, valid_to=None).order_by("code")
    others = offices_by_name([village.code for village in below], OfficeKind.STREET)
    villages = [
        (village.code, _("%(village)s（由%(office)s办理）") % {"village": village.name, "office": others[village.code]})
        if others.get(village.code, office.name) != office.name
        else (village.code, village.name)
        for village in below
    ]
    return Street(area.code, area.name, Place(area.parent.code, area.parent.name), contact(office, code), villages)


# --- The receipt ------------------------------------------------------------------------------------------------------


def receipt(online_id: object) -> OnlineApplication | None:
    """The online application that was sent in from this very session."""
    rows = OnlineApplication.objects.unscoped(reason="the receipt of what was sent in from this session")
    return rows.filter(pk=online_id).select_related("office").first() if isinstance(online_id, int) else None


# --- Progress ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mark:
    """One step of the way in a resident's words; `now`: it is going on."""

    title: str
    on: dt.date
    now: bool = False
    says: str = ""


@dataclass(frozen=True)
class Progress:
    """How far an application is. `level` and `headline` say it in one line, `says` what comes next."""

    programme: str
    office: Contact
    headline: str
    says: str
    level: str = "info"
    answer: str = ""
    marks: list[Mark] = field(default_factory=list)


SAYS: dict[str, Any] = {
    Step.INTAKE: gettext_lazy("工作人员正在登记您的申请，可能会打电话向您核实。"),
    Step.ACCEPTANCE: gettext_lazy("正在看材料齐不齐。缺材料的，会一次告诉您全部要补什么。"),
    Step.SURVEY: gettext_lazy("调查人员会上门了解情况，请保持电话畅通。"),
    Step.ECONOMIC_CHECK: gettext_lazy("经您授权，正在核对家庭的收入和财产。"),
    Step.APPRAISAL: gettext_lazy("村（社区）正在组织评议。"),
    Step.INITIAL_REVIEW: gettext_lazy("经办人员正在提出初审意见。"),
    Step.PUBLICITY: gettext_lazy("正在村（社区）公示栏公示，期满后往下办。"),
    Step.SIGN_OFF: gettext_lazy("负责人正在审签。"),
    Step.DECISION: gettext_lazy("正在作出决定。"),
    Step.FILING: gettext_lazy("结果正在报区县备案。"),
    Step.DELIVERY: gettext_lazy("决定已经作出，正在把通知书送给您。"),
    Step.PAYMENT_START: gettext_lazy("通知书已经送达，正在办理发放。"),
}
ENDS: dict[str, Any] = {
    Outcome.CONFIRMED: gettext_lazy("已经办完：确认给予救助"),
    Outcome.DENIED: gettext_lazy("已经办完：不予确认"),
    Outcome.WITHDRAWN: gettext_lazy("申请已经撤回"),
    Outcome.TERMINATED: gettext_lazy("申请已经终止办理"),
    Outcome.NOT_ACCEPTED: gettext_lazy("申请没有被受理"),
}


def progress(receipt_code: str, tail: str) -> Progress | None:
    """The progress of the application with this receipt code, if the applicant's identity number ends so; None otherwise."""
    case = Case.objects.unscoped(reason=ASKED).filter(receipt_code=receipt_code).select_related("office").first()
    if case is not None:
        return _of_case(case) if _ends_so(case, tail) else None
    index = OnlineApplication._meta.get_field("id_number_tail").index_of(tail)
    rows = OnlineApplication.objects.unscoped(reason=ASKED).filter(receipt_code=receipt_code, id_number_tail=index)
    online = rows.exclude(status=OnlineStatus.REGISTERED).select_related("office").first()
    return _of_online(online) if online and tail else None


def _ends_so(case: Case, tail: str) -> bool:
    index = CaseMember._meta.get_field("id_number_tail").index_of(tail)
    applicant = CaseMember.objects.unscoped(reason=ASKED).filter(
        case=case, relation=Relation.SELF, id_number_tail=index
    )
    return bool(tail) and bool(applicant.exists())


def _day(at: dt.datetime) -> dt.date:
    return at.astimezone(clock.ZONE).date()


def _of_online(online: OnlineApplication) -> Progress:
    programme, office = str(online.get_programme_display()), contact(online.office, online.area_code)
    received = Mark(_("网上收到申请"), _day(online.received_at))
    if online.status == OnlineStatus.RETURNED and online.answered_at:
        return Progress(
            programme, office, _("申请被退回，请看原因"), _("按下面说的改好后，可以重新申请，也可以打电话问。"), "warn",
            answer=online.answer, marks=[received, Mark(_("退回"), _day(online.answered_at), now=True)],
        )  # fmt: skip
    says = _("街道（乡镇）收到后会登记，有需要会打电话给您。登记后，还在这里查进度。")
    waiting = Mark(_("等街道（乡镇）登记"), _day(online.received_at), now=True)
    return Progress(programme, office, _("已经收到，等街道（乡镇）登记"), says, marks=[received, waiting])


def _of_case(case: Case) -> Progress:
    programme, office = str(case.get_programme_display()), contact(case.office, case.area_code)
    marks = [Mark(_("提出申请"), case.applied_on), *_marks(case)]
    if case.outcome:
        level = "ok" if case.outcome == Outcome.CONFIRMED else "warn"
        ended = Mark(str(case.get_outcome_display()), case.closed_on or clock.today(), now=True)
        says = _("结果和理由，请以送达的通知书为准。对结果有疑问，可以打下面的电话。")
        return Progress(programme, office, str(ENDS[case.outcome]), says, level, marks=[*marks, ended])
    open_now = "、".join(mark.title for mark in marks if mark.now)
    headline = _("正在办理：%(now)s") % {"now": open_now}
    if _is_granted(case):
        headline = _("已经确认给予救助，正在办理：%(now)s") % {"now": open_now}
    return Progress(programme, office, headline, _("办到下一步，这里会更新。"), marks=marks)


def _marks(case: Case) -> list[Mark]:
    """The stages that were done or are open; what was sent back shows as open again, what was passed over is no stage, and that
    it was handed in goes without saying."""
    titles = {stage["key"]: str(stage["title"]) for stage in case.procedure}
    rows = CaseStage.objects.unscoped(reason=ASKED).filter(case=case).order_by("pk")
    return [
        Mark(
            titles.get(row.key, str(row.get_step_display())),
            _day(row.closed_at or row.opened_at),
            row.closed_at is None,
            str(SAYS[row.step]) if row.closed_at is None else "",
        )
        for row in rows
        if row.closed_at is None or (row.result == "done" and row.closed_by_name and row.step != Step.INTAKE)
    ]


def _is_granted(case: Case) -> bool:
    """A decision to grant counts for the resident once its notice was served."""
    served = Delivery.objects.unscoped(reason=ASKED).filter(decision_id=case.decision_id or 0)
    return bool(served.filter(decision__opinion=Opinion.GRANT).exists())
