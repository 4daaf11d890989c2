"""Household, case, and the stages it has been through."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.enums import Channel, Outcome, Programme, Sex, Step
from common.actors import Actor
from common.crypto import BlindIndexField, EncryptedTextField
from common.scoping import ScopedModel, in_ranges
from organizations.enums import Permission
from organizations.models import Office


class Household(ScopedModel):
    """A household with an identity of its own, over all its cases and benefits; members join and leave with dates."""

    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("家庭")


class HouseholdMember(ScopedModel):
    """A person belongs to a household from a day to a day; nobody belongs to two at once (INT-16)."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    name = models.CharField(_("姓名"), max_length=60)
    id_number = EncryptedTextField()
    id_number_index = BlindIndexField(source="id_number")
    birth = models.DateField(_("出生日期"))
    sex = models.CharField(_("性别"), max_length=1, choices=Sex.choices)
    joined_on = models.DateField(_("加入日期"))
    left_on = models.DateField(_("离开日期"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["id_number_index"], condition=models.Q(left_on=None), name="cases_one_household_a_person"
            )
        ]


class CaseSeries(models.Model):
    """The running number of cases of one prefix, programme and year; its row is the lock. Offices that share a prefix share the
    series, so that no number is given twice."""

    prefix = models.CharField(max_length=20)
    programme = models.CharField(max_length=20)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "programme", "year"], name="cases_series_once")]


class Case(ScopedModel):
    """One application of a household for one programme, from intake to its end (INT-01, INT-15).

    `area_code` is the village of residence. `status` is the set of open stages (keys sorted, joined by `+`) or the outcome; a
    trigger demands a journal row for each change. `procedure` is the order of stages, pinned at acceptance. `version` rises
    with each act, so that nobody decides on content they have not seen. `due_on` and `flag_on` are the two dates of the running
    limit that is late first (`CaseLimit`), null where no rule gives one. `decision` is the one in force, null before it and after
    its revocation.
    """

    number = models.CharField(_("案号"), max_length=40, unique=True)
    programme = models.CharField(_("救助类型"), max_length=20, choices=Programme.choices)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="cases")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("状态"), max_length=200)
    outcome = models.CharField(_("结果"), max_length=20, choices=Outcome.choices, blank=True)
    version = models.PositiveIntegerField(default=1)
    procedure = models.JSONField(default=list)
    channel = models.CharField(_("申请渠道"), max_length=20, choices=Channel.choices)
    applicant_name = models.CharField(_("申请人"), max_length=60)
    applicant_pinyin = models.CharField(max_length=120, db_collation="C")
    applicant_initials = models.CharField(max_length=20, db_collation="C")
    persons = models.PositiveIntegerField(_("家庭人口"), default=1)
    address = models.CharField(_("居住地址"), max_length=120, blank=True)
    phone = EncryptedTextField()
    phone_index = BlindIndexField(source="phone")
    account = EncryptedTextField()
    account_index = BlindIndexField(source="account")
    account_holder = models.CharField(_("账户户名"), max_length=60, blank=True)
    account_bank = models.CharField(_("开户银行"), max_length=60, blank=True)
    difficulty = EncryptedTextField()
    kin_declared = models.BooleanField(_("申报有近亲属经办或任职"), default=False)
    kin_detail = models.CharField(_("近亲属情况"), max_length=200, blank=True)
    rights_told = models.BooleanField(_("已告知权利义务和举证要求"), default=False)
    agent_name = models.CharField(_("代办人"), max_length=60, blank=True)
    agent_relation = models.CharField(_("代办人身份"), max_length=60, blank=True)
    receipt_code = models.CharField(_("回执查询码"), max_length=20, unique=True)
    draw_code = models.CharField(_("抽签码"), max_length=26, unique=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("经办人")
    )
    handler_name = models.CharField(_("经办人"), max_length=60)
    applied_on = models.DateField(_("申请日期"))
    accepted_on = models.DateField(_("受理日期"), null=True)
    closed_on = models.DateField(_("办结日期"), null=True)
    due_on = models.DateField(_("到期日"), null=True)
    flag_on = models.DateField(null=True)
    decision = models.OneToOneField("cases.Decision", on_delete=models.PROTECT, null=True, related_name="+")
    amount = models.DecimalField(_("月保障金额"), max_digits=12, decimal_places=2, null=True)
    moved_at = models.DateTimeField(_("最近变动"))

    class Meta:
        verbose_name = _("个案")
        indexes = [
            models.Index(fields=["area_code", "-moved_at", "-id"], name="cases_area_moved"),
            models.Index(fields=["area_code", "status", "-moved_at", "-id"], name="cases_area_status"),
            models.Index(fields=["due_on", "id"], condition=models.Q(outcome=""), name="cases_open_due"),
            models.Index(fields=["applicant_initials", "area_code"], name="cases_initials"),
            models.Index(fields=["applicant_pinyin", "area_code"], name="cases_pinyin"),
            models.Index(fields=["applicant_name", "area_code"], name="cases_name"),
        ]

    @classmethod
    def scope(cls, actor: Actor) -> models.Q:
        """Posts see the cases of their areas; another system those that it handed in itself, as long as its areas cover them."""
        found = super().scope(actor)
        if actor.holds(Permission.EXCHANGE_APPLICATION):
            own = models.Q(submission__client_id=actor.user_id)
            found |= own & in_ranges("area_code", actor.ranges(Permission.EXCHANGE_APPLICATION))
        return found

    @property
    def is_open(self) -> bool:
        return not self.outcome

    @property
    def open_keys(self) -> list[str]:
        """The keys of the open stages."""
        return self.status.split("+") if self.is_open else []


class CaseStage(ScopedModel):
    """One opening of a stage: when and by which act it was opened and closed. A stage sent back is opened again as a new row."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="stages")
    key = models.CharField(max_length=40)
    step = models.CharField(_("环节"), max_length=20, choices=Step.choices)
    round = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=60, blank=True)
    result = models.CharField(max_length=20, blank=True, help_text="done, sent_back, skipped or the outcome")

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["step", "case"], condition=models.Q(closed_at=None), name="cases_stage_open_step")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "key"], condition=models.Q(closed_at=None), name="cases_stage_open_once"
            )
        ]
