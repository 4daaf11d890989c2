"""The stage engine: closing, opening, sending back, ending; every change of status with its trace and its clock.

A case's status is the set of its open stages, or its outcome. The order is the case's own `procedure`, taken from the pack.
"""

import datetime as dt
from typing import Any

from cases import rules
from cases.access import cite, open_stage
from cases.enums import Opinion, Outcome, Step
from cases.errors import NoProcedure
from cases.flow import Move
from cases.models import Assessment, Case, CaseMember, CaseStage, Objection, Revocation
from cases.services import limits
from common import clock
from common.actors import Actor
from journal.services import record
from policies.queries import Rules

HELD = "rows of a case already held"
DONE, SENT_BACK = "done", "sent_back"
ALWAYS, ON_OBJECTION = "always", "on_objection"


def procedure_of(area_code: str, programme: str, on: dt.date) -> list[dict[str, Any]]:
    """The pack's order of stages as the case keeps it. Raises `NoProcedure`."""
    stages = Rules(area_code, on).stages(programme)
    if not isinstance(stages, list):
        raise NoProcedure()
    return [
        {
            "key": s.key,
            "step": s.step,
            "title": s.title,
            "after": list(s.after),
            "when": s.when,
            "parameters": list(s.parameters),
        }
        for s in stages
    ]


def subject(case: Case) -> tuple[str, int]:
    """What a line of the trail belongs to."""
    return ("case", case.pk)


def closed_keys(case: Case) -> set[str]:
    """The stages whose latest opening was done and not sent back."""
    latest: dict[str, str] = {}
    for key, result, closed_at in stage_rows(case).values_list("key", "result", "closed_at"):
        latest[key] = result if closed_at else ""
    return {key for key, result in latest.items() if result == DONE}


def stage_rows(case: Case) -> Any:
    """All openings of the case's stages, oldest first."""
    return CaseStage.objects.unscoped(reason=HELD).filter(case=case).order_by("pk")


def current(case: Case, move: Move) -> CaseStage:
    """The open row of the stage in which the move happens."""
    stage = open_stage(case, move)
    row: CaseStage = stage_rows(case).get(key=stage["key"], closed_at=None)  # type: ignore[index]
    return row


def trace(
    actor: Actor,
    case: Case,
    move: Move,
    *,
    changes: dict[str, Any] | None = None,
    clock_moved: bool = False,
    **more: Any,
) -> Case:
    """A move that leaves the stages as they are: version, moment, trail. `clock_moved`: something has happened from which a limit
    counts, which it leaves out or which ends it."""
    if clock_moved:
        limits.settle(case)
    return commit(actor, case, move, case.status, changes=changes, **more)


def commit(
    actor: Actor, case: Case, move: Move, status: str, *, changes: dict[str, Any] | None = None, reason: str = "",
    personal: dict[str, Any] | None = None,
) -> Case:  # fmt: skip
    """Write the case with its new status and the line of the trail that the database demands."""
    before = case.status
    case.status = status
    case.version += 1
    case.moved_at = clock.now()
    moved = before != status
    if moved:
        limits.settle(case)
    case.save()
    record(
        actor, f"cases.{move.name}", case, from_status=before if moved else None, to_status=status if moved else None,
        changes=changes, personal=personal, reason=reason, basis=cite(case, *move.basis), subject=subject(case),
    )  # fmt: skip
    return case


def close(actor: Actor, case: Case, move: Move, **more: Any) -> Case:
    """Close the move's stage and open what follows; where nothing follows and nothing else is open, the case has its outcome."""
    row = current(case, move)
    row.closed_at, row.closed_by_name, row.result = clock.now(), actor.name, DONE
    row.save(update_fields=["closed_at", "closed_by_name", "result"])
    opened = open_next(case)
    if opened:
        return commit(actor, case, move, "+".join(opened), **more)
    return end(actor, case, move, Outcome.DENIED if is_refused(case) else Outcome.CONFIRMED, **more)


def is_refused(case: Case) -> bool:
    """Whether the opinion in force is to refuse."""
    latest = Assessment.objects.unscoped(reason=HELD).filter(case=case).order_by("-pk").only("opinion").first()
    return latest is not None and latest.opinion == Opinion.REFUSE


NOT_FOR_A_REFUSAL = {Step.PUBLICITY, Step.PAYMENT_START}
"""A refusal is never posted, whatever the pack says (A-76), and begins no benefit."""


def open_next(case: Case) -> list[str]:
    """Open every stage whose turn it is; returns the sorted keys of all open stages."""
    opened = set(stage_rows(case).filter(closed_at=None).values_list("key", flat=True))
    passed_over = NOT_FOR_A_REFUSAL if is_refused(case) else set()
    due = rules.open_after(case.procedure, closed_keys(case), opened, _whens(case))
    for stage in due:
        _open_row(case, stage, skipped=stage["step"] in passed_over)
    return open_next(case) if due else sorted(opened)


def _whens(case: Case) -> set[str]:
    """The kinds of stages that open by themselves now: those for an objection only while one waits for its answer."""
    objections = Objection.objects.unscoped(reason=HELD).filter(case=case, answered_at=None)
    return {ALWAYS, ON_OBJECTION} if objections.exists() else {ALWAYS}


def optional_stages(case: Case) -> list[dict[str, Any]]:
    """The stages that somebody may choose to open now: not for every case, not open, not done, what they wait for done, and
    nothing after them done yet."""
    closed = closed_keys(case)
    opened = set(stage_rows(case).filter(closed_at=None).values_list("key", flat=True))
    kinds = {str(stage["when"]) for stage in case.procedure}
    return [
        stage
        for stage in rules.open_after(case.procedure, closed, opened, kinds)
        if stage["when"] != ALWAYS and not (rules.behind(case.procedure, stage["key"]) & closed)
    ]


def _open_row(case: Case, stage: dict[str, Any], *, skipped: bool = False) -> CaseStage:
    now = clock.now()
    return CaseStage.objects.create(
        case=case,
        area_code=case.area_code,
        key=stage["key"],
        step=stage["step"],
        round=stage_rows(case).filter(key=stage["key"]).count() + 1,
        opened_at=now,
        closed_at=now if skipped else None,
        result=DONE if skipped else "",
    )


def revoke(actor: Actor, case: Case, reason: str) -> None:
    """Take back the decision in force; the case is decided anew, and filed again where filing is due (A-32, A-77)."""
    revocation = Revocation.objects.create(
        decision_id=case.decision_id or 0, area_code=case.area_code, reason=reason, revoked_at=clock.now(),
        revoked_by_name=actor.name,
    )  # fmt: skip
    case.decision = None
    record(
        actor, "cases.revoke_decision", revocation, subject=subject(case), reason=reason, basis=cite(case, "PUB-16", "DEC-28"),
        changes={"decision": [revocation.decision_id, None]},
    )  # fmt: skip


def send_back(actor: Actor, case: Case, move: Move, to_key: str, *, reason: str, **more: Any) -> Case:
    """Open an earlier stage again; it and everything after it is done anew, in order (DEC-28). A decision among it falls."""
    undone = rules.behind(case.procedure, to_key)
    steps = {stage["step"] for stage in case.procedure if stage["key"] in undone}
    if case.decision_id and Step.DECISION in steps:
        revoke(actor, case, reason)
    now = clock.now()
    rows = stage_rows(case).filter(key__in=undone)
    rows.filter(closed_at=None).update(closed_at=now, closed_by_name=actor.name, result=SENT_BACK)
    rows.filter(result=DONE).update(result=SENT_BACK)
    _open_row(case, next(stage for stage in case.procedure if stage["key"] == to_key))
    return commit(actor, case, move, "+".join(open_next(case)), reason=reason, **more)


def end(actor: Actor, case: Case, move: Move, outcome: str, *, reason: str = "", **more: Any) -> Case:
    """End the case: its open stages close, its status is the outcome, its members are free for another application."""
    now = clock.now()
    stage_rows(case).filter(closed_at=None).update(
        closed_at=now, closed_by_name=actor.name, result=outcome.lower()[:20]
    )
    members = CaseMember.objects.unscoped(reason="members of a case already held")
    members.filter(case=case).update(is_open=False)
    case.outcome = outcome
    case.closed_on = clock.today()
    return commit(actor, case, move, outcome, reason=reason, **more)
