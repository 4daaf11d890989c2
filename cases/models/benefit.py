"""The benefit (在享待遇): a life of its own after the case."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.enums import BenefitStatus, Programme
from cases.models.case import Case, Household
from cases.models.decision import Decision
from common.scoping import ScopedModel


class Benefit(ScopedModel):
    """A household in benefit of a programme from a month on. An exclusion constraint makes two at once impossible; `until_month`
    is the last month, null while it runs."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="benefits")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="benefit")
    programme = models.CharField(_("救助类型"), max_length=20, choices=Programme.choices)
    status = models.CharField(_("状态"), max_length=200, choices=BenefitStatus.choices)
    from_month = models.DateField(_("起发月份"))
    until_month = models.DateField(_("停发月份"), null=True)
    version = models.PositiveIntegerField(default=1)


class BenefitTerm(ScopedModel):
    """From a month on the household receives this amount for so many persons, by this decision. Every month rests on one."""

    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="terms")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    from_month = models.DateField(_("起"))
    amount = models.DecimalField(_("月保障金额"), max_digits=12, decimal_places=2)
    persons = models.PositiveIntegerField(_("保障人口"))

    class Meta:
        ordering = ["from_month", "pk"]
        constraints = [models.UniqueConstraint(fields=["benefit", "from_month"], name="cases_term_once")]
