"""The reads of the case page and of the pages around it: everything in a bounded number of queries, from an actor."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archives.models import IssuedPaper
from archives.queries import papers_of
from cases import access, filing_page
from cases.case_clock import CaseClock, clocks
from cases.case_facts import Facts, Row, facts, with_facts
from cases.case_missing import Missing, missing, open_stages
from cases.case_trail import Happening, Link, chain, timeline
from cases.enums import ItemCategory, ItemKind, MaterialState, Outcome, Step
from cases.flow import MOVES
from cases.models import Assessment, Case, CaseMember, EconomicItem, Material, MaterialFile
from cases.queries import HELD
from cases.services import engine
from common import clock
from common.actors import Actor
from common.errors import NotFound
from common.ids import age_on
from common.models import StoredFile
from journal.models import Entry
from journal.queries import trail
from organizations.enums import Permission
from policies.queries import Rules


@dataclass(frozen=True)
class NextStep:
    """The one thing to do next: the move, its word, the page or act (URL name) that does it, the stage it leads to, and whether
    its own stage has everything it needs."""

    move: str
    label: str
    name: str
    is_act: bool
    can: bool
    leads_to: str = ""
    ready: bool = True


@dataclass(frozen=True)
class StepMark:
    """One stage in the step bar."""

    state: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class MemberView:
    """A member as the page shows one; the number stays masked until it is revealed."""

    row: CaseMember
    age: int
    authorized: bool
    adult: bool


@dataclass(frozen=True)
class CasePage:
    """Everything the case page shows."""

    facts: Facts
    steps: list[StepMark]
    missing: list[Missing]
    next: NextStep | None
    clocks: list[CaseClock]
    members: list[MemberView]
    assessment: Assessment | None
    happenings: list[Happening]
    chain: list[Link]
    decision: Any = None
    delivery: Any = None
    benefit: Any = None
    filings: list[filing_page.Sent] = field(default_factory=list)
    other_moves: list[tuple[str, str]] = field(default_factory=list)
    ending: str = ""
    may_reveal: bool = False
    held_up: str = ""
    """The title of the stage that cannot follow yet, because of the first thing that is missing."""

    @property
    def case(self) -> Case:
        return self.facts.case


def read(actor: Actor, case_id: int) -> CasePage:
    """The case page. Raises `NotFound`."""
    today = clock.today()
    held = case_facts(actor, case_id)
    case = held.case
    rules = Rules(case.area_code, today)
    lines = entries(actor, case)
    lacking = missing(held, today, rules)
    decision = case.decision
    return CasePage(
        facts=held,
        steps=step_marks(held, lacking),
        missing=lacking,
        next=next_step(actor, held, lacking),
        clocks=clocks(held, rules, today),
        members=members(held, today),
        assessment=Assessment.objects.unscoped(reason=HELD).filter(case=case).order_by("-pk").first(),
        happenings=timeline(lines, held),
        chain=chain(lines, held),
        decision=decision,
        delivery=getattr(decision, "delivery", None),
        benefit=getattr(case, "benefit", None),
        filings=filing_page.of_case(actor, held),
        other_moves=[(str(label), name) for move, label, name in SIDE_MOVES if _offered(actor, case, move)],
        ending=next((line.reason for line in reversed(lines) if case.outcome and line.to_status == case.outcome), ""),
        may_reveal=actor.can(Permission.REVEAL_PERSONAL, case.area_code),
        held_up=_held_up(held, lacking),
    )


SIDE_MOVES = [
    ("amend", gettext_lazy("修改申报"), "cases:amend"),
    ("open_optional", gettext_lazy("组织民主评议"), "cases:optional"),
    ("send_back", gettext_lazy("退回前一环节"), "cases:send-back"),
    ("refuse_acceptance", gettext_lazy("不予受理"), "cases:refuse-acceptance"),
    ("terminate", gettext_lazy("终止办理"), "cases:terminate"),
    ("withdraw", gettext_lazy("登记撤回"), "cases:withdraw"),
]
"""Moves beside the way forward: move, word, page."""


def _offered(actor: Actor, case: Case, move: str) -> bool:
    """Whether the move is possible now; a stage beside the usual way also has to be there to be opened."""
    return access.allowed(actor, case, move) and (move != "open_optional" or bool(engine.optional_stages(case)))


def case_facts(actor: Actor, case_id: int) -> Facts:
    """The facts of one case that the actor may see. Raises `NotFound`."""
    rows = Case.objects.visible_to(actor).filter(pk=case_id)
    found = with_facts(rows).select_related("office", "decision__delivery", "benefit").first()
    if found is None:
        raise NotFound()
    return facts(found)


def case_for(actor: Actor, case_id: int, move: str) -> Case:
    """The case, if the actor's post may do the move on it now. Raises `NotFound`, `Forbidden`, `WrongStage`."""
    case = access.fetch(actor, case_id)
    access.require(actor, case, MOVES[move])
    return case


def entries(actor: Actor, case: Case) -> "list[Entry]":
    """The trail of a case, oldest first, without the encrypted columns."""
    return list(trail(actor, ("case", case.pk)).defer("personal", "mac"))


def happenings(actor: Actor, held: Facts) -> list[Happening]:
    """The whole trail as sentences, the latest first."""
    return timeline(entries(actor, held.case), held)


def links(actor: Actor, held: Facts) -> list[Link]:
    """The chain of responsibility."""
    return chain(entries(actor, held.case), held)


@dataclass(frozen=True)
class ItemLine:
    """A line of income, property or expense with its figures from each source."""

    kind: str
    title: str
    member: str
    row: Row


def items(held: Facts) -> list[ItemLine]:
    """What was declared, surveyed, checked and counted, line by line."""
    names = {row["pk"]: row["name"] for row in held.members}
    return [
        ItemLine(
            kind=str(ItemKind(row["kind"]).label),
            title=str(ItemCategory(row["category"]).label),
            member=names.get(row["member"], _("全家")),
            row=row,
        )
        for row in sorted(held.items, key=lambda row: (KIND_ORDER.index(row["kind"]), row["pk"]))
    ]


KIND_ORDER = [str(kind) for kind in ItemKind.values]


def members(held: Facts, today: dt.date) -> list[MemberView]:
    """The members with age and authorization."""
    signed = {row["member"] for row in held.authorizations}
    rows = CaseMember.objects.unscoped(reason=HELD).filter(case=held.case).order_by("pk")
    found = [(row, age_on(row.birth, today)) for row in rows]
    return [MemberView(row, age, row.pk in signed, age >= ADULT) for row, age in found]


ADULT = 18


# --- The step bar and the next step -----------------------------------------------------------------------------------


def step_marks(held: Facts, lacking: list[Missing]) -> list[StepMark]:
    """All stages of the case's procedure with their dates: done, now, skipped with the reason, blocked, still to come."""
    case = held.case
    latest = {row["key"]: row for row in held.stages}
    needs = Counter(one.stage for one in lacking)
    marks = [_mark(case, stage, latest.get(stage["key"]), needs[stage["key"]]) for stage in case.procedure]
    places = [number for number, mark in enumerate(marks) if mark.state == "now"]
    after = places[-1] + 1 if places else len(marks)
    if lacking and after < len(marks) and marks[after].state == "todo":
        marks[after] = StepMark("blocked", marks[after].label, _("下一步，受阻"))
    return marks


def _mark(case: Case, stage: dict[str, Any], row: Row | None, lacking: int) -> StepMark:
    title = str(stage["title"])
    if row is None:
        if case.outcome or stage["when"] != "always":
            return StepMark("skip", title, "" if case.outcome else _("需要时才办"))
        return StepMark("todo", title)
    if row["closed_at"] is None:
        note = _("现在，缺 %(n)d 项") % {"n": lacking} if lacking else _("现在")
        return StepMark("now", title, _("退回重办，%(note)s") % {"note": note} if row["round"] > 1 else note)
    if row["result"] == "sent_back" and stage["when"] != "always":
        return StepMark("skip", title, _("退回前办过，需要时再办"))
    if row["result"] == "sent_back":
        return StepMark("todo", title, _("退回，待重办"))
    if row["result"] == "done" and not row["closed_by_name"]:
        return StepMark("skip", title, _("拟不予确认，不公示"))
    if row["result"] in ENDED:
        return StepMark("blocked", title, str(Outcome(case.outcome).label) if case.outcome else "")
    return StepMark("done", title, f"{row['closed_at']:%m-%d}")


ENDED = {Outcome.WITHDRAWN.lower(), Outcome.TERMINATED.lower(), Outcome.NOT_ACCEPTED.lower()}

NEXT: dict[str, tuple[str, Any, str, bool]] = {
    Step.INTAKE: ("submit", gettext_lazy("提交申请"), "cases:submit", True),
    Step.ACCEPTANCE: ("accept", gettext_lazy("受理"), "cases:accept", True),
    Step.SURVEY: ("finish_survey", gettext_lazy("完成调查"), "cases:survey-finish", True),
    Step.ECONOMIC_CHECK: ("finish_check", gettext_lazy("办结核对"), "cases:check", False),
    Step.APPRAISAL: ("finish_appraisal", gettext_lazy("完成评议"), "cases:appraisal-finish", True),
    Step.INITIAL_REVIEW: ("give_opinion", gettext_lazy("提出初审意见"), "cases:review", False),
    Step.PUBLICITY: ("finish_publicity", gettext_lazy("公示结束，进入下一步"), "cases:publicity-finish", True),
    Step.SIGN_OFF: ("sign", gettext_lazy("去签批"), "cases:sign-desk", False),
    Step.DECISION: ("decide", gettext_lazy("作出决定"), "cases:decide", False),
    Step.FILING: ("file_result", gettext_lazy("去上报备案"), "cases:filing", False),
    Step.DELIVERY: ("serve", gettext_lazy("登记送达"), "cases:serve", False),
    Step.PAYMENT_START: ("start_benefit", gettext_lazy("起发"), "cases:start-benefit", True),
}
"""What closes each step: move, word, URL name, and whether that is an act without a form of its own."""


def next_step(actor: Actor, held: Facts, lacking: list[Missing]) -> NextStep | None:
    """What closes an open stage, and whether the actor's post may do it. Of several open stages the first that the actor may
    close and that has all it needs, else the first."""
    needy = {one.stage for one in lacking}
    steps = [
        NextStep(
            move, str(label), name, is_act, access.allowed(actor, held.case, move), _title_after(held, stage),
            stage["key"] not in needy,
        )
        for stage in open_stages(held)
        if stage["step"] in NEXT
        for move, label, name, is_act in [NEXT[str(stage["step"])]]
    ]  # fmt: skip
    return min(steps, key=lambda one: (not one.can, not one.ready), default=None)


def _held_up(held: Facts, lacking: list[Missing]) -> str:
    waiting = {one.stage for one in lacking[:1]}
    return next((_title_after(held, stage) for stage in open_stages(held) if stage["key"] in waiting), "")


def _title_after(held: Facts, stage: dict[str, Any]) -> str:
    """The title of the stage that follows, one that every case goes through; the end of the case where none does."""
    after = [other for other in held.case.procedure if stage["key"] in other["after"]]
    usual = [other for other in after if other["when"] == "always"] or after
    return str(usual[0]["title"]) if usual else _("办结")


# --- Pages around it --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MaterialView:
    """An item of the checklist with its files, the latest version first."""

    row: Material
    files: list[MaterialFile]


def materials(case: Case) -> list[MaterialView]:
    """The checklist of a case already held, with all versions of its files."""
    files: dict[int, list[MaterialFile]] = {}
    rows = MaterialFile.objects.unscoped(reason=HELD).filter(material__case=case).select_related("file")
    for one in rows.order_by("-version"):
        files.setdefault(one.material_id, []).append(one)
    items = Material.objects.unscoped(reason=HELD).filter(case=case).order_by("-required", "pk")
    return [MaterialView(row, files.get(row.pk, [])) for row in items]


def wanted(items: list[MaterialView]) -> list[Material]:
    """The required items that are not there yet."""
    asked = [one.row for one in items if one.row.required and not one.row.obtainable]
    return [row for row in asked if row.state == MaterialState.WANTED]


def declared(case: Case) -> "tuple[list[CaseMember], dict[str, list[EconomicItem]]]":
    """What the household declared, for the form that changes it: members, and items by kind."""
    people = list(CaseMember.objects.unscoped(reason=HELD).filter(case=case).order_by("pk"))
    rows: QuerySet[EconomicItem] = EconomicItem.objects.unscoped(reason=HELD).filter(case=case).order_by("pk")
    items: dict[str, list[EconomicItem]] = {kind: [] for kind in ItemKind.values}
    for row in rows.exclude(declared=None):
        items[row.kind].append(row)
    return people, items


def paper(actor: Actor, case_id: int, paper_id: int) -> IssuedPaper:
    """A paper of a case that the actor may see. Raises `NotFound`."""
    case = access.fetch(actor, case_id)
    found = papers_of(actor, ("case", case.pk)).filter(pk=paper_id).first()
    if found is None:
        raise NotFound()
    return found


def stored_file(actor: Actor, case_id: int, file_id: int) -> StoredFile:
    """A file that lies in a case that the actor may see: a material, a photograph, a scan. Raises `NotFound`."""
    held = case_facts(actor, case_id)
    rows = MaterialFile.objects.unscoped(reason=HELD).filter(material__case=held.case)
    if file_id not in files_in(held) and not rows.filter(file_id=file_id).exists():
        raise NotFound()
    found: StoredFile = StoredFile.objects.unscoped(reason="a file of a case already held").get(pk=file_id)
    return found


def files_in(held: Facts) -> set[int]:
    """The photographs and scans of a case."""
    photos = [row["file"] for row in (*held.survey_photos, *held.appraisal_photos, *held.publicity_photos)]
    scans = [row["scan"] for row in (*held.authorizations, *held.checks, *held.appraisals)]
    delivery = getattr(held.case.decision, "delivery", None)
    signed = [row["signed_scan"] for row in held.surveys]
    return {number for number in (*photos, *scans, *signed, delivery and delivery.scan_id) if number}
