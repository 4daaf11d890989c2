"""The list of cases: what is in it, search, saved views, paging; and the workbench."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import queries
from cases.models import Case, CaseMember
from organizations.models import User
from tests.builders import cases as built
from tests.builders.organization import DISTRICT, OTHER_STREET, OTHER_VILLAGE, actor, post

pytestmark = pytest.mark.django_db
ALL = "a test looks at everything"


def browser(person):
    client = Client()
    client.force_login(User.objects.get(pk=person.user_id))
    return client


def named(name, **changes):
    return built.application(members=[built.applicant(name)], **changes)


def shown(answer):
    """The names in the list, from top to bottom."""
    return re.findall(r'class="sl-who"[^>]*>(.*?)</a>', answer.content.decode())


def look_for(client, text):
    """Search as the page does: a POST that comes back to an address with a sealed token."""
    sent = client.post(reverse("cases:search"), {"q": text})
    assert sent.status_code == 302
    return sent.url, client.get(sent.url)


@pytest.fixture
def people():
    return built.street()


@pytest.mark.parametrize("text", ["李桂", "liguilan", "lgl", "LGL"])
def test_a_case_is_found_by_name_pinyin_and_initials(people, text):
    for name in ("李桂兰", "王德顺"):
        built.walk(people, application=named(name))
    address, answer = look_for(browser(people.handler), text)

    assert shown(answer) == ["李桂兰"]
    assert text not in address
    assert text.lower() not in address.lower()


def test_a_case_is_found_by_its_number_and_by_any_members_identity_number(people):
    walk = built.walk(people, application=built.family())
    built.walk(people, application=named("赵铁柱"))
    client = browser(people.handler)
    number = CaseMember.objects.unscoped(reason=ALL).get(name="王子墨").id_number

    for text in (walk.case.number, number, number[-4:]):
        address, answer = look_for(client, text)
        assert "李桂兰" in shown(answer), text
        assert number not in address
        assert number not in answer.content.decode()


def test_a_search_never_stands_in_an_address_and_a_strangers_token_finds_nothing(people):
    built.walk(people, application=named("李桂兰"))
    client = browser(people.handler)
    assert shown(client.get(reverse("cases:list"), {"q": "李桂兰", "view": "all"})) == ["李桂兰"]
    page = client.get(reverse("cases:list")).content.decode()
    for form in re.findall(r"<form[^>]*>", page):
        if "search" in form:
            assert 'method="post"' in form


def test_another_streets_cases_are_in_no_view_and_no_search(people):
    walk = built.walk(people, application=named("李桂兰"))
    client = browser(actor(post("handler", OTHER_STREET)))
    assert shown(client.get(reverse("cases:list"), {"view": "all"})) == []
    assert shown(look_for(client, "李桂兰")[1]) == []
    assert shown(look_for(client, walk.case.number)[1]) == []
    assert "没有找到" in look_for(client, "李桂兰")[1].content.decode()


def test_the_district_sees_the_cases_of_all_its_streets(people):
    built.walk(people, application=named("李桂兰"))
    assert shown(browser(actor(post("district_officer", DISTRICT))).get(reverse("cases:list"))) == ["李桂兰"]


def test_saved_views_count_and_filter(people):
    built.walk(people, application=named("李桂兰"))
    built.walk(people, application=named("王德顺")).to("SURVEY")
    withdrawn = built.walk(people, application=named("赵铁柱"))
    from cases.services.intake import withdraw

    withdraw(people.handler, withdrawn.case_id, reason="收入好转", seen=withdrawn.seen)
    client = browser(people.handler)

    assert set(shown(client.get(reverse("cases:list")))) == {"李桂兰", "王德顺"}
    assert shown(client.get(reverse("cases:list"), {"view": "ended"})) == ["赵铁柱"]
    assert shown(client.get(reverse("cases:list"), {"step": "SURVEY"})) == ["王德顺"]
    assert queries.view_counts(people.handler)["open"] == 2
    assert queries.view_counts(people.handler)["all"] == 3


def test_a_village_can_be_picked(people):
    built.walk(people, application=named("李桂兰"))
    built.walk(people, application=named("王德顺", village_code=OTHER_VILLAGE))
    client = browser(people.handler)
    assert shown(client.get(reverse("cases:list"), {"village": OTHER_VILLAGE})) == ["王德顺"]


def test_a_list_shows_no_more_than_the_last_four_of_a_number(people):
    built.walk(people, application=named("李桂兰"))
    number = CaseMember.objects.unscoped(reason=ALL).get().id_number
    page = browser(people.handler).get(reverse("cases:list")).content.decode()
    assert f"…{number[-4:]}" in page
    assert number not in page
    assert number[:14] not in page


def test_paging_goes_down_and_up_again_over_rows_of_the_same_moment(people, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    names = ["甲一", "乙二", "丙三", "丁四", "戊五"]
    for name in names:
        built.walk(people, application=named(name))
    client = browser(people.handler)

    seen, address = [], reverse("cases:list")
    while address:
        answer = client.get(address)
        seen.append(shown(answer))
        older = re.search(r'href="([^"]*)" rel="next"', answer.content.decode())
        address = older[1].replace("&amp;", "&") if older else ""
    assert seen == [["戊五", "丁四"], ["丙三", "乙二"], ["甲一"]]
    newer = re.search(r'href="([^"]*)" rel="prev"', answer.content.decode())[1].replace("&amp;", "&")
    assert shown(client.get(newer)) == ["丙三", "乙二"]


def test_list_and_workbench_take_as_many_queries_for_many_rows_as_for_one(people):
    built.walk(people, application=named("李桂兰"))
    client = browser(people.handler)
    pages = (reverse("cases:list"), reverse("workbench"))

    def asked():
        found = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as captured:
                client.get(page)
            found.append(len(captured))
        return found

    few = asked()
    for number in range(6):
        built.walk(people, application=named(f"王{number}顺"))
    assert Case.objects.unscoped(reason=ALL).count() == 7
    assert asked() == few


def test_the_workbench_shows_each_post_what_waits_for_it(people):
    built.walk(people, application=named("李桂兰"))
    signing = built.walk(people, application=named("王德顺")).to("SIGN_OFF")
    handler = browser(people.handler).get(reverse("workbench"))
    leader = browser(people.deputy).get(reverse("workbench"))

    assert shown(handler) == ["李桂兰"]
    assert shown(leader) == ["王德顺"]
    assert reverse("cases:detail", args=[signing.case_id]) in leader.content.decode()
    assert "没有等您办理的事" in browser(people.village).get(reverse("workbench")).content.decode()


def test_the_check_centre_sees_its_requests_and_no_list(people):
    walk = built.walk(people, application=named("李桂兰")).to("ECONOMIC_CHECK")
    walk.requests_check()
    centre = browser(people.centre)
    page = centre.get(reverse("workbench")).content.decode()

    assert "李桂兰" in page
    assert centre.get(reverse("cases:list")).status_code == 403
    assert centre.get(reverse("cases:detail", args=[walk.case_id])).status_code == 403


def test_an_empty_list_says_what_to_do(people):
    page = browser(people.handler).get(reverse("cases:list")).content.decode()
    assert "这里没有个案" in page
