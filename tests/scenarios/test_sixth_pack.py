"""A sixth document is data: a district runs on a pack file that the program has never seen, without a line of code."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import call_command

from cases.enums import Step
from cases.models import Benefit, BenefitTerm, Case, CaseLimit, FilingItem, Publicity, Signature
from cases.services import signing
from common import clock
from common.errors import Refusal
from journal.models import Entry
from organizations.services.areas import founder
from policies.models import LocalChoice
from policies.packfiles import check_file
from policies.queries import add_working_days
from policies.services.packs import bind_pack
from tests.builders import cases as build
from tests.builders.organization import actor, district, post
from tests.builders.unchanged import nothing_changes
from tests.scenarios import sixth_pack

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("DEC-01", "POL-04")]

DISTRICT, STREET, VILLAGE = "130199000000", "130199001000", "130199001901"
SINCE = dt.date(2026, 1, 1)
ALL = "test"


@pytest.fixture
def people(tmp_path, capsys):
    """Everybody of a street of the made-up district, which is bound to the pack of a folder and has recorded nothing."""
    sixth_pack.write(tmp_path)
    call_command("load_packs", folder=tmp_path)
    district(DISTRICT[:6])
    bind_pack(founder(), area_code=DISTRICT, pack=sixth_pack.KEY, valid_from=SINCE)
    return build.People(
        handler=actor(post("handler", STREET)),
        colleague=actor(post("handler", STREET)),
        deputy=actor(post("deputy_leader", STREET), road="command"),
        principal=actor(post("principal_leader", STREET), road="command"),
        village=actor(post("village", VILLAGE)),
        centre=actor(post("reconciliation", DISTRICT)),
        leaders=(actor(post("deputy_leader", STREET), road="command"),),
    )


def household(people):
    return build.walk(people, village_code=VILLAGE)


def rows(model, walk):
    """All rows of a kind that belong to the case, oldest first."""
    return list(model.objects.unscoped(reason=ALL).filter(case_id=walk.case_id).order_by("pk"))


def test_the_pack_is_without_a_mistake_and_leaves_nothing_to_be_recorded(tmp_path):
    report = check_file(sixth_pack.write(tmp_path))
    assert (report.problems, report.advice) == ([], [])


def test_a_household_goes_from_application_to_benefit_in_the_order_of_the_pack(people):
    walk = household(people).to("CONFIRMED")
    assert walk.case.status == "CONFIRMED"
    opened = walk.case.stages.unscoped(reason=ALL).order_by("pk")
    assert [(row.key, row.step) for row in opened] == [(key, step) for key, step, _title, _after in sixth_pack.STAGES]
    assert not LocalChoice.objects.exists(), "every figure is the pack's"


def test_each_of_three_rounds_hangs_five_working_days(people):
    walk = household(people).to("CONFIRMED")
    rounds = rows(Publicity, walk)
    assert [one.text["title"] for one in rounds] == ["第一次公示", "第二次公示", "第三次公示"]
    for one in rounds:
        assert (one.days, one.text["days_unit"]) == (5, "个工作日")
        assert one.last_day == add_working_days(one.posted_on, 5)
        assert one.open_from == one.last_day + dt.timedelta(days=1)


def test_a_round_may_not_be_closed_before_its_five_working_days_are_over(people):
    walk = household(people).to(Step.PUBLICITY).posts()
    last = rows(Publicity, walk)[0].last_day
    walk.days_pass((last - clock.today()).days)
    with nothing_changes(), pytest.raises(Refusal, match="公示还没有期满"):
        walk.finishes_publicity()
    walk.days_pass(1).finishes_publicity()
    assert walk.case.status == "sign_off"


def refused_signature(walk, leader, why):
    """A leader whose turn it is not has opened a sitting and signs: nothing is written."""
    sitting = signing.open_unattended_sitting(leader, case_ids=[walk.case_id])
    with nothing_changes(), pytest.raises(Refusal, match=why):
        walk.do(signing.sign, leader, sitting_id=sitting.pk)


def test_three_people_sign_one_after_the_other_and_nobody_twice(people):
    walk = household(people).to(Step.SIGN_OFF).signs(people.deputy)
    assert walk.case.status == "sign_off"
    refused_signature(walk, people.deputy, "您已经签过这一户")
    refused_signature(walk, people.principal, "现在应由分管领导签批")
    walk.signs(people.leaders[0]).signs(people.principal)
    assert walk.case.status == "second_round"
    signed = rows(Signature, walk)
    assert [one.post for one in signed] == ["deputy_leader", "deputy_leader", "principal_leader"]
    assert len({one.user_id for one in signed}) == len(signed)


def test_the_case_is_appraised_before_the_review_and_filed_before_it_is_served(people):
    walk = household(people).to(Step.APPRAISAL)
    with nothing_changes(), pytest.raises(Refusal):
        walk.gives_opinion()
    walk.to(Step.FILING)
    with nothing_changes(), pytest.raises(Refusal):
        walk.serves()
    walk.files()
    assert len(rows(FilingItem, walk)) == 1
    assert walk.case.status == "delivery"


def test_amount_and_month_are_those_of_the_pack(people):
    walk = household(people).to(Step.DECISION)
    walk.decides()
    decided = clock.today()
    walk.to("CONFIRMED")
    term = BenefitTerm.objects.unscoped(reason=ALL).get()
    assert term.amount == Decimal("490.00"), "905.50 less 420.00 of income is 485.50, rounded up to ten yuan"
    assert term.from_month == decided.replace(day=1), "the month of the decision"


def total_limit(walk):
    """The last day of the whole matter."""
    return CaseLimit.objects.unscoped(reason=ALL).get(case_id=walk.case_id, parameter="dec.limit.dibao").due_on


def test_the_total_limit_leaves_out_all_three_rounds(people):
    walk = household(people).to(Step.SURVEY)
    first = total_limit(walk)
    assert first == add_working_days(walk.case.accepted_on, 45)
    walk.to(Step.FILING)
    out = [(one.first_day, one.last_day) for one in rows(Publicity, walk)]
    assert len(out) == 3
    assert total_limit(walk) == add_working_days(walk.case.accepted_on, 45, out) > first
    assert walk.case.due_on < total_limit(walk), "the filing is due earlier"


def test_acts_cite_the_sixth_document_and_no_other(people):
    walk = household(people).to("CONFIRMED")
    cited = {one.basis for one in Entry.objects.unscoped(reason=ALL).filter(subject_id=str(walk.case_id))}
    written = {text for text in cited if text}
    assert written
    assert all(text.startswith(f"《{sixth_pack.TITLE}》") for text in written), written


def test_an_objection_in_the_third_round_takes_the_decision_back_and_all_is_done_anew(people):
    walk = household(people).to(Step.DECISION).decides().posts().days_pass(1).objected()
    assert walk.case.status == "survey"
    assert walk.case.decision_id is None
    walk.does(Step.SURVEY).does(Step.APPRAISAL).answers_objection().to("CONFIRMED")
    assert walk.case.status == "CONFIRMED"
    assert len(rows(Benefit, walk)) == 1


@pytest.mark.requirement("PUB-01")
def test_a_refusal_is_signed_by_three_and_never_posted(people):
    walk = household(people).to("CONFIRMED", opinion="refuse")
    assert walk.case.status == "DENIED"
    assert rows(Publicity, walk) == []
    assert len(rows(Signature, walk)) == 3
    assert rows(Benefit, walk) == []


def test_a_case_of_another_district_runs_beside_it_in_its_own_order(people):
    here, there = household(people).to("CONFIRMED"), build.walk().to("CONFIRMED")
    assert len(rows(Publicity, here)) == 3
    assert len(rows(Publicity, there)) == 1
    assert Case.objects.unscoped(reason=ALL).filter(outcome="CONFIRMED").count() == 2
