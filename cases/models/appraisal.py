"""Democratic appraisal (民主评议)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.enums import AppraiserRole, Vote
from cases.models.case import Case, CaseStage
from common.crypto import EncryptedTextField
from common.models import StoredFile
from common.scoping import ScopedModel


class Appraisal(ScopedModel):
    """One appraisal of a case (APP-05, APP-07, APP-08, APP-11): when and where, who came and how they voted, the minutes, who
    signed for the village, and the signed form."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="appraisals")
    stage = models.OneToOneField(CaseStage, on_delete=models.PROTECT, related_name="appraisal")
    held_on = models.DateField(_("评议日期"))
    place = models.CharField(_("评议地点"), max_length=80)
    chaired_by = models.CharField(_("主持人"), max_length=60)
    assisted_by = models.CharField(_("协助的村（社区）人员"), max_length=60, blank=True)
    minutes = EncryptedTextField()
    signer_name = models.CharField(_("村（居）委会签字人"), max_length=60, blank=True)
    signer_post = models.CharField(_("签字人职务"), max_length=30, blank=True)
    scan = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by_name = models.CharField(max_length=60)
    finished_at = models.DateTimeField(null=True)


class Appraiser(ScopedModel):
    """Somebody of the appraisal group: whether they came, and how they voted."""

    appraisal = models.ForeignKey(Appraisal, on_delete=models.CASCADE, related_name="appraisers")
    name = models.CharField(_("姓名"), max_length=60)
    role = models.CharField(_("身份"), max_length=20, choices=AppraiserRole.choices)
    attended = models.BooleanField(_("到会"), default=True)
    vote = models.CharField(_("表决"), max_length=10, choices=Vote.choices, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["appraisal", "name"], name="cases_appraiser_once")]


class AppraisalPhoto(ScopedModel):
    """A photograph of the meeting (APP-08)."""

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(_("说明"), max_length=60, blank=True)

    class Meta:
        ordering = ["pk"]
