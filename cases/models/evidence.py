"""Evidence: materials, the one-time notice, authorizations, checks, surveys."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from archives.models import IssuedPaper
from cases.enums import MaterialState, Signer
from cases.models.case import Case, CaseStage
from cases.models.household import CaseMember
from common.crypto import EncryptedJSONField, EncryptedTextField
from common.models import StoredFile
from common.scoping import ScopedModel


class Material(ScopedModel):
    """One item of the case's checklist (要件), with the document that asks for it (MAT-01, MAT-13, MAT-22)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="materials")
    code = models.CharField(max_length=40)
    title = models.CharField(_("材料"), max_length=80)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    required = models.BooleanField(_("必须"), default=True)
    obtainable = models.BooleanField(_("可由政务数据取得"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=MaterialState.choices, default=MaterialState.WANTED)
    note = models.CharField(_("说明"), max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["case", "code"], name="cases_material_once")]


class MaterialFile(ScopedModel):
    """A file handed in for an item. Append-only: a better scan is a new version beside the old one (MAT-21; 001 第六条3)."""

    material = models.ForeignKey(Material, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    reason = models.CharField(_("更换原因"), max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["material", "version"], name="cases_material_version")]


class MissingNotice(ScopedModel):
    """The one notice that names everything still missing (一次性告知, INT-04; 002 二(一)1). A second one is flagged (INT-05)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="missing_notices")
    paper = models.OneToOneField(IssuedPaper, on_delete=models.PROTECT, related_name="+")
    codes = models.JSONField(default=list)
    issued_at = models.DateTimeField()


class Authorization(ScopedModel):
    """An adult member's own consent to the economic check, signed in person, by a guardian for a person without capacity
    (CHK-01 … CHK-04; 002 二(七) “先授权委托,再开展核对”, “严禁代签字、代按指印”). Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="authorizations")
    member = models.ForeignKey(CaseMember, on_delete=models.PROTECT, related_name="authorizations")
    signer = models.CharField(_("签署人"), max_length=10, choices=Signer.choices)
    signer_name = models.CharField(_("签署人姓名"), max_length=60)
    in_person = models.BooleanField(_("本人当面签字或按指印"))
    covers = models.CharField(_("授权范围"), max_length=200)
    signed_on = models.DateField(_("签署日期"))
    scan = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "member"], name="cases_authorization_once")]


class EconomicCheck(ScopedModel):
    """A request to the check centre and its report; once answered, read-only (CHK-06, CHK-07, CHK-10)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="checks")
    stage = models.ForeignKey(CaseStage, on_delete=models.PROTECT, related_name="checks")
    sources = models.JSONField(default=list)
    requested_at = models.DateTimeField(_("发起时间"))
    requested_by_name = models.CharField(_("发起人"), max_length=60)
    answered_at = models.DateTimeField(_("反馈时间"), null=True)
    answered_by_name = models.CharField(_("反馈人"), max_length=60, blank=True)
    report_number = models.CharField(_("报告编号"), max_length=60, blank=True)
    report_on = models.DateField(_("报告日期"), null=True)
    conclusion = models.CharField(_("结论"), max_length=200, blank=True)
    report = EncryptedJSONField()
    scan = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(answered_at=None), name="cases_one_check_waiting"
            )
        ]
        indexes = [
            models.Index(
                fields=["area_code", "requested_at"], condition=models.Q(answered_at=None), name="cases_check_waiting"
            )
        ]

    @classmethod
    def scope(cls, actor):  # type: ignore[no-untyped-def]
        """Those who may see the case, and the check centre that answers."""
        from common.scoping import in_ranges

        return in_ranges("area_code", actor.ranges("view_case") + actor.ranges("answer_check"))


class Survey(ScopedModel):
    """A visit to the household's home: when, where, who, what was seen, and everybody's signature (SUR-01 … SUR-10, SUR-16;
    002 二(一)2)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="surveys")
    stage = models.OneToOneField(CaseStage, on_delete=models.PROTECT, related_name="survey")
    visited_on = models.DateField(_("调查日期"))
    started_at = models.TimeField(_("开始时间"))
    ended_at = models.TimeField(_("结束时间"))
    place = models.CharField(_("调查地点"), max_length=120)
    members_found = EncryptedTextField()
    living = EncryptedTextField()
    conclusion = EncryptedTextField()
    helper_name = models.CharField(_("村（居）协助人员"), max_length=60, blank=True)
    signer = models.CharField(_("家庭签字人"), max_length=10, choices=Signer.choices, blank=True)
    signer_name = models.CharField(_("签字人姓名"), max_length=60, blank=True)
    signed_scan = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(IssuedPaper, on_delete=models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)


class SurveyInvestigator(ScopedModel):
    """One investigator of a survey and the moment of the signature (SUR-03, SUR-04, SUR-07)."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="investigators")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("姓名"), max_length=60)
    post_title = models.CharField(_("岗位"), max_length=60)
    signed_at = models.DateTimeField(_("签字时间"), null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["survey", "user"], name="cases_investigator_once")]


class SurveyPhoto(ScopedModel):
    """A photograph of the visit (SUR-09)."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(_("说明"), max_length=60, blank=True)

    class Meta:
        ordering = ["pk"]
