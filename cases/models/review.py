"""Initial review, publicity, objections."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from archives.models import IssuedPaper
from cases.enums import Distance, Opinion
from cases.models.case import Case, CaseStage
from common.crypto import EncryptedJSONField, EncryptedTextField
from common.models import StoredFile
from common.scoping import ScopedModel


class Assessment(ScopedModel):
    """The initial opinion (初审意见) with the calculation sheet and the parameters used (DEC-05, DEC-20). Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assessments")
    stage = models.OneToOneField(CaseStage, on_delete=models.PROTECT, related_name="assessment")
    opinion = models.CharField(_("意见"), max_length=10, choices=Opinion.choices)
    grounds = models.TextField(_("理由"))
    basis = models.CharField(_("适用政策"), max_length=300)
    persons = models.PositiveIntegerField(_("保障人口"))
    amount = models.DecimalField(_("月保障金额"), max_digits=12, decimal_places=2)
    sheet = EncryptedJSONField()
    parameters = models.JSONField(default=list)
    given_at = models.DateTimeField()
    given_by_id = models.BigIntegerField()
    given_by_name = models.CharField(max_length=60)


class Publicity(ScopedModel):
    """One round of publicity of a case (审核公示, PUB-01 … PUB-05, PUB-24; 002 二(二)1): the exact text with its hash, the
    period, who posted it where, and its photographs. `area_code` is the village on whose board it hangs."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="publicities")
    stage = models.OneToOneField(CaseStage, on_delete=models.PROTECT, related_name="publicity")
    paper = models.OneToOneField(IssuedPaper, on_delete=models.PROTECT, related_name="+")
    text = EncryptedJSONField()
    text_hash = models.CharField(max_length=64)
    days = models.PositiveIntegerField(_("公示天数"))
    place = models.CharField(_("张贴地点"), max_length=80, blank=True)
    sealed = models.BooleanField(_("已加盖印章"), default=False)
    posted_on = models.DateField(_("张贴日期"), null=True)
    posted_by_name = models.CharField(_("张贴人"), max_length=60, blank=True)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    open_from = models.DateField(null=True, help_text="first day on which the next step may follow")
    closed_at = models.DateTimeField(null=True)


class PublicityPhoto(ScopedModel):
    """A photograph of the posted sheet; none from before the posting (PUB-12, A-34)."""

    publicity = models.ForeignKey(Publicity, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    distance = models.CharField(_("远近"), max_length=5, choices=Distance.choices)
    taken_on = models.DateField(_("拍摄日期"))
    taken_by_name = models.CharField(_("拍摄人"), max_length=60)

    class Meta:
        ordering = ["pk"]


class PublicityInterruption(ScopedModel):
    """The sheet was damaged or lost, and put up again (PUB-11; 002 二(二)3)."""

    publicity = models.ForeignKey(Publicity, on_delete=models.PROTECT, related_name="interruptions")
    lost_on = models.DateField(_("损毁日期"))
    cause = models.CharField(_("原因"), max_length=120)
    restored_on = models.DateField(_("恢复日期"), null=True)

    class Meta:
        ordering = ["pk"]


class Objection(ScopedModel):
    """An objection to a publicity (异议, PUB-16): it sends the case back to the survey and must be answered before anybody
    confirms (DEC-34)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="objections")
    publicity = models.ForeignKey(Publicity, on_delete=models.PROTECT, related_name="objections")
    raised_on = models.DateField(_("提出日期"))
    anonymous = models.BooleanField(_("匿名"), default=False)
    raised_by = EncryptedTextField()
    phone = EncryptedTextField()
    content = EncryptedTextField()
    answer = EncryptedTextField()
    upheld = models.BooleanField(_("异议成立"), null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["pk"]
