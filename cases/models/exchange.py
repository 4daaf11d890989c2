"""Applications that other government systems hand in."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from common.scoping import ScopedModel


class Submission(ScopedModel):
    """Which system handed in a case, and under which number of its own (INT-09, INT-11). A system sees the cases it handed in and
    no others. Append-only."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="submission")
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_name = models.CharField(_("对接系统"), max_length=60)
    reference = models.CharField(_("对方业务编号"), max_length=64)
    submitted_at = models.DateTimeField(_("提交时间"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "reference"], name="cases_submission_once")]
