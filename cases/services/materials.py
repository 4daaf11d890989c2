"""材料与受理: the checklist, the one-time notice, acceptance, authorizations (INT-02 … INT-05, MAT-01, MAT-13, CHK-01 … CHK-04)."""

import datetime as dt

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from archives.enums import PaperKind
from archives.services import issue
from cases import documents
from cases.access import begin, cite
from cases.enums import MaterialState, Signer
from cases.errors import Incomplete
from cases.flow import MOVES, Move
from cases.models import Authorization, Case, CaseMember, Material, MaterialFile, MissingNotice
from cases.queries import adults, missing_materials
from cases.services import engine
from common import clock, files
from common.actors import Actor
from common.acts import act
from common.errors import Invalid, NotFound
from policies.queries import Rules
from policies.services.flags import raise_flag

HELD = "rows of a case already held"
EVERYBODY = "全部"
TRACKED_ELSEWHERE = {"check_authorization"}
"""Items of the list that have a table of their own."""


def prepare(case: Case) -> None:
    """Put the checklist of the area's rules into the case; nothing is asked for that is not on it (MAT-12)."""
    value = Rules(case.area_code, clock.today())[f"mat.application.{case.programme}"]
    if value.open:
        return
    present = set(Material.objects.unscoped(reason=HELD).filter(case=case).values_list("code", flat=True))
    Material.objects.bulk_create(
        Material(
            case=case,
            code=row["code"],
            area_code=case.area_code,
            title=documents.MATERIAL_TITLES.get(row["code"], row["code"]),
            required=bool(row.get("required", True)) and row.get("situation", EVERYBODY) == EVERYBODY,
            obtainable=bool(row.get("obtainable", False)),
            note=row.get("situation", ""),
            basis=value.cited,
        )
        for row in value.value  # type: ignore[union-attr]
        if row["code"] not in present | TRACKED_ELSEWHERE
    )


@act("cases.add_material")
def add_material(
    actor: Actor, case_id: int, *, material_id: int, upload: UploadedFile, reason: str = "", seen: int
) -> Case:
    """Keep a file for an item of the checklist; a better scan is a new version with its reason (MAT-21)."""
    case, move = begin(actor, case_id, "add_material", seen)
    material = Material.objects.unscoped(reason=HELD).filter(case=case, pk=material_id).first()
    if material is None:
        raise NotFound()
    return keep(actor, case, move, material, upload, reason)


def keep(actor: Actor, case: Case, move: Move, material: Material, upload: UploadedFile, reason: str) -> Case:
    """Put the file to the item: the part that every road shares."""
    version = MaterialFile.objects.unscoped(reason=HELD).filter(material=material).count() + 1
    if version > 1 and not reason.strip():
        raise Invalid(
            _("这项材料已有一份。再传一份请写明更换原因，原来的一份会保留。"),
            field="reason",
            basis=cite(case, "MAT-21"),
        )
    stored = files.store(actor, upload, area_code=case.area_code, purpose="material")
    MaterialFile.objects.create(
        material=material, area_code=case.area_code, file=stored, version=version, reason=reason.strip()
    )
    material.state = MaterialState.RECEIVED
    material.save(update_fields=["state"])
    return engine.trace(
        actor, case, move, reason=reason, changes={"material": [None, material.code], "sha256": [None, stored.sha256]}
    )


@act("cases.material_by_data")
def material_by_data(actor: Actor, case_id: int, *, material_id: int, note: str, seen: int) -> Case:
    """The item is proven by government data, so the applicant need not bring it."""
    case, move = begin(actor, case_id, "add_material", seen)
    material = Material.objects.unscoped(reason=HELD).filter(case=case, pk=material_id).first()
    if material is None:
        raise NotFound()
    if not note.strip():
        raise Invalid(_("请写明由哪项政务数据核验，例如“公安户籍数据”。"), field="note")
    material.state, material.note = MaterialState.BY_DATA, note.strip()
    material.save(update_fields=["state", "note"])
    return engine.trace(actor, case, move, changes={"material": [None, material.code]}, reason=note)


@act("cases.ask_missing")
def ask_missing(actor: Actor, case_id: int, *, seen: int) -> Case:
    """Issue ONE notice that lists all that is missing (INT-04; 002 二(一)1). A second one is issued too, but flagged (INT-05)."""
    case, move = begin(actor, case_id, "ask_missing", seen)
    missing = missing_materials(case)
    if not missing:
        raise Incomplete(_("材料已经齐全，不用再告知。可以直接受理。"))
    earlier = MissingNotice.objects.unscoped(reason=HELD).filter(case=case).count()
    paper = issue(
        actor, kind=PaperKind.MISSING_NOTICE, owner=case, subject=engine.subject(case), area_code=case.area_code,
        office_name=case.office.name, prefix=documents.prefix(case), data=documents.missing_notice(case, missing),
    )  # fmt: skip
    MissingNotice.objects.create(
        case=case, area_code=case.area_code, paper=paper, codes=[one.code for one in missing], issued_at=clock.now()
    )
    if earlier:
        raise_flag(
            actor, obj=case, area_code=case.area_code, rule="INT-05", basis=cite(case, "INT-05"),
            message=_("一次性告知之后又发出了第%(n)d份补正告知") % {"n": earlier + 1},
        )  # fmt: skip
    return engine.trace(actor, case, move, changes={"missing": [None, [one.code for one in missing]]})


@act("cases.accept")
def accept(actor: Actor, case_id: int, *, seen: int) -> Case:
    """Accept the application; the order of stages in force today is pinned to the case, the total limit starts (A-20)."""
    case, move = begin(actor, case_id, "accept", seen)
    missing = missing_materials(case)
    if missing:
        raise Incomplete(
            _("还缺%(what)s，不能受理。请收齐，或者用政务数据核验；要请申请人补，请出一次性告知书。")
            % {"what": "、".join(one.title for one in missing)},
            basis=cite(case, "INT-04"),
        )
    today = clock.today()
    case.accepted_on = today
    case.handler_id, case.handler_name = actor.user_id, actor.name  # type: ignore[assignment]
    case.procedure = engine.procedure_of(case.area_code, case.programme, today)
    return engine.close(actor, case, move, changes={"accepted_on": [None, today.isoformat()]})


@act("cases.refuse_acceptance")
def refuse_acceptance(actor: Actor, case_id: int, *, reason: str, basis: str, seen: int) -> Case:
    """Refuse acceptance: only with a legal reason and its basis (INT-02 “无正当理由,不得拒绝受理”)."""
    case, move = begin(actor, case_id, "refuse_acceptance", seen)
    if not reason.strip():
        raise Invalid(_("请写明不予受理的理由。无正当理由，不得拒绝受理。"), field="reason", basis=cite(case, "INT-02"))
    if not basis.strip():
        raise Invalid(_("请写明不予受理依据的文件和条款。"), field="basis", basis=cite(case, "INT-02"))
    issue(
        actor, kind=PaperKind.REFUSAL_OF_ACCEPTANCE, owner=case, subject=engine.subject(case), area_code=case.area_code,
        office_name=case.office.name, prefix=documents.prefix(case),
        data=documents.acceptance_refusal(case, reason.strip(), basis.strip()),
    )  # fmt: skip
    return engine.end(actor, case, move, MOVES["refuse_acceptance"].ends, reason=f"{reason}（{basis}）")


@act("cases.print_authorization")
def print_authorization(actor: Actor, case_id: int, *, member_id: int, seen: int) -> Case:
    """Issue the authorization letter for one adult member, to be signed on paper in person (CHK-02)."""
    case, move = begin(actor, case_id, "authorize", seen)
    member = next((one for one in adults(case) if one.pk == member_id), None)
    if member is None:
        raise NotFound()
    issue(
        actor, kind=PaperKind.AUTHORIZATION, owner=member, subject=engine.subject(case), area_code=case.area_code,
        office_name=case.office.name, prefix=documents.prefix(case), data=documents.authorization(case, member),
    )  # fmt: skip
    return engine.trace(actor, case, move, changes={"authorization_for": [None, member.pk]})


@act("cases.authorize")
def authorize(
    actor: Actor, case_id: int, *, member_id: int, signer: str, signer_name: str, in_person: bool, signed_on: dt.date,
    scan: UploadedFile, seen: int,
) -> Case:  # fmt: skip
    """Record an adult member's signed authorization (CHK-02 … CHK-04): in person, by a guardian only for who lacks capacity."""
    case, move = begin(actor, case_id, "authorize", seen)
    member = next((one for one in adults(case) if one.pk == member_id), None)
    if member is None:
        raise NotFound()
    _check_signer(case, member, signer, signer_name, in_person)
    if not case.applied_on <= signed_on <= clock.today():
        raise Invalid(_("授权书的签署日期应在申请之日到今天之间。请核对。"), field="signed_on")
    stored = files.store(actor, scan, area_code=case.area_code, purpose="authorization", field="scan")
    try:
        with transaction.atomic():
            row = Authorization.objects.create(
                case=case, area_code=case.area_code, member=member, signer=signer, signer_name=signer_name.strip(),
                in_person=in_person, covers=documents.AUTHORIZATION_SCOPE, signed_on=signed_on, scan=stored,
            )  # fmt: skip
    except IntegrityError as error:
        raise Invalid(_("这位成员的授权已经登记，不用重复登记。"), field="member") from error
    return engine.trace(actor, case, move, changes={"authorization": [None, row.pk], "sha256": [None, stored.sha256]})


def _check_signer(case: Case, member: CaseMember, signer: str, signer_name: str, in_person: bool) -> None:
    if not in_person:
        raise Invalid(
            _("授权书必须由本人（或监护人）当面签字或按指印，严禁代签。请当面签署后再登记。"),
            field="in_person",
            basis=cite(case, "CHK-03"),
        )
    if member.has_capacity and (signer == Signer.GUARDIAN or signer_name.strip() != member.name):
        raise Invalid(
            _("%(name)s有民事行为能力，授权书要由本人签署，不能由他人代签。") % {"name": member.name},
            field="signer",
            basis=cite(case, "CHK-03"),
        )
    if not member.has_capacity and (signer != Signer.GUARDIAN or not signer_name.strip()):
        raise Invalid(
            _("%(name)s没有民事行为能力，授权书要由监护人签署，请写明监护人姓名。") % {"name": member.name}, field="signer",
            basis=cite(case, "CHK-03"),
        )  # fmt: skip
