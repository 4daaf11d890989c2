"""What `check_integrity` asks of papers and files."""

from collections.abc import Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection

from archives.models import IssuedPaper, PaperFile
from common import clock
from common.crypto import SUITE, content_hash
from common.integrity import readable
from common.models import StoredFile

REASON = "integrity check"
ROWS_AT_ONCE = 500
NOT_AS_JOURNALLED = """
    SELECT number FROM archives_issuedpaper AS paper
    WHERE NOT EXISTS (
        SELECT FROM journal_entry
        WHERE act = 'archives.issue' AND object_type = 'archives.issuedpaper' AND object_id = paper.id::text
          AND changes->'data_hash'->>1 = paper.data_hash AND changes->'number'->>1 = paper.number
    ) ORDER BY id
"""


def violations() -> Iterator[str]:
    """One sentence for each violation: a paper's frozen data, a PDF, an uploaded file."""
    yield from altered_papers()
    yield from _numbers_not_in_journal()
    for rendered in (
        PaperFile.objects.unscoped(reason=REASON).select_related("file").order_by("pk").iterator(ROWS_AT_ONCE)
    ):
        if rendered.sha256 != rendered.file.sha256:
            yield f"文书文件 {rendered.pk} 的校验值与登记不符"
    for stored in StoredFile.objects.unscoped(reason=REASON).order_by("pk").iterator(ROWS_AT_ONCE):
        yield from _check_file(stored)


def altered_papers() -> Iterator[str]:
    """Papers whose data, number, office, date or kind are not those of the issue."""
    for key, paper in readable(IssuedPaper.objects.unscoped(reason=REASON)):
        if paper is None:
            yield f"文书 {key} 的内容被改动，无法解密"
        elif content_hash(paper.data) != paper.data_hash or not _faithful(paper):
            yield f"文书 {paper.number} 的内容与签发时不一致"


def _faithful(paper: IssuedPaper) -> bool:
    """Whether the columns beside the frozen data still say the same."""
    columns = (paper.number, paper.office_name, paper.kind, paper.issued_at.astimezone(clock.ZONE).date().isoformat())
    data: dict[str, Any] = paper.data
    return columns == (data.get("number"), data.get("office"), data.get("kind"), data.get("issued_on"))


def _numbers_not_in_journal() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(NOT_AS_JOURNALLED)
        for (number,) in cursor.fetchall():
            yield f"文书 {number} 在留痕中没有签发记录，或校验值与签发时不符"


def _check_file(stored: StoredFile) -> Iterator[str]:
    wanted = {(stored.original_path, stored.sha256), (stored.display_path, stored.display_sha256)}
    for path, digest in sorted(wanted):
        if not default_storage.exists(path):
            yield f"文件 {stored.pk} 缺失"
            continue
        with default_storage.open(path, "rb") as handle:
            if SUITE.digest(handle.read()) != digest:
                yield f"文件 {stored.pk} 的内容与登记的校验值不符"
