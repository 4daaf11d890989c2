"""Forms of the rules pages: filter, calendar file, a pack for an area."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
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


class PackForm(forms.Form):
    """Which pack is to govern an area from which day: one that the system knows, or a file. `text`: the content of the file."""

    area = forms.ChoiceField(label=_("地区"))
    valid_from = DayField(label=_("从哪一天起"))
    pack = forms.ChoiceField(label=_("系统已有的政策文件"), required=False)
    file = forms.FileField(
        label=_("或者载入一份政策包"),
        required=False,
        allow_empty_file=True,
        help_text=_("TOML 文件（UTF-8 文字）。只看内容，预览以后才生效。"),
        widget=forms.FileInput(attrs={"accept": ".toml"}),
    )

    def __init__(self, *args: Any, areas: list[tuple[str, str]], titles: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area: Any = self.fields["area"]
        area.choices = areas
        pack: Any = self.fields["pack"]
        pack.choices = [
            ("", _("（不选，载入文件）")),
            *((key, f"{title}（{key}）") for key, title in sorted(titles.items())),
        ]

    def clean_file(self) -> UploadedFile | None:
        """Leave the text of the file in `text`."""
        found: UploadedFile | None = self.cleaned_data["file"]
        self.cleaned_data["text"] = text_of(found) if found else ""
        return found

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "file" in values and "pack" in values and bool(values["file"]) == bool(values["pack"]):
            both = _("选了系统已有的文件，就不要再载入文件。请只留一样。")
            none = _("请选一份系统已有的政策文件，或者载入一份政策包。")
            self.add_error("pack", both if values["pack"] else none)
        return values


def text_of(file: UploadedFile) -> str:
    """The text of a pack file. Raises ValidationError for one that is too large, empty or no UTF-8 text."""
    if file.size is None or file.size > settings.PACK_FILE_MAX_BYTES:
        most = settings.PACK_FILE_MAX_BYTES // KILO
        raise forms.ValidationError(
            _("文件太大，最多 %(n)d KB。政策包只放文字，请检查是不是选错了文件。") % {"n": most}
        )
    try:
        text: str = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise forms.ValidationError(
            _("这不是 UTF-8 文字文件，没有读。请用 UTF-8 编码另存为 .toml 后再载入。")
        ) from error
    if not text.strip():
        raise forms.ValidationError(_("文件是空的。请选择写好的政策包。"))
    return text


KILO = 1024
