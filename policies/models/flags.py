"""Flags: visible marks with their rule."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.scoping import ScopedModel
from policies.enums import FlagStatus


class Flag(ScopedModel):
    """A visible mark on a case or an office that says which rule of which document it touches. It blocks nothing by
    itself; a person may dismiss it with a reason, and the reason stays (section 1.2 of the requirements). The message
    carries no personal data. A derived rule never makes one against an office by itself."""

    object_type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=64)
    rule = models.CharField(_("规则"), max_length=60)
    message = models.CharField(_("内容"), max_length=300)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    parameter = models.CharField(_("参数"), max_length=60, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=FlagStatus.choices, default=FlagStatus.OPEN)
    raised_at = models.DateTimeField(_("标出时间"))
    raised_by = models.CharField(_("标出人"), max_length=60)
    closed_at = models.DateTimeField(_("说明时间"), null=True)
    closed_by = models.CharField(_("说明人"), max_length=60, blank=True)
    close_reason = models.TextField(_("说明"), blank=True)

    class Meta:
        ordering = ["-raised_at", "-pk"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="policies_flag_object")]
        constraints = [
            models.UniqueConstraint(
                fields=["object_type", "object_id", "rule"],
                condition=Q(status=FlagStatus.OPEN),
                name="policies_flag_once_open",
            ),
            models.CheckConstraint(
                condition=Q(status=FlagStatus.OPEN, closed_at=None) | Q(closed_at__isnull=False) & ~Q(close_reason=""),
                name="policies_flag_closed_with_reason",
            ),
        ]
        verbose_name = _("标记")

    def __str__(self) -> str:
        return self.message
