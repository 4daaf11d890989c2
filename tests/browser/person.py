"""What a person does at a browser, in the words of the page."""

import io
import subprocess

from tests.builders.cases import picture
from tests.builders.organization import PASSWORD


class Person:
    """One signed-in person with a browser window."""

    def __init__(self, page, user):
        self.page, self.user, self.troubles = page, user, []
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda line: self.troubles.append(line.text) if "Content Security" in line.text else None)
        page.on("response", lambda got: self.troubles.append(f"{got.status} {got.url}") if got.status >= 500 else None)

    def signs_in(self):
        self.goes("/account/login/")
        self.fills(login=self.user.username, password=PASSWORD)
        self.presses("登录")
        self.page.wait_for_url("**/workbench/")

    def goes(self, address):
        answer = self.page.goto(address)
        assert answer is None or answer.status < 400, (address, answer.status, self.page.inner_text("main")[:300])
        return self

    def fills(self, **values):
        """Type into fields by name; in names `__` stands for `-`."""
        for name, value in values.items():
            field = self.page.locator(f'[name="{name.replace("__", "-")}"]:visible').first
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        return self

    def ticks(self, name, value=None):
        found = f'input[name="{name}"]' + (f'[value="{value}"]' if value is not None else "")
        self.page.locator(found).first.check(force=True)
        return self

    def brings(self, name="file", kind="photo", within=None):
        """Choose a file for an upload field."""
        root = self.page.locator(within) if within else self.page
        root.locator(f'input[type=file][name="{name}"]').first.set_input_files(
            {"name": f"{kind}.jpg", "mimeType": "image/jpeg", "buffer": picture()}
        )
        return self

    def presses(self, label, within=None):
        """Press the button with this label and wait for the page that follows."""
        root = self.page.locator(within) if within else self.page
        button = root.get_by_role("button", name=label).first
        with self.page.expect_navigation():
            button.click()
        return self

    def sees(self, *texts):
        body = self.page.inner_text("body").replace(" ", "")
        for text in texts:
            assert text in body, f"{text!r} is not on {self.page.url}:\n{self.page.inner_text('main')[:1500]}"
        return self

    def fetches(self, address):
        """The bytes behind an address, with this person's session."""
        answer = self.page.request.get(address)
        assert answer.status == 200, (address, answer.status)
        return answer.body()


def text_of(pdf):
    """What pdftotext reads in a PDF, without spaces and line breaks."""
    found = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(found.stdout.decode().split())


def fonts_of(pdf, tmp_path):
    """[(name, embedded)] of every font of a PDF."""
    path = tmp_path / "paper.pdf"
    path.write_bytes(pdf)
    found = subprocess.run(["pdffonts", str(path)], capture_output=True, check=True, text=True)
    rows = io.StringIO(found.stdout).read().splitlines()[2:]
    return [(row.split()[0], row.split()[-5] == "yes") for row in rows]
