"""Forms of sign-in and administration: they parse, the services decide."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.formfields import ChoiceButtons, DayField, half_width
from organizations.enums import AppointmentKind, Frontline, Level, OfficeKind, Post, ResponsibilityKind, Scope

CHOOSE = ("", _("请选择"))


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    """User name and password, nothing else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("用户名"),
            max_length=60,
            widget=forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false", "autofocus": True}),
        )
        self.fields["password"] = password_field(_("密码"), "current-password")
        self.order_fields(["login", "password"])


class CodeField(forms.CharField):
    """A one-time code of six digits; full-width ones and spaces are taken too."""

    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "sl-mono"})

    def __init__(self, **kwargs: Any) -> None:
        hint = _("手机验证器上的6位数字。验证一次，10分钟内不再询问。")
        super().__init__(**{"label": _("动态口令"), "max_length": 20, "help_text": hint, **kwargs})

    def clean(self, value: Any) -> str:
        return "".join(half_width(super().clean(value)).split())


def password_field(label: Any, autocomplete: str, **kwargs: Any) -> forms.CharField:
    """A password as typed: no trimming, no drafts."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=128, widget=widget, **kwargs)


class AdministrationForm(forms.Form):
    """A form that changes the organization: asks the one-time code where the session has not shown one lately."""

    def __init__(self, *args: Any, ask_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if ask_code:
            self.fields["code"] = CodeField()


def reason_field(label: Any = "", **kwargs: Any) -> forms.CharField:
    """Why: for the journal."""
    return forms.CharField(label=label or _("依据或原因"), max_length=200, **kwargs)


class AreaForm(AdministrationForm):
    # The code of an area is not the one-time code of the base class.
    area_code = forms.CharField(label=_("区划代码"), max_length=12, help_text=_("12位数字，前几位与上级区划相同。"))
    name = forms.CharField(label=_("名称"), max_length=60)
    level = forms.ChoiceField(label=_("层级"), choices=[CHOOSE, *Level.choices])
    valid_from = DayField(label=_("启用日期"), initial=clock.today)
    source = forms.CharField(label=_("代码来源"), max_length=100, required=False)
    made_up = forms.BooleanField(label=_("示例区划（不是真实代码）"), required=False)


class RecodeForm(AdministrationForm):
    area_code = forms.CharField(label=_("新代码"), max_length=12)
    name = forms.CharField(label=_("新名称"), max_length=60)
    on = DayField(label=_("变更日期"), help_text=_("从这一天起用新代码，原代码保留到前一天。"))
    reason = reason_field(_("变更依据"), help_text=_("例如批复文号。"))


class OfficeForm(AdministrationForm):
    name = forms.CharField(label=_("机构名称"), max_length=100)
    short_name = forms.CharField(label=_("简称"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("机构类型"), choices=[CHOOSE, *OfficeKind.choices])
    area_codes = forms.MultipleChoiceField(
        label=_("管辖范围"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("勾选上级区划，就包括它的全部下级。一个机构可以管辖几个不相连的区划。"),
    )
    more_codes = forms.CharField(
        label=_("其他区划代码"), required=False, max_length=400, help_text=_("上面没有列出的，填12位代码，用空格隔开。")
    )
    parent_id = forms.TypedChoiceField(label=_("上级机构"), coerce=int, empty_value=None, required=False)
    treated_as_city = forms.BooleanField(label=_("参照市级执行"), required=False)
    hotline = forms.CharField(label=_("监督举报电话"), max_length=30, required=False)
    address = forms.CharField(label=_("办公地址"), max_length=120, required=False)
    number_prefix = forms.CharField(
        label=_("文书编号简称"), max_length=10, required=False, help_text=_("印在文书编号里，例如“长虹”。")
    )

    def __init__(self, *args: Any, areas: list[tuple[str, str]], offices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area_codes"].choices = areas  # type: ignore[attr-defined]
        self.fields["parent_id"].choices = [("", _("无")), *offices]  # type: ignore[attr-defined]


class CloseForm(AdministrationForm):
    """The last day of something, and why it ends."""

    on = DayField(label=_("最后一天"), initial=clock.today)
    reason = reason_field()


class ReasonForm(AdministrationForm):
    reason = reason_field(_("原因"))


class UserForm(AdministrationForm):
    username = forms.CharField(label=_("用户名"), max_length=60, help_text=_("登录用，不能与别人相同。"))
    name = forms.CharField(label=_("姓名"), max_length=60)
    password = password_field(
        _("初始密码"), "new-password", help_text=_("至少10位，不能全是数字。本人第一次登录时必须改掉。")
    )
    area_code = forms.CharField(
        label=_("管理账号的区划"), max_length=12, required=False, help_text=_("不填就是您所在的区划。")
    )


class PasswordResetForm(AdministrationForm):
    password = password_field(
        _("新的初始密码"), "new-password", help_text=_("至少10位，不能全是数字。本人下次登录时必须改掉。")
    )


class HandOverForm(AdministrationForm):
    area_code = forms.CharField(label=_("接收单位的区划代码"), max_length=12)
    reason = reason_field(_("调动依据"))


class AppointForm(AdministrationForm):
    username = forms.CharField(label=_("用户名"), max_length=60)
    post = forms.ChoiceField(label=_("岗位"), choices=[CHOOSE, *(one for one in Post.choices if one[0] != Post.CLIENT)])
    office_id = forms.TypedChoiceField(label=_("机构"), coerce=int)
    title = forms.CharField(label=_("职务"), max_length=60, required=False, help_text=_("页面和文书上显示的称呼。"))
    area_code = forms.CharField(
        label=_("只管其中一个区划"),
        max_length=12,
        required=False,
        help_text=_("填区划代码；不填就是机构的全部管辖范围。"),
    )
    kind = ChoiceButtons(label=_("任职方式"), choices=AppointmentKind.choices, initial=AppointmentKind.STANDING)
    deputises_id = forms.IntegerField(widget=forms.HiddenInput, required=False)
    valid_from = DayField(label=_("任职日期"), initial=clock.today)
    valid_to = DayField(label=_("最后任职日"), required=False, help_text=_("有期限的才填，例如代理、检查组。"))

    def __init__(self, *args: Any, offices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office_id"].choices = [CHOOSE, *offices]  # type: ignore[attr-defined]


class ResponsibilityForm(AdministrationForm):
    office_id = forms.TypedChoiceField(label=_("机构"), coerce=int)
    kind = forms.ChoiceField(label=_("责任类别"), choices=[CHOOSE, *ResponsibilityKind.choices])
    frontline = forms.ChoiceField(label=_("一线岗位"), choices=[("", _("不适用")), *Frontline.choices], required=False)
    username = forms.CharField(label=_("责任人的用户名"), max_length=60, required=False)
    unit_id = forms.TypedChoiceField(label=_("责任单位"), coerce=int, empty_value=None, required=False)
    basis = reason_field(_("依据"), help_text=_("例如文件名称和条款。"))
    valid_from = DayField(label=_("起"), initial=clock.today)

    def __init__(self, *args: Any, offices: list[tuple[int, str]], units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office_id"].choices = [CHOOSE, *offices]  # type: ignore[attr-defined]
        self.fields["unit_id"].choices = [("", _("无")), *units]  # type: ignore[attr-defined]


class DelegationForm(AdministrationForm):
    district_code = forms.ChoiceField(label=_("区县"))
    programme = forms.ChoiceField(label=_("救助类型"))
    basis = reason_field(_("依据"), help_text=_("例如文件名称和条款。"))
    valid_from = DayField(label=_("下放日期"), initial=clock.today)

    def __init__(
        self, *args: Any, districts: list[tuple[str, str]], programmes: list[tuple[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district_code"].choices = districts  # type: ignore[attr-defined]
        self.fields["programme"].choices = programmes  # type: ignore[attr-defined]


class ClientForm(AdministrationForm):
    name = forms.CharField(label=_("系统名称"), max_length=60, help_text=_("例如“市政务服务平台”。"))
    office_id = forms.TypedChoiceField(label=_("使用单位"), coerce=int)
    area_code = forms.CharField(
        label=_("只对接其中一个区划"),
        max_length=12,
        required=False,
        help_text=_("填区划代码；不填就是使用单位的全部管辖范围。"),
    )
    scopes = forms.MultipleChoiceField(
        label=_("可用接口"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple, initial=list(Scope.values)
    )

    def __init__(self, *args: Any, offices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office_id"].choices = [CHOOSE, *offices]  # type: ignore[attr-defined]


class LostFactorForm(AdministrationForm):
    username = forms.CharField(label=_("用户名"), max_length=60)
    reason = reason_field(_("原因和核实身份的方式"))


class ChangePasswordForm(forms.Form):
    old = password_field(_("现在的密码"), "current-password")
    password = password_field(
        _("新密码"), "new-password", help_text=_("至少10位，不能全是数字，不能太常见，不能与用户名相近。")
    )
    repeat = password_field(_("再输一遍新密码"), "new-password")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if "repeat" in values and values.get("password") != values["repeat"]:
            self.add_error("repeat", _("两次输入的新密码不一样。请重新输入。"))
        return values


class SetUpForm(forms.Form):
    token = forms.CharField(widget=forms.HiddenInput, max_length=400)
    password = password_field(_("登录密码"), "current-password")
    proof = CodeField(help_text=_("用验证器扫描二维码以后，手机上显示的6位数字。"))


class CheckForm(forms.Form):
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)
    code = CodeField()


class DropForm(forms.Form):
    code = CodeField(help_text=_("手机上现在显示的6位数字。"))
