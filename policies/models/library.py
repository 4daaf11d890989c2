"""The library of documents and which of them governs an area."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from policies.enums import DocumentKind, DocumentStatus


class PolicyDocument(models.Model):
    """A policy document: a founding text whose pack may govern an area, or a text that it names as its basis (POL-01,
    POL-03).

    Basis documents are registered by number as named; two numbers of nearly one title stay two entries (A-58). `basis` says
    of each requirement where a founding text speaks of it (POL-04).
    """

    key = models.CharField(_("键"), max_length=60, unique=True)
    kind = models.CharField(_("类别"), max_length=12, choices=DocumentKind.choices)
    title = models.CharField(_("标题"), max_length=200)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    issuer = models.CharField(_("发文机关"), max_length=120, blank=True)
    jurisdiction = models.CharField(_("适用地区"), max_length=60, blank=True)
    dated = models.DateField(_("成文日期"), null=True)
    effective_from = models.DateField(_("施行日期"), null=True)
    status = models.CharField(_("状态"), max_length=10, choices=DocumentStatus.choices)
    note = models.TextField(_("说明"), blank=True)
    basis = models.JSONField(default=dict)
    link = models.URLField(_("链接"), blank=True)
    named_by = models.ManyToManyField(
        "self", symmetrical=False, related_name="names", verbose_name=_("被哪些文件列为依据")
    )

    class Meta:
        ordering = ["kind", "-dated", "key"]
        verbose_name = _("政策文件")

    def __str__(self) -> str:
        return self.title


class PackBinding(models.Model):
    """From which day a pack governs an area and all below it that has no binding of its own. Append-only; packs are
    never merged: at most one governs an area on a day. `valid_to` is the first day on which it no longer does."""

    area_code = models.CharField(_("地区"), max_length=12, db_collation="C")
    document = models.ForeignKey(PolicyDocument, on_delete=models.PROTECT, related_name="bindings")
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True)
    bound_at = models.DateTimeField(_("登记时间"))
    bound_by = models.CharField(_("登记人"), max_length=60)

    class Meta:
        ordering = ["area_code", "valid_from"]
        verbose_name = _("启用的政策包")

    def __str__(self) -> str:
        return f"{self.area_code} {self.valid_from}"
