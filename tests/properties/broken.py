"""Guards of the program, each of which can be taken out for a test: the words of the guard and what stands there without it."""

import inspect
import textwrap
from dataclasses import dataclass
from types import ModuleType

from django.db import connection

from cases import access, rules
from cases.enums import Step
from cases.services import decision, engine, publicity, signing


@dataclass(frozen=True)
class Guard:
    """`words` of the function `name` of the module become `without`; `constraints` of the database that guard the same fall too.
    `at`: the steps at which the cases of the run begin, so that it soon comes to where the guard stands."""

    module: ModuleType
    name: str
    words: str
    without: str
    at: tuple[str, ...]
    constraints: tuple[tuple[str, str], ...] = ()


GUARDS = {
    "the same person signs twice": Guard(
        signing, "sign", "if any(one.user_id == actor.user_id for one in given):", "if False:", (Step.SIGN_OFF,),
        (("cases_signature", "cases_signature_person"),),
    ),
    "leaders sign out of their order": Guard(
        signing, "sign", "or actor.post != posts[len(given)]", "", (Step.SIGN_OFF,)
    ),
    "a case goes on before all have signed": Guard(
        signing, "sign", "if len(given) + 1 < len(posts):", "if False:", (Step.SIGN_OFF,)
    ),
    "the days of publicity are not kept": Guard(
        publicity, "finish_publicity", "if clock.today() < row.open_from:", "if False:", (Step.PUBLICITY,)
    ),
    "a lost sheet can never be put up again": Guard(
        publicity, "record_restoring", "if gap is None:", "if gap is not None:", (Step.PUBLICITY,)
    ),
    "paid before publicity is over": Guard(
        rules, "open_after", "waits_for(stage) <= closed", "(not waits_for(stage) or waits_for(stage) & closed)",
        (Step.DECISION, Step.DELIVERY),
    ),
    "a refusal is posted": Guard(
        engine, "open_next", "NOT_FOR_A_REFUSAL if is_refused(case) else set()", "set()", (Step.INITIAL_REVIEW,)
    ),
    "an objection leaves the signatures standing": Guard(
        publicity, "raise_objection", 'signing.void(actor, case, _("公示有异议"))', "pass", (Step.SIGN_OFF, Step.DECISION)
    ),
    "a decision outlives the return of its case": Guard(
        engine, "send_back", "if case.decision_id and Step.DECISION in steps:", "if False:", (Step.DECISION, Step.FILING)
    ),
    "anybody who sees a case may move it": Guard(
        access, "require", "if not actor.can(move.permission, case.area_code):", "if False:", (Step.ACCEPTANCE, Step.SURVEY)
    ),
    "a decision cannot be made": Guard(decision, "decide", "not granted and not reasons.strip()", "True", (Step.DECISION,)),
}  # fmt: skip


def take_out(monkeypatch, guard):
    """The function runs from now on without its guard."""
    source = textwrap.dedent(inspect.getsource(getattr(guard.module, guard.name)))
    assert source.count(guard.words) == 1, f"{guard.name} has no such guard any more: {guard.words}"
    found = {}
    exec(source.replace(guard.words, guard.without), vars(guard.module), found)  # noqa: S102 - a guard less, for one test
    monkeypatch.setattr(guard.module, guard.name, found[guard.name])
    with connection.cursor() as cursor:
        for table, constraint in guard.constraints:
            cursor.execute(f"SET ROLE sunlight_owner; ALTER TABLE {table} DROP CONSTRAINT {constraint}; RESET ROLE")
