"""Form of an excuse."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import ExcuseKind
from common.formfields import DayField


class ExcuseForm(forms.Form):
    """Why a limit was missed, and since when that was so."""

    kind = forms.ChoiceField(label=_("情形"), choices=ExcuseKind.choices, widget=forms.RadioSelect)
    since = DayField(label=_("从哪一天起"))
    reason = forms.CharField(
        label=_("说明"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("发生了什么，影响了哪一步。不要写证件号码、电话。"),
    )
