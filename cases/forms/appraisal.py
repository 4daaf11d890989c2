"""Forms of 民主评议: they parse, the services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import AppraiserRole, Vote
from cases.models import Appraiser
from cases.services.appraisal import AppraisalData, Seat
from common import clock
from common.formfields import DayField

ABSENT = "absent"
SAID = [(vote, _("到会，%(vote)s") % {"vote": label}) for vote, label in Vote.choices] + [(ABSENT, _("没有到会"))]
CHOOSE = ("", _("请选择"))


class AppraisalForm(forms.Form):
    """What is written down of the meeting, the group apart."""

    held_on = DayField(label=_("评议日期"), initial=clock.today)
    place = forms.CharField(label=_("评议地点"), max_length=80)
    chaired_by = forms.CharField(label=_("主持人"), max_length=60)
    assisted_by = forms.CharField(label=_("协助的村（社区）人员"), max_length=60, required=False)
    minutes = forms.CharField(
        label=_("会议记录"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("介绍了什么情况，谁发表了什么意见，评议的结果。"),
    )
    signer_name = forms.CharField(label=_("村（居）委会签字人"), max_length=60, required=False)
    signer_post = forms.CharField(label=_("签字人职务"), max_length=30, required=False)

    def __init__(self, *args: Any, signer_hint: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signer_name"].help_text = signer_hint


class SeatForm(forms.Form):
    """One of the appraisal group; an empty row is none."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    role = forms.ChoiceField(label=_("身份"), choices=[CHOOSE, *AppraiserRole.choices])
    said = forms.ChoiceField(label=_("到会和表决"), choices=[CHOOSE, *SAID])


class Seats(forms.BaseFormSet):
    """The rows of the group; any of them may be emptied."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "empty_permitted": True}


SeatFormSet = forms.formset_factory(SeatForm, formset=Seats, extra=3, max_num=40)


def seats(formset: forms.BaseFormSet) -> list[Seat]:
    """Every filled row."""
    rows = [form.cleaned_data for form in formset if form.cleaned_data.get("name")]
    return [
        Seat(row["name"], row["role"], row["said"] != ABSENT, "" if row["said"] == ABSENT else row["said"])
        for row in rows
    ]


def seat_row(one: Appraiser) -> dict[str, str]:
    """A recorded seat as the form shows it."""
    return {"name": one.name, "role": one.role, "said": one.vote if one.attended else ABSENT}


def appraisal_data(form: AppraisalForm, formset: forms.BaseFormSet) -> AppraisalData:
    """What was typed, as the service takes it."""
    return AppraisalData(**form.cleaned_data, seats=seats(formset))


class SignedForm(forms.Form):
    """The appraisal form signed on paper."""

    scan = forms.FileField(label=_("签过字的民主评议表"), help_text=_("拍照或扫描，JPEG、PNG、PDF，20 MB以内。"))


class AppraisalPhotoForm(forms.Form):
    """A photograph of the meeting."""

    file = forms.FileField(
        label=_("评议照片"), widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"})
    )
    caption = forms.CharField(
        label=_("拍的是什么"), max_length=60, required=False, help_text=_("例如：会场、举手表决、会议记录。")
    )


class OptionalForm(forms.Form):
    """A stage beside the usual way, with the reason."""

    stage_key = forms.ChoiceField(label=_("加办的环节"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("加办的原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, stages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage_key"].choices = stages  # type: ignore[attr-defined]
        if len(stages) == 1:
            self.fields["stage_key"].initial = stages[0][0]
