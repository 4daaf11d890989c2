"""Filing of the results of confirmation with the district (区级备案)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from archives.models import IssuedPaper
from cases.models.case import Case, CaseStage
from cases.models.decision import Decision
from common.scoping import ScopedModel
from organizations.models import Office


class Filing(ScopedModel):
    """One summary of results that a street sent to the district (DEC-23), and the district's receipt with its remarks (DEC-25).
    `area_code` is the street's."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    paper = models.OneToOneField(IssuedPaper, on_delete=models.PROTECT, null=True, related_name="+")
    filed_at = models.DateTimeField(_("上报时间"))
    filed_by_name = models.CharField(_("上报人"), max_length=60)
    received_at = models.DateTimeField(_("签收时间"), null=True)
    received_by_name = models.CharField(_("签收人"), max_length=60, blank=True)
    remarks = models.CharField(_("区级意见"), max_length=300, blank=True)


class FilingItem(ScopedModel):
    """One result in a summary. `public_until`: the publicity was still running, until that day (A-77). Append-only."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="filings")
    stage = models.OneToOneField(CaseStage, on_delete=models.PROTECT, related_name="filing")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="filings")
    public_until = models.DateField(_("公示至"), null=True)

    class Meta:
        ordering = ["pk"]
