"""What must hold of a case after every move, whoever made it and whenever."""

from collections import Counter

from hypothesis.stateful import RuleBasedStateMachine, invariant

from cases.enums import Distance, Step
from cases.models import Assessment, Benefit, Case, Decision, Delivery, Objection, Publicity, Signature
from cases.queries import signing_posts
from cases.services import engine
from cases.services.limits import heal_limits
from cases.services.signing import taken_duties
from common import clock
from journal.models import Entry
from policies.queries import add_working_days

ALL = "test"
NOTICE_DAYS = 5
"""Working days of a round in the pack that the machine walks under (tests/scenarios/sixth_pack.py)."""


class Invariants(RuleBasedStateMachine):
    """`walk` is the case; `outsiders` the numbers of the people who have no part in it."""

    walk = None
    outsiders: frozenset[int] = frozenset()
    posted_under_refusal = None

    def rows(self, model, **more):
        return model.objects.unscoped(reason=ALL).filter(case_id=self.walk.case_id, **more).order_by("pk")

    def trail(self, **more):
        return Entry.objects.unscoped(reason=ALL).filter(
            subject_type="case", subject_id=str(self.walk.case_id), **more
        )  # fmt: skip

    @invariant()
    def the_status_is_the_open_stages(self):
        if self.walk:
            case = self.walk.case
            opened = engine.stage_rows(case).filter(closed_at=None).values_list("key", flat=True)
            assert case.status == (case.outcome or "+".join(sorted(opened)))
            assert bool(case.outcome) == (not opened)

    @invariant()
    def the_trail_replays_to_the_status(self):
        if self.walk:
            lines = Entry.objects.unscoped(reason=ALL).filter(
                object_type=Case._meta.label_lower, object_id=str(self.walk.case_id), to_status__isnull=False
            )
            moves = list(lines.order_by("pk").values_list("from_status", "to_status"))
            assert moves, "the registration itself is a line"
            assert [one[0] for one in moves[1:]] == [one[1] for one in moves[:-1]]
            assert moves[-1][1] == self.walk.case.status

    @invariant()
    def the_trail_replays_to_what_stands(self):
        """Signatures in force, the decision in force, the benefit: as many as the lines of the trail gave and took."""
        if self.walk:
            told = Counter(self.trail().values_list("act", flat=True))
            signatures = self.rows(Signature, void_at=None).count()
            assert signatures == told["cases.signature"] - told["cases.void_signature"]
            decided = self.walk.case.decision_id is not None
            assert decided == told["cases.decide"] - told["cases.revoke_decision"]
            assert self.rows(Benefit).count() == told["cases.start_benefit"] // 2, (
                "a line for the case, one for the benefit"
            )

    @invariant()
    def nobody_without_a_part_in_it_leaves_a_line(self):
        if self.walk:
            assert not self.trail(actor_id__in=self.outsiders).exists()

    @invariant()
    def every_closed_round_hung_its_full_days_and_was_photographed(self):
        if self.walk:
            for row in self.rows(Publicity, stage__result=engine.DONE).exclude(stage__closed_at=None):
                closed = row.closed_at.astimezone(clock.ZONE).date()
                assert closed > add_working_days(row.posted_on, NOTICE_DAYS), "closed too early"
                assert set(row.photos.unscoped(reason=ALL).values_list("distance", flat=True)) == set(Distance.values)

    @invariant()
    def nothing_is_paid_before_its_time(self):
        """Every other stage of the order is done (the filing apart, for which nobody waits), every round hung, the grant is served."""
        if self.walk and self.rows(Benefit).exists():
            case = self.walk.case
            demanded = [one for one in case.procedure if one["when"] == "always" and one["step"] != Step.FILING]
            assert {str(one["key"]) for one in demanded} <= engine.closed_keys(case)
            rounds = {str(one["key"]) for one in demanded if one["step"] == Step.PUBLICITY}
            assert rounds <= set(self.rows(Publicity).exclude(closed_at=None).values_list("stage__key", flat=True))
            decision = Decision.objects.unscoped(reason=ALL).get(pk=case.decision_id)
            assert decision.opinion == "grant"
            assert Delivery.objects.unscoped(reason=ALL).filter(decision=decision).exists()

    @invariant()
    def an_opinion_to_refuse_is_never_posted(self):
        if self.walk:
            latest = self.rows(Assessment).last()
            posters = self.rows(Publicity)
            hung = (posters.count(), posters.exclude(posted_on=None).count())
            if latest is None or latest.opinion != "refuse":
                self.posted_under_refusal = None
            elif self.posted_under_refusal and self.posted_under_refusal[0] == latest.pk:
                assert self.posted_under_refusal[1] == hung
            else:
                self.posted_under_refusal = (latest.pk, hung)

    @invariant()
    def nobody_signs_twice_or_what_is_their_own_work(self):
        if self.walk:
            signers = list(self.rows(Signature, void_at=None).values_list("user_id", flat=True))
            assert len(signers) == len(set(signers))
            assert not (signers and set(signers) & set(taken_duties(self.walk.case)))

    @invariant()
    def those_who_signed_were_asked_in_their_order(self):
        """Who is still to sign has a place left; a decision in force stands on all its signatures."""
        if not self.walk:
            return
        case, signing = self.walk.case, "SIGN_OFF" in self.walk.open_steps()
        given = list(self.rows(Signature, void_at=None).order_by("place").values_list("post", flat=True))
        if given or signing or case.decision_id:
            wanted = signing_posts(case, clock.today())
            assert given == wanted[: len(given)]
            assert not signing or len(given) < len(wanted)
            assert not case.decision_id or given == wanted

    @invariant()
    def nobody_signs_or_decides_while_an_objection_waits(self):
        if self.walk and self.rows(Objection, answered_at=None).exists():
            assert not self.rows(Signature, void_at=None).exists()
            assert self.walk.case.decision_id is None

    @invariant()
    def the_limits_kept_are_those_that_run(self):
        if self.walk:
            assert heal_limits() == 0
