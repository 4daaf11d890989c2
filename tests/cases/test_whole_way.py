"""One household from application to benefit, through the services."""

import datetime as dt
from decimal import Decimal

import pytest

from cases.models import Benefit, BenefitTerm
from tests.builders import cases as build


@pytest.mark.django_db
@pytest.mark.requirement("DEC-04", "DEC-16", "INT-01", "SUR-01")
def test_a_household_goes_from_application_to_running_benefit_in_the_order_of_the_pack():
    one = build.walk(application=build.family()).to("CONFIRMED")
    assert one.case.status == "CONFIRMED"
    benefit = Benefit.objects.unscoped(reason="test").get(case_id=one.case_id)
    term = BenefitTerm.objects.unscoped(reason="test").get(benefit=benefit)
    assert (benefit.status, benefit.from_month) == ("ACTIVE", dt.date(2026, 10, 1))
    assert term.amount == Decimal("1900.00")
