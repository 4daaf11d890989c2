"""Forms of the rules pages: filter, calendar file, binding of a pack."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.formfields import DayField
from policies.catalogue import catalogue

STATES = [
    ("", _("全部")),
    ("stated", _("文件有规定")),
    ("local", _("本地已选择")),
    ("missing", _("没有数值")),
]


class FilterForm(forms.Form):
    """Which rules to show."""

    q = forms.CharField(label=_("查找"), required=False, max_length=60)
    group = forms.ChoiceField(label=_("类别"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES)
    area = forms.ChoiceField(label=_("地区"), required=False)

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: Any = self.fields["group"]
        groups.choices = [("", _("全部")), *catalogue().groups.items()]
        choices: Any = self.fields["area"]
        choices.choices = areas


class CalendarForm(forms.Form):
    """The State Council's notice of one year as a file."""

    year = forms.IntegerField(label=_("年份"), min_value=2004, max_value=2100)
    source = forms.CharField(label=_("通知名称或文号"), max_length=120)
    file = forms.FileField(
        label=_("文件"), help_text=_("CSV（UTF-8），每行：日期,working 或 rest,名称。例如：2027-01-01,rest,元旦。")
    )


class BindingForm(forms.Form):
    """Which pack governs an area from which day."""

    area = forms.ChoiceField(label=_("地区"))
    pack = forms.ChoiceField(label=_("政策文件"))
    valid_from = DayField(label=_("从哪一天起"))

    def __init__(self, *args: Any, areas: list[tuple[str, str]], titles: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area: Any = self.fields["area"]
        area.choices = areas
        pack: Any = self.fields["pack"]
        pack.choices = sorted(titles.items())
