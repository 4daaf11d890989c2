"""Random orders of stages, random moves by random people on random days against the real services: what must never happen does
not happen, every half-done case can still be ended, and every accepted order can be walked to its end."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings

from cases.models import Benefit
from policies.packorder import order_faults
from tests.builders import cases as build
from tests.properties.machine import COMMON, VILLAGE, Undone, give_order, made_up_street, run
from tests.properties.orders import orders

ALL = "test"
WANTED_STEPS = 5_000


@pytest.fixture
def people(db, tmp_path):
    """Everybody of a street, and strangers."""
    return made_up_street(tmp_path)


def test_random_moves_break_nothing(people, tmp_path):
    counted = run(people, tmp_path, examples=8, steps=40, derandomize=True)
    assert counted["steps"] >= 200
    assert counted["refused"] > counted["done"] > 0


@pytest.mark.long
def test_thousands_of_random_moves_break_nothing(people, tmp_path, record_property, capsys):
    begun = time.monotonic()
    counted = run(people, tmp_path, examples=185, steps=50, derandomize=False)
    minutes = (time.monotonic() - begun) / 60
    record_property("steps", dict(counted))
    with capsys.disabled():
        told = ", ".join(f"{what} {n}" for what, n in counted.most_common())
        print(f"\n{minutes:.1f} minutes: {told}")  # noqa: T201 - the long run says what it did
    assert counted["steps"] >= WANTED_STEPS, counted


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
