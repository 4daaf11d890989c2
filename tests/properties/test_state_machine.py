"""Random orders of stages, random moves by random people on random days against the real services: what must never happen does
not happen, and every accepted order can be walked to its end."""

import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cases.models import Assessment, Benefit, Case, Decision, Delivery, Publicity, Signature
from cases.queries import signing_posts
from cases.services import engine
from cases.services.limits import heal_limits
from cases.services.signing import taken_duties
from common import clock
from common.actors import system_actor
from common.errors import Refusal
from journal.models import Entry
from organizations.services.areas import founder
from policies.packfiles import check_file, read_file
from policies.packorder import order_faults
from policies.services import packs
from tests.builders import cases as build
from tests.builders.organization import actor, district, foreign_district, post
from tests.builders.unchanged import fingerprint
from tests.conftest import NOW
from tests.properties.moves import ENDING, MOVES, sign
from tests.properties.orders import orders
from tests.scenarios import sixth_pack

DISTRICT, STREET, VILLAGE = "130199000000", "130199001000", "130199001901"
ALL = "test"
COMMON = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.generate, Phase.shrink),
}


@pytest.fixture
def people(db, tmp_path):
    """Everybody of a street, and strangers."""
    build_district(tmp_path)
    walkers = build.People(
        handler=actor(post("handler", STREET)),
        colleague=actor(post("handler", STREET)),
        deputy=actor(post("deputy_leader", STREET), road="command"),
        principal=actor(post("principal_leader", STREET), road="command"),
        village=actor(post("village", VILLAGE)),
        centre=actor(post("reconciliation", DISTRICT)),
        leaders=(actor(post("deputy_leader", STREET), road="command"),),
    )
    foreign_district()
    strangers = (
        actor(post("assistant", STREET)), actor(post("district_officer", DISTRICT)),
        actor(post("district_supervisor", DISTRICT)), actor(post("handler", "150199001000")),
        actor(post("deputy_leader", "150199001000")), actor(post("system_admin", DISTRICT)),
    )  # fmt: skip
    return walkers, strangers


def build_district(folder):
    """The made-up district, bound to the sixth pack."""
    packs.load_packs(system_actor("test"), _folder_with(folder, sixth_pack.STAGES))
    district(DISTRICT[:6])
    packs.bind_pack(founder(), area_code=DISTRICT, pack=sixth_pack.KEY, valid_from=dt.date(2026, 1, 1))


def _folder_with(folder, stages):
    folder.mkdir(exist_ok=True)
    sixth_pack.write(folder, stages)
    return folder


def give_order(folder, stages):
    """From now on new cases of the district go in this order."""
    path = sixth_pack.write(folder, stages)
    assert [str(one) for one in check_file(path).problems] == []
    packs._load_pack(system_actor("test"), read_file(path), packs.Loaded())


class Undone:
    """Whatever was written is taken back, and the clock set to the first day again."""

    def __enter__(self):
        clock.move(NOW)
        self.block = transaction.atomic()
        self.block.__enter__()

    def __exit__(self, *error):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)
        clock.move(NOW)


EVERYBODY = 13
PLACES = st.integers(0, EVERYBODY - 1)


class Moves(RuleBasedStateMachine):
    """A case, and everybody who may or may not move it. `counted` adds up what happened over all cases of a run."""

    people, everybody, folder, counted = None, (), None, Counter()

    def __init__(self):
        super().__init__()
        self.block = Undone()
        self.block.__enter__()
        self.posted_under_refusal = None

    def teardown(self):
        if hasattr(self, "walk"):
            self.counted[self.walk.case.outcome or "still open"] += 1
        self.block.__exit__(None, None, None)

    @initialize(order=orders())
    def begins(self, order):
        give_order(self.folder, order)
        self.walk = build.walk(self.people, village_code=VILLAGE)

    @rule(move=st.sampled_from([one for one in MOVES if one not in ENDING]), place=PLACES)
    def somebody_tries(self, move, place):
        who = self.everybody[place]
        self.tries(move, lambda: MOVES[move](self.walk, who))

    @rule(move=st.sampled_from(ENDING), place=PLACES, really=st.integers(0, 9))
    def somebody_ends_it(self, move, place, really):
        if not really:
            who = self.everybody[place]
            self.tries(move, lambda: MOVES[move](self.walk, who))

    @rule(place=PLACES)
    def somebody_signs(self, place):
        who = self.everybody[place]
        opened = self.tries("open a sitting", lambda: sign(self.walk, who))
        if opened:
            self.tries("sign", opened)

    @precondition(lambda self: not self.walk.case.outcome)
    @rule(place=st.integers(0, 3), refuse=st.integers(0, 4))
    def those_whose_turn_it_is_work(self, place, refuse):
        self.works(place, refuse)

    @precondition(lambda self: not self.walk.case.outcome)
    @rule(place=st.integers(0, 3), refuse=st.integers(0, 4))
    def they_go_on(self, place, refuse):
        self.works(place, refuse)

    @rule(days=st.integers(0, 12))
    def days_pass(self, days):
        self.counted["steps"] += 1
        self.walk.days_pass(days)

    def works(self, place, refuse):
        """One whole step of those that are open, by the right people; it may be refused half-way."""
        self.counted["steps"] += 1
        steps = self.walk.open_steps()
        step = steps[place % len(steps)]
        try:
            self.walk.does(step, "grant" if refuse else "refuse")
        except (Refusal, StopIteration, AssertionError) as stopped:
            event(f"stopped: {type(stopped).__name__}")

    def tries(self, name, act):
        """A move; refused, it has changed nothing."""
        self.counted["steps"] += 1
        before = fingerprint()
        try:
            result = act()
        except Refusal as refusal:
            result, code = None, refusal.code
        else:
            self.counted["done"] += 1
            return result
        assert fingerprint() == before, f"{name}: refused with {code}, and yet something was written"
        self.counted["refused"] += 1
        return result

    @invariant()
    def the_status_is_the_open_stages(self):
        if hasattr(self, "walk"):
            case = self.walk.case
            opened = engine.stage_rows(case).filter(closed_at=None).values_list("key", flat=True)
            assert case.status == (case.outcome or "+".join(sorted(opened)))
            assert bool(case.outcome) == (not opened)

    @invariant()
    def the_trail_replays_to_the_status(self):
        if hasattr(self, "walk"):
            lines = Entry.objects.unscoped(reason=ALL).filter(
                object_type=Case._meta.label_lower, object_id=str(self.walk.case_id), to_status__isnull=False
            )
            moves = list(lines.order_by("pk").values_list("from_status", "to_status"))
            assert moves, "the registration itself is a line"
            assert [one[0] for one in moves[1:]] == [one[1] for one in moves[:-1]]
            assert moves[-1][1] == self.walk.case.status

    @invariant()
    def no_benefit_without_a_served_grant(self):
        if hasattr(self, "walk"):
            case = self.walk.case
            if Benefit.objects.unscoped(reason=ALL).filter(case=case).exists():
                assert Decision.objects.unscoped(reason=ALL).get(pk=case.decision_id).opinion == "grant"
                assert Delivery.objects.unscoped(reason=ALL).filter(decision_id=case.decision_id).exists()

    @invariant()
    def an_opinion_to_refuse_is_never_posted(self):
        if hasattr(self, "walk"):
            latest = Assessment.objects.unscoped(reason=ALL).filter(case_id=self.walk.case_id).order_by("pk").last()
            posters = Publicity.objects.unscoped(reason=ALL).filter(case_id=self.walk.case_id)
            hung = (posters.count(), posters.exclude(posted_on=None).count())
            if latest is None or latest.opinion != "refuse":
                self.posted_under_refusal = None
            elif self.posted_under_refusal and self.posted_under_refusal[0] == latest.pk:
                assert self.posted_under_refusal[1] == hung
            else:
                self.posted_under_refusal = (latest.pk, hung)

    @invariant()
    def nobody_signs_twice_or_what_is_their_own_work(self):
        if hasattr(self, "walk"):
            rows = Signature.objects.unscoped(reason=ALL).filter(case_id=self.walk.case_id, void_at=None)
            signers = list(rows.values_list("user_id", flat=True))
            assert len(signers) == len(set(signers))
            assert not set(signers) & set(taken_duties(self.walk.case))

    @invariant()
    def a_decision_in_force_stands_on_all_its_signatures(self):
        if hasattr(self, "walk") and self.walk.case.decision_id:
            case = self.walk.case
            rows = Signature.objects.unscoped(reason=ALL).filter(case=case, void_at=None).order_by("place")
            assert list(rows.values_list("post", flat=True)) == signing_posts(case, clock.today())

    @invariant()
    def the_limits_kept_are_those_that_run(self):
        if hasattr(self, "walk"):
            assert heal_limits() == 0

    @invariant()
    def who_is_to_sign_has_a_place_left(self):
        if hasattr(self, "walk") and "SIGN_OFF" in self.walk.open_steps():
            given = Signature.objects.unscoped(reason=ALL).filter(case_id=self.walk.case_id, void_at=None).count()
            assert given < len(signing_posts(self.walk.case, clock.today()))


def run(people, folder, *, examples, steps, derandomize):
    """So many random cases of so many steps; returns what was counted: steps, moves done and refused, ends of the cases."""
    counted = Counter()
    chosen = settings(max_examples=examples, stateful_step_count=steps, derandomize=derandomize, **COMMON)
    walkers, strangers = people
    everybody = (
        walkers.handler, walkers.colleague, walkers.deputy, walkers.principal, walkers.village, walkers.centre,
        *walkers.leaders, *strangers,
    )  # fmt: skip
    assert len(everybody) == EVERYBODY
    given_to = {"people": walkers, "everybody": everybody, "folder": folder, "counted": counted}
    run_state_machine_as_test(type("MovesOfThisRun", (Moves,), given_to), settings=chosen)
    return counted


def test_random_moves_break_nothing(people, tmp_path):
    counted = run(people, tmp_path, examples=6, steps=25, derandomize=True)
    assert counted["refused"] > counted["done"] > 0


@pytest.mark.long
def test_thousands_of_random_moves_break_nothing(people, tmp_path, record_property):
    counted = run(people, tmp_path, examples=260, steps=50, derandomize=False)
    record_property("steps", counted)
    assert counted["steps"] >= 5_000, counted


@given(order=orders())
@settings(max_examples=100, deadline=None)
def test_the_orders_drawn_are_orders_that_the_program_accepts(order):
    names = ("key", "step", "title", "after", "when")
    assert order_faults([dict(zip(names, one, strict=True)) for one in order]) == []


def walked_to_its_end(people, folder, order):
    with Undone():
        give_order(folder, order)
        walk = build.walk(replace(people[0]), village_code=VILLAGE).to("CONFIRMED")
        assert walk.case.status == "CONFIRMED"
        assert Benefit.objects.unscoped(reason=ALL).filter(case_id=walk.case_id).count() == 1


@pytest.mark.parametrize(("examples", "derandomize"), [(4, True), pytest.param(60, False, marks=pytest.mark.long)])
def test_every_accepted_order_can_be_walked_to_the_benefit(people, tmp_path, examples, derandomize):
    @given(order=orders())
    @settings(max_examples=examples, derandomize=derandomize, **COMMON)
    def every(order):
        walked_to_its_end(people, tmp_path, order)

    every()
