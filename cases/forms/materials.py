"""Forms of the materials page, of the authorizations and of a search."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import Signer
from common.formfields import DayField

ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"


class UploadForm(forms.Form):
    """A file for an item of the checklist."""

    material_id = forms.IntegerField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("扫描件或照片"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("JPG、PNG或PDF，不超过20 MB。"),
    )
    reason = forms.CharField(label=_("更换原因"), max_length=120, required=False)

    def __init__(self, *args: Any, again: bool = False, **kwargs: Any) -> None:
        """`again`: a file is there already, so that a new version needs its reason."""
        super().__init__(*args, **kwargs)
        if not again:
            self.fields["reason"].widget = forms.HiddenInput()


class ByDataForm(forms.Form):
    """An item proven by government data."""

    material_id = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(label=_("由哪项政务数据核验"), max_length=120, help_text=_("例如“公安户籍数据”。"))


class AuthorizationForm(forms.Form):
    """The signed authorization of one adult member."""

    member_id = forms.IntegerField(widget=forms.HiddenInput)
    signer = forms.ChoiceField(label=_("由谁签署"), choices=Signer.choices)
    signer_name = forms.CharField(label=_("签署人姓名"), max_length=60)
    signed_on = DayField(label=_("签署日期"))
    scan = forms.FileField(label=_("签署后的扫描件"), widget=forms.FileInput(attrs={"accept": ACCEPTED}))
    in_person = forms.BooleanField(
        label=_("由签署人本人当面签字或按指印"), required=False, help_text=_("严禁代签字、代按指印。")
    )


class RevealForm(forms.Form):
    """Why somebody wants to see a full number."""

    reason = forms.CharField(
        label=_("为什么要看"), min_length=2, max_length=200,
        error_messages={"required": _("请写明查看的理由，理由会被记录。")},
    )  # fmt: skip
