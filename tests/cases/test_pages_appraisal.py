"""The page of 民主评议, and what the case shows of it."""

import pytest
from django.urls import reverse

from cases import signing_desk
from cases.models import Appraisal, Appraiser, Frozen, Signature
from cases.services import review, signing
from common import clock
from common.drafts import load_draft
from policies.catalogue import catalogue
from policies.services.flags import flags_of
from tests.builders.organization import FOREIGN_STREET, actor, foreign_district, post
from tests.cases.pages import Person, photo
from tests.cases.test_papers import content_of, text_of
from tests.scenarios.test_orders import household

pytestmark = pytest.mark.django_db
YUQUAN, NANKAI, CHENGQU, TIANJIN = "yuquan-2020", "nankai-2022", "jincheng-chengqu-2023", "tianjin-district-2022"
VOTES = "同意 1 人，不同意 1 人，弃权 0 人"


@pytest.fixture
def one():
    """A household of Yuquan, where every case is appraised while the check still runs."""
    walk = household(YUQUAN).to("SURVEY").does("SURVEY")
    assert walk.case.status == "appraisal+economic_check"
    return walk


def filled(**changes):
    seats = [("赵代表", "resident", "agree"), ("钱委员", "cadre", "disagree"), ("孙党员", "party_member", "absent")]
    rows = {
        f"seats-{number}-{name}": value
        for number, seat in enumerate(seats)
        for name, value in zip(("name", "role", "said"), seat, strict=True)
    }
    return {
        "held_on": clock.today().isoformat(),
        "place": "社区会议室",
        "chaired_by": "周明",
        "assisted_by": "何晓蕾",
        "minutes": "介绍了家庭情况，两人发言。",
        "signer_name": "王主任",
        "signer_post": "村委会主任",
        "seats-TOTAL_FORMS": "4",
        "seats-INITIAL_FORMS": "0",
        **rows,
        **dict.fromkeys(("seats-3-name", "seats-3-role", "seats-3-said"), ""),
    } | changes


def meeting(one):
    return Appraisal.objects.unscoped(reason="test").get(case_id=one.case_id)


@pytest.mark.requirement("APP-07", "APP-08", "APP-11")
def test_a_meeting_is_written_signed_photographed_and_finished_on_its_page(one):
    handler = Person(one.people.handler)
    handler.acts("appraisal", one.case_id, **filled())
    assert "评议记录已保存" in handler.said
    for shown in (
        "应到 3 人，到会 2 人",
        VOTES,
        "周明",
        "何晓蕾",
        one.case.office.name,
        "介绍了家庭情况",
        "王主任 村委会主任",
        "没有到会",
    ):
        assert shown in handler.said
    came = Appraiser.objects.unscoped(reason="test").filter(appraisal=meeting(one)).order_by("pk")
    assert [(row.name, row.attended, row.vote) for row in came] == [
        ("赵代表", True, "agree"), ("钱委员", True, "disagree"), ("孙党员", False, ""),
    ]  # fmt: skip
    assert "打印评议表" in handler.said
    assert "签过字的民主评议表已上传" in handler.acts("appraisal-sign", one.case_id, scan=photo("form.jpg")).said
    assert "照片已上传" in handler.acts("appraisal-photo", one.case_id, file=photo(), caption="举手表决").said
    for file in (meeting(one).scan_id, meeting(one).photos.unscoped(reason="test").get().file_id):
        assert b"".join(handler.opens("file", one.case_id, file).reply.streaming_content)
    assert "民主评议已完成" in handler.acts("appraisal-finish", one.case_id).said
    assert one.case.status == "economic_check"
    assert VOTES in handler.opens("appraisal", one.case_id).said
    assert "保存评议记录" not in handler.said


@pytest.mark.requirement("APP-05")
def test_the_page_says_whose_signature_the_district_demands_and_finishing_without_it_is_refused(one):
    handler = Person(one.people.handler)
    assert (
        "村（居）委会主任或书记要参加并签字（《玉泉区社会救助工作责任监督管理制度》第三条(一)）"
        in handler.opens("appraisal", one.case_id).said
    )
    handler.acts("appraisal", one.case_id, **filled(signer_name="", signer_post=""))
    handler.acts("appraisal-sign", one.case_id, scan=photo())
    handler.acts("appraisal-finish", one.case_id)
    assert handler.status == 422
    assert "还缺村（居）委会主任或书记的签字" in handler.said
    assert "appraisal" in one.case.open_keys


def test_another_district_demands_no_signature_of_the_village():
    one = household(CHENGQU).to("INITIAL_REVIEW").opens_appraisal()
    handler = Person(one.people.handler)
    handler.acts("appraisal", one.case_id, **filled(signer_name="", signer_post=""))
    handler.acts("appraisal-sign", one.case_id, scan=photo())
    handler.acts("appraisal-finish", one.case_id)
    assert one.case.status == "initial_review"


def test_the_case_page_says_what_the_appraisal_needs_and_closes_it_while_the_check_still_runs(one):
    handler = Person(one.people.handler)
    assert "填写评议记录" in handler.opens("detail", one.case_id).said
    handler.acts("appraisal", one.case_id, **filled(signer_name=""))
    handler.opens("detail", one.case_id)
    for shown in ("评议签字人", "签过字的民主评议表", "进入“审核”前还缺"):
        assert shown in handler.said
    assert reverse("cases:appraisal-finish", args=[one.case_id]) not in handler.said
    handler.acts("appraisal", one.case_id, **filled())
    handler.acts("appraisal-sign", one.case_id, scan=photo())
    assert reverse("cases:appraisal-finish", args=[one.case_id]) in handler.opens("detail", one.case_id).said
    assert "这一步需要的都齐了" in handler.opens("appraisal", one.case_id).said


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"held_on": "2026-01-01"}, "id_held_on_error"),
        ({"place": ""}, "id_place_error"),
        ({"minutes": " "}, "id_minutes_error"),
        ({"seats-1-said": ""}, "id_seats-1-said_error"),
        ({"seats-1-name": "赵代表"}, "同一人只登记一次"),
        ({f"seats-{number}-said": "absent" for number in range(3)}, "请登记到会的评议人员"),
    ],
)
def test_a_refused_record_says_why_and_keeps_everything_that_was_typed(one, changes, says):
    handler = Person(one.people.handler)
    handler.acts("appraisal", one.case_id, **filled(**changes))
    assert handler.status == 422
    assert says in handler.said
    assert handler.value_of("chaired_by") == "周明"
    assert handler.value_of("seats-2-name") == "孙党员"
    assert not Appraisal.objects.unscoped(reason="test").filter(case_id=one.case_id).exists()


def test_a_correction_lets_the_signed_form_fall_away_and_shows_what_was_recorded(one):
    handler = Person(one.people.handler)
    handler.acts("appraisal", one.case_id, **filled())
    handler.acts("appraisal-sign", one.case_id, scan=photo())
    handler.opens("appraisal", one.case_id)
    assert handler.value_of("minutes") == "介绍了家庭情况，两人发言。"
    assert handler.value_of("seats-1-name") == "钱委员"
    handler.acts("appraisal", one.case_id, **filled(place="村委会"))
    assert meeting(one).place == "村委会"
    assert meeting(one).scan is None


def test_nothing_is_signed_photographed_or_finished_before_the_meeting_is_recorded(one):
    handler = Person(one.people.handler)
    for name, values in (("sign", {"scan": photo()}), ("photo", {"file": photo()}), ("finish", {})):
        handler.acts(f"appraisal-{name}", one.case_id, **values)
        assert handler.status == 422
        assert "还没有登记民主评议的内容" in handler.said


def test_a_paper_is_no_photograph_of_the_meeting(one):
    handler = Person(one.people.handler)
    handler.acts("appraisal", one.case_id, **filled())
    handler.acts("appraisal-photo", one.case_id, caption="会场")
    assert handler.status == 422
    assert "id_file_error" in handler.said


def test_a_half_filled_form_can_be_left_and_comes_back_as_typed_and_one_more_row_needs_no_script(one):
    handler = Person(one.people.handler)
    handler.acts("appraisal", one.case_id, **filled(minutes="未写完"), act="draft")
    handler.opens("appraisal", one.case_id)
    assert "草稿已保存" in handler.said
    assert handler.value_of("minutes") == "未写完"
    assert handler.value_of("seats-2-name") == "孙党员"
    handler.acts("appraisal", one.case_id, **filled(), add_seats="1")
    assert handler.status == 200
    assert 'name="seats-4-name"' in handler.said
    assert handler.value_of("place") == "社区会议室"
    handler.acts("appraisal", one.case_id, **filled())
    assert load_draft(one.people.handler, f"appraisal-{one.case_id}") is None


def test_a_wrong_post_may_read_but_not_write_and_a_foreign_street_finds_nothing(one):
    village = Person(one.people.village)
    assert village.opens("appraisal", one.case_id).status == 200
    assert "保存评议记录" not in village.said
    assert "还没有民主评议的记录" in village.said
    foreign_district()
    stranger = Person(actor(post("handler", FOREIGN_STREET)))
    assert stranger.opens("appraisal", one.case_id).status == 404
    for name, values in (
        ("appraisal", filled()), ("appraisal-sign", {"scan": photo()}), ("appraisal-photo", {"file": photo()}),
        ("appraisal-finish", {}), ("optional", {}),
    ):  # fmt: skip
        assert village.acts(name, one.case_id, **values).status == 403
        assert stranger.acts(name, one.case_id, **values).status in {403, 404}


# --- A stage that not every case goes through -------------------------------------------------------------------------


def test_an_appraisal_is_opened_by_choice_with_a_reason_where_the_order_has_it():
    one = household(CHENGQU).to("INITIAL_REVIEW")
    handler = Person(one.people.handler)
    assert reverse("cases:optional", args=[one.case_id]) in handler.opens("detail", one.case_id).said
    assert "需要时才办" in handler.said
    allowed = catalogue().get("app.mode").options["optional"]
    assert (
        f"{allowed}（《晋城市城区社会救助审核确认权限下放工作实施方案》三(一)2）"
        in handler.opens("optional", one.case_id).said
    )
    handler.acts("optional", one.case_id, stage_key="appraisal", reason=" ")
    assert handler.status == 422
    assert "id_reason_error" in handler.said
    handler.acts("optional", one.case_id, stage_key="appraisal", reason="邻里有不同说法")
    assert "环节已加办" in handler.said
    assert "邻里有不同说法" in handler.said
    assert one.case.status == "appraisal"
    assert list(flags_of(one.case)) == []
    assert reverse("cases:optional", args=[one.case_id]) not in handler.opens("detail", one.case_id).said


@pytest.mark.requirement("APP-03")
def test_where_only_objections_allow_it_the_page_warns_and_the_case_is_flagged():
    one = household(NANKAI).to("INITIAL_REVIEW")
    handler = Person(one.people.handler)
    handler.opens("optional", one.case_id)
    assert (
        "有异议、有争议时评议（《关于进一步加强社会救助审核确认权限下放街道改革后续监管工作意见》二.1-2）"
        in handler.said
    )
    assert "可能扩大评议范围" in handler.said
    handler.acts("optional", one.case_id, stage_key="appraisal", reason="材料有争议")
    assert [flag.rule for flag in flags_of(one.case)] == ["APP-03"]


def test_nothing_is_offered_where_the_order_has_no_such_stage_or_it_is_done():
    one = household(TIANJIN).to("INITIAL_REVIEW")
    handler = Person(one.people.handler)
    assert reverse("cases:optional", args=[one.case_id]) not in handler.opens("detail", one.case_id).said
    assert "现在没有可以加办的环节" in handler.opens("optional", one.case_id).said
    handler.acts("optional", one.case_id, stage_key="appraisal", reason="想评议")
    assert handler.status == 422
    assert one.case.status == "initial_review"


# --- What the case shows of it ----------------------------------------------------------------------------------------


@pytest.mark.requirement("APP-07")
def test_the_votes_stand_in_the_story_the_chain_what_is_signed_and_the_approval_form():
    one = household(YUQUAN).to("APPRAISAL").appraises("agree", "disagree").to("SIGN_OFF")
    handler, deputy = Person(one.people.handler), Person(one.people.deputy)
    handler.opens("timeline", one.case_id)
    for shown in ("登记民主评议", "上传签过字的评议表", "完成民主评议", VOTES):
        assert shown in handler.said
    chain = handler.opens("chain", one.case_id).said
    assert "评议记录" in chain
    assert reverse("cases:appraisal", args=[one.case_id]) in chain
    assert f"民主评议：{VOTES}" in deputy.opens("sign-desk", case=one.case_id).said
    one.all_sign()
    frozen = Frozen.objects.unscoped(reason="test").get(case_id=one.case_id)
    assert [row["result"] for row in frozen.content["appraisals"]] == [VOTES]
    one.decides()
    form = text_of(content_of(one.case.decision.approval_form))
    assert f"到会2人：{VOTES}".replace(" ", "") in form


def test_an_appraisal_changed_after_the_first_signature_voids_it():
    one = household(TIANJIN).to("SIGN_OFF")
    one.signs(one.people.deputy)
    case = one.case
    stage = case.stages.unscoped(reason="test").latest("pk")
    Appraisal.objects.create(
        case=case, stage=stage, area_code=case.area_code, held_on=clock.today(), place="社区", chaired_by="周明", minutes="补记",
        recorded_by_name="周明", finished_at=clock.now(),
    )  # fmt: skip
    assert "民主评议" in Person(one.people.principal).opens("sign-desk", case=one.case_id).said
    one.signs(one.people.principal)
    assert Signature.objects.unscoped(reason="test").get(case_id=one.case_id).void_at is not None


def finding(one):
    """What the signing desk says of the appraisal."""
    (waiting,) = signing_desk.queue(one.people.deputy, [one.case_id])
    return [(found.level, found.why) for found in waiting.findings if found.page == "cases:appraisal"]


def test_the_desk_says_how_the_appraisal_went_and_that_it_is_missing_where_every_case_needs_one():
    one = household(YUQUAN).to("APPRAISAL").appraises("agree", "disagree").to("SIGN_OFF")
    assert finding(one) == [("warn", f"主持人 {one.people.handler.name}")]
    meeting(one).delete()
    assert finding(one) == [("bad", "每户都要评议。")]


def test_the_desk_says_that_a_case_came_back_after_an_appraisal_of_choice():
    one = household(CHENGQU).to("INITIAL_REVIEW").opens_appraisal().to("SIGN_OFF")
    assert finding(one) == [("ok", f"主持人 {one.people.handler.name}")]
    one.do(signing.return_signing, one.people.deputy, reason="再核实")
    one.do(review.send_back, one.people.handler, to_key="survey", reason="再调查")
    assert finding(one.to("SIGN_OFF")) == [("warn", "之后退回过，没有再评议。")]
    assert "退回前办过，需要时再办" in Person(one.people.handler).opens("detail", one.case_id).said


def test_the_desk_says_nothing_of_an_appraisal_that_only_an_objection_would_call_for():
    assert finding(household(NANKAI).to("SIGN_OFF")) == []


def test_an_earlier_appraisal_stays_readable_when_a_new_one_is_due():
    one = household(YUQUAN).to("INITIAL_REVIEW")
    handler = Person(one.people.handler)
    handler.acts("send-back", one.case_id, to_key="survey", reason="再调查")
    one.does("SURVEY")
    assert "appraisal" in one.case.open_keys
    handler.opens("appraisal", one.case_id)
    assert "以前的评议" in handler.said
    assert "同意 3 人" in handler.said
    assert "保存评议记录" in handler.said
