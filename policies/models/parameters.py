"""Parameters: what the documents state, and what offices choose where they are silent."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ParameterRow(models.Model):
    """One parameter (or one tier of it) as a document states it, or the statement that it is silent (`unset`), with
    citation and wording as written (POL-02, POL-04). Append-only and effective-dated: a case is judged by the row of
    its day, a changed row never recalculates an old decision. `valid_to` is the first day on which the row no longer
    holds."""

    pack = models.CharField(max_length=60, db_collation="C")
    parameter = models.CharField(max_length=60, db_collation="C")
    scope = models.CharField(max_length=40, blank=True)
    position = models.PositiveIntegerField()
    unset = models.BooleanField()
    value = models.JSONField(null=True)
    unit = models.CharField(max_length=20, blank=True)
    inclusive = models.BooleanField(null=True)
    clock_start = models.CharField(max_length=30, blank=True)
    excludes = models.JSONField(default=list)
    citation = models.CharField(max_length=120, blank=True)
    original = models.TextField(blank=True)
    reading_note = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["pack", "position", "pk"]
        indexes = [models.Index(fields=["pack", "parameter", "valid_from"], name="policies_row_lookup")]
        verbose_name = _("文件参数")

    def __str__(self) -> str:
        return f"{self.pack} {self.parameter}"


class LocalChoice(models.Model):
    """A value that a named person chose for an area where its document is silent, leaves the figure open, or allows
    more: with reason and date (A-27; 003 四(一)). Append-only; the next choice closes the previous one. It holds for
    the area and all below it that has no choice of its own. `valid_to` is the first day on which it no longer holds."""

    area_code = models.CharField(_("地区"), max_length=12, db_collation="C")
    parameter = models.CharField(_("参数"), max_length=60, db_collation="C")
    value = models.JSONField(_("取值"))
    reason = models.TextField(_("理由"))
    proposal = models.CharField(_("采用的参考"), max_length=200, blank=True)
    chosen_by_id = models.BigIntegerField(null=True)
    chosen_by = models.CharField(_("决定人"), max_length=60)
    chosen_post = models.CharField(_("岗位"), max_length=60, blank=True)
    chosen_at = models.DateTimeField(_("登记时间"))
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("停止日期"), null=True)

    class Meta:
        ordering = ["parameter", "area_code", "-valid_from", "-pk"]
        indexes = [models.Index(fields=["area_code", "parameter", "valid_from"], name="policies_choice_lookup")]
        verbose_name = _("本地选择")

    def __str__(self) -> str:
        return f"{self.area_code} {self.parameter}"
