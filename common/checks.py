"""What `manage.py check` says about the machine itself."""

from typing import Any

from django.core.checks import CheckMessage, Error, Warning  # noqa: A004 - Django's own names

from common import pdf

PACKAGES = "fonts-noto-cjk fonts-arphic-gkai00mp fonts-arphic-gbsn00lp fontconfig"


def check_fonts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Papers need Chinese fonts: without them PDFs show boxes, and nothing else would say so."""
    missing = pdf.fonts_ready()
    if not missing:
        return []
    kind, number = (Error, "E001") if pdf.REQUIRED in missing else (Warning, "W001")
    names = ", ".join(missing)
    return [
        kind(f"Chinese fonts are missing: {names}.", hint=f"Install the packages {PACKAGES}.", id=f"common.{number}")
    ]
