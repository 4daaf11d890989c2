"""民主评议: who came, how they voted, the minutes, the village's signature (APP-01 … APP-08, APP-11; 001 第三条(一), 第十八条(二))."""

import datetime as dt
from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from cases.access import begin, cite
from cases.enums import AppraiserRole, Vote
from cases.errors import Incomplete
from cases.flow import Move
from cases.models import Appraisal, AppraisalPhoto, Appraiser, Case, Objection
from cases.services import engine
from common import clock, files
from common.actors import Actor
from common.acts import act
from common.errors import Invalid
from policies.queries import Rules, Value
from policies.services.flags import raise_flag

HELD = "rows of a case already held"
ONLY_ON_OBJECTION = "on_objection"


@dataclass(frozen=True)
class Seat:
    """One of the appraisal group."""

    name: str
    role: str
    attended: bool
    vote: str = ""


@dataclass(frozen=True)
class AppraisalData:
    """What is written down of the meeting. `signer_name` and `signer_post`: who signed for the village."""

    held_on: dt.date
    place: str
    chaired_by: str
    minutes: str
    seats: list[Seat] = field(default_factory=list)
    assisted_by: str = ""
    signer_name: str = ""
    signer_post: str = ""


@act("cases.open_optional")
def open_optional(actor: Actor, case_id: int, *, stage_key: str, reason: str, seen: int) -> Case:
    """Open a stage that the procedure does not demand of every case, with the reason. Where the document allows an appraisal only
    for an objection, one without any is flagged as widening (APP-03)."""
    case, move = begin(actor, case_id, "open_optional", seen)
    stage = next((one for one in engine.optional_stages(case) if one["key"] == stage_key), None)
    if stage is None:
        raise Invalid(_("这个环节现在不能加办：它已经办过，或者前面的环节还没有办完。请刷新页面。"))
    if not reason.strip():
        raise Invalid(_("请写明加办的原因。"), field="reason")
    mode = Rules(case.area_code, clock.today())["app.mode"]
    if isinstance(mode, Value) and mode.value == ONLY_ON_OBJECTION and not was_objected(case):
        raise_flag(
            actor, case, area_code=case.area_code, rule="APP-03", basis=cite(case, "APP-03"), parameter="app.mode",
            message=_("没有异议，也组织了民主评议，可能扩大评议范围。请写清有争议的地方。"),
        )  # fmt: skip
    return engine.send_back(actor, case, move, stage_key, reason=reason.strip())


def was_objected(case: Case) -> bool:
    """Whether anybody ever objected to a publicity of the case."""
    return Objection.objects.unscoped(reason=HELD).filter(case=case).exists()


@act("cases.record_appraisal")
def record_appraisal(actor: Actor, case_id: int, *, data: AppraisalData, seen: int) -> Case:
    """Write down or correct the meeting; the signed form of an earlier version falls away."""
    case, move = begin(actor, case_id, "record_appraisal", seen)
    _check(case, data)
    stage = engine.current(case, move)
    row = Appraisal.objects.unscoped(reason=HELD).filter(stage=stage).first() or Appraisal(stage=stage, case=case)
    for name in ("place", "chaired_by", "minutes", "assisted_by", "signer_name", "signer_post"):
        setattr(row, name, getattr(data, name).strip())
    row.area_code, row.held_on, row.scan, row.recorded_by_name = case.area_code, data.held_on, None, actor.name
    row.save()
    Appraiser.objects.unscoped(reason=HELD).filter(appraisal=row).delete()
    for seat in data.seats:
        vote = seat.vote if seat.attended else ""
        Appraiser.objects.create(
            appraisal=row, area_code=case.area_code, name=seat.name.strip(), role=seat.role, attended=seat.attended,
            vote=vote,
        )  # fmt: skip
    changes = {"held_on": [None, data.held_on.isoformat()], "votes": [None, counted_votes(row)]}
    return engine.trace(actor, case, move, changes=changes)


def counted_votes(row: Appraisal) -> dict[str, int]:
    """How many of those who came voted how."""
    votes = Appraiser.objects.unscoped(reason=HELD).filter(appraisal=row, attended=True).values_list("vote", flat=True)
    given = list(votes)
    return {vote: given.count(vote) for vote in Vote.values}


def _check(case: Case, data: AppraisalData) -> None:
    if not (case.accepted_on or case.applied_on) <= data.held_on <= clock.today():
        raise Invalid(_("评议日期应在受理之日到今天之间。请核对。"), field="held_on")
    wanted = {"place": _("评议地点"), "chaired_by": _("主持人"), "minutes": _("会议记录")}
    for name, label in wanted.items():
        if not getattr(data, name).strip():
            raise Incomplete(_("还没有填写%(what)s。") % {"what": label}, field=name, basis=cite(case, "APP-07"))
    names = [seat.name.strip() for seat in data.seats]
    if not any(seat.attended for seat in data.seats):
        raise Incomplete(_("请登记到会的评议人员。"), field="seats", basis=cite(case, "APP-07"))
    if "" in names or len(set(names)) < len(names):
        raise Invalid(_("评议人员要写姓名，同一人只登记一次。请核对。"), field="seats")
    for seat in data.seats:
        if seat.role not in AppraiserRole.values:
            raise Invalid(_("请选择%(name)s的身份。") % {"name": seat.name}, field="seats")
        if seat.attended and seat.vote not in Vote.values:
            raise Invalid(_("请登记%(name)s的表决意见。") % {"name": seat.name}, field="seats")


def _appraisal(case: Case, move: Move) -> Appraisal:
    row = Appraisal.objects.unscoped(reason=HELD).filter(stage=engine.current(case, move)).first()
    if row is None:
        raise Incomplete(_("还没有登记民主评议的内容。请先填写评议记录。"))
    return row


@act("cases.sign_appraisal")
def sign_appraisal(actor: Actor, case_id: int, *, scan: UploadedFile, seen: int) -> Case:
    """Keep the appraisal form as signed by those who came and by the village."""
    case, move = begin(actor, case_id, "record_appraisal", seen)
    row = _appraisal(case, move)
    row.scan = files.store(actor, scan, area_code=case.area_code, purpose="appraisal_form", field="scan")
    row.save(update_fields=["scan"])
    return engine.trace(actor, case, move, changes={"sha256": [None, row.scan.sha256]})


@act("cases.add_appraisal_photo")
def add_appraisal_photo(actor: Actor, case_id: int, *, upload: UploadedFile, caption: str = "", seen: int) -> Case:
    """Keep a photograph of the meeting (APP-08)."""
    case, move = begin(actor, case_id, "add_appraisal_photo", seen)
    row = _appraisal(case, move)
    stored = files.store(actor, upload, area_code=case.area_code, purpose="appraisal_photo")
    if not stored.is_image:
        raise Invalid(_("评议照片请上传图片，不要上传PDF。"), field="file")
    AppraisalPhoto.objects.create(appraisal=row, area_code=case.area_code, file=stored, caption=caption.strip())
    return engine.trace(actor, case, move, changes={"sha256": [None, stored.sha256]})


@act("cases.finish_appraisal")
def finish_appraisal(actor: Actor, case_id: int, *, seen: int) -> Case:
    """Close the appraisal: the signed form is there, and the person whose part the document demands has signed (APP-05)."""
    case, move = begin(actor, case_id, "finish_appraisal", seen)
    row = _appraisal(case, move)
    demanded = Rules(case.area_code, clock.today())["app.required_signer"]
    if isinstance(demanded, Value) and not demanded.open and not (row.signer_name and row.signer_post):
        raise Incomplete(
            _("还缺%(who)s的签字。请在评议记录里写明签字人和职务。") % {"who": demanded.value},
            field="signer_name",
            basis=demanded.cited,
        )
    if row.scan_id is None:
        raise Incomplete(_("还没有上传签过字的民主评议表。请上传后再完成。"), basis=cite(case, "APP-07"))
    row.finished_at = clock.now()
    row.save(update_fields=["finished_at"])
    return engine.close(actor, case, move, changes={"votes": [None, counted_votes(row)]})
