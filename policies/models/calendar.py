"""The working-day calendar."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from policies.enums import DayKind


class WorkingDay(models.Model):
    """A day on which the State Council's yearly notice departs from Monday to Friday: a holiday, or a weekend day
    worked in exchange (调休). A year without any row is provisional: it counts Monday to Friday and is marked
    wherever it is shown."""

    date = models.DateField(_("日期"), primary_key=True)
    kind = models.CharField(_("安排"), max_length=8, choices=DayKind.choices)
    name = models.CharField(_("名称"), max_length=40, blank=True)
    source = models.CharField(_("来源"), max_length=120)

    class Meta:
        ordering = ["date"]
        verbose_name = _("工作日安排")

    def __str__(self) -> str:
        return f"{self.date} {self.get_kind_display()}"
