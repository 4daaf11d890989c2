"""Signatures over frozen content, the decision, and its delivery."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from archives.models import IssuedPaper
from cases.enums import Method, Opinion
from cases.models.case import Case, CaseStage
from common.actors import Actor
from common.crypto import EncryptedJSONField
from common.models import StoredFile
from common.scoping import ScopedModel


class Frozen(ScopedModel):
    """What is signed: canonical JSON of application, members, findings, sheet and parameters, fixed at the first signature.
    Content that changes afterwards voids it, visibly. `void_at` closes the row once."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="frozen")
    stage = models.ForeignKey(CaseStage, on_delete=models.PROTECT, related_name="frozen")
    content = EncryptedJSONField()
    content_hash = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    void_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(void_at=None), name="cases_frozen_once")
        ]


class SigningSitting(ScopedModel):
    """Ten minutes of signing after one second-factor check, bound to the listed hashes. `road` tells a demonstration's sitting."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    hashes = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    road = models.CharField(max_length=10)

    @classmethod
    def scope(cls, actor: Actor) -> models.Q:
        return models.Q(user_id=actor.user_id)


class Signature(ScopedModel):
    """One leader's signature over one frozen content (DEC-14, DEC-15). Append-only; `void_at` closes it once, when the content
    changed or the case was returned."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="signatures")
    frozen = models.ForeignKey(Frozen, on_delete=models.PROTECT, related_name="signatures")
    place = models.PositiveIntegerField(_("签批顺序"))
    post = models.CharField(max_length=30)
    post_title = models.CharField(_("职务"), max_length=60)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("姓名"), max_length=60)
    content_hash = models.CharField(max_length=64)
    remark = models.CharField(_("签批意见"), max_length=200, blank=True)
    sitting = models.ForeignKey(SigningSitting, on_delete=models.PROTECT, related_name="signatures")
    signed_at = models.DateTimeField(_("签批时间"))
    void_at = models.DateTimeField(_("失效时间"), null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["frozen", "place"], name="cases_signature_place"),
            models.UniqueConstraint(fields=["frozen", "user"], name="cases_signature_person"),
        ]


class Decision(ScopedModel):
    """The street's confirmation or refusal, with reasons, basis and the content it rests on (DEC-16 … DEC-20). Append-only; a
    case decided anew after a revocation has several."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    frozen = models.OneToOneField(Frozen, on_delete=models.PROTECT, related_name="decision")
    opinion = models.CharField(_("决定"), max_length=10, choices=Opinion.choices)
    reasons = models.TextField(_("理由"))
    basis = models.CharField(_("依据"), max_length=300)
    persons = models.PositiveIntegerField(_("保障人口"))
    amount = models.DecimalField(_("月保障金额"), max_digits=12, decimal_places=2)
    from_month = models.DateField(_("起发月份"), null=True)
    parameters = models.JSONField(default=list)
    decided_at = models.DateTimeField()
    decided_by_name = models.CharField(max_length=60)
    approval_form = models.OneToOneField(IssuedPaper, on_delete=models.PROTECT, related_name="+")
    notice = models.OneToOneField(IssuedPaper, on_delete=models.PROTECT, related_name="+")


class Revocation(ScopedModel):
    """A decision was taken back by an act, before it was served, because of an objection (A-32). Append-only."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="revocation")
    reason = models.CharField(_("撤销原因"), max_length=200)
    revoked_at = models.DateTimeField(_("撤销时间"))
    revoked_by_name = models.CharField(_("撤销人"), max_length=60)


class Delivery(ScopedModel):
    """The notice was served: how, when, to whom, and what was told with it (DEC-17, DEC-19). Append-only."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="delivery")
    method = models.CharField(_("送达方式"), max_length=10, choices=Method.choices)
    served_on = models.DateField(_("送达日期"))
    received_by = models.CharField(_("签收人"), max_length=60)
    receiver_relation = models.CharField(_("与申请人关系"), max_length=60)
    duties_told = models.BooleanField(_("已书面告知报告义务"))
    remedies_told = models.BooleanField(_("已告知救济途径"))
    scan = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    served_by_name = models.CharField(_("送达人"), max_length=60)
