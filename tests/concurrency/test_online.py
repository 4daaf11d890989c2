"""A resident presses twice; two handlers take the same online application."""

import pytest

from cases.models import Case, OnlineApplication
from cases.services import online
from common.actors import resident_actor
from common.errors import Refusal
from tests.builders import cases as build
from tests.concurrency.racing import race

pytestmark = pytest.mark.usefixtures("fresh_database")
RESIDENT, ALL = resident_actor("10.0.0.1"), {"reason": "test"}


def test_a_resident_who_presses_twice_has_one_application_and_one_receipt():
    build.street()
    application = build.application()
    results = race(*[lambda: online.apply_online(RESIDENT, application=application, key="one-form")] * 2)
    assert results[0].receipt_code == results[1].receipt_code
    assert OnlineApplication.objects.unscoped(**ALL).count() == 1


def test_of_two_handlers_at_once_one_takes_the_application_in_or_returns_it():
    people = build.street()
    application = build.application()
    sent = online.apply_online(RESIDENT, application=application)
    results = race(
        lambda: online.register_online(people.handler, sent.pk, application=application, seen=1),
        lambda: online.return_online(people.colleague, sent.pk, reason="请到窗口申请", seen=1),
    )
    assert sorted(isinstance(one, Refusal) for one in results) == [False, True]
    now = OnlineApplication.objects.unscoped(**ALL).get()
    assert (now.status, now.version) in {("registered", 2), ("returned", 2)}
    assert Case.objects.unscoped(**ALL).count() == (now.status == "registered")
