"""Forms of the initial review."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import Opinion
from common.formfields import ChoiceButtons


class OpinionForm(forms.Form):
    """The opinion with grounds and the rule applied."""

    opinion = ChoiceButtons(label=_("初审意见"), choices=Opinion.choices)
    grounds = forms.CharField(
        label=_("理由"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("家庭人口、收入、财产和实际困难，对照标准说明。"),
    )
    basis = forms.CharField(label=_("适用的政策文件和条款"), max_length=300)


class SendBackForm(forms.Form):
    """Back to an earlier stage."""

    to_key = forms.ChoiceField(label=_("退回到"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("退回原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, stages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_key"].choices = stages  # type: ignore[attr-defined]
