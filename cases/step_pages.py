"""Reads of the pages of the steps from the survey to the start of the benefit: each page gets one dataclass."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from cases.access import allowed, open_stage, status_label
from cases.case_missing import Missing, missing
from cases.case_page import StepMark, case_facts, step_marks
from cases.documents import member_row
from cases.enums import Distance, Step
from cases.flow import MOVES
from cases.models import (
    Assessment,
    Authorization,
    Case,
    CaseMember,
    CaseStage,
    Decision,
    Delivery,
    EconomicCheck,
    EconomicItem,
    Frozen,
    Objection,
    Publicity,
    PublicityInterruption,
    PublicityPhoto,
    Signature,
    Survey,
    SurveyInvestigator,
    SurveyPhoto,
)
from cases.queries import HELD, adults
from common import clock
from common.actors import Actor
from common.errors import NotFound
from organizations.enums import Permission
from organizations.queries import holders
from policies.queries import Rules, Value

SEEN_WITH_REQUEST = "the check centre sees the household of a request it may see"


@dataclass(frozen=True)
class StepPage:
    """What every page of a step begins with: the case, its village and status in words, its step bar, what the step that the page
    can close still needs, and which moves the person may make."""

    case: Case
    village: str
    status: str
    steps: list[StepMark]
    missing: list[Missing]
    may: dict[str, bool]


def head(actor: Actor, case_id: int, *moves: str) -> dict[str, Any]:
    """The values of `StepPage`. Raises `NotFound` for a case the actor's post may not see."""
    facts = case_facts(actor, case_id)
    case, today = facts.case, clock.today()
    lacking = missing(facts, today, Rules(case.area_code, today))
    closing = [open_stage(case, MOVES[move]) for move in moves if MOVES[move].closes]
    own = {stage["key"] for stage in closing if stage}
    return {
        "case": case,
        "village": facts.village,
        "status": status_label(case),
        "steps": step_marks(facts, lacking),
        "missing": [one for one in lacking if one.stage in own],
        "may": {move: allowed(actor, case, move) for move in moves},
    }


def what_next(case: Case) -> str:
    """One sentence that says where the case stands now."""
    if case.outcome:
        return _("这一户的结果：%(now)s。") % {"now": status_label(case)}
    return _("现在的环节：%(now)s。") % {"now": status_label(case)}


def latest_stage(actor: Actor, case: Case, step: str) -> CaseStage | None:
    """The latest opening of the step."""
    return CaseStage.objects.visible_to(actor).filter(case=case, step=step).order_by("-pk").first()


def _items(actor: Actor, case: Case) -> list[EconomicItem]:
    rows = EconomicItem.objects.visible_to(actor).filter(case=case).select_related("member")
    return list(rows.order_by("kind", "pk"))


def _members(actor: Actor, case: Case) -> list[dict[str, Any]]:
    today = clock.today()
    return [member_row(one, today) for one in CaseMember.objects.visible_to(actor).filter(case=case).order_by("pk")]


# --- 入户调查 ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SurveyPage(StepPage):
    """`survey` is the one of the stage's latest opening; `mine` the person's own signature still to give."""

    survey: Survey | None
    earlier: list[Survey]
    people: list[SurveyInvestigator]
    mine: SurveyInvestigator | None
    photos: list[SurveyPhoto]
    items: list[EconomicItem]
    members: list[dict[str, Any]]
    candidates: list[tuple[int, str]]
    people_hint: str


def survey(actor: Actor, case_id: int) -> SurveyPage:
    """The page of the home visit."""
    first = head(actor, case_id, "record_survey", "sign_survey", "add_survey_photo", "finish_survey")
    case = first["case"]
    surveys = list(Survey.objects.visible_to(actor).filter(case=case).select_related("paper").order_by("pk"))
    stage = latest_stage(actor, case, Step.SURVEY)
    now = next((one for one in surveys if stage and one.stage_id == stage.pk), None)
    people = list(SurveyInvestigator.objects.visible_to(actor).filter(survey=now).order_by("pk")) if now else []
    mine = next((one for one in people if one.user_id == actor.user_id and one.signed_at is None), None)
    photos = (
        SurveyPhoto.objects.visible_to(actor).filter(survey=now).select_related("file").order_by("pk") if now else []
    )
    candidates = {one.user_id: f"{one.user.name}　{one.post_title}" for one in holders("handler", case.area_code)}
    return SurveyPage(
        **first,
        survey=now,
        earlier=[one for one in surveys if one is not now],
        people=people,
        mine=mine,
        photos=list(photos),
        items=_items(actor, case),
        members=_members(actor, case),
        candidates=list(candidates.items()),
        people_hint=_people_hint(case),
    )


def _people_hint(case: Case) -> str:
    minimum = Rules(case.area_code, clock.today())["sur.investigators_min"]
    if isinstance(minimum, Value) and not minimum.open:
        return _("每组不得少于%(n)d人（%(source)s）。") % {
            "n": minimum.value,
            "source": minimum.cited,
        }
    return _("本区文件没有写明人数。")


# --- 经济核对 ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CheckPage(StepPage):
    """`adults`: each adult member with the authorization, if it is there; `waiting`: the request without an answer."""

    adults: list[tuple[CaseMember, Authorization | None]]
    waiting: EconomicCheck | None
    answered: list[EconomicCheck]
    items: list[EconomicItem]
    open_items: int


def check(actor: Actor, case_id: int) -> CheckPage:
    """The street's page of the economic check."""
    first = head(actor, case_id, "request_check", "settle_items", "finish_check", "authorize")
    case = first["case"]
    signed = {one.member_id: one for one in Authorization.objects.unscoped(reason=HELD).filter(case=case)}
    checks = list(EconomicCheck.objects.visible_to(actor).filter(case=case).order_by("-pk"))
    items = _items(actor, case)
    return CheckPage(
        **first,
        adults=[(member, signed.get(member.pk)) for member in adults(case)],
        waiting=next((one for one in checks if one.answered_at is None), None),
        answered=[one for one in checks if one.answered_at is not None],
        items=items,
        open_items=sum(item.unsettled for item in items),
    )


@dataclass(frozen=True)
class CheckRequest:
    """What the check centre sees of a household: whom to check and where; identity numbers masked until they are opened."""

    check: EconomicCheck
    programme: str
    office: str
    members: list[dict[str, Any]]
    opened: bool = False

    @property
    def people(self) -> list[tuple[int, str]]:
        return [(one["pk"], one["name"]) for one in self.members]


def check_request(actor: Actor, check_id: int, numbers: dict[int, str] | None = None) -> CheckRequest:
    """A request of the check centre's list; `numbers` are the full identity numbers, where `open_request` gave them. Raises
    `NotFound` outside the centre's areas."""
    found = EconomicCheck.objects.visible_to(actor).filter(pk=check_id).select_related("case").first()
    if found is None or not actor.can(Permission.ANSWER_CHECK, found.area_code):
        raise NotFound()
    case = Case.objects.unscoped(reason=SEEN_WITH_REQUEST).select_related("office").get(pk=found.case_id)
    members = CaseMember.objects.unscoped(reason=SEEN_WITH_REQUEST).filter(case_id=case.pk).order_by("pk")
    today = clock.today()
    rows = [{**member_row(one, today), "pk": one.pk} for one in members]
    for row in rows:
        row["shown"] = numbers[row["pk"]] if numbers else row["id_number"]
    return CheckRequest(found, str(case.get_programme_display()), case.office.name, rows, opened=bool(numbers))


# --- 初审、退回 -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReviewPage(StepPage):
    """`earlier`: the opinions given so far; `objections`: those without an answer; `stages`: where a case may be sent back to."""

    earlier: list[Assessment]
    objections: list[Objection]
    members: list[dict[str, Any]]
    stages: list[tuple[str, str]]
    returned: str = ""


RETURNABLE = (Step.SURVEY, Step.ECONOMIC_CHECK, Step.INITIAL_REVIEW)


def review(actor: Actor, case_id: int) -> ReviewPage:
    """The page of the initial review."""
    first = head(actor, case_id, "give_opinion", "send_back", "answer_objection")
    case = first["case"]
    return ReviewPage(
        **first,
        earlier=list(Assessment.objects.visible_to(actor).filter(case=case).order_by("-pk")),
        objections=list(Objection.objects.visible_to(actor).filter(case=case, answered_at=None).order_by("pk")),
        members=_members(actor, case),
        stages=_stages_behind(actor, case),
    )


def _stages_behind(actor: Actor, case: Case) -> list[tuple[str, str]]:
    """Stages that are done and may be opened again."""
    rows = CaseStage.objects.visible_to(actor).filter(case=case).order_by("pk")
    latest = {row.key: row for row in rows}
    done = {key for key, row in latest.items() if row.closed_at and row.result == "done" and row.step in RETURNABLE}
    return [(str(stage["key"]), str(stage["title"])) for stage in case.procedure if stage["key"] in done]


# --- 公示 -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublicityPage(StepPage):
    """`round` is the one of the stage's latest opening; `gap` a loss not yet restored; `lacking` the photographs not yet there."""

    round: Publicity | None
    earlier: list[Publicity]
    photos: list[PublicityPhoto]
    gaps: list[PublicityInterruption]
    gap: PublicityInterruption | None
    objections: list[Objection]
    lacking: list[tuple[str, str]] = field(default_factory=list)

    @property
    def open_objections(self) -> list[Objection]:
        return [one for one in self.objections if one.answered_at is None]


def publicity(actor: Actor, case_id: int) -> PublicityPage:
    """The page of the publicity."""
    moves = (
        "issue_poster",
        "record_posting",
        "add_publicity_photo",
        "record_loss",
        "record_restoring",
        "finish_publicity",
    )
    first = head(actor, case_id, *moves, "raise_objection", "answer_objection", "send_back")
    case = first["case"]
    rounds = list(Publicity.objects.visible_to(actor).filter(case=case).select_related("paper").order_by("pk"))
    stage = latest_stage(actor, case, Step.PUBLICITY)
    now = next((one for one in rounds if stage and one.stage_id == stage.pk), None)
    photos = list(PublicityPhoto.objects.visible_to(actor).filter(publicity=now).order_by("pk")) if now else []
    gaps = list(PublicityInterruption.objects.visible_to(actor).filter(publicity=now).order_by("pk")) if now else []
    present = {one.distance for one in photos}
    return PublicityPage(
        **first,
        round=now,
        earlier=[one for one in rounds if one is not now],
        photos=photos,
        gaps=gaps,
        gap=next((one for one in gaps if one.restored_on is None), None),
        objections=list(Objection.objects.visible_to(actor).filter(case=case).order_by("pk")),
        lacking=[(value, str(label)) for value, label in Distance.choices if value not in present],
    )


# --- 决定、送达、起发 -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DecisionPage(StepPage):
    """`frozen` with `signatures` is what the leaders signed; `decision` and `delivery` are what came of it."""

    assessment: Assessment | None
    frozen: Frozen | None
    signatures: list[Signature]
    decision: Decision | None
    delivery: Delivery | None


def decision(actor: Actor, case_id: int) -> DecisionPage:
    """The pages of decision, service and start of the benefit."""
    first = head(actor, case_id, "decide", "send_back", "serve", "start_benefit")
    case = first["case"]
    frozen = Frozen.objects.visible_to(actor).filter(case=case, void_at=None).first()
    signatures = (
        Signature.objects.visible_to(actor).filter(frozen=frozen, void_at=None).order_by("place") if frozen else []
    )
    made = Decision.objects.visible_to(actor).filter(case=case).select_related("notice", "approval_form").first()
    return DecisionPage(
        **first,
        assessment=Assessment.objects.visible_to(actor).filter(case=case).order_by("-pk").first(),
        frozen=frozen,
        signatures=list(signatures),
        decision=made,
        delivery=Delivery.objects.visible_to(actor).filter(decision=made).first() if made else None,
    )
