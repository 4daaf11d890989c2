"""The legal limits that run in a case, and the excuses recorded for them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.enums import ExcuseKind, Step
from cases.models.case import Case
from common.scoping import ScopedModel
from organizations.models import Office


class CaseLimit(ScopedModel):
    """One limit of one part of a case's way, kept so that what is late is found without counting days (CHK-05, DEC-23): its source
    and reading as they held when it was last reckoned, its start, the last day in time and the first day on which it counts as late.
    `step` is empty for the limit of the whole matter. `ended_on`: the day on which what it waits for was done, null while it runs.
    Where no rule gives a figure there is no row."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="limits")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    parameter = models.CharField(max_length=60, db_collation="C")
    step = models.CharField(_("环节"), max_length=20, choices=Step.choices, blank=True)
    source = models.CharField(_("出处"), max_length=400)
    excludes = models.JSONField(default=list)
    reading = models.CharField(max_length=120, blank=True)
    started_on = models.DateField(_("起算日"))
    due_on = models.DateField(_("到期日"))
    flag_on = models.DateField(_("起算超期日"))
    ended_on = models.DateField(_("办结日"), null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("时限")
        indexes = [
            models.Index(fields=["office", "flag_on", "id"], condition=Q(ended_on=None), name="cases_limit_running"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "parameter"], condition=Q(ended_on=None), name="cases_limit_once_running"
            )
        ]


class Excuse(ScopedModel):
    """Why a limit was or will be missed, as the street's handler recorded it (CHK-11; 001 第二十条). It excuses the person and does not
    stop the clock: the limit stays late. `basis` is where the document of the area speaks of it, empty where it does not. Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="excuses")
    limit = models.ForeignKey(CaseLimit, on_delete=models.PROTECT, related_name="excuses")
    kind = models.CharField(_("情形"), max_length=20, choices=ExcuseKind.choices)
    reason = models.CharField(_("说明"), max_length=300)
    since = models.DateField(_("从哪一天起"))
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by_id = models.BigIntegerField()
    recorded_by_name = models.CharField(_("登记人"), max_length=60)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("超期原因")
