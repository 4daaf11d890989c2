"""Issued papers: filed at the moment they arise, by whoever makes them (001 第六条2-3 “一户一档”, “不允许随意涂改、变更”)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from archives.enums import PaperKind
from common.crypto import EncryptedJSONField
from common.models import StoredFile
from common.scoping import ScopedModel


class PaperSeries(models.Model):
    """The running number of one kind of paper of one office in one year; its row is the lock."""

    office_name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=PaperKind.choices)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office_name", "kind", "year"], name="archives_series_once")]


class IssuedPaper(ScopedModel):
    """A paper with its number, office and date. At issue its data are frozen; the PDF is rendered from them once and never again.

    Append-only. `check_code` is in the QR code; the page behind it shows number, office, date and hash, no content.
    """

    number = models.CharField(_("文书编号"), max_length=60)
    kind = models.CharField(_("文书"), max_length=20, choices=PaperKind.choices)
    office_name = models.CharField(_("发文单位"), max_length=100)
    issued_at = models.DateTimeField(_("发文时间"))
    issued_by_name = models.CharField(max_length=60)
    owner_type = models.CharField(max_length=80)
    owner_id = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    data = EncryptedJSONField()
    data_hash = models.CharField(max_length=64)
    check_code = models.CharField(max_length=32, unique=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["office_name", "number"], name="archives_paper_number")]
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"], name="archives_paper_subject")]

    @property
    def title(self) -> str:
        return str(PaperKind(self.kind).label)


class PaperFile(ScopedModel):
    """The PDF of a paper, rendered once, with its own hash. Append-only."""

    paper = models.OneToOneField(IssuedPaper, on_delete=models.PROTECT, related_name="rendered")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    rendered_at = models.DateTimeField()
