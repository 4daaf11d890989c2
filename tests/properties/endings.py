"""From wherever a case stands: what sensible people would do next, until it has its outcome."""

from cases.enums import Distance, Opinion, Step
from cases.models import (
    Authorization,
    EconomicCheck,
    Objection,
    Publicity,
    PublicityInterruption,
    PublicityPhoto,
    Signature,
)
from cases.queries import adults, signing_posts
from cases.services import engine, intake, publicity
from common import clock
from common.errors import Refusal

HELD = "test"
ROUNDS = 60
"""More steps than the longest order has, so that a case that turns in a circle is noticed."""


def carry_to_the_end(walk):
    """One open step after the other is finished, by the people whose turn it is."""
    for _round in range(ROUNDS):
        if walk.case.outcome:
            return walk
        _answer_what_can_be_answered(walk)
        step = walk.open_steps()[0]
        NEXT[step](walk)
    raise AssertionError(f"the case turns in a circle: {walk.case.status}")


def withdraw(walk):
    """The household takes its application back; what is decided is carried on instead."""
    if walk.case.decision_id or walk.case.outcome:
        return carry_to_the_end(walk)
    return walk.do(intake.withdraw, walk.people.handler, reason="不再申请")


def _answer_what_can_be_answered(walk):
    """Objections, as soon as the survey (and an appraisal that was opened) has been done anew."""
    surveyed = {row["key"] for row in walk.case.procedure if row["step"] == Step.SURVEY} <= engine.closed_keys(
        walk.case
    )
    if surveyed and not publicity.appraisal_open(walk.case):
        for _one in Objection.objects.unscoped(reason=HELD).filter(case_id=walk.case_id, answered_at=None):
            walk.answers_objection()


def _accepts(walk):
    walk.brings_materials().accepts()


def _checks(walk):
    signed = (
        Authorization.objects.unscoped(reason=HELD).filter(case_id=walk.case_id).values_list("member_id", flat=True)
    )
    if {one.pk for one in adults(walk.case)} - set(signed):
        walk.authorizes()
    if not EconomicCheck.objects.unscoped(reason=HELD).filter(case_id=walk.case_id, answered_at=None).exists():
        walk.requests_check()
    walk.centre_answers().settles()


def _reviews(walk):
    try:
        walk.gives_opinion(Opinion.GRANT)
    except Refusal:
        walk.gives_opinion(Opinion.REFUSE)


def _publicises(walk):
    """The round that is open, from what is missing of it on."""
    open_stage = engine.stage_rows(walk.case).filter(closed_at=None, step=Step.PUBLICITY)
    keys = [stage["key"] for stage in walk.case.procedure]
    stage = min(open_stage, key=lambda row: keys.index(row.key))
    if not Publicity.objects.unscoped(reason=HELD).filter(stage=stage).exists():
        walk.makes_poster()
    row = Publicity.objects.unscoped(reason=HELD).get(stage=stage)
    if row.posted_on is None:
        walk.hangs_poster()
    if PublicityInterruption.objects.unscoped(reason=HELD).filter(publicity=row, restored_on=None).exists():
        walk.do(publicity.record_restoring, walk.people.village, restored_on=clock.today())
    there = PublicityPhoto.objects.unscoped(reason=HELD).filter(publicity=row).values_list("distance", flat=True)
    walk.photographs_board(*(set(Distance.values) - set(there)))
    row.refresh_from_db()
    walk.days_pass(max(0, (row.open_from - clock.today()).days)).finishes_publicity()


def _signs(walk):
    """The places that are left, each by somebody who has not signed."""
    given = Signature.objects.unscoped(reason=HELD).filter(case_id=walk.case_id, void_at=None).order_by("place")
    signed = set(given.values_list("user_id", flat=True))
    waiting = [
        one for one in (walk.people.deputy, walk.people.principal, *walk.people.leaders) if one.user_id not in signed
    ]
    for post in signing_posts(walk.case, clock.today())[len(signed) :]:
        signer = next(one for one in waiting if one.post == post)
        waiting.remove(signer)
        walk.signs(signer)


NEXT = {
    Step.INTAKE: lambda walk: walk.submits(),
    Step.ACCEPTANCE: _accepts,
    Step.SURVEY: lambda walk: walk.surveys(),
    Step.ECONOMIC_CHECK: _checks,
    Step.APPRAISAL: lambda walk: walk.appraises(),
    Step.INITIAL_REVIEW: _reviews,
    Step.PUBLICITY: _publicises,
    Step.SIGN_OFF: _signs,
    Step.DECISION: lambda walk: walk.decides("人均收入不低于保障标准"),
    Step.FILING: lambda walk: walk.files(),
    Step.DELIVERY: lambda walk: walk.serves(),
    Step.PAYMENT_START: lambda walk: walk.starts_benefit(),
}
