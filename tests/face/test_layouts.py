"""The two layouts, the error pages, and what holds for every template: nothing that the browser's policy forbids."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines

from common.display import large_type
from common.errors import Forbidden, NotFound, Refusal

TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
PAPERS = [path for path in TEMPLATES if "papers" in path.parts]
PAGES = [path for path in TEMPLATES if path not in PAPERS]
PAGE = '{% extends "base.html" %}{% block content %}<p>内容</p>{% endblock %}'


@pytest.fixture
def page(show):
    """A page in a layout. The source must begin with its extends, so it is compiled as it stands."""

    def render(source=PAGE, **context):
        template = engines["django"].engine.from_string(source)
        return show("{% include page %}", page=template, **context)

    return render


def relative(path):
    return str(path.relative_to(settings.BASE_DIR / "templates"))


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_no_template_has_inline_style_or_script(path):
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"<[^>]*\sstyle\s*=", source)
    assert "<style" not in source
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", source)


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_every_icon_and_static_file_a_template_names_exists(path):
    source = path.read_text(encoding="utf-8")
    sprite = Path(finders.find("icons.svg")).read_text(encoding="utf-8")
    for name in re.findall(r'\{% icon "([^"]+)"', source):
        assert f'id="{name}"' in sprite
    for name in re.findall(r'\{% static "([^"]+)" %\}', source):
        assert name.startswith("vendor/") or finders.find(name), "vendor/ is filled by npm"


def test_every_include_says_what_it_needs():
    for path in (settings.BASE_DIR / "templates" / "includes").glob("*.html"):
        assert "{#" in path.read_text(encoding="utf-8").split("\n<")[0], path.name


def test_the_layout_shows_who_i_am_and_lets_me_change_post_or_leave(page):
    html = page()
    assert "周明远" in html
    assert "万兴街道 · 社会救助经办" in html
    assert 'action="/organizations/post/"' in html
    assert 'name="appointment" value="12"' in html
    assert 'action="/logout/"' in html
    current = re.search(r'name="appointment" value="11"[^>]*>', html)[0]
    assert 'aria-current="true"' in current


def test_every_form_of_the_layout_that_posts_carries_its_token(page):
    forms = re.findall(r'<form[^>]*method="post".*?</form>', page(), re.DOTALL)
    assert len(forms) == 3
    assert all("csrfmiddlewaretoken" in form for form in forms)


def test_the_viewers_name_lies_over_the_page_but_is_not_read_aloud(page):
    mark = re.search(r'<svg class="sl-watermark".*?</svg>', page(), re.DOTALL)[0]
    assert "周明远 2026-11-24 09:20" in mark
    assert "万兴街道" in mark
    assert 'aria-hidden="true"' in mark


def test_a_visitor_sees_neither_names_nor_search(page):
    html = page(signed_in=False)
    assert "sl-watermark" not in html
    assert 'role="search"' not in html
    assert 'href="/login/"' in html


def test_the_present_area_is_marked_in_the_navigation(page):
    assert re.search(r'href="/workbench/"\s+aria-current="page"', page(path="/workbench/"))
    assert not re.search(r'href="/workbench/"\s+aria-current="page"', page(path="/cases/"))


def test_a_demonstration_is_marked_on_every_page(page):
    assert "示范系统" not in page()
    assert "示范系统" in page(demo=True)
    assert "示范系统" in page('{% extends "public.html" %}', demo=True)


def test_search_works_without_script(page):
    form = re.search(r'<form class="sl-find".*?</form>', page(), re.DOTALL)[0]
    assert 'action="/cases/"' in form
    assert 'name="q"' in form
    assert 'method="post"' in form, "a name or number never stands in an address"


@pytest.mark.parametrize(
    ("cookies", "large", "button"), [({}, False, 'value="1"'), ({"large": "1"}, True, 'value="0"')]
)
def test_large_type_is_kept_and_can_be_given_back(page, cookies, large, button):
    html = page('{% extends "public.html" %}', cookies=cookies, signed_in=False)
    assert ('class="sl-large"' in html) is large
    assert button in re.search(r'<button type="submit" class="sl-big"[^>]*>', html)[0]


def test_the_switch_of_large_type_goes_back_only_within_the_site(rf):
    answer = large_type(rf.post("/large-type/", {"on": "1", "next": "/login/"}))
    assert answer.url == "/login/"
    assert answer.cookies["large"].value == "1"
    away = large_type(rf.post("/large-type/", {"on": "0", "next": "https://elsewhere.example/"}))
    assert away.url == "/"
    assert away.cookies["large"].value == ""
    assert large_type(rf.get("/large-type/")).status_code == 405


@pytest.mark.parametrize(
    ("refusal", "heading"),
    [
        (NotFound(), "没有找到"),
        (Forbidden(), "这一步不归您当前的岗位办"),
        (Refusal("请过一小时再试。", code="ARCHIVES_TOO_OFTEN", status=429), "请稍后再试"),
        (Refusal("缺远景照片。", code="CASES_PHOTO", basis="要件清单第6项"), "没有办成，原来的内容没有变"),
    ],
)
def test_a_refusal_says_what_why_and_what_next(show, refusal, heading):
    html = show("", name="error.html", refusal=refusal)
    assert f"<h1>{heading}</h1>" in html
    assert refusal.message in html
    assert refusal.code in html
    assert refusal.basis in html
    assert 'href="/workbench/"' in html


def test_the_page_of_a_failure_needs_neither_request_nor_session():
    html = engines["django"].get_template("500.html").render()
    assert "系统出了故障" in html
    assert 'href="/"' in html


def test_a_stale_form_explains_itself(show):
    assert "没有执行" in show("", name="403_csrf.html")
