"""The page of the interfaces: the operations are there to read, and the content policy lets the page work."""

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [360, 1366])
def test_a_programmer_reads_the_interfaces_on_their_page(site, chromium, width):
    page = chromium.new_context(viewport={"width": width, "height": 900}, base_url=site).new_page()
    troubles = []
    page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto("/api/v1/docs/")
    page.get_by_role("button", name="post /api/v1/applications/ 提交申请").click()
    page.get_by_text("每次新的提交用新的值").first.wait_for()
    assert page.get_by_text("RFC 9457").count()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert troubles == []
    page.context.close()
