"""Random orders of stages that the program accepts: what the steps demand of each other is kept, all else is drawn."""

from hypothesis import strategies as st

from policies.packorder import BEFORE

TITLES = {
    "INTAKE": "申请", "ACCEPTANCE": "受理", "SURVEY": "入户调查", "ECONOMIC_CHECK": "核对", "APPRAISAL": "民主评议",
    "INITIAL_REVIEW": "初审", "PUBLICITY": "公示", "SIGN_OFF": "签批", "DECISION": "决定", "FILING": "备案", "DELIVERY": "送达",
    "PAYMENT_START": "起发",
}  # fmt: skip
ALWAYS_THERE = ("INTAKE", "ACCEPTANCE", "SURVEY", "INITIAL_REVIEW", "SIGN_OFF", "DECISION", "DELIVERY", "PAYMENT_START")


@st.composite
def orders(draw):
    """An order as `(key, step, title, after, when)`, each stage after those it waits for."""
    steps = [*ALWAYS_THERE, *(one for one in ("ECONOMIC_CHECK", "FILING") if draw(st.booleans()))]
    steps += ["APPRAISAL"] * draw(st.integers(0, 1)) + ["PUBLICITY"] * draw(st.integers(0, 3))
    when = draw(st.sampled_from(["always", "on_objection", "by_choice"]))
    left = draw(st.permutations(steps))
    found = []
    while left:
        step = next(one for one in left if not _waits(one, left, when))
        left = [*left]
        left.remove(step)
        found.append(_stage(draw, step, found, when))
    return found


def _demanded(step, when):
    """The steps that must lie before a step; an appraisal that somebody chooses can only be chosen before the review."""
    before = {one for one, _why in BEFORE.get(step, ())}
    return before | ({"APPRAISAL"} if step == "INITIAL_REVIEW" and when == "by_choice" else set())


def _waits(step, left, when):
    """Whether a step has to wait for one that has not been placed yet."""
    return step != "INTAKE" and ("INTAKE" in left or bool(_demanded(step, when) & set(left)))


def _stage(draw, step, placed, when):
    number = sum(one[1] == step for one in placed)
    key = step.lower() + (f"_{number + 1}" if number else "")
    demanded = {one[0] for one in placed if one[1] in _demanded(step, when)}
    more = draw(st.sets(st.sampled_from([one[0] for one in placed]))) if placed else set()
    after = tuple(one[0] for one in placed if one[0] in demanded | more)
    return key, step, f"{TITLES[step]}{number + 1}", after, when if step == "APPRAISAL" else "always"
