"""What residents send in themselves, before it is a case."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.enums import OnlineStatus, Programme
from cases.models.case import Case
from common.crypto import BlindIndexField, EncryptedJSONField, EncryptedTextField
from common.scoping import ScopedModel
from organizations.models import Office


class OnlineApplication(ScopedModel):
    """An application that a resident typed without signing in (线上申请, INT-09). It changes nothing about any household, and
    what comes back to the resident says nothing about benefits or other cases, until the street has looked at it and registers
    it as a case with the same two codes, or returns it with its reason.

    `area_code` is the village of residence, `office` the street to which it was routed, `typed` everything that was typed
    (fields of `cases.services.intake.Application`). Only the street's handlers see it. A trigger demands a journal row for each
    change of `status`.
    """

    VIEW_PERMISSION = "accept_case"

    programme = models.CharField(_("救助类型"), max_length=20, choices=Programme.choices)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("状态"), max_length=20, choices=OnlineStatus.choices, default=OnlineStatus.WAITING)
    version = models.PositiveIntegerField(default=1)
    applicant_name = models.CharField(_("申请人"), max_length=60)
    persons = models.PositiveIntegerField(_("家庭人口"), default=1)
    id_number = EncryptedTextField()
    id_number_tail = BlindIndexField(source="id_number", last=4)
    phone = EncryptedTextField()
    typed = EncryptedJSONField()
    receipt_code = models.CharField(_("回执查询码"), max_length=20, unique=True)
    draw_code = models.CharField(_("抽签码"), max_length=26, unique=True)
    received_at = models.DateTimeField(_("收到时间"))
    case = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("处理时间"), null=True)
    answered_by_name = models.CharField(_("处理人"), max_length=60, blank=True)
    answer = models.CharField(_("给申请人的答复"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("网上申请")
        indexes = [
            models.Index(
                fields=["area_code", "received_at"], condition=models.Q(status="waiting"), name="cases_online_waiting"
            )
        ]
