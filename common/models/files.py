"""Files as evidence: the original as it came, its hash, and a copy that is safe to show."""

from django.db import models

from common.scoping import ScopedModel


class StoredFile(ScopedModel):
    """An uploaded or rendered file. It is opened only through the app whose object owns it (MAT-21: never altered).

    `original_path` is what came, byte for byte, with `sha256`; `display_path` is re-encoded (pictures) or the same (PDF).
    """

    sha256 = models.CharField(max_length=64)
    display_sha256 = models.CharField(max_length=64)
    original_path = models.CharField(max_length=120, unique=True)
    display_path = models.CharField(max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    taken_at = models.DateTimeField(null=True, help_text="time in the picture's own record, if it has one")
    purpose = models.CharField(max_length=40)
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_by_name = models.CharField(max_length=60)
    uploaded_at = models.DateTimeField()

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")
