"""The state machine is worth something: where a guard is taken out of the program, a run finds it."""

import pytest

from tests.properties.broken import GUARDS, take_out
from tests.properties.machine import made_up_street, run

SHORT = ("the same person signs twice", "the days of publicity are not kept", "paid before publicity is over")
"""In every run; the others in the long one."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in SHORT else pytest.mark.long) for name in GUARDS]
)
def test_a_guard_that_is_missing_is_found_within_a_run(db, tmp_path, monkeypatch, name):
    people = made_up_street(tmp_path)
    take_out(monkeypatch, GUARDS[name])
    with pytest.raises(Exception) as found:  # noqa: PT011 - whatever the run trips over; what a whole program never shows
        run(people, tmp_path, examples=100, steps=30, derandomize=True, starts=GUARDS[name].at, only_find=True)
    assert "state = MovesOfThisRun()" in "\n".join(getattr(found.value, "__notes__", ())), found.value
