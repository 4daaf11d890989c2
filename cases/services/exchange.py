"""Applications by other government systems: handed in, completed, taken back (INT-01, INT-09, INT-11, INT-15)."""

import dataclasses

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cases.access import begin
from cases.enums import Channel
from cases.errors import ReferenceUsed
from cases.flow import MOVES
from cases.models import Case, Material, Submission
from cases.services import engine, intake, materials
from common import clock
from common.actors import Actor
from common.acts import act
from common.errors import Forbidden, Invalid
from journal.services import record
from organizations.enums import Permission

HELD = "rows of a case already held"


@act("cases.hand_in")
def hand_in_application(actor: Actor, *, application: intake.Application, reference: str) -> Case:
    """Register the application and hand it in, in one act: the receipt is issued and the street's acceptance begins. `reference` is
    the system's own number of it.

    Refuses: a village outside the system's areas, a reference used before (with the number of its case), and whatever the window
    refuses too.
    """
    if not actor.can(Permission.EXCHANGE_APPLICATION, application.village_code):
        raise Forbidden(_("这个村（社区）不在本系统的对接范围内，没有提交。请核对 village_code，或联系管理单位。"))
    if not reference.strip():
        raise Invalid(_("请写明贵方系统的业务编号，以便双方核对。"), field="reference")
    application = dataclasses.replace(application, channel=Channel.SYSTEM)
    case = intake.enter(actor, application)
    submission = Submission(
        case=case, area_code=case.area_code, client_id=actor.person_id, client_name=actor.name[:60],
        reference=reference.strip(), submitted_at=clock.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            submission.save(force_insert=True)
    except IntegrityError as error:
        raise ReferenceUsed(_earlier(actor, reference)) from error
    record(
        actor, "cases.submission", submission, subject=engine.subject(case),
        changes={"reference": [None, submission.reference]},
    )  # fmt: skip
    return intake.hand_in(actor, case, MOVES["submit"])


def _earlier(actor: Actor, reference: str) -> str:
    rows = Submission.objects.unscoped(reason="the system's own earlier submission").select_related("case")
    earlier = rows.get(client_id=actor.person_id, reference=reference.strip())
    return _("业务编号 %(reference)s 已提交过，案号 %(number)s，没有重复登记。请查询原来的申请。") % {
        "reference": earlier.reference,
        "number": earlier.case.number,
    }


@act("cases.send_material")
def send_material(actor: Actor, case_id: int, *, code: str, upload: UploadedFile, reason: str = "", seen: int) -> Case:
    """Put a file to an item of the checklist, by its code (MAT-21)."""
    case, move = begin(actor, case_id, "send_material", seen)
    material = Material.objects.unscoped(reason=HELD).filter(case=case, code=code).first()
    if material is None:
        raise Invalid(_("这件申请的材料清单里没有“%s”。请按查询返回的 materials 选择。") % code, field="code")
    return materials.keep(actor, case, move, material, upload, reason)


@act("cases.recall")
def recall(actor: Actor, case_id: int, *, reason: str, seen: int) -> Case:
    """The applicant takes the application back through the system that handed it in (INT-15)."""
    case, move = begin(actor, case_id, "recall", seen)
    if not reason.strip():
        raise Invalid(_("请写明申请人撤回的原因。"), field="reason")
    return engine.end(actor, case, move, move.ends, reason=reason)
