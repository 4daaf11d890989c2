"""Issuing papers and rendering their PDF."""

import json
import secrets
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.urls import reverse

from archives.enums import PaperKind
from archives.models import IssuedPaper, PaperFile, PaperSeries
from common import clock, files, pdf
from common.actors import Actor, system_actor
from common.crypto import canonical, content_hash
from journal.services import record


def issue(
    actor: Actor, *, kind: str, owner: models.Model, subject: tuple[str, object], area_code: str, office_name: str,
    prefix: str, data: dict[str, Any],
) -> IssuedPaper:  # fmt: skip
    """Take the next number of the office's series and freeze the paper's data (inside the caller's act).

    `data` is everything the template shows, as JSON values; number, date and office are added. The hash is over its canonical
    JSON. The number reads `示民告〔2026〕12号`: prefix, kind, year, running number.
    """
    now = clock.now()
    number = f"{prefix}{SHORT[kind]}〔{now.year}〕{_next_number(office_name, kind, now.year)}号"
    facts = {"number": number, "office": office_name, "issued_on": now.date(), "kind": kind}
    frozen = json.loads(canonical({**data, **facts}))
    paper = IssuedPaper.objects.create(
        number=number,
        kind=kind,
        office_name=office_name,
        issued_at=now,
        issued_by_name=actor.name,
        owner_type=owner._meta.label_lower,
        owner_id=str(owner.pk),
        subject_type=subject[0],
        subject_id=str(subject[1]),
        area_code=area_code,
        data=frozen,
        data_hash=content_hash(frozen),
        check_code=secrets.token_hex(16),
    )
    record(
        actor, "archives.issue", paper, subject=subject, area_code=area_code,
        changes={"number": [None, number], "data_hash": [None, paper.data_hash]},
    )  # fmt: skip
    return paper


SHORT: dict[str, str] = {
    PaperKind.RECEIPT: "受",
    PaperKind.MISSING_NOTICE: "补",
    PaperKind.REFUSAL_OF_ACCEPTANCE: "不受",
    PaperKind.AUTHORIZATION: "授",
    PaperKind.SURVEY_FORM: "调",
    PaperKind.FILING_SUMMARY: "备",
    PaperKind.POSTER: "示",
    PaperKind.APPROVAL_FORM: "审",
    PaperKind.GRANT_NOTICE: "准",
    PaperKind.DENIAL_NOTICE: "不予",
}
"""The word of the kind inside a paper's number."""


def _next_number(office_name: str, kind: str, year: int) -> int:
    PaperSeries.objects.get_or_create(office_name=office_name, kind=kind, year=year)
    series = PaperSeries.objects.select_for_update().get(office_name=office_name, kind=kind, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last


def render(paper: IssuedPaper) -> PaperFile:
    """The stored PDF of a paper; rendered at the first call, by whoever comes first, and never again."""
    existing = PaperFile.objects.unscoped(reason="the caller holds the paper").filter(paper=paper).first()
    if existing:
        return existing
    content = pdf.render(f"archives/papers/{paper.kind}.html", {"paper": paper, "d": paper.data, "qr": qr_svg(paper)})
    try:
        with transaction.atomic():
            stored = files.store_bytes(
                system_actor("papers"), content, area_code=paper.area_code, purpose=f"paper:{paper.kind}"
            )
            return PaperFile.objects.create(
                paper=paper, file=stored, sha256=stored.sha256, area_code=paper.area_code, rendered_at=clock.now()
            )
    except IntegrityError:
        return PaperFile.objects.unscoped(reason="another request rendered it first").get(paper=paper)


def verify_address(paper: IssuedPaper) -> str:
    """The address in the QR code; the paper's hash stands behind it as a fragment, so it is on the paper itself."""
    return f"{settings.SITE_ADDRESS}{reverse('archives:verify', args=[paper.check_code])}#{paper.data_hash}"


def qr_svg(paper: IssuedPaper) -> str:
    """The QR code of the check page as a data URI."""
    import segno

    uri: str = segno.make(verify_address(paper), error="m", micro=False).svg_data_uri(border=1)
    return uri
