"""The same code in the procedures of three documents and of one set up by local choices."""

import datetime as dt

import pytest

from cases.enums import Step
from cases.models import Decision, FilingItem, Publicity, Revocation
from cases.services import appraisal, filing, intake, review
from common import clock
from common.errors import Refusal
from journal.models import Entry
from policies.queries import document_of
from policies.services.flags import flags_of
from tests.builders import cases as build
from tests.builders.organization import actor, post
from tests.builders.unchanged import nothing_changes
from tests.scenarios.trade import PLACES, household

pytestmark = pytest.mark.django_db


def steps_walked(walk):
    """The steps of the case in the order in which they were opened."""
    rows = walk.case.stages.unscoped(reason="test").order_by("pk")
    return [row.step for row in rows]


@pytest.mark.parametrize("pack", PLACES)
def test_a_household_goes_all_the_way(pack):
    walk = household(pack).to("CONFIRMED")
    assert walk.case.status == "CONFIRMED"


def test_the_tianjin_district_reviews_then_publicises_then_confirms():
    """002 二(一)3: 提出初审意见并进行公示。公示结束后…提出审核确认意见."""
    assert steps_walked(household("tianjin-district-2022").to("CONFIRMED")) == [
        Step.INTAKE, Step.ACCEPTANCE, Step.SURVEY, Step.ECONOMIC_CHECK, Step.INITIAL_REVIEW, Step.PUBLICITY, Step.SIGN_OFF,
        Step.DECISION, Step.DELIVERY, Step.PAYMENT_START,
    ]  # fmt: skip


@pytest.mark.requirement("APP-06", "PUB-06", "DEC-15")
def test_yuquan_appraises_every_case_publicises_twice_and_has_one_signer():
    """001 第三条(一), (四), 第四条(一)1, 第十八条(二)."""
    walk = household("yuquan-2020").to("SIGN_OFF")
    steps = steps_walked(walk)
    assert steps.count(Step.PUBLICITY) == 2
    assert steps.index(Step.APPRAISAL) < steps.index(Step.INITIAL_REVIEW)
    titles = [one.text["title"] for one in Publicity.objects.unscoped(reason="test").order_by("pk")]
    assert titles == ["审核公示", "拟批准公示"]
    walk.signs(walk.people.deputy)
    assert walk.case.status == "decision"


def test_yuquan_surveys_checks_side_by_side_and_reviews_when_both_and_the_appraisal_are_done():
    walk = household("yuquan-2020").to("SURVEY")
    assert walk.case.status == "economic_check+survey"
    walk.does(Step.SURVEY)
    assert walk.case.status == "appraisal+economic_check"
    walk.does(Step.ECONOMIC_CHECK)
    assert walk.case.status == "appraisal"
    walk.does(Step.APPRAISAL)
    assert walk.case.status == "initial_review"


@pytest.mark.requirement("DEC-02", "PUB-21", "DEC-23")
def test_chengqu_confirms_then_files_and_publicises_side_by_side_then_serves_then_pays():
    """004 四(一), 五(二)."""
    walk = household("jincheng-chengqu-2023").to("DECISION")
    assert Step.PUBLICITY not in steps_walked(walk)
    walk.decides()
    assert walk.case.status == "filing+publicity"
    walk.posts()
    with nothing_changes(), pytest.raises(Refusal):
        walk.serves()
    walk.files()
    item = FilingItem.objects.unscoped(reason="test").get(case_id=walk.case_id)
    assert item.public_until == clock.today() + dt.timedelta(days=7), (
        "the filing says that the publicity is running (A-77)"
    )
    assert item.filing.paper.data["rows"][0]["applicant"] == "李桂兰"
    walk.days_pass(8).finishes_publicity()
    assert walk.case.status == "delivery"
    walk.serves().starts_benefit()
    assert walk.case.status == "CONFIRMED"


@pytest.mark.parametrize("pack", PLACES)
@pytest.mark.requirement("PUB-01")
def test_a_refusal_is_never_posted_in_any_procedure(pack):
    walk = household(pack).to("CONFIRMED", opinion="refuse")
    assert walk.case.status == "DENIED"
    assert not Publicity.objects.unscoped(reason="test").filter(case_id=walk.case_id).exists()


@pytest.mark.requirement("DEC-23", "DEC-34")
def test_an_objection_after_the_decision_revokes_it_and_the_new_one_is_filed_again():
    """004 四 with A-32 and A-77."""
    walk = household("jincheng-chengqu-2023").to("FILING").files().posts().days_pass(2)
    first = walk.case.decision_id
    walk.objected()
    assert walk.case.status == "survey"
    assert walk.case.decision_id is None
    assert Revocation.objects.unscoped(reason="test").get().decision_id == first
    walk.does(Step.SURVEY).answers_objection()
    walk.to("FILING")
    assert walk.case.decision_id not in (None, first)
    walk.files()
    assert FilingItem.objects.unscoped(reason="test").filter(case_id=walk.case_id).count() == 2
    walk.to("CONFIRMED")
    assert Decision.objects.unscoped(reason="test").filter(case_id=walk.case_id).count() == 2


@pytest.mark.parametrize("pack", ["yuquan-2020", "nankai-2022", "jincheng-chengqu-2023", "tianjin-district-2022"])
@pytest.mark.requirement("DEC-34", "PUB-16")
def test_nothing_goes_on_while_an_objection_waits_for_its_answer(pack):
    walk = household(pack).to("PUBLICITY").posts().days_pass(3).objected()
    with pytest.raises(Refusal) as refused:
        walk.to("CONFIRMED")
    assert refused.value.code == "CASES_OBJECTION_OPEN"
    walk.answers_objection()
    if "publicity" in walk.case.status:
        walk.finishes_publicity()
    walk.to("CONFIRMED")
    assert walk.case.status == "CONFIRMED"


@pytest.mark.requirement("APP-01", "APP-02", "APP-04")
def test_nankai_appraises_only_when_somebody_objected():
    """000 二.1, 二.2: 对公示有异议的对象是否组织开展民主评议."""
    walk = household("nankai-2022").to("PUBLICITY")
    assert Step.APPRAISAL not in steps_walked(walk)
    walk.posts().days_pass(3).objected()
    assert walk.case.status == "survey"
    walk.does(Step.SURVEY)
    assert "appraisal" in walk.case.open_keys
    with nothing_changes(), pytest.raises(Refusal, match="评议"):
        walk.answers_objection()
    walk.does(Step.ECONOMIC_CHECK) if "economic_check" in walk.case.open_keys else None
    walk.does(Step.APPRAISAL).answers_objection().to("CONFIRMED")
    assert walk.case.status == "CONFIRMED"


@pytest.mark.requirement("APP-03")
def test_an_appraisal_without_an_objection_is_flagged_as_widening_in_nankai_and_not_elsewhere():
    """000 二.2: 随意扩大民主评议的范围."""
    walk = household("nankai-2022").to("INITIAL_REVIEW").opens_appraisal()
    assert walk.case.status == "appraisal"
    assert [flag.rule for flag in flags_of(walk.case)] == ["APP-03"]
    walk.to("CONFIRMED")
    other = household("jincheng-chengqu-2023").to("INITIAL_REVIEW").opens_appraisal()
    assert other.case.status == "appraisal"
    assert list(flags_of(other.case)) == []
    other.does(Step.APPRAISAL)
    assert other.case.status == "initial_review"


@pytest.mark.requirement("APP-05")
def test_yuquan_demands_the_signature_of_the_villages_director_or_secretary():
    walk = household("yuquan-2020").to("APPRAISAL")
    data = appraisal.AppraisalData(
        held_on=clock.today(), place="会议室", chaired_by="周明", minutes="同意。",
        seats=[appraisal.Seat("赵代表", "resident", True, "agree")],
    )  # fmt: skip
    walk.do(appraisal.record_appraisal, walk.people.handler, data=data)
    walk.do(appraisal.sign_appraisal, walk.people.handler, scan=walk.upload("appraisal_form"))
    with nothing_changes(), pytest.raises(Refusal, match="村（居）委会主任或书记") as refused:
        walk.do(appraisal.finish_appraisal, walk.people.handler)
    assert refused.value.basis == "《玉泉区社会救助工作责任监督管理制度》第三条(一)"


@pytest.mark.requirement("DEC-23", "DEC-25")
def test_several_results_of_one_street_go_in_one_summary_and_the_district_receives_it_once():
    people = build.street(
        f"{PLACES['jincheng-chengqu-2023']}000", f"{PLACES['jincheng-chengqu-2023']}901", "jincheng-chengqu-2023"
    )
    village = f"{PLACES['jincheng-chengqu-2023']}901"
    walks = [build.walk(people, village_code=village).to("FILING") for _ in range(2)]
    sent = filing.file_results(people.handler, seen={walk.case_id: walk.seen for walk in walks})
    assert len(sent.paper.data["rows"]) == 2
    assert all("filing" not in walk.case.open_keys for walk in walks)
    officer = actor(post("district_officer", "140502000000"))
    filing.receive_filing(officer, sent.pk, remarks="收悉")
    with nothing_changes(), pytest.raises(Refusal, match="已经签收"):
        filing.receive_filing(officer, sent.pk)
    with pytest.raises(Refusal):
        filing.receive_filing(people.handler, sent.pk)


@pytest.mark.requirement("DEC-18", "ORG-18")
def test_acts_cite_the_document_of_their_own_district():
    for pack in ("yuquan-2020", "jincheng-chengqu-2023", "nankai-2022"):
        walk = household(pack).to("CONFIRMED")
        cited = {entry.basis for entry in Entry.objects.unscoped(reason="test").filter(subject_id=str(walk.case_id))}
        assert {text.partition("》")[0] for text in cited if text} == {f"《{document_of(pack).title}"}


def test_what_is_decided_is_not_withdrawn_any_more_and_falls_when_the_case_is_sent_back():
    walk = household("jincheng-chengqu-2023").to("FILING").files().posts()
    with nothing_changes(), pytest.raises(Refusal):
        walk.do(intake.withdraw, walk.people.handler, reason="不再需要")
    walk.do(review.send_back, walk.people.handler, to_key="survey", reason="公示后发现漏报收入，重新调查")
    assert walk.case.decision_id is None
    assert Revocation.objects.unscoped(reason="test").get().reason == "公示后发现漏报收入，重新调查"
    walk.to("CONFIRMED")
    assert walk.case.status == "CONFIRMED"
