"""Rules in force: packs, local choices, nearest area, history."""

import datetime as dt
from fractions import Fraction

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from common import clock
from common.actors import system_actor
from common.errors import Forbidden, NotFound, Stale
from journal.models import Entry
from policies.errors import DocumentDecides, NotDecided, ReasonMissing, UnknownParameter, WrongDate, WrongValue
from policies.models import LocalChoice, PackBinding, ParameterRow
from policies.packfiles import proposals, written
from policies.queries import Rules, Unset, Value, chain, in_force, required, stages
from policies.services.choices import record_local_choice
from policies.services.packs import bind_pack, load_packs
from tests.builders import organization

TODAY = dt.date(2026, 9, 1)
DISTRICT, STREET, OTHER_STREET = organization.DISTRICT, organization.STREET, organization.OTHER_STREET
SINCE = dt.date(2023, 1, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def tianjin():
    organization.district()
    bind_pack(system_actor("test"), area_code=DISTRICT, pack="tianjin-district-2022", valid_from=SINCE)


@pytest.fixture
def supervisor(tianjin):
    return organization.actor(organization.post("district_supervisor", DISTRICT, "孙监督"))


def choose(
    actor, parameter="dec.signoffs", value=("deputy_leader",), *, area=DISTRICT, day=TODAY, reason="局务会议定", seen=0
):
    written = list(value) if isinstance(value, tuple) else value
    return record_local_choice(
        actor, parameter=parameter, area_code=area, value=written, reason=reason, valid_from=day, seen=seen
    )


def test_the_chain_goes_from_the_village_to_the_province():
    assert chain("120199001901") == [
        "120199001901", "120199001000", "120199000000", "120100000000", "120000000000",
    ]  # fmt: skip


@pytest.mark.requirement("POL-02")
def test_a_value_carries_its_document_and_wording(tianjin):
    found = in_force("pub.days", STREET, TODAY)
    assert (found.value.n, found.unit, found.inclusive) == (7, "calendar_day", True)
    assert (found.citation, found.original) == ("002 二(二)1", "公示期为7天")
    assert (found.layer, found.reading_note, found.clock_start) == ("pack", "A-18", "posting")
    assert found.source == "关于进一步规范社会救助管理工作的通知"


def test_silence_stays_silent_and_is_not_filled_by_the_baseline(tianjin):
    found = in_force("dec.signoffs", STREET, TODAY)
    assert isinstance(found, Unset)
    assert in_force("dec.limit.dibao", STREET, TODAY).original == "规定时限内"


def test_an_area_without_a_pack_has_no_values():
    organization.foreign_district()
    assert isinstance(in_force("pub.days", organization.FOREIGN_STREET, TODAY), Unset)
    assert isinstance(stages(organization.FOREIGN_STREET, "DIBAO", TODAY), Unset)


@pytest.mark.requirement("POL-04")
def test_a_pack_holds_from_its_binding_on(tianjin):
    assert isinstance(in_force("pub.days", STREET, SINCE - dt.timedelta(days=1)), Unset)
    assert isinstance(in_force("pub.days", STREET, SINCE), Value)


def test_a_needed_value_that_nobody_chose_is_refused_and_names_who_can(tianjin):
    with pytest.raises(NotDecided, match="区级监督负责人") as caught:
        required("dec.signoffs", STREET, TODAY)
    assert caught.value.code == "POLICIES_NOT_DECIDED"
    with pytest.raises(NotDecided, match="规定时限内"):
        required("dec.confirm_days_after_publicity", STREET, TODAY)


def test_an_unknown_parameter_is_not_guessed(tianjin):
    with pytest.raises(UnknownParameter):
        in_force("dec.nonsense", STREET, TODAY)


def test_a_named_person_fills_what_the_document_leaves_open(supervisor):
    choice = choose(supervisor)
    found = required("dec.signoffs", STREET, TODAY)
    assert found.value == ("deputy_leader",)
    assert found.layer == "local"
    assert "孙监督" in found.source
    assert found.reason == "局务会议定"
    line = Entry.objects.unscoped(reason="test").get(act="policies.record_local_choice")
    assert (line.object_id, line.actor_name, line.reason) == (str(choice.pk), "孙监督", "局务会议定")


def test_a_limit_written_as_a_word_may_be_given_its_number(supervisor):
    value = {"n": 10, "unit": "working_day", "start": "publicity_end", "grace": True, "excludes": []}
    choose(supervisor, "dec.confirm_days_after_publicity", value)
    found = required("dec.confirm_days_after_publicity", STREET, TODAY)
    assert (found.value.n, found.unit, found.clock_start) == (10, "working_day", "publicity_end")
    assert found.original == "规定时限内提出审核确认意见"


def test_the_nearest_area_decides(supervisor):
    choose(supervisor, "pub.hotline", "022-00000001")
    choose(supervisor, "pub.hotline", "022-00000002", area=STREET)
    assert required("pub.hotline", STREET, TODAY).value == "022-00000002"
    assert required("pub.hotline", OTHER_STREET, TODAY).value == "022-00000001"


@pytest.mark.requirement("POL-04")
def test_a_step_is_judged_by_the_choice_of_its_day(supervisor):
    first = choose(supervisor, "calc.standard.dibao", "1010.00", day=dt.date(2026, 1, 1))
    choose(supervisor, "calc.standard.dibao", "1060.00", day=dt.date(2026, 10, 1), seen=first.pk)
    days = (dt.date(2026, 9, 30), dt.date(2026, 10, 1))
    assert [str(required("calc.standard.dibao", STREET, day).value) for day in days] == ["1010.00", "1060.00"]


def test_a_choice_may_be_corrected_on_its_first_day(supervisor):
    first = choose(supervisor, "calc.standard.dibao", "1010.00")
    choose(supervisor, "calc.standard.dibao", "1060.00", seen=first.pk)
    assert str(required("calc.standard.dibao", STREET, TODAY).value) == "1060.00"
    assert LocalChoice.objects.count() == 2


def test_what_the_document_states_is_not_changed_locally(supervisor):
    with pytest.raises(DocumentDecides, match="公示期为7天"):
        choose(supervisor, "pub.days", {"n": 3, "unit": "calendar_day", "start": "posting"})
    assert not LocalChoice.objects.exists()


def test_a_minimum_may_be_raised_and_not_lowered(supervisor):
    choose(supervisor, "sur.investigators_min", 3)
    assert required("sur.investigators_min", STREET, TODAY).value == 3
    current = LocalChoice.objects.get()
    with pytest.raises(DocumentDecides):
        choose(supervisor, "sur.investigators_min", 1, seen=current.pk)


def test_a_county_in_jilin_may_raise_a_tier_and_keeps_the_steps():
    """A-01, 003 四(一)."""
    organization.district("220199", "示例县")
    bind_pack(system_actor("test"), area_code="220199000000", pack="jilin-2019", valid_from=SINCE)
    actor = organization.actor(organization.post("district_supervisor", "220199000000"))
    stated = in_force("ins.county.village_sample", "220199000000", TODAY).value
    written = [{**vars(tier), "ratio": str(tier.ratio)} for tier in stated]
    lower = [{**tier, "ratio": "1/20"} for tier in written]
    with pytest.raises(DocumentDecides):
        choose(actor, "ins.county.village_sample", lower, area="220199000000")
    written[2]["ratio"] = "1/5"
    choose(actor, "ins.county.village_sample", written, area="220199000000")
    assert in_force("ins.county.village_sample", "220199000000", TODAY).value[2].ratio == Fraction(1, 5)


def test_a_word_is_not_a_choice(supervisor):
    with pytest.raises(WrongValue):
        choose(supervisor, "app.mode", "by_rule")
    with pytest.raises(WrongValue):
        choose(supervisor, "dec.signoffs", ("mayor",))
    with pytest.raises(WrongValue):
        choose(supervisor, "calc.standard.dibao", "-1")


def test_a_choice_needs_a_reason(supervisor):
    with pytest.raises(ReasonMissing):
        choose(supervisor, reason="  ")


def test_a_second_choice_on_what_was_not_seen_is_stale(supervisor):
    choose(supervisor)
    with pytest.raises(Stale):
        choose(supervisor, value=("principal_leader",))


def test_a_choice_does_not_reach_behind_the_one_before_it(supervisor):
    first = choose(supervisor, day=dt.date(2026, 8, 1))
    with pytest.raises(WrongDate):
        choose(supervisor, day=dt.date(2026, 7, 1), seen=first.pk)
    with pytest.raises(WrongDate):
        choose(supervisor, day=dt.date(2026, 8, 15), seen=first.pk)
    assert LocalChoice.objects.count() == 1


@pytest.mark.parametrize("post", ["handler", "deputy_leader", "district_officer"])
def test_other_posts_do_not_choose(tianjin, post):
    area = STREET if post in {"handler", "deputy_leader"} else DISTRICT
    with pytest.raises(Forbidden):
        choose(organization.actor(organization.post(post, area)))
    assert not LocalChoice.objects.exists()


def test_nobody_chooses_for_a_foreign_district(supervisor):
    organization.foreign_district()
    with pytest.raises(Forbidden):
        choose(supervisor, area=organization.FOREIGN_DISTRICT)
    with pytest.raises(NotFound):
        choose(supervisor, area="999999000000")


def test_a_provincial_rule_is_set_by_the_province(supervisor):
    with pytest.raises(Forbidden, match="省级"):
        choose(supervisor, "org.treated_as_city", ("示例管委会",))


def test_the_form_key_makes_one_choice(supervisor):
    def send():
        return record_local_choice(
            supervisor, parameter="dec.signoffs", area_code=DISTRICT, value=["deputy_leader"], reason="定", key="k-1",
            valid_from=TODAY,
        )  # fmt: skip

    assert send().pk == send().pk
    assert LocalChoice.objects.count() == 1


def test_stages_come_from_the_pack_and_silence_from_nankai(tianjin):
    assert [stage.key for stage in stages(STREET, "DIBAO", TODAY)][:3] == ["intake", "acceptance", "survey"]
    organization.district("120104", "南开区")
    bind_pack(system_actor("test"), area_code="120104000000", pack="nankai-2022", valid_from=SINCE)
    assert isinstance(stages("120104001000", "DIBAO", TODAY), Unset)


def test_all_rules_of_an_area_take_three_queries(supervisor, django_assert_num_queries):
    choose(supervisor)
    with django_assert_num_queries(3):
        Rules(STREET, TODAY).all()


# packs in the database


def test_loading_the_packs_again_changes_nothing():
    before = ParameterRow.objects.count()
    result = load_packs(system_actor("test"))
    assert (result.documents, result.added, result.closed) == (0, 0, 0)
    assert ParameterRow.objects.count() == before


def test_a_corrected_pack_row_closes_the_old_one_and_keeps_it(monkeypatch):
    from dataclasses import replace

    from policies import packfiles

    pack = packfiles.read_pack("yuquan-2020")
    entries = tuple(replace(e, note="更正") if e.key == "fnd.pay_day" else e for e in pack.entries)
    real = packfiles.read_pack
    changed = replace(pack, entries=entries)
    monkeypatch.setattr(packfiles, "read_pack", lambda key: changed if key == pack.key else real(key))
    result = load_packs(system_actor("test"))
    assert (result.added, result.closed) == (1, 1)
    rows = ParameterRow.objects.filter(pack="yuquan-2020", parameter="fnd.pay_day").order_by("pk")
    assert [(row.note, row.valid_to) for row in rows] == [("", dt.date(2020, 8, 3)), ("更正", None)]


def test_two_rows_of_one_parameter_never_hold_on_one_day():
    row = ParameterRow.objects.filter(unset=False).first()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def run(*statements):
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.parametrize("statement", ["UPDATE {} SET valid_from = valid_from", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("table", ["policies_parameterrow", "policies_localchoice", "policies_packbinding"])
def test_rules_and_choices_are_append_only(table, statement):
    with pytest.raises(DatabaseError, match=r"permission denied|append-only"):
        run(statement.format(table))


def test_closing_a_row_without_a_line_of_the_trail_is_refused():
    row = ParameterRow.objects.filter(valid_to=None).first()
    closing = f"UPDATE policies_parameterrow SET valid_to = '2026-09-01' WHERE id = {row.pk}"
    with pytest.raises(IntegrityError, match="no journal entry"):
        run(closing, "SET CONSTRAINTS ALL IMMEDIATE")


def test_one_pack_governs_an_area_at_a_time(tianjin):
    actor = organization.actor(organization.post("district_supervisor", DISTRICT))
    bind_pack(actor, area_code=DISTRICT, pack="nankai-2022", valid_from=dt.date(2027, 1, 1))
    assert in_force("pub.days", STREET, dt.date(2026, 12, 31)).layer == "pack"
    assert isinstance(in_force("pub.days", STREET, dt.date(2027, 1, 1)), Unset)
    with pytest.raises(WrongDate):
        bind_pack(actor, area_code=DISTRICT, pack="yuquan-2020", valid_from=dt.date(2026, 10, 1))
    assert PackBinding.objects.count() == 2


def test_a_pack_is_not_bound_before_its_document_holds(tianjin):
    with pytest.raises(WrongDate):
        bind_pack(
            system_actor("test"), area_code="120199001000", pack="tianjin-district-2022", valid_from=dt.date(2022, 1, 1)
        )


def test_only_the_supervisor_binds_a_pack(tianjin):
    handler = organization.actor(organization.post("handler", STREET))
    with pytest.raises(Forbidden):
        bind_pack(handler, area_code=STREET, pack="nankai-2022", valid_from=TODAY)


def test_the_clock_of_the_tests_is_the_first_of_september():
    assert clock.today() == TODAY


def stages_of(pack_key="stages.DIBAO"):
    return written(proposals()[pack_key][0].value)


@pytest.fixture
def nankai():
    """A district whose document gives no order, and its supervisor."""
    organization.district("120104", "南开区")
    bind_pack(system_actor("test"), area_code="120104000000", pack="nankai-2022", valid_from=SINCE)
    return organization.actor(organization.post("district_supervisor", "120104000000"))


def wrong_orders():
    signed_first = stages_of()
    review = next(one for one in signed_first if one["step"] == "INITIAL_REVIEW")
    sign_off = next(one for one in signed_first if one["step"] == "SIGN_OFF")
    sign_off["after"], review["after"] = ["acceptance"], ["acceptance"]
    asks = stages_of()
    asks[0]["parameters"] = ["no.such"]
    return {
        "没有调查清楚，不能提出初审意见": signed_first,
        "缺少“送达”": [one for one in stages_of() if one["step"] != "DELIVERY"],
        "一个环节也没有": [],
        "参数总目里没有“no.such”": asks,
    }


@pytest.mark.parametrize(
    "words", ["没有调查清楚，不能提出初审意见", "缺少“送达”", "一个环节也没有", "参数总目里没有“no.such”"]
)
def test_an_order_that_cannot_be_walked_is_no_choice(nankai, words):
    with pytest.raises(WrongValue) as refusal:
        choose(nankai, "stages.DIBAO", wrong_orders()[words], area="120104000000")
    assert words in refusal.value.message
    assert refusal.value.field == "value"
    assert not LocalChoice.objects.exists()


def test_a_choice_looser_than_a_document_bound_later_has_no_say_any_more(supervisor):
    """002 asks for two investigators; a choice of three is stricter. Under a document that asks for four it would be looser."""
    choose(supervisor, "sur.investigators_min", 3)
    assert in_force("sur.investigators_min", STREET, TODAY).value == 3
    rules = Rules(STREET, TODAY)
    rules.rows["sur.investigators_min"][0].value = 4
    later = Rules.planned(STREET, TODAY, rules.document, rules.rows)
    found = later["sur.investigators_min"]
    assert (found.value, found.layer) == (4, "pack")
