"""Papers as PDF: a Django template through WeasyPrint (PDF/A-3u, fonts embedded)."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

FAMILIES = ("Noto Serif CJK SC", "Noto Sans CJK SC", "AR PL KaitiM GB", "AR PL SungtiL GB")
REQUIRED = FAMILIES[0]
STYLE = Path(settings.BASE_DIR) / "static" / "documents.css"


class PaperBroken(Exception):
    """A template asks for a file that a paper may not have, or that is not there."""


def render(template: str, context: dict[str, Any]) -> bytes:
    """The PDF of a template, in Chinese whatever the reader's language. Raises `PaperBroken`.

    Pictures stand in the template itself (`data:`), the style is static/documents.css: nothing is fetched over a network,
    and without its style no paper is made. WeasyPrint is imported here, because its import takes seconds.
    """
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    with translation.override(settings.LANGUAGE_CODE):
        html = render_to_string(template, context)
    try:
        page = HTML(string=html, base_url=STYLE.as_uri(), url_fetcher=_fetcher())
        document: bytes = page.write_pdf(pdf_variant="pdf/a-3u")
    except FatalURLFetchingError as error:  # a BaseException of the package: it would pass by every handler
        raise PaperBroken(str(error)) from error
    return document


def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher

    class Local(URLFetcher):  # type: ignore[misc]
        """What a template holds itself, and the style sheet; nothing else."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if not url.startswith("data:") and url != STYLE.as_uri():
                raise ValueError("papers fetch nothing from outside")
            return super().fetch(url, headers)

    return Local(allowed_protocols=("data", "file"), allow_redirects=False, fail_on_errors=True)


def fonts_ready() -> list[str]:
    """The families of `FAMILIES` that this machine lacks. Without the first one papers show boxes, not characters."""
    program = shutil.which("fc-list")
    if program is None:
        return list(FAMILIES)
    listed = subprocess.run([program, ":lang=zh", "family"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - fixed arguments
    installed = {name.strip() for line in listed.splitlines() for name in line.split(",")}
    return [family for family in FAMILIES if family not in installed]
