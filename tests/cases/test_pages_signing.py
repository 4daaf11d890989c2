"""The signing desk."""

import datetime as dt
import uuid

import pytest

from cases.models import Case, Signature, SigningSitting
from common import clock
from organizations.models import User
from organizations.services.areas import founder
from organizations.services.second_factor import current_code, new_secret, set_secret
from tests.builders import cases as build
from tests.builders.organization import FOREIGN_STREET, STREET, actor, also, foreign_district, post
from tests.cases.pages import Person

pytestmark = pytest.mark.django_db
SECRET = new_secret()


def at_desk(someone):
    set_secret(founder(), someone.user_id, SECRET)
    return Person(someone)


def opens_sitting(person, *cases, code=None, **more):
    """Chooses the cases and types the code; returns the sitting, if one opened."""
    clock.move(clock.now() + dt.timedelta(minutes=2))
    values = {f"seen-{one.case_id}": one.case.version for one in cases} | more
    code = code or current_code(SECRET, clock.now())
    person.sends("sitting-open", case_ids=[one.case_id for one in cases], code=code, **values)
    return SigningSitting.objects.unscoped(reason="test").order_by("-pk").first()


def signatures(one):
    return list(Signature.objects.unscoped(reason="test").filter(case_id=one.case_id, void_at=None).order_by("place"))


@pytest.mark.requirement("DEC-14", "DEC-15")
def test_two_leaders_read_choose_type_one_code_and_sign():
    one = build.walk(application=build.family()).to("SIGN_OFF")
    deputy, principal = at_desk(one.people.deputy), at_desk(one.people.principal)
    deputy.opens("sign-desk")
    for words in ("李桂兰", "1,900.00", "机器核验无问题", "签的是这一份"):
        assert words in deputy.said
    assert "现在没有等您签批的个案" in principal.opens("sign-desk").said
    sitting = opens_sitting(deputy, one)
    assert "签批同意" in deputy.said
    deputy.acts("sign", one.case_id, sitting_id=sitting.pk, remark="情况属实")
    assert "已签批" in deputy.said
    assert "已签批" in principal.opens("sign-desk").said
    second = opens_sitting(principal, one)
    principal.acts("sign", one.case_id, sitting_id=second.pk)
    first, last = signatures(one)
    assert first.content_hash == last.content_hash
    assert (first.sitting_id, last.sitting_id) == (sitting.pk, second.pk)
    assert one.case.open_keys == ["decision"]


def test_several_cases_are_signed_in_one_sitting_with_one_button():
    people = build.street()
    several = [build.walk(people).to("SIGN_OFF") for _number in range(2)]
    deputy = at_desk(people.deputy)
    sitting = opens_sitting(deputy, *several)
    deputy.sends("sitting-sign", sitting.pk, **{f"seen-{one.case_id}": one.case.version for one in several})
    assert all(len(signatures(one)) == 1 for one in several)
    assert "已签批" in deputy.said


def test_a_wrong_code_opens_nothing_and_the_choice_stays():
    one = build.walk().to("SIGN_OFF")
    deputy = at_desk(one.people.deputy)
    assert opens_sitting(deputy, one, code="000000") is None
    assert deputy.status in {409, 422}
    assert "动态口令不对" in deputy.said
    assert "checked" in deputy.said


def test_without_a_choice_or_with_an_older_reading_no_sitting_opens():
    one = build.walk().to("SIGN_OFF")
    deputy = at_desk(one.people.deputy)
    assert opens_sitting(deputy) is None
    assert "请先选择要签批的个案" in deputy.said
    assert opens_sitting(deputy, one, **{f"seen-{one.case_id}": 1}) is None
    assert "在您看过之后有变动" in deputy.said


def test_a_case_with_findings_must_be_read_before_it_can_be_chosen():
    people = build.street()
    plain = build.walk(people).to("SIGN_OFF")
    marked = build.walk(people).to("PUBLICITY").posts().objected().surveys()
    marked.requests_check().centre_answers().settles().gives_opinion().answers_objection().posts().days_pass(8)
    marked.finishes_publicity()
    deputy = Person(people.deputy)
    deputy.opens("sign-desk", case=plain.case_id)
    assert "处须看" in deputy.said
    deputy.opens("sign-desk", case=marked.case_id)
    assert "处提示，已看" in deputy.said
    assert "曾有异议 1 条" in deputy.said


@pytest.mark.requirement("DEC-27")
def test_content_changed_after_the_first_signature_is_said_and_the_signature_falls():
    one = build.walk().to("SIGN_OFF")
    one.signs(one.people.deputy)
    principal = at_desk(one.people.principal)
    Case.objects.unscoped(reason="test").filter(pk=one.case_id).update(address="另一处")
    assert "内容已改动，前面的签批失效" in principal.opens("sign-desk").said
    assert "改动的有：申报" in principal.said
    sitting = opens_sitting(principal, one)
    principal.acts("sign", one.case_id, sitting_id=sitting.pk)
    assert "没有签：内容已改动" in principal.said
    assert signatures(one) == []
    assert "以前的签批已失效" in Person(one.people.deputy).opens("sign-desk").said


@pytest.mark.requirement("DEC-15")
def test_a_leader_who_surveyed_the_household_is_told_to_stand_back_and_cannot_choose_it():
    people = build.street()
    surveyor = User.objects.get(pk=people.colleague.user_id)
    also(surveyor, "deputy_leader", STREET)
    one = build.walk(people).to("SIGN_OFF")
    leader = at_desk(actor(surveyor, post_code="deputy_leader"))
    leader.opens("sign-desk")
    assert "须回避" in leader.said
    assert "disabled" in leader.said
    sitting = opens_sitting(leader, one)
    leader.acts("sign", one.case_id, sitting_id=sitting.pk)
    assert "您已经是这一户的调查人" in leader.said
    assert signatures(one) == []


def test_a_form_sent_twice_signs_once():
    one = build.walk().to("SIGN_OFF")
    deputy = at_desk(one.people.deputy)
    sitting = opens_sitting(deputy, one)
    twice = {"seen": one.case.version, "key": str(uuid.uuid4()), "sitting_id": sitting.pk}
    for _time in range(2):
        assert deputy.sends("sign", one.case_id, **twice).status == 200
    assert len(signatures(one)) == 1


def test_a_leader_returns_a_case_with_the_reason():
    one = build.walk().to("SIGN_OFF")
    deputy = Person(one.people.deputy)
    deputy.acts("return-signing", one.case_id, reason="")
    assert deputy.status == 422
    deputy.acts("return-signing", one.case_id, reason="收入没有说清")
    assert "已退回初审" in deputy.said
    assert one.case.open_keys == ["initial_review"]


def test_an_expired_sitting_signs_nothing_and_says_what_to_do():
    one = build.walk().to("SIGN_OFF")
    deputy = at_desk(one.people.deputy)
    sitting = opens_sitting(deputy, one)
    clock.move(clock.now() + dt.timedelta(minutes=11))
    deputy.acts("sign", one.case_id, sitting_id=sitting.pk)
    assert deputy.status == 409
    assert "签批时间已过" in deputy.said
    assert signatures(one) == []


def test_nobody_else_enters_the_desk_or_anothers_sitting():
    one = build.walk().to("SIGN_OFF")
    deputy = at_desk(one.people.deputy)
    sitting = opens_sitting(deputy, one)
    assert Person(one.people.handler).opens("sign-desk").status == 403
    principal = Person(one.people.principal)
    assert principal.opens("sign-desk", sitting=sitting.pk).status == 404
    assert principal.sends("sitting-sign", sitting.pk).status == 404
    foreign_district()
    stranger = Person(actor(post("deputy_leader", FOREIGN_STREET)))
    assert "李桂兰" not in stranger.opens("sign-desk").said
    assert stranger.acts("return-signing", one.case_id, reason="x").status == 404
