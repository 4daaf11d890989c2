"""Forms of the filing with the district."""

from django import forms
from django.utils.translation import gettext_lazy as _


class Numbers(forms.TypedMultipleChoiceField):
    """Numbers of cases that were ticked; whether they may be sent the act itself says."""

    def valid_value(self, value: object) -> bool:
        return str(value).isdecimal()


class FilingForm(forms.Form):
    """The results to be sent together."""

    cases = Numbers(label=_("要上报的个案"), coerce=int, required=False)


class ReceiptForm(forms.Form):
    """The district's receipt."""

    remarks = forms.CharField(
        label=_("区级意见"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("没有意见的，可以不填。"),
    )  # fmt: skip
