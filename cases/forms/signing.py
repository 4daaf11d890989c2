"""Forms of the signing desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.forms import CodeField


class SittingForm(forms.Form):
    """Several cases, one code."""

    case_ids = forms.TypedMultipleChoiceField(coerce=int, required=False)
    code = CodeField(label=_("动态口令"), help_text=_("手机验证器上的6位数字，10分钟内有效，只对选中的这几件。"))

    def __init__(self, *args: object, waiting: list[int], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["case_ids"].choices = [(pk, str(pk)) for pk in waiting]  # type: ignore[attr-defined]


class SignForm(forms.Form):
    """One signature in an open sitting."""

    sitting_id = forms.IntegerField(widget=forms.HiddenInput)
    remark = forms.CharField(label=_("签批意见"), max_length=200, required=False, help_text=_("不填即为“同意”。"))


class ReturnForm(forms.Form):
    """Back to the initial review instead of a signature."""

    reason = forms.CharField(label=_("退回原因"), max_length=200)
