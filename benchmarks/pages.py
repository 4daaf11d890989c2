"""Pages over many cases: list, deep list, search and workbench, against a bare page for a signed-in person."""

import argparse
import datetime as dt
from collections.abc import Callable

import django
from django.db import connection, connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from benchmarks.measure import Measurement, medians, table, write

FULL_SCALE = 1_000_000
DEEP_PAGES = 20
PAGE_BUDGET = 3.0
DAY = dt.date(2026, 9, 1)


def prepare(cases: int) -> tuple[Client, dict[str, str]]:
    """A database with `cases` cases, a signed-in handler of their street, and the addresses to measure."""
    from common import clock
    from tests import databases
    from tests.builders import bulk
    from tests.builders import cases as build
    from tests.builders.organization import VILLAGE

    databases.build_template()
    clock.move(DAY)
    walk = build.walk()
    bulk.cases(walk.people, VILLAGE, cases)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(SERVER_NAME="localhost")
    client.force_login(build.post_user(walk.people.handler))
    return client, addresses(walk.people.handler)


def addresses(actor: object) -> dict[str, str]:
    """Name → address of every page to measure."""
    from django.urls import reverse

    from cases.queries import Filters, case_list
    from common.crypto import token

    listed = reverse("cases:list")
    cursor = ""
    for _page in range(DEEP_PAGES):
        cursor = case_list(actor, Filters(cursor=cursor)).older or cursor  # type: ignore[arg-type]
    return {
        "case list, first page": listed,
        f"case list, page {DEEP_PAGES + 1}": f"{listed}?after={cursor}",
        "search by pinyin initials": f"{listed}?view=all&q={token('lg', 'cases.search')}",
        "search by last four digits": f"{listed}?view=all&q={token('0010', 'cases.search')}",
        "workbench": reverse("workbench"),
    }


def measure(client: Client, pages: dict[str, str]) -> list[Measurement]:
    """Every page beside the bare one."""

    def visit(address: str) -> Callable[[], object]:
        def get() -> None:
            status = client.get(address).status_code
            if status != 200:
                raise RuntimeError(f"{address} answers {status}")

        return get

    queries = {}
    for name, address in pages.items():
        with CaptureQueriesContext(connection) as captured:
            visit(address)()
        queries[name] = len(captured)
    found = medians({name: visit(address) for name, address in {"bare": "/bare/", **pages}.items()})
    return [Measurement(name, found[name], found["bare"], PAGE_BUDGET, queries[name]) for name in pages]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=0.01, help="1 is a million cases")
    scale = parser.parse_args().scale
    django.setup()
    cases = max(1_000, int(FULL_SCALE * scale))
    from tests import databases

    try:
        with override_settings(ROOT_URLCONF="benchmarks.urls"):
            found = measure(*prepare(cases))
    finally:
        databases.drop_all()
    print(f"\n{cases:,} cases\n{table(found)}\n")
    write(found, scale, {"cases": cases})


if __name__ == "__main__":
    main()
