"""The list, the search and the workbench take as many queries with many cases as with few, on the first and on a deep page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import integrity
from cases.queries import PAGE_SIZE, Filters, case_list
from common.crypto import token
from journal.integrity import violations
from tests.builders import bulk
from tests.builders import cases as build
from tests.builders.organization import VILLAGE

FEW = 100


def _queries(client, url):
    with CaptureQueriesContext(connection) as found:
        response = client.get(url)
    assert response.status_code == 200, url
    return len(found)


def _measure(client, actor):
    cursor = ""
    for _page in range(2):
        cursor = case_list(actor, Filters(cursor=cursor)).older or cursor
    addresses = {
        "list": reverse("cases:list"),
        "deep": f"{reverse('cases:list')}?after={cursor}",
        "search": f"{reverse('cases:list')}?q={token('lg', 'cases.search')}",
        "tail": f"{reverse('cases:list')}?q={token('0010', 'cases.search')}",
        "workbench": reverse("workbench"),
    }
    return {name: _queries(client, url) for name, url in addresses.items()}


def _compare(client, many):
    walk = build.walk()
    people = walk.people
    client.force_login(build.post_user(people.handler))
    bulk.cases(people, VILLAGE, FEW + 2 * PAGE_SIZE)
    client.get(reverse("workbench"))  # the first page of a session also writes the session
    few = _measure(client, people.handler)
    bulk.cases(people, VILLAGE, many)
    assert _measure(client, people.handler) == few
    assert list(integrity.violations()) == []
    assert list(violations()) == []


@pytest.mark.django_db
def test_list_search_and_workbench_take_as_many_queries_with_three_thousand_cases_as_with_a_hundred(client):
    _compare(client, 3_000)


@pytest.mark.long
@pytest.mark.django_db
def test_list_search_and_workbench_take_as_many_queries_with_a_hundred_thousand_cases_as_with_a_hundred(client):
    _compare(client, 100_000)
