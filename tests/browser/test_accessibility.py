"""axe finds nothing serious, and nothing is wider than the window at 360 px."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from organizations.models import User
from tests.builders import cases as build

pytestmark = pytest.mark.browser


def _look(person, addresses):
    found = []
    for address in addresses:
        person.goes(address)
        results = Axe().run(person.page)
        found += [
            (address, one["id"], one["nodes"][0]["target"])
            for one in results.response["violations"]
            if one["impact"] in {"serious", "critical"}
        ]
        wide = person.page.evaluate("document.documentElement.scrollWidth")
        if wide > person.page.viewport_size["width"]:
            found.append((address, "wider than the window", wide))
    assert found == []


@pytest.mark.parametrize("width", [360, 1366])
def test_the_pages_of_a_street_are_accessible_and_fit_the_window(fresh_database, signs_in, width):
    people = build.street()
    fresh = build.walk(people).to("ACCEPTANCE")
    posted = build.walk(people).to("PUBLICITY").posts()
    handler = signs_in(User.objects.get(pk=people.handler.user_id), width=width)
    _look(
        handler,
        [
            "/workbench/",
            "/cases/",
            "/cases/new/",
            f"/cases/{fresh.case_id}/",
            f"/cases/{fresh.case_id}/materials/",
            f"/cases/{fresh.case_id}/authorizations/",
            f"/cases/{posted.case_id}/",
            f"/cases/{posted.case_id}/publicity/",
            f"/cases/{posted.case_id}/survey/",
            f"/cases/{posted.case_id}/timeline/",
            f"/cases/{posted.case_id}/chain/",
            "/policies/",
            "/policies/dec.limit.dibao/",
        ],
    )
