"""Every page worth looking at, as who would look at it.

    python -m tests.browser.tour http://127.0.0.1:8000 [FOLDER]

takes pictures of a running demonstration at 360 and 1366 px into docs/screenshots.
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

WIDTHS = (360, 1366)
PASSWORD = "sunlight-2026"
PUBLIC = {"start": "/", "sign-in": "/account/login/"}
BY_PERSON = {
    "handler": {
        "workbench": "/workbench/",
        "case-list": "/cases/",
        "register": "/cases/new/",
        "rules": "/policies/",
        "rule": "/policies/dec.limit.dibao/",
        "documents": "/policies/documents/",
        "calendar": "/policies/calendar/",
    },
    "deputy": {"sign-desk": "/cases/signing/", "leader-workbench": "/workbench/"},
    "village": {"village-workbench": "/workbench/"},
    "check": {"checks": "/cases/checks/"},
    "supervisor": {"supervisor-workbench": "/workbench/", "bindings": "/policies/bindings/"},
    "sysadmin": {
        "areas": "/organizations/",
        "offices": "/organizations/offices/",
        "users": "/organizations/users/",
        "responsibilities": "/organizations/responsibilities/",
        "delegations": "/organizations/delegations/",
        "tasks": "/organizations/tasks/",
    },
    "secadmin": {"locked": "/organizations/locked/"},
}
CASE_PAGES = {
    "acceptance": {"materials": "materials/", "authorizations": "authorizations/"},
    "survey": {"survey": "survey/"},
    "economic_check": {"check": "check/"},
    "initial_review": {"review": "review/"},
    "publicity": {"case": "", "publicity": "publicity/", "timeline": "timeline/", "chain": "chain/"},
    "decision": {"decide": "decide/"},
    "delivery": {"serve": "serve/"},
    "CONFIRMED": {"benefit": ""},
}
STEP_OF = {
    "acceptance": "ACCEPTANCE",
    "survey": "SURVEY",
    "economic_check": "ECONOMIC_CHECK",
    "initial_review": "INITIAL_REVIEW",
    "publicity": "PUBLICITY",
    "decision": "DECISION",
    "delivery": "DELIVERY",
}


def signed_in(browser, site, username, width):
    """A window of this width, signed in."""
    page = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", base_url=site).new_page()
    page.goto("/account/login/")
    page.fill('[name="login"]', username)
    page.fill('[name="password"]', PASSWORD)
    page.get_by_role("button", name="登录").first.click()
    page.wait_for_url("**/workbench/")
    return page


def first_case(page, status):
    """The address of the first case in a state, or None."""
    query = f"?view=all&step={STEP_OF[status]}" if status in STEP_OF else "?view=confirmed"
    page.goto(f"/cases/{query}")
    links = page.locator("main table a[href^='/cases/']").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))"
    )
    return next((link for link in links if link.rstrip("/").split("/")[-1].isdigit()), None)


def pages(browser, site, width):
    """(name, page standing on it) for everything."""
    page = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", base_url=site).new_page()
    for name, address in PUBLIC.items():
        page.goto(address)
        yield name, page
    for username, addresses in BY_PERSON.items():
        page = signed_in(browser, site, username, width)
        for name, address in addresses.items():
            page.goto(address)
            yield name, page
        if username == "handler":
            for status, below in CASE_PAGES.items():
                case = first_case(page, status)
                for name, address in below.items() if case else ():
                    page.goto(case + address)
                    yield name, page
        page.context.close()


def save(picture, path):
    """A picture in 64 colours is a tenth of the size and as readable."""
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(64).save(path, optimize=True)


def main(site, folder):
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for width in WIDTHS:
            for name, page in pages(browser, site, width):
                save(page.screenshot(full_page=True), folder / f"{name}-{width}.png")
                wide = page.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    sys.stderr.write(f"{name} is {wide} px wide in a window of {width}\n")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2] if len(sys.argv) > 2 else "docs/screenshots"))
