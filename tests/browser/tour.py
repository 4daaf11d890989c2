"""Pictures of every page (sights.py) of a running demonstration, at 360 and 1366 px.

    python -m tests.browser.tour http://127.0.0.1:8000 [FOLDER [NAME …]]

writes them into docs/screenshots; with names, those alone. PAPER in the environment is the check code of a paper of that site;
CHROMIUM another browser than the system's. With Debian's package chromium-l10n its own words (“选择文件”) are Chinese too.
"""

import io
import os
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.sights import ROUNDS

WIDTHS = (1366, 360)
HEIGHT = 900
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
CHINESE = {"LANGUAGE": "zh_CN", "LC_ALL": "zh_CN.UTF-8"}
PAPER = os.environ.get("PAPER", "")
PASSWORD = "sunlight-2026"
LOCKED = "jilin-handler"
TALLEST = 6000
COLOURS = """
    ffffff f3f5f7 e8ebef d3d9e0 b4bcc7 8b95a3 5f6b7b 435063 2d3846 18222f 1d569e 5f88ba 9db8d8 143f78 e8f0fa b4cbe8
    ab1f1a cf7d7a fdeae8 7f4a00 b38f5c e9bf77 fdf0d8 17653f 6fa088 e4f3eb f0b429 8a5a3c c9a27c 88a0a8
"""
"""The tokens of sunlight.css with their edges on white, and a few for photographs."""
LOAD_PHOTOS = """() => Promise.all([...document.images].map(one => {
    one.loading = "eager";
    return one.complete || new Promise(done => { one.onload = one.onerror = done; });
}))"""


class Visitor:
    """A browser window of its own, signed in or not. `code()`: the person's one-time code of the moment; `locked`: an account to
    lock out; `paper`: the check code of a paper."""

    def __init__(self, page, code=lambda: "", locked=LOCKED, paper=PAPER):
        self.page, self.code, self.locked, self.paper = page, code, locked, paper
        self.cases = {}

    def signs_in(self, username, password=PASSWORD):
        self.page.goto("/account/login/")
        self.page.fill('[name="login"]', username)
        self.page.fill('[name="password"]', password)
        self.page.get_by_role("button", name="登录").first.click()
        self.page.wait_for_url("**/workbench/")
        return self

    def sees(self, sight):
        """Go to a page as `sight` says. False if no case (or paper) is as it must be."""
        if not self._arrives(sight):
            return False
        for _time in range(sight.times):
            self._acts(sight)
        return True

    def _acts(self, sight):
        """What is typed and pressed, where the page (still) offers it."""
        for name, text in sight.types.items():
            field = self.page.locator(f'main [name="{name}"]:visible')
            if field.count() and field.first.evaluate("one => one.tagName") == "SELECT":
                field.first.select_option(text)
            elif field.count():
                field.first.fill(text.format(code=self.code() if "{code}" in text else "", locked=self.locked))
        for selector in sight.clicks:
            if self.page.locator(selector).count():
                self._presses(self.page.locator(selector).first)

    def _arrives(self, sight):
        if not sight.case:
            self._goes(sight.address.replace("{paper}", self.paper))
            return bool(self.paper) or "{paper}" not in sight.address
        for case in self._cases(sight.case):
            self._goes(case + sight.address)
            if not sight.shows or self.page.locator(sight.shows).count():
                return True
        return False

    def _goes(self, address):
        answer = self.page.goto(address)
        assert answer is None or answer.status < 500, (address, answer.status)

    def _cases(self, query):
        """The addresses of the cases on the first page of a list."""
        if query not in self.cases:
            self._goes(f"/cases/?{query if 'view=' in query else 'view=all&' + query}")
            found = self.page.locator("main tbody a.sl-who")
            self.cases[query] = found.evaluate_all("all => all.map(one => one.getAttribute('href'))")
        return self.cases[query]

    def _presses(self, one):
        """Follow a link, press a button whatever the form holds, open what folds."""
        kind = one.evaluate("one => one.tagName")
        if kind == "A":
            self._goes(one.evaluate("one => one.href"))
        elif kind == "BUTTON":
            one.evaluate("one => { one.form.noValidate = true }")
            with self.page.expect_navigation():
                one.click()
        else:
            one.click()


def window(browser, site):
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": HEIGHT}, locale="zh-CN", base_url=site)
    return context.new_page()


def code_of(page, username):
    """The code that the start page shows beside an account."""
    other = page.context.new_page()
    other.goto("/")
    code = other.locator("tr", has=other.get_by_text(username, exact=True)).locator("td.num").first.inner_text()
    other.close()
    return code


def rounds(browser, site, names):
    """(visitor, sights) of everybody, one after the other; with names, those alone."""
    for username, every in (one for group in ROUNDS.values() for one in group):
        sights = [one for one in every if not names or one.name in names]
        if not sights:
            continue
        page = window(browser, site)
        visitor = Visitor(page, code=lambda page=page, username=username: code_of(page, username))
        yield visitor.signs_in(username) if username else visitor, sights
        page.context.close()


def pictures(page):
    """(width, picture) of the page as it stands; the window grows with it, so that nothing sticks in its middle."""
    page.evaluate(LOAD_PHOTOS)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if page.locator(".sl-signbar").count():
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": height})
        yield width, page.screenshot(full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            sys.stderr.write(f"{page.url} is {wide} px wide in a window of {width}\n")
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})


def save(picture, path):
    """A picture in the colours of the look is a tenth of the size and as readable; of a list without end its beginning is enough."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, TALLEST)))
    image.quantize(palette=palette(), dither=Image.Dither.NONE).save(path, optimize=True)


def palette():
    image = Image.new("P", (1, 1))
    image.putpalette(bytes.fromhex(COLOURS))
    return image


def main(site, folder, names):
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"], env=os.environ | CHINESE)
        for visitor, sights in rounds(browser, site, names):
            for sight in sights:
                if not visitor.sees(sight):
                    sys.stderr.write(f"nothing to see for {sight.name}\n")
                    continue
                for width, picture in pictures(visitor.page):
                    save(picture, folder / f"{sight.name}-{width}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2] if len(sys.argv) > 2 else "docs/screenshots"), sys.argv[3:])
