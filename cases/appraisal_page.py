"""Reads of the page of 民主评议, and of the page that opens a stage beside the usual way."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.documents import vote_words
from cases.enums import Step, Vote
from cases.models import Appraisal, AppraisalPhoto, Appraiser, Case
from cases.services import engine
from cases.services.appraisal import ONLY_ON_OBJECTION, was_objected
from cases.step_pages import StepPage, head, latest_stage
from common import clock
from common.actors import Actor
from policies.queries import Rules, Value


@dataclass(frozen=True)
class Meeting:
    """One appraisal with its group, how many came, and the votes in words."""

    row: Appraisal
    seats: list[Appraiser]

    @property
    def came(self) -> int:
        return sum(one.attended for one in self.seats)

    @property
    def result(self) -> str:
        given = [one.vote for one in self.seats if one.attended]
        return vote_words({vote: given.count(vote) for vote in Vote.values})


@dataclass(frozen=True)
class AppraisalPage(StepPage):
    """`meeting` is the one of the stage's latest opening; `signer_hint` says whom the area's document wants to sign."""

    office: str
    meeting: Meeting | None
    earlier: list[Meeting]
    photos: list[AppraisalPhoto]
    signer_hint: str


def appraisal(actor: Actor, case_id: int) -> AppraisalPage:
    """The page of the appraisal."""
    first = head(actor, case_id, "record_appraisal", "add_appraisal_photo", "finish_appraisal")
    case = first["case"]
    rows = list(Appraisal.objects.visible_to(actor).filter(case=case).order_by("pk"))
    seats = list(Appraiser.objects.visible_to(actor).filter(appraisal__case=case).order_by("pk"))
    meetings = [Meeting(row, [one for one in seats if one.appraisal_id == row.pk]) for row in rows]
    stage = latest_stage(actor, case, Step.APPRAISAL)
    now = next((one for one in meetings if stage and one.row.stage_id == stage.pk), None)
    photos = AppraisalPhoto.objects.visible_to(actor).filter(appraisal=now.row).order_by("pk") if now else []
    return AppraisalPage(
        **first,
        office=case.office.name,
        meeting=now,
        earlier=[one for one in meetings if one is not now],
        photos=list(photos),
        signer_hint=_signer_hint(case),
    )


def _signer_hint(case: Case) -> str:
    demanded = Rules(case.area_code, clock.today())["app.required_signer"]
    if not isinstance(demanded, Value) or demanded.open:
        return _("村（居）委会有人参加并签字的，写在这里。")
    return _("%(who)s要参加并签字（%(source)s）。") % {
        "who": demanded.value,
        "source": demanded.cited,
    }


@dataclass(frozen=True)
class OptionalPage(StepPage):
    """`stages`: key and title of what may be opened now; `says`: what the area's document says of it; `widening`: why opening it
    will be flagged, if so."""

    stages: list[tuple[str, str]]
    says: str
    widening: str


def optional(actor: Actor, case_id: int) -> OptionalPage:
    """The page that opens a stage which the procedure does not demand of every case."""
    first = head(actor, case_id, "open_optional")
    case = first["case"]
    mode = Rules(case.area_code, clock.today())["app.mode"]
    only = isinstance(mode, Value) and mode.value == ONLY_ON_OBJECTION
    return OptionalPage(
        **first,
        stages=[(str(stage["key"]), str(stage["title"])) for stage in engine.optional_stages(case)],
        says=_says(mode) if isinstance(mode, Value) else _("本区文件没有写明什么时候组织民主评议。"),
        widening=_("这一户没有人提出异议。现在加办会标记为可能扩大评议范围，请写清争议在哪里。")
        if only and not was_objected(case)
        else "",
    )


def _says(mode: Value) -> str:
    words = {
        "rule": mode.definition.options.get(str(mode.value), str(mode.value)),
        "source": mode.cited,
    }
    return _("本区文件对民主评议的规定：%(rule)s（%(source)s）。") % words
