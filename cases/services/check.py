"""经济核对: request, answer, differences (CHK-01 … CHK-10, CHK-15; 002 二(七), 001 第五条(三))."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from cases.access import begin, begin_answer, cite
from cases.errors import Incomplete
from cases.models import Authorization, Case, CaseMember, EconomicCheck, EconomicItem
from cases.queries import adults
from cases.services import engine, limits
from common import clock, files
from common.actors import Actor
from common.acts import act
from common.errors import Invalid
from journal.services import record
from policies.queries import Rules, Value

HELD = "rows of a case already held"
SOURCES = ["户籍", "社会保险", "住房公积金", "不动产", "车辆", "市场主体", "税务", "银行存款", "证券", "保险"]


@dataclass(frozen=True)
class Finding:
    """One line of the report: which member (by position number of the request), what, how much (yuan a month, property yuan)."""

    member_id: int
    kind: str
    category: str
    amount: Decimal
    note: str = ""


@dataclass(frozen=True)
class Report:
    """The check centre's answer."""

    number: str
    on: dt.date
    conclusion: str
    findings: list[Finding] = field(default_factory=list)


@act("cases.request_check")
def request_check(actor: Actor, case_id: int, *, seen: int) -> Case:
    """Ask the check centre, once every adult has authorized it (CHK-01, CHK-04 “先授权委托,再开展核对”)."""
    case, move = begin(actor, case_id, "request_check", seen)
    signed = set(Authorization.objects.unscoped(reason=HELD).filter(case=case).values_list("member_id", flat=True))
    without = [one.name for one in adults(case) if one.pk not in signed]
    if without:
        raise Incomplete(
            _("%(names)s还没有签署核对授权书，不能发起核对。请先登记本人签署的授权书。")
            % {"names": "、".join(without)},
            basis=cite(case, "CHK-01"),
        )
    if EconomicCheck.objects.unscoped(reason=HELD).filter(case=case, answered_at=None).exists():
        raise Invalid(_("核对已经发起，正在等核对中心反馈，不用重复发起。"))
    EconomicCheck.objects.create(
        case=case, area_code=case.area_code, stage=engine.current(case, move), sources=SOURCES, requested_at=clock.now(),
        requested_by_name=actor.name,
    )  # fmt: skip
    return engine.trace(actor, case, move, clock_moved=True)


@act("cases.open_request")
def open_request(actor: Actor, check_id: int) -> dict[int, str]:
    """Give the check centre the full identity numbers of a waiting request (member id → number): a check cannot be run without
    them. The access is in the journal (SEC-06)."""
    check, case = begin_answer(actor, check_id)
    if check.answered_at is not None:
        raise Invalid(_("这份核对已经反馈，不再显示完整证件号码。"))
    numbers = dict(case.members.unscoped(reason=HELD).values_list("pk", "id_number"))
    record(
        actor, "cases.open_request", check, subject=engine.subject(case), basis=cite(case, "SEC-06"),
        reason=_("办理核对，查看完整证件号码"), changes={"members": [None, sorted(numbers)]},
    )  # fmt: skip
    return numbers


@act("cases.answer_check")
def answer_check(actor: Actor, check_id: int, *, report: Report, scan: UploadedFile | None = None) -> EconomicCheck:
    """Deliver the report; from then on it is read-only (CHK-10). Its findings stand beside what was declared (CHK-15)."""
    check, case = begin_answer(actor, check_id)
    if check.answered_at is not None:
        raise Invalid(_("这份核对报告已经反馈，不能再改。发现差错，请街道重新发起核对。"), basis=cite(case, "CHK-10"))
    if not report.number.strip():
        raise Invalid(_("请填写核对报告编号。"), field="number")
    if not check.requested_at.date() <= report.on <= clock.today():
        raise Invalid(_("报告日期应在发起核对之日到今天之间。请核对。"), field="on")
    _write_findings(case, report)
    check.answered_at, check.answered_by_name = clock.now(), actor.name
    check.report_number, check.report_on, check.conclusion = report.number.strip(), report.on, report.conclusion.strip()
    check.report = {"findings": [vars(one) for one in report.findings]}
    if scan:
        check.scan = files.store(actor, scan, area_code=case.area_code, purpose="check_report", field="scan")
    check.save()
    case.version += 1
    case.moved_at = clock.now()
    limits.settle(case)
    case.save(update_fields=["version", "moved_at", "due_on", "flag_on"])
    record(
        actor, "cases.answer_check", check, subject=engine.subject(case), basis=cite(case, "CHK-07", "CHK-15"),
        changes={"report_number": [None, check.report_number]}, personal={"report": [None, check.report]},
    )  # fmt: skip
    return check


def _write_findings(case: Case, report: Report) -> None:
    members = {one.pk: one for one in case.members.unscoped(reason=HELD)}
    earlier = EconomicItem.objects.unscoped(reason=HELD).filter(case=case).exclude(checked=None)
    earlier.filter(declared=None, surveyed=None).delete()
    earlier.update(checked=None, counted=None, explanation="")
    for finding in report.findings:
        member = members.get(finding.member_id)
        if member is None or finding.amount < 0:
            raise Invalid(_("报告里的人员或金额不对：人员应是这一户的成员，金额不能是负数。请核对。"), field="findings")
        item = _same_line(case, member, finding) or EconomicItem(
            case=case, area_code=case.area_code, kind=finding.kind, category=finding.category
        )
        item.member = member
        item.checked = finding.amount
        item.note = item.note or finding.note
        item.save()


def _same_line(case: Case, member: CaseMember, finding: Finding) -> EconomicItem | None:
    """The declared line that a finding answers: the member's own, else one declared for the household without naming anybody, so
    that the same income is not counted twice."""
    lines = EconomicItem.objects.unscoped(reason=HELD).filter(
        case=case, kind=finding.kind, category=finding.category, checked=None
    )
    found: EconomicItem | None = lines.filter(member=member).first() or lines.filter(member=None).first()
    return found


@act("cases.settle_items")
def settle_items(actor: Actor, case_id: int, *, decided: dict[int, tuple[Decimal, str]], seen: int) -> Case:
    """Fix which figure counts for each line, explaining every difference from declaration or report (CHK-15)."""
    case, move = begin(actor, case_id, "settle_items", seen)
    changes = {}
    for item in EconomicItem.objects.unscoped(reason=HELD).filter(case=case):
        if item.pk not in decided:
            continue
        amount, explanation = decided[item.pk]
        figures = {value for value in (item.declared, item.surveyed, item.checked) if value is not None}
        if (item.disagrees or figures != {amount}) and not explanation.strip():
            raise Incomplete(
                _("“%(what)s”的认定数与申报、调查或核对不一致，请写明理由。")
                % {"what": item.note or item.get_category_display()},
                field=f"item-{item.pk}",
                basis=cite(case, "CHK-15"),
            )
        changes[str(item.pk)] = [str(item.counted), str(amount)]
        item.counted, item.explanation = amount, explanation.strip()
        item.save(update_fields=["counted", "explanation"])
    return engine.trace(actor, case, move, changes=changes)


@act("cases.finish_check")
def finish_check(actor: Actor, case_id: int, *, reason: str = "", seen: int) -> Case:
    """Close the check: a report of the age the rules allow, or a recorded reason for none; differences explained."""
    case, move = begin(actor, case_id, "finish_check", seen)
    checks = EconomicCheck.objects.unscoped(reason=HELD).filter(case=case).order_by("-pk")
    latest = checks.exclude(answered_at=None).first()
    if latest is None and not reason.strip():
        raise Incomplete(
            _("核对报告还没有反馈。请等待核对中心，或者写明没有报告的原因。"),
            field="reason",
            basis=cite(case, "CHK-08"),
        )
    if latest is not None:
        _check_age(case, latest)
    unsettled = [item for item in EconomicItem.objects.unscoped(reason=HELD).filter(case=case) if item.unsettled]
    if unsettled:
        raise Incomplete(
            _("有%(n)d项收入、财产或支出的申报、调查、核对不一致，还没有认定。请逐项认定并说明。")
            % {"n": len(unsettled)},
            basis=cite(case, "CHK-15"),
        )
    return engine.close(actor, case, move, reason=reason)


def _check_age(case: Case, check: EconomicCheck) -> None:
    limit = Rules(case.area_code, clock.today())["chk.report_max_age_days"]
    if isinstance(limit, Value) and not limit.open and (clock.today() - check.report_on).days > limit.value:  # type: ignore[operator]
        raise Incomplete(
            _("核对报告已超过%(n)d天，不能作为依据。请重新发起核对。") % {"n": limit.value},
            basis=limit.cited,
        )
