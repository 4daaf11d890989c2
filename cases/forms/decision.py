"""Forms of decision and service."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import Method
from common import clock
from common.formfields import ChoiceButtons, DayField


class DecideForm(forms.Form):
    """The decision that the leaders signed."""

    reasons = forms.CharField(
        label=_("决定理由"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("确认的可以不填，沿用初审理由；不予确认的必须写明事实和理由。"),
    )


class ServeForm(forms.Form):
    """The notice was handed over."""

    method = ChoiceButtons(label=_("送达方式"), choices=Method.choices)
    served_on = DayField(label=_("送达日期"), initial=clock.today)
    received_by = forms.CharField(label=_("签收人"), max_length=60, help_text=_("留置送达的，写见证人。"))
    receiver_relation = forms.CharField(label=_("与申请人关系"), max_length=60, required=False)
    duties_told = forms.BooleanField(label=_("已书面告知：家庭人口、收入、财产有变化要及时报告"), required=False)
    remedies_told = forms.BooleanField(label=_("已告知：对决定不服，怎样申请复议或提起诉讼"), required=False)
    scan = forms.FileField(label=_("签收回执扫描件"), required=False, help_text=_("JPEG、PNG、PDF，20 MB以内。"))
