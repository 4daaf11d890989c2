"""Form fields of the trade: money, identity number, bank account, telephone, day, choices as buttons."""

import datetime as dt
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common import ids
from common.errors import Invalid

YUAN = _("元")


def half_width(text: str) -> str:
    """Full-width figures, letters and stops, as Chinese keyboards give them, in their plain form."""
    return unicodedata.normalize("NFKC", text).strip()


class MoneyField(forms.DecimalField):
    """Yuan with at most two places. Takes `1,900.00` and full-width figures; `unit` stands beside the control."""

    default_error_messages = {
        "invalid": _("金额应为数字，如 1900.00。请核对后重填。"),
        "max_decimal_places": _("金额最多两位小数（到分）。请核对小数点。"),
    }

    def __init__(self, *, unit: Any = YUAN, **kwargs: Any) -> None:
        self.unit = unit
        widget = forms.TextInput(attrs={"class": "num", "inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"max_digits": 12, "decimal_places": 2, "min_value": 0, "widget": widget, **kwargs})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = half_width(value).replace(",", "").replace("−", "-")
        return super().to_python(value)

    def clean(self, value: Any) -> Any:
        amount = super().clean(value)
        return amount if amount is None else amount.quantize(Decimal("0.01"))


class CheckedField(forms.CharField):
    """A number with a check of its own in `common.ids`; the message never repeats what was typed."""

    mode = "numeric"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "autocomplete": "off", "inputmode": self.mode, "spellcheck": "false"}

    def check_number(self, text: str) -> str:
        raise NotImplementedError

    def clean(self, value: Any) -> str:
        text = half_width(super().clean(value))
        if not text:
            return ""
        try:
            return self.check_number(text)
        except Invalid as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from None


class IdNumberField(CheckedField):
    """A resident identity number; in the browser it fills the sibling fields `birth` and `sex`."""

    mode = "text"

    def __init__(self, *, birth: str = "birth", sex: str = "sex", **kwargs: Any) -> None:
        self.siblings = {"data-idnumber": "", "data-birth": birth, "data-sex": sex}
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        says = {
            "data-says-shape": _("身份证号码应为18位，前17位是数字，最后一位是数字或X。请对照证件重新输入。"),
            "data-says-birth": _("身份证号码第7至14位不是有效的出生日期。请对照证件重新输入。"),
            "data-says-check": _("身份证号码的校验位不对，可能有一位输错。请对照证件重新输入。"),
        }
        return {**super().widget_attrs(widget), **self.siblings, **says, "class": "sl-mono"}

    def check_number(self, text: str) -> str:
        return ids.check_id_number(text).number


class BankCardField(CheckedField):
    """A bank account."""

    def check_number(self, text: str) -> str:
        return ids.check_bank_card(text)


class PhoneField(CheckedField):
    """A mobile or fixed-line number."""

    mode = "tel"

    def check_number(self, text: str) -> str:
        return ids.check_phone(text)


class DayField(forms.DateField):
    """A day, by the browser's own calendar; without one, `2026-11-24` is typed."""

    default_error_messages = {"invalid": _("日期应写作 2026-11-24。请核对后重填。")}

    def __init__(self, *, latest: dt.date | None = None, **kwargs: Any) -> None:
        attrs = {"type": "date"} | ({"max": latest.isoformat()} if latest else {})
        widget = forms.DateInput(format="%Y-%m-%d", attrs=attrs)
        super().__init__(**{"widget": widget, "input_formats": ["%Y-%m-%d", "%Y年%m月%d日", "%Y.%m.%d"], **kwargs})


class ChoiceButtons(forms.ChoiceField):
    """One of a few choices, shown as buttons side by side (as a list where they are many or long)."""

    widget = forms.RadioSelect


class YesNoField(forms.TypedChoiceField):
    """是 or 否, nothing preset: True or False; None where it may be left open."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        choices = [("1", _("是")), ("0", _("否"))]
        super().__init__(**{"choices": choices, "coerce": lambda text: text == "1", "empty_value": None, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return str(int(value)) if isinstance(value, bool) else value
