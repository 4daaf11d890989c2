"""Resident identity numbers (GB 11643-1999), bank cards and telephones: checks and masks."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common import clock
from common.errors import Invalid

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_ID = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?", re.ASCII)
_ACCOUNT = re.compile(r"\d{12,23}", re.ASCII)


@dataclass(frozen=True)
class IdNumber:
    """A valid identity number with what it says: birth date and sex (M, F)."""

    number: str
    birth: dt.date
    sex: str


def check_id_number(text: str, *, field: str = "id_number", today: dt.date | None = None) -> IdNumber:
    """Parse an 18-digit identity number (GB 11643), whose holder is born by `today` (the present day, if not given).

    Raises `Invalid` with the reason; never repeats the number in the message.
    """
    number = re.sub(r"\s", "", text).upper()
    if not _ID.fullmatch(number):
        raise Invalid(_("身份证号码应为18位，前17位是数字，最后一位是数字或X。请对照证件重新输入。"), field=field)
    try:
        birth = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise Invalid(_("身份证号码第7至14位不是有效的出生日期。请对照证件重新输入。"), field=field) from None
    if birth.year < 1900 or birth > (today or clock.today()):
        raise Invalid(_("身份证号码里的出生日期不合理。请对照证件重新输入。"), field=field)
    if check_digit(number[:17]) != number[17]:
        raise Invalid(_("身份证号码的校验位不对，可能有一位输错。请对照证件重新输入。"), field=field)
    return IdNumber(number, birth, "M" if int(number[16]) % 2 else "F")


def check_digit(first17: str) -> str:
    """The check character of GB 11643 for the first 17 digits."""
    return _CHECK[sum(w * int(d) for w, d in zip(_WEIGHTS, first17, strict=True)) % 11]


def age_on(birth: dt.date, on: dt.date) -> int:
    """Full years of age (周岁) on a day."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def check_bank_card(text: str, *, field: str = "account") -> str:
    """A bank account of 12 to 23 digits; cards of 16 to 19 digits that begin with 62 must pass the Luhn check."""
    number = re.sub(r"[\s-]", "", text)
    if not _ACCOUNT.fullmatch(number):
        raise Invalid(_("银行账号应为12至23位数字。请对照存折或银行卡重新输入。"), field=field)
    if number.startswith("62") and 16 <= len(number) <= 19 and not _luhn(number):
        raise Invalid(_("银行卡号的校验位不对，可能有一位输错。请对照银行卡重新输入。"), field=field)
    return number


def _luhn(number: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def check_phone(text: str, *, field: str = "phone") -> str:
    """A mobile or fixed-line number."""
    number = re.sub(r"\s", "", text)
    if not _PHONE.fullmatch(number):
        raise Invalid(_("电话号码应为11位手机号，或带区号的固定电话，如022-12345678。请核对。"), field=field)
    return number


def mask_id(number: str) -> str:
    """`120104196203151528` → `1201**********1528` (SEC-11)."""
    return f"{number[:4]}{'*' * 10}{number[-4:]}" if len(number) == 18 else "*" * len(number)


def mask_account(number: str) -> str:
    """`6217000012345082` → `6217 **** **** 5082`."""
    return f"{number[:4]} **** **** {number[-4:]}" if len(number) >= 12 else "*" * len(number)


def mask_phone(number: str) -> str:
    """`13900002046` → `139****2046`; a fixed line keeps its last four."""
    if len(number) == 11 and number.startswith("1"):
        return f"{number[:3]}****{number[-4:]}"
    if not number:
        return ""
    return f"****{number[-4:]}" if len(number) >= 8 else "****"
