"""The state machine: a case in a drawn order of stages, and everybody who may or may not move it, on drawn days."""

import datetime as dt
import sys
from collections import Counter

from django.db import transaction
from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from cases.services import engine
from common import clock
from common.actors import system_actor
from common.errors import Refusal
from organizations.services.areas import founder
from policies.packfiles import check_file, read_file
from policies.services import packs
from tests.builders import cases as build
from tests.builders.organization import actor, district, foreign_district, post
from tests.builders.unchanged import fingerprint
from tests.conftest import NOW
from tests.properties.endings import carry_to_the_end, withdraw
from tests.properties.invariants import Invariants
from tests.properties.moves import ENDING, FORWARD, MOVES, OF_STEP, sign, whose
from tests.properties.orders import orders
from tests.scenarios import sixth_pack

DISTRICT, STREET, VILLAGE = "130199000000", "130199001000", "130199001901"
COMMON = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.generate, Phase.shrink),
}
ONLY_FIND = COMMON | {"phases": (Phase.generate,)}
EVERYBODY = 13
PLACES = st.integers(0, EVERYBODY - 1)


def made_up_street(folder):
    """(the people of a street of the made-up district, which is bound to the sixth pack; strangers to its cases)."""
    packs.load_packs(system_actor("test"), _folder_with(folder, sixth_pack.STAGES))
    district(DISTRICT[:6])
    packs.bind_pack(founder(), area_code=DISTRICT, pack=sixth_pack.KEY, valid_from=dt.date(2026, 1, 1))
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


class Moves(Invariants):
    """`counted` adds up what happened over all cases of a run; `starts`: the steps at which they begin, any where none is given.
    At the end of each, whatever was left half-done is carried to an end, or withdrawn."""

    people, everybody, folder, counted, starts = None, (), None, Counter(), ()

    def __init__(self):
        super().__init__()
        self.taken, self.parts_done = 0, Counter()
        self.block = Undone()
        self.block.__enter__()

    def teardown(self):
        try:
            if self.walk and sys.exc_info()[0] is None:
                self.ends()
        finally:
            self.block.__exit__(None, None, None)

    def ends(self):
        """From wherever it stands, a case can be ended: carried on, or (every third time) withdrawn."""
        self.counted["left " + ("ended" if self.walk.case.outcome else "half-done")] += 1
        (carry_to_the_end if self.taken % 3 else withdraw)(self.walk)
        assert self.walk.case.outcome
        for one in self.invariants:
            one.function(self)
        self.counted[self.walk.case.outcome] += 1

    @initialize(order=orders(), place=st.integers(0, 14), opinion=st.sampled_from(["grant"] * 4 + ["refuse"]))
    def begins(self, order, place, opinion):
        """The case has come somewhere on its way before anybody does anything unexpected."""
        give_order(self.folder, order)
        always = [step for _key, step, _title, _after, when in order if when == "always"]
        always = [step for step in always if step in self.starts] or always
        self.walk = build.walk(self.people, village_code=VILLAGE).to(always[place % len(always)], opinion=opinion)
        self.walk.alone = True

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

    @precondition(lambda self: self.walk and "SIGN_OFF" in self.walk.open_steps())
    @rule(place=st.integers(0, 2))
    def a_leader_signs(self, place):
        self.somebody_signs((self.everybody.index(self.people.deputy), 3, 6)[place])

    @precondition(lambda self: self.walk and not self.walk.case.outcome)
    @rule(step=st.integers(0, 3), part=st.integers(0, 8))
    def somebody_does_a_part_of_the_work(self, step, part):
        steps = self.walk.open_steps()
        parts = OF_STEP[steps[step % len(steps)]]
        self._does(parts[part % len(parts)])

    @precondition(lambda self: self.walk and not self.walk.case.outcome)
    @rule(step=st.integers(0, 3))
    def the_next_part_is_done(self, step):
        """The work of an open step goes on by one part, where it stands: without waiting for a day that it needs."""
        opened = engine.stage_rows(self.walk.case).filter(closed_at=None)
        row = opened[step % len(opened)]
        parts = FORWARD[row.step]
        at = self.parts_done[row.pk]
        before = self.walk.seen
        self._does(parts[at % len(parts)])
        self.parts_done[row.pk] += self.walk.seen != before or parts[at % len(parts)] in ("authorize", "settle")

    @precondition(lambda self: self.walk and not self.walk.case.outcome)
    @rule(step=st.integers(0, 3))
    def and_the_one_after(self, step):
        self.the_next_part_is_done(step)

    def _does(self, move):
        """A part of the work by the person whose it is."""
        self.tries(move, lambda: MOVES[move](self.walk, whose(self.people, move)))

    @precondition(lambda self: self.walk and not self.walk.case.outcome)
    @rule(place=st.integers(0, 3), refuse=st.integers(0, 4))
    def those_whose_turn_it_is_work(self, place, refuse):
        self.works(place, refuse)

    @precondition(lambda self: self.walk and not self.walk.case.outcome)
    @rule(place=st.integers(0, 3), refuse=st.integers(0, 4))
    def they_go_on(self, place, refuse):
        self.works(place, refuse)

    @rule(days=st.integers(0, 12))
    def days_pass(self, days):
        self._took_a_step()
        self.walk.days_pass(days)

    def _took_a_step(self):
        self.taken += 1
        self.counted["steps"] += 1

    def works(self, place, refuse):
        """One whole step of those that are open, by the right people; it may be refused half-way."""
        self._took_a_step()
        steps = self.walk.open_steps()
        step = steps[place % len(steps)]
        try:
            self.walk.does(step, "grant" if refuse else "refuse")
        except (Refusal, StopIteration, AssertionError) as stopped:
            event(f"stopped: {type(stopped).__name__}")

    def tries(self, name, act):
        """A move; refused, it has changed nothing."""
        self._took_a_step()
        before = fingerprint()
        try:
            result = act()
        except Refusal as refusal:
            code = refusal.code
        else:
            self.counted["done"] += 1
            return result
        assert fingerprint() == before, f"{name}: refused with {code}, and yet something was written"
        self.counted["refused"] += 1
        return None


def run(people, folder, *, examples, steps, derandomize, starts=(), only_find=False):
    """So many random cases of so many steps; returns what was counted: steps, moves done and refused, ends of the cases."""
    counted = Counter()
    common = ONLY_FIND if only_find else COMMON
    chosen = settings(max_examples=examples, stateful_step_count=steps, derandomize=derandomize, **common)
    walkers, strangers = people
    everybody = (
        walkers.handler, walkers.colleague, walkers.deputy, walkers.principal, walkers.village, walkers.centre,
        *walkers.leaders, *strangers,
    )  # fmt: skip
    assert len(everybody) == EVERYBODY
    given_to = {
        "people": walkers, "everybody": everybody, "folder": folder, "counted": counted, "starts": starts,
        "outsiders": frozenset(one.user_id for one in strangers),
    }  # fmt: skip
    run_state_machine_as_test(type("MovesOfThisRun", (Moves,), given_to), settings=chosen)
    return counted
