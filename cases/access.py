"""Who may do which move on which case, and how a case is taken hold of."""

from django.utils.translation import gettext as _

from cases.errors import ObjectionOpen, SamePerson, WrongStage
from cases.flow import MOVES, Move
from cases.models import Case, EconomicCheck, Objection
from common import clock
from common.actors import Actor
from common.errors import Forbidden, NotFound, Stale
from policies.queries import citation


def fetch(actor: Actor, case_id: int) -> Case:
    """The case, if the actor's post may see it; absent and invisible give the same not-found."""
    case = Case.objects.visible_to(actor).filter(pk=case_id).select_related("office").first()
    if case is None:
        raise NotFound()
    return case


def begin(actor: Actor, case_id: int, move_name: str, seen: int) -> tuple[Case, Move]:
    """Take hold of a case for a move: scoped and locked, post and area, open stage, the version the person had seen."""
    rows = Case.objects.visible_to(actor).filter(pk=case_id)
    case = next(iter(rows.select_for_update(of=("self",)).select_related("office")), None)
    if case is None:
        raise NotFound()
    move = MOVES[move_name]
    require(actor, case, move)
    if case.version != seen:
        raise Stale()
    return case, move


def begin_answer(actor: Actor, check_id: int) -> tuple[EconomicCheck, Case]:
    """Take hold of a waiting request of the check centre, case first (the order in which locks are taken)."""
    check = EconomicCheck.objects.visible_to(actor).filter(pk=check_id).first()
    if check is None:
        raise NotFound()
    rows = Case.objects.unscoped(reason="the check centre answers a request it may see; the case itself stays hidden")
    case = rows.select_for_update(of=("self",)).select_related("office").get(pk=check.case_id)
    require(actor, case, MOVES["answer_check"])
    check.refresh_from_db()
    return check, case


def require(actor: Actor, case: Case, move: Move) -> None:
    """The post carries the move in the case's area, and one of the open stages allows it."""
    if not actor.can(move.permission, case.area_code):
        raise Forbidden()
    if open_stage(case, move) is None:
        raise WrongStage(
            _("这一户现在的环节是“%(now)s”，不能办“%(move)s”。请刷新页面，按当前环节办理。")
            % {"now": status_label(case), "move": move.title},
            basis=cite(case, *move.basis),
        )


def allowed(actor: Actor, case: Case, move_name: str) -> bool:
    """The same as a question, for pages that offer moves."""
    move = MOVES[move_name]
    return actor.can(move.permission, case.area_code) and open_stage(case, move) is not None


def open_stage(case: Case, move: Move) -> dict[str, object] | None:
    """The open stage in which the move is possible: the procedure's entry. What is decided is not broken off any more."""
    if move.ends and case.decision_id:
        return None
    keys = case.open_keys
    for stage in case.procedure:
        if stage["key"] in keys and stage["step"] in move.steps:
            return stage  # type: ignore[no-any-return]
    return None


def cite(case: Case, *requirements: str) -> str:
    """Where the document that governs the case's area speaks of the first of the requirements that it speaks of; else empty."""
    return citation(case.area_code, clock.today(), *requirements)


def status_label(case: Case) -> str:
    """The status in words: the titles of the open stages, or the outcome."""
    if case.outcome:
        return str(case.get_outcome_display())
    titles = {stage["key"]: stage["title"] for stage in case.procedure}
    return "、".join(str(titles.get(key, key)) for key in case.open_keys)


def require_no_objection(case: Case) -> None:
    """No move towards confirmation while an objection is open (DEC-34)."""
    if Objection.objects.unscoped(reason="rows of a case already held").filter(case=case, answered_at=None).exists():
        raise ObjectionOpen(_("有异议还没有答复，不能往下办。请重新调查、答复异议后再办。"), basis=cite(case, "DEC-34"))


def require_other_person(actor: Actor, case: Case, taken: dict[int, str]) -> None:
    """The actor has had none of the duties in `taken` (user id → duty) in this case."""
    duty = taken.get(actor.user_id or 0)
    if duty:
        raise SamePerson(
            _("您已经是这一户的%(duty)s，不能再签批。请由另一位负责人签批；岗位空缺时，由系统管理员登记代理任职。")
            % {"duty": duty},
            basis=cite(case, "ORG-30"),
        )
