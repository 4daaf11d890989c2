"""Forms of the economic check."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import ItemKind
from cases.forms.survey import KIND_CHOICES, YUAN, YUAN_A_MONTH
from cases.models import EconomicItem
from cases.services.check import Finding, Report
from common import clock
from common.formfields import DayField, MoneyField


class AnswerForm(forms.Form):
    """The head of the check centre's report."""

    number = forms.CharField(label=_("报告编号"), max_length=60)
    on = DayField(label=_("报告日期"), initial=clock.today)
    conclusion = forms.CharField(label=_("核对结论"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
    scan = forms.FileField(label=_("报告扫描件"), required=False, help_text=_("JPEG、PNG、PDF，20 MB以内。"))

    def report(self, findings: list[Finding]) -> Report:
        values = self.cleaned_data
        return Report(number=values["number"], on=values["on"], conclusion=values["conclusion"], findings=findings)


class FindingForm(forms.Form):
    """One line of the report; an empty row is none."""

    member = forms.TypedChoiceField(label=_("成员"), required=False, coerce=int, empty_value=None)
    what = forms.ChoiceField(label=_("项目"), required=False, choices=[("", _("请选择")), *KIND_CHOICES])
    amount = MoneyField(label=_("金额"), required=False, help_text=_("收入、支出按月填，财产填总额。"))
    note = forms.CharField(label=_("来源和说明"), max_length=120, required=False)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [("", _("请选择")), *people]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        given = [name for name in ("member", "what", "amount") if values.get(name) not in (None, "")]
        if given and len(given) < len(("member", "what", "amount")) and not self.errors:
            missing = next(name for name in ("member", "what", "amount") if name not in given)
            self.add_error(missing, _("查到的一项要有成员、项目和金额。不需要这一行，请都留空。"))
        return values

    @property
    def finding(self) -> Finding | None:
        values = self.cleaned_data
        if values.get("member") is None:
            return None
        kind, category = values["what"].split(":")
        return Finding(values["member"], kind, category, values["amount"], values["note"])


FindingFormSet = forms.formset_factory(FindingForm, extra=1, max_num=60)


class SettleForm(forms.Form):
    """Which figure counts for each line: amount and explanation side by side; an empty amount decides nothing."""

    def __init__(self, *args: Any, items: list[EconomicItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            unit = YUAN if item.kind == ItemKind.PROPERTY else YUAN_A_MONTH
            self.fields[f"item-{item.pk}"] = MoneyField(
                label=_("认定数"), unit=unit, required=False, initial=item.counted
            )
            self.fields[f"why-{item.pk}"] = forms.CharField(
                label=_("理由"), max_length=200, required=False, initial=item.explanation
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each line with its two fields, for the template; `open` where somebody has to decide or has decided."""
        return [
            {
                "item": item,
                "amount": self[f"item-{item.pk}"],
                "why": self[f"why-{item.pk}"],
                "open": item.disagrees or item.counted is not None,
            }
            for item in self.items
        ]

    @property
    def to_decide(self) -> list[dict[str, Any]]:
        return [row for row in self.rows if row["open"]]

    @property
    def agreed(self) -> list[dict[str, Any]]:
        return [row for row in self.rows if not row["open"]]

    def decided(self) -> dict[int, tuple[Decimal, str]]:
        values = self.cleaned_data
        given = [item.pk for item in self.items if values[f"item-{item.pk}"] is not None]
        return {pk: (values[f"item-{pk}"], values[f"why-{pk}"]) for pk in given}


class FinishCheckForm(forms.Form):
    """Close the check, with the reason where no report came."""

    reason = forms.CharField(
        label=_("没有核对报告的原因"), max_length=200, required=False, help_text=_("已有报告的不用填。原因会写入留痕。")
    )
