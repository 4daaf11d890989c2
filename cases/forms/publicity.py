"""Forms of the publicity."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import Distance
from common import clock
from common.formfields import DayField, PhoneField, YesNoField


class PostingForm(forms.Form):
    """The sealed sheet hangs."""

    posted_on = DayField(label=_("张贴日期"), initial=clock.today)
    place = forms.CharField(label=_("张贴地点"), max_length=80, help_text=_("例如：社区居务公开栏。"))
    sealed = forms.BooleanField(label=_("公示单已加盖街道（乡镇）印章"), required=False)


class NoticePhotoForm(forms.Form):
    """A photograph of the posted sheet, near or far."""

    distance = forms.ChoiceField(choices=Distance.choices, widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("照片"), widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"})
    )
    taken_on = DayField(label=_("拍摄日期"), initial=clock.today)


class LossForm(forms.Form):
    """The sheet was damaged or lost."""

    lost_on = DayField(label=_("损毁日期"), initial=clock.today)
    cause = forms.CharField(label=_("原因"), max_length=120, help_text=_("例如：大风刮落、人为撕毁。"))


class RestoringForm(forms.Form):
    """The sheet hangs again."""

    restored_on = DayField(label=_("恢复日期"), initial=clock.today)


class ObjectionForm(forms.Form):
    """An objection, by name or anonymous."""

    raised_on = DayField(label=_("提出日期"), initial=clock.today)
    anonymous = forms.BooleanField(label=_("匿名"), required=False)
    raised_by = forms.CharField(label=_("提出人"), max_length=60, required=False, help_text=_("匿名的不用填。"))
    phone = PhoneField(label=_("联系电话"), required=False)
    content = forms.CharField(label=_("异议内容"), widget=forms.Textarea(attrs={"rows": 3}))


class AnswerObjectionForm(forms.Form):
    """What the new survey found, and the answer."""

    objection_id = forms.IntegerField(widget=forms.HiddenInput)
    upheld = YesNoField(label=_("异议是否成立"))
    answer = forms.CharField(label=_("调查结果和答复"), widget=forms.Textarea(attrs={"rows": 3}))
