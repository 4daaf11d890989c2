"""The forms of residents, in their words: an application, the question for its progress; and the street's form over what a
resident typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.enums import Condition, ItemCategory, ItemKind, Programme, Relation, Work
from cases.forms.intake import (
    CHOOSE,
    ITEM_PREFIXES,
    MOST_MEMBERS,
    Intake,
    IntakeForm,
    MemberForm,
    Rows,
    Shape,
    sealed,
    shown,
)
from cases.models import OnlineApplication
from common.formfields import IdNumberField, PhoneField, YesNoField, half_width

LONG_TEXT = {"rows": 6}


class ResidentForm(forms.Form):
    """What a resident says about the application. The bank account is asked for later, when it is needed."""

    programme = forms.ChoiceField(label=_("申请哪一种救助"), choices=Programme.choices, initial=Programme.DIBAO)
    village_code = forms.ChoiceField(label=_("住在哪个村（社区）"))
    address = forms.CharField(label=_("家庭住址"), max_length=120, help_text=_("写到楼号、门牌号。"))
    phone = PhoneField(label=_("联系电话"), help_text=_("工作人员会打这个电话，核实情况、约时间上门。"))
    agent_name = forms.CharField(label=_("代填人姓名"), max_length=60, required=False)
    agent_relation = forms.CharField(label=_("代填人是申请人的什么人"), max_length=60, required=False)
    difficulty = forms.CharField(
        label=_("家里有什么困难"), max_length=2000, widget=forms.Textarea(attrs=LONG_TEXT),
        help_text=_("写清楚困难的原因和现在的情况，例如谁生病、谁没有工作、每月靠什么生活。"),
        error_messages={"required": _("请写一写家里的困难，写清楚原因和现在的情况。")},
    )  # fmt: skip
    kin_declared = YesNoField(
        label=_("家里有没有近亲属在街道（乡镇）办救助，或者在村（社区）当干部"),
        error_messages={"required": _("请选“有”或“没有”。")},
        choices=[("1", _("有")), ("0", _("没有"))],
    )
    kin_detail = forms.CharField(
        label=_("近亲属的姓名、单位，是您的什么人"), max_length=200, required=False, help_text=_("选“有”的要写。")
    )
    truthful = forms.BooleanField(
        label=_("以上填写的都是真实的，没有隐瞒家庭人口、收入和财产"),
        error_messages={"required": _("请确认填写的内容真实，再打勾。")},
    )
    rights_told = forms.BooleanField(
        label=_("我已看过上面的权利和义务"), error_messages={"required": _("请先看完申请人的权利和义务，再打勾。")}
    )

    def __init__(self, *args: Any, villages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village_code"].choices = [CHOOSE, *villages]  # type: ignore[attr-defined]


class ResidentMemberForm(forms.Form):
    """One member, without what only an official can judge."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    relation = forms.ChoiceField(label=_("是申请人的什么人"), choices=[CHOOSE, *Relation.choices])
    id_number = IdNumberField(label=_("身份证号码"))
    work = forms.ChoiceField(label=_("工作情况"), choices=[CHOOSE, *Work.choices])
    condition = forms.ChoiceField(label=_("有没有残疾或重病"), choices=Condition.choices, initial=Condition.NONE)


ResidentRows = forms.formset_factory(
    ResidentMemberForm, formset=Rows, extra=0, min_num=1, validate_min=True, max_num=MOST_MEMBERS, validate_max=True
)
WORDS: dict[str, Any] = {
    ItemCategory.WAGE: _("工资、打工"),
    ItemCategory.BUSINESS: _("做生意、种地、养殖"),
    ItemCategory.PROPERTY_INCOME: _("房租、利息、分红"),
    ItemCategory.TRANSFER: _("养老金、退休金、补贴"),
    ItemCategory.SUPPORT: _("子女、亲属给的钱"),
    ItemCategory.DEPOSIT: _("存款、现金"),
    ItemCategory.SECURITIES: _("股票、基金、保险"),
    ItemCategory.VEHICLE: _("汽车、农用车"),
    ItemCategory.HOUSE: _("房子"),
    ItemCategory.MEDICAL: _("看病买药"),
    ItemCategory.EDUCATION: _("上学"),
    ItemCategory.CARE: _("照料、康复"),
    ItemCategory.HOUSING: _("租房"),
    ItemCategory.OTHER: _("其他"),
}
"""Income, property and expenses in a resident's words; whether an income counts at all is for the street to say."""
RESIDENT = Shape(form=ResidentForm, members=ResidentRows, words=WORDS)


class TakenInForm(IntakeForm):
    """The window's form over an online application: the applicant has read about rights and duties in the resident's form."""

    rights_told = forms.BooleanField(
        label=_("申请人已在网上看过权利、义务，或已当面、电话告知（含举证要求）"), required=False
    )


TAKEN_IN = Shape(form=TakenInForm, without=("channel", "applied_on"))
"""The window's form over an online application: road and day are known."""


def empty(villages: list[tuple[str, str]]) -> Intake:
    """A new form of a resident: one member who is the applicant, one line of income."""
    initial = {"village_code": villages[0][0] if len(villages) == 1 else ""}
    members: list[dict[str, Any]] = [{"relation": Relation.SELF}]
    return shown(initial, {"members": members}, villages, None, ITEM_PREFIXES[ItemKind.INCOME], shape=RESIDENT)


def of_online(online: OnlineApplication, villages: list[tuple[str, str]]) -> Intake:
    """The window's form with what the resident typed; the numbers stand sealed in it."""
    typed = online.typed
    rows: dict[str, list[dict[str, Any]]] = {
        "members": [sealed(member, *MemberForm.KEPT) for member in typed["members"]]
    }
    for kind, prefix in ITEM_PREFIXES.items():
        rows[prefix] = [
            item | {"member": "" if item["member"] is None else str(item["member"])}
            for item in typed["items"]
            if item["kind"] == kind
        ]
    return shown(sealed(typed, *IntakeForm.KEPT), rows, villages, shape=TAKEN_IN)


class ProgressForm(forms.Form):
    """Asking for progress: what stands on the receipt, and the end of the applicant's identity number."""

    receipt_code = forms.CharField(
        label=_("查询码"), max_length=40, help_text=_("申请回执上的10位字母和数字，大小写都可以。"),
        error_messages={"required": _("请填写查询码。查询码在申请回执上。")},
    )  # fmt: skip
    tail = forms.CharField(
        label=_("申请人身份证号码后四位"), max_length=10, help_text=_("最后一位是X的，填X。"),
        error_messages={"required": _("请填写申请人身份证号码的后四位。")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs |= {
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "sl-mono",
            }

    def clean_receipt_code(self) -> str:
        return _plain(self.cleaned_data["receipt_code"])

    def clean_tail(self) -> str:
        return _plain(self.cleaned_data["tail"])


def _plain(text: str) -> str:
    """As it is kept: capitals, no spaces."""
    return "".join(half_width(text).split()).upper()


class ReturnForm(forms.Form):
    """Returning an online application."""

    reason = forms.CharField(
        label=_("退回的原因，和申请人下一步怎么办"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("申请人凭查询码会看到这段话。请写清楚怎么改、向哪里申请；不要写别人的情况，不要写证件号码。"),
    )  # fmt: skip
