"""The words of the trade for the scenarios: a household under a document, a refusal that changes nothing, a day, a local choice."""

import datetime as dt
from contextlib import contextmanager

import pytest

from cases.models import Publicity
from common import clock
from common.errors import Refusal
from policies.models import LocalChoice
from policies.services.choices import record_local_choice
from tests.builders import cases as build
from tests.builders.organization import actor, post
from tests.builders.unchanged import nothing_changes

PLACES = {
    "tianjin-district-2022": "120199001",
    "yuquan-2020": "150104001",
    "jincheng-chengqu-2023": "140502001",
    "nankai-2022": "120104001",
}
"""A street of a made-up district that stands under each document."""


def street(pack):
    """Everybody of that street."""
    return build.street(f"{PLACES[pack]}000", f"{PLACES[pack]}901", pack)


def household(pack, people=None, **changes):
    """A household registered in the street under the pack."""
    return build.walk(people or street(pack), village_code=f"{PLACES[pack]}901", **changes)


def rows(model, walk, **more):
    """All rows of a kind that belong to the case, oldest first."""
    return list(model.objects.unscoped(reason="test").filter(case_id=walk.case_id, **more).order_by("pk"))


def round_of(walk):
    """The latest round of publicity."""
    return rows(Publicity, walk)[-1]


@contextmanager
def refused(why="", code=""):
    """What is done inside is refused, with these words or this code, and nothing is written."""
    with nothing_changes(), pytest.raises(Refusal, match=why or None) as found:
        yield found
    assert code in ("", found.value.code)


def it_is(year, month, day, hour=9):
    """The day that the moved clock shows."""
    clock.move(dt.datetime(year, month, day, hour, 0))


def chooses(pack, parameter, value):
    """The bureau of the pack's district records a local choice from today on, in place of one that it had."""
    area = f"{PLACES[pack][:6]}000000"
    earlier = LocalChoice.objects.filter(area_code=area, parameter=parameter, valid_to=None).first()
    record_local_choice(
        actor(post("district_supervisor", area)), parameter=parameter, area_code=area, value=value, reason="局务会议定",
        valid_from=clock.today(), seen=earlier.pk if earlier else 0,
    )  # fmt: skip
