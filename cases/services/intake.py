"""申请: registering an application with its household, and submitting it (INT-01, INT-11, INT-16 … INT-19)."""

import datetime as dt
import secrets
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from archives.enums import PaperKind
from archives.services import issue
from cases import documents
from cases.access import begin, cite
from cases.enums import CATEGORIES_OF_KIND, Channel, Condition, Relation
from cases.errors import Incomplete, OpenElsewhere
from cases.flow import MOVES, Move
from cases.models import (
    Authorization,
    Benefit,
    Case,
    CaseMember,
    CaseSeries,
    CaseStage,
    EconomicItem,
    Household,
    HouseholdMember,
)
from cases.services import engine, materials
from common import clock
from common.actors import Actor
from common.acts import act
from common.errors import Forbidden, Invalid
from common.ids import check_bank_card, check_id_number, check_phone
from common.names import pinyin_key
from journal.services import record
from organizations.enums import Level, OfficeKind, Permission
from organizations.models import Area, Office
from organizations.queries import office_of
from policies.queries import citation

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RECEIPT_CODE_LENGTH = 10
DRAW_CODE_LENGTH = 26
"""Signs of the alphabet that carry 128 random bits."""


@dataclass(frozen=True)
class MemberData:
    """A member as typed: the identity number is checked here and gives birth date and sex."""

    name: str
    relation: str
    id_number: str
    work: str
    condition: str = Condition.NONE
    counts: bool = True
    has_capacity: bool = True


@dataclass(frozen=True)
class ItemData:
    """A line of income, property (yuan) or expense (yuan a month) as declared; `member` is the position in the list of members."""

    kind: str
    category: str
    amount: Decimal
    member: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Application:
    """Everything an application says."""

    programme: str
    village_code: str
    channel: str
    applied_on: dt.date
    address: str
    phone: str
    account: str
    account_holder: str
    account_bank: str
    difficulty: str
    kin_declared: bool
    kin_detail: str
    rights_told: bool
    members: list[MemberData]
    items: list[ItemData] = field(default_factory=list)
    agent_name: str = ""
    agent_relation: str = ""


@act("cases.register")
def register(actor: Actor, *, application: Application) -> Case:
    """Register an application, at the window or by the village on behalf of the household (代办, INT-06). The case begins in the
    first stage of the area's procedure; whoever accepts it becomes its handler.

    Refuses: a village outside the actor's areas, another channel than 代办 by the village, invalid numbers, a member who stands in
    another open case of the programme or is in benefit already (INT-16), an applicant missing from the members.
    """
    if not actor.can(Permission.REGISTER_APPLICATION, application.village_code):
        raise Forbidden()
    _require_road(actor, application.village_code, application.channel)
    return enter(actor, application)


def enter(actor: Actor, application: Application, codes: tuple[str, str] | None = None) -> Case:
    """Write the application down as a case in the first stage of its area's procedure: the part that every road shares. Who may
    is asked by the act around it. `codes`: receipt code and draw code, where the applicant has them already."""
    office, procedure = destination(application)
    check(application, clock.today())
    household = _household(application)
    case = _new_case(actor, application, household, office, procedure, codes or new_codes())
    _write_members(case, application.members)
    _write_items(case, application.items)
    materials.prepare(case)
    CaseStage.objects.create(
        case=case, area_code=case.area_code, key=procedure[0]["key"], step=procedure[0]["step"], opened_at=clock.now()
    )
    record(
        actor, "cases.register", case, to_status=case.status, subject=engine.subject(case), basis=cite(case, "INT-01"),
        changes={"number": [None, case.number], "channel": [None, case.channel]},
    )  # fmt: skip
    return case


def destination(application: Application) -> tuple[Office, list[dict[str, Any]]]:
    """The street that handles the village's applications (INT-09), and the order of stages there. Raises `Invalid` for a place
    that is no village, `NoProcedure`."""
    village = Area.objects.filter(code=application.village_code, level=Level.VILLAGE, valid_to=None).first()
    office = office_of(application.village_code, OfficeKind.STREET)
    if village is None or office is None:
        raise Invalid(_("请选择申请人居住的村（社区）。"), field="village_code")
    return office, engine.procedure_of(village.code, application.programme, clock.today())


def _require_road(actor: Actor, area_code: str, *channels: str) -> None:
    """Villages and assistants enter and change what they file on somebody's behalf; the other roads end at the street."""
    if not actor.can(Permission.ACCEPT_CASE, area_code) and set(channels) != {Channel.VILLAGE}:
        raise Invalid(
            _("村（社区）只登记村（居）代办的申请。申请渠道请选“村（居）代办”；其他渠道的申请由街道（乡镇）办理。"),
            field="channel",
            basis=citation(area_code, clock.today(), "INT-06"),
        )


def check(application: Application, today: dt.date) -> None:
    """What was typed holds together, by whatever road it came. Raises `Invalid` beside the field."""
    _check_members(application.members, today)
    if application.applied_on > today:
        raise Invalid(_("申请日期不能晚于今天。请核对。"), field="applied_on")
    check_phone(application.phone)
    if application.account:
        check_bank_card(application.account)
    if application.kin_declared and not application.kin_detail.strip():
        cited = citation(application.village_code, today, "INT-19")
        raise Invalid(_("申报了近亲属，请写明姓名、单位和关系。"), field="kin_detail", basis=cited)
    if application.channel == Channel.VILLAGE and not application.agent_name.strip():
        cited = citation(application.village_code, today, "INT-07")
        raise Invalid(_("村（居）代办的申请要写明代办人姓名和身份。"), field="agent_name", basis=cited)
    for item in application.items:
        if item.category not in CATEGORIES_OF_KIND[item.kind]:
            raise Invalid(_("收入、财产、支出的项目与类别不符。请重新选择。"), field="items")
        if item.amount < 0:
            raise Invalid(_("金额不能是负数。请核对。"), field="items")


def _check_members(members: list[MemberData], today: dt.date) -> None:
    if not members or members[0].relation != Relation.SELF:
        raise Invalid(_("第一位家庭成员应是申请人本人。请补充申请人的信息。"), field="members")
    if sum(member.relation == Relation.SELF for member in members) != 1:
        raise Invalid(_("只能有一位申请人。请核对各成员与申请人的关系。"), field="members")
    numbers = [check_id_number(member.id_number, today=today).number for member in members]
    if len(set(numbers)) != len(numbers):
        raise Invalid(_("有两位家庭成员的身份证号码相同。请核对。"), field="members")


def _household(application: Application) -> Household:
    """The applicant's household as known, or a new one. Locks come in the written order: household first."""
    first = check_id_number(application.members[0].id_number)
    index = HouseholdMember._meta.get_field("id_number_index").index_of(first.number)
    memberships = HouseholdMember.objects.unscoped(
        reason="an applicant is recognised by identity number, wherever they lived"
    )
    known = memberships.filter(id_number_index=index, left_on=None).first()
    if known is None:
        return Household.objects.create(area_code=application.village_code, created_at=clock.now())
    households = Household.objects.unscoped(reason="household of the recognised applicant").select_for_update()
    return households.get(pk=known.household_id)


def _new_case(
    actor: Actor, application: Application, household: Household, office: Office, procedure: list[dict[str, Any]],
    codes: tuple[str, str],
) -> Case:  # fmt: skip
    applicant = application.members[0]
    pinyin, initials = pinyin_key(applicant.name)
    return Case.objects.create(
        number=_next_number(office, application.programme),
        programme=application.programme,
        household=household,
        office=office,
        area_code=application.village_code,
        status=procedure[0]["key"],
        procedure=procedure,
        channel=application.channel,
        applicant_name=applicant.name.strip(),
        applicant_pinyin=pinyin,
        applicant_initials=initials,
        persons=len(application.members),
        address=application.address.strip(),
        phone=check_phone(application.phone),
        account=check_bank_card(application.account) if application.account else "",
        account_holder=application.account_holder.strip(),
        account_bank=application.account_bank.strip(),
        difficulty=application.difficulty.strip(),
        kin_declared=application.kin_declared,
        kin_detail=application.kin_detail.strip(),
        rights_told=application.rights_told,
        agent_name=application.agent_name.strip(),
        agent_relation=application.agent_relation.strip(),
        receipt_code=codes[0],
        draw_code=codes[1],
        handler_id=actor.person_id,
        handler_name=actor.name,
        applied_on=application.applied_on,
        moved_at=clock.now(),
    )


def new_codes() -> tuple[str, str]:
    """A receipt code, with which progress is asked, and a draw code; both random."""
    return _random_code(RECEIPT_CODE_LENGTH), _random_code(DRAW_CODE_LENGTH)


def _random_code(length: int) -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _position in range(length))


def _next_number(office: Office, programme: str) -> str:
    """`示一-DB-2026-0318`: the office's prefix (or its nine digits), programme, year, running number."""
    key: dict[str, Any] = {
        "prefix": office.number_prefix or office.seat.code[:9],
        "programme": programme,
        "year": clock.today().year,
    }
    CaseSeries.objects.get_or_create(**key)
    series = CaseSeries.objects.select_for_update().get(**key)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{key['prefix']}-{SHORT[programme]}-{key['year']}-{series.last:04d}"


SHORT = {"DIBAO": "DB"}
"""The letters of the programme inside a case number."""


def _write_members(case: Case, members: list[MemberData]) -> None:
    for data in members:
        identity = check_id_number(data.id_number)
        membership = _membership(case, data.name, identity.number, identity.birth, identity.sex)
        if _in_benefit(case, membership.id_number_index):
            raise OpenElsewhere(_already(data.name, _("已在享受这一救助")), field="members")
        try:
            with transaction.atomic():
                CaseMember.objects.create(
                    case=case,
                    area_code=case.area_code,
                    membership=membership,
                    name=data.name.strip(),
                    relation=data.relation,
                    id_number=identity.number,
                    birth=identity.birth,
                    sex=identity.sex,
                    work=data.work,
                    condition=data.condition,
                    counts=data.counts,
                    has_capacity=data.has_capacity,
                    programme=case.programme,
                )
        except IntegrityError as error:
            raise OpenElsewhere(_already(data.name, _("在另一件未办结的申请里")), field="members") from error


def _already(name: str, what: str) -> str:
    return _("%(name)s%(what)s，不能重复申请。请先查明原来的申请或待遇，再决定是否登记。") % {
        "name": name,
        "what": what,
    }


def _membership(case: Case, name: str, number: str, birth: dt.date, sex: str) -> HouseholdMember:
    """The person's place in the household; a place in another household ends today (INT-16: seen, not hidden)."""
    index = HouseholdMember._meta.get_field("id_number_index").index_of(number)
    rows = HouseholdMember.objects.unscoped(reason="one household a person, wherever").select_for_update()
    present = rows.filter(id_number_index=index, left_on=None).first()
    if present and present.household_id == case.household_id:
        return present
    if present:
        present.left_on = clock.today()
        present.save(update_fields=["left_on"])
    return HouseholdMember.objects.create(
        household=case.household, area_code=case.area_code, name=name.strip(), id_number=number, birth=birth, sex=sex,
        joined_on=clock.today(),
    )  # fmt: skip


def _in_benefit(case: Case, id_number_index: str) -> bool:
    """Whether the person is among those for whom a running benefit of the programme is paid."""
    supported = CaseMember.objects.unscoped(reason="one benefit a person, wherever").filter(
        id_number_index=id_number_index, counts=True
    )
    running = Benefit.objects.unscoped(reason="one benefit a person, wherever").filter(
        programme=case.programme, case_id__in=supported.values("case_id"), until_month=None
    )
    return bool(running.exists())


def _write_items(case: Case, items: list[ItemData]) -> None:
    members = list(
        CaseMember.objects.unscoped(reason="members of a case already held").filter(case=case).order_by("pk")
    )
    EconomicItem.objects.bulk_create(
        EconomicItem(
            case=case,
            area_code=case.area_code,
            member=members[item.member] if item.member is not None and item.member < len(members) else None,
            kind=item.kind,
            category=item.category,
            note=item.note.strip(),
            declared=item.amount,
        )
        for item in items
    )


@act("cases.amend")
def amend(actor: Actor, case_id: int, *, application: Application, seen: int) -> Case:
    """Replace what was declared, while it has not been accepted; before and after stand in the trail."""
    case, move = begin(actor, case_id, "amend", seen)
    _require_road(actor, case.area_code, case.channel, application.channel)
    check(application, clock.today())
    held = "declaration of a case already held"
    if Authorization.objects.unscoped(reason=held).filter(case=case).exists():
        raise Invalid(
            _("家庭成员已经签署核对授权，申报不能再整体修改。变化请在入户调查和经济核对中登记。"), field="members"
        )
    before = documents.declaration(case)
    EconomicItem.objects.unscoped(reason=held).filter(case=case).delete()
    CaseMember.objects.unscoped(reason=held).filter(case=case).delete()
    applicant = application.members[0]
    pinyin, initials = pinyin_key(applicant.name)
    for name in (
        "address",
        "account_holder",
        "account_bank",
        "difficulty",
        "kin_detail",
        "agent_name",
        "agent_relation",
    ):
        setattr(case, name, getattr(application, name).strip())
    case.applicant_name, case.applicant_pinyin, case.applicant_initials = applicant.name.strip(), pinyin, initials
    case.phone = check_phone(application.phone)
    case.account = check_bank_card(application.account) if application.account else ""
    case.kin_declared, case.rights_told = application.kin_declared, application.rights_told
    case.channel, case.applied_on, case.persons = application.channel, application.applied_on, len(application.members)
    _write_members(case, application.members)
    _write_items(case, application.items)
    materials.prepare(case)
    return engine.trace(actor, case, move, personal={"declaration": [before, documents.declaration(case)]})


@act("cases.submit")
def submit(actor: Actor, case_id: int, *, seen: int) -> Case:
    """Hand the application in: a receipt with its query code is issued, the acceptance begins (INT-01, INT-17 … INT-19)."""
    case, move = begin(actor, case_id, "submit", seen)
    _require_road(actor, case.area_code, case.channel)
    return hand_in(actor, case, move)


def hand_in(actor: Actor, case: Case, move: Move) -> Case:
    """Complete enough to be handed in: the receipt is issued, the first stage closed. The part that every road shares."""
    if not case.difficulty:
        raise Incomplete(
            _("还没有困难情况说明。请先在申报里填写，再提交申请。"), field="difficulty", basis=cite(case, "INT-17")
        )
    if not case.rights_told:
        raise Incomplete(
            _("还没有登记“已告知权利义务和举证要求”。请先当面告知，再提交申请。"),
            field="rights_told",
            basis=cite(case, "INT-18"),
        )
    issue(
        actor, kind=PaperKind.RECEIPT, owner=case, subject=engine.subject(case), area_code=case.area_code,
        office_name=case.office.name, prefix=documents.prefix(case), data=documents.receipt(case),
    )  # fmt: skip
    return engine.close(actor, case, move)


@act("cases.withdraw")
def withdraw(actor: Actor, case_id: int, *, reason: str, seen: int) -> Case:
    """The applicant takes the application back; it stays on record with reason and handler (INT-15)."""
    case, move = begin(actor, case_id, "withdraw", seen)
    if not reason.strip():
        raise Invalid(_("请写明申请人撤回的原因。"), field="reason")
    return engine.end(actor, case, move, MOVES["withdraw"].ends, reason=reason)


@act("cases.terminate")
def terminate(actor: Actor, case_id: int, *, reason: str, seen: int) -> Case:
    """End a case whose applicant refuses authorization or survey, with the reason (INT-15)."""
    case, move = begin(actor, case_id, "terminate", seen)
    if not reason.strip():
        raise Invalid(_("请写明终止的事实和理由，例如不配合入户调查、不签署核对授权。"), field="reason")
    return engine.end(actor, case, move, MOVES["terminate"].ends, reason=reason)
