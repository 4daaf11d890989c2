"""Forms of the home visit: they parse, the services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import CATEGORIES_OF_KIND, ItemCategory, ItemKind, Signer
from cases.models import EconomicItem
from cases.services.survey import SurveyData
from common import clock
from common.formfields import ChoiceButtons, DayField, MoneyField

YUAN_A_MONTH, YUAN = _("元/月"), _("元")
KIND_CHOICES = [
    (ItemKind(kind).label, [(f"{kind}:{category}", ItemCategory(category).label) for category in categories])
    for kind, categories in CATEGORIES_OF_KIND.items()
]


def figure_field(item: EconomicItem) -> MoneyField:
    """The field for what the visit found about one declared line, the declared figure beside it."""
    who = item.member.name if item.member else str(_("家庭"))
    label = f"{who}　{item.get_category_display()}" + (f"（{item.note}）" if item.note else "")
    declared = _("没有申报") if item.declared is None else _("申报 %(amount)s") % {"amount": f"{item.declared:,.2f}"}
    checked = "" if item.checked is None else _("；核对 %(amount)s") % {"amount": f"{item.checked:,.2f}"}
    unit = YUAN if item.kind == ItemKind.PROPERTY else YUAN_A_MONTH
    return MoneyField(label=label, unit=unit, required=False, help_text=f"{declared}{checked}", initial=item.surveyed)


class SurveyForm(forms.Form):
    """The visit as the investigators write it down, one figure field for each line of income, property and expense."""

    visited_on = DayField(label=_("调查日期"), initial=clock.today)
    started_at = forms.TimeField(label=_("进门时间"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    ended_at = forms.TimeField(label=_("离开时间"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    place = forms.CharField(label=_("调查地点"), max_length=120)
    investigators = forms.TypedMultipleChoiceField(label=_("调查人员"), coerce=int, widget=forms.CheckboxSelectMultiple)
    helper_name = forms.CharField(
        label=_("村（居）协助人员"), max_length=60, required=False, help_text=_("协助的人不计入调查人数。")
    )
    members_found = forms.CharField(
        label=_("人口情况"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("共同生活的成员与申报是否一致；劳动能力、就学、长期不在家的情况。"),
    )
    living = forms.CharField(
        label=_("实际生活情况"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("住房、家具家电、日常消费、用药就医，看到什么写什么。"),
    )
    conclusion = forms.CharField(label=_("调查结论"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(
        self, *args: Any, people: list[tuple[int, str]], items: list[EconomicItem], people_hint: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        self.fields["investigators"].choices = people  # type: ignore[attr-defined]
        self.fields["investigators"].help_text = people_hint
        for item in items:
            self.fields[f"figure-{item.pk}"] = figure_field(item)

    def _figures_of(self, kind: str) -> list[forms.BoundField]:
        return [self[f"figure-{item.pk}"] for item in self.items if item.kind == kind]

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The figure fields by kind, for the template."""
        return [(str(kind.label), self._figures_of(kind)) for kind in ItemKind]

    def survey_data(self, found: list[tuple[str, str, str, Any]]) -> SurveyData:
        """What was typed, as the service takes it."""
        values = dict(self.cleaned_data)
        typed = {item.pk: values.pop(f"figure-{item.pk}") for item in self.items}
        figures = {pk: amount for pk, amount in typed.items() if amount is not None}
        return SurveyData(**values, figures=figures, found=found)


class FoundForm(forms.Form):
    """A line that nobody had declared; an empty row is none."""

    what = forms.ChoiceField(label=_("项目"), required=False, choices=[("", _("请选择")), *KIND_CHOICES])
    note = forms.CharField(label=_("说明"), max_length=120, required=False)
    amount = MoneyField(label=_("金额"), required=False, unit=_("元"), help_text=_("收入、支出按月填，财产填总额。"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if (values.get("amount") is None) == bool(values.get("what")) and not self.errors:
            missing = "amount" if values.get("what") else "what"
            self.add_error(missing, _("新发现的一项要选项目，也要填金额。不需要这一行，请两处都留空。"))
        return values


FoundFormSet = forms.formset_factory(FoundForm, extra=1, max_num=20)


def found_lines(formset: forms.BaseFormSet) -> list[tuple[str, str, str, Any]]:
    """(kind, category, note, amount) of every filled row."""
    rows = [form.cleaned_data for form in formset if form.cleaned_data.get("what")]
    return [(*row["what"].split(":"), row["note"], row["amount"]) for row in rows]


class HouseholdSignForm(forms.Form):
    """The survey form signed on paper."""

    signer = ChoiceButtons(label=_("由谁签字"), choices=Signer.choices)
    signer_name = forms.CharField(label=_("签字人姓名"), max_length=60)
    scan = forms.FileField(label=_("签过字的调查表"), help_text=_("拍照或扫描，JPEG、PNG、PDF，20 MB以内。"))


class SurveyPhotoForm(forms.Form):
    """A photograph of the visit."""

    file = forms.FileField(
        label=_("入户照片"), widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"})
    )
    caption = forms.CharField(
        label=_("拍的是什么"), max_length=60, required=False, help_text=_("例如：门牌、居室、厨房、药品处方。")
    )
