"""Unmistakable made-up personal numbers for builders: whoever appears in a test carries one of these.

They pass every check (GB 11643, Luhn) and belong to nobody: the fifth digit of the area code is 9 (120194: no such district
ever had that code), the bank 999900 does not exist, the range 154 of telephones is not in use. The scanner knows them by
this shape, so `identity(n)`, `account(n)` and `phone(n)` make further ones that it finds as well.
"""

import datetime as dt

from common.ids import check_digit


def identity(number: int, *, birth: dt.date = dt.date(1962, 3, 15), sex: str = "F", area: str = "120194") -> str:
    """The `number`-th identity number of that birth date and sex (number < 500)."""
    order = number * 2 + (1 if sex == "M" else 0)
    first = f"{area}{birth:%Y%m%d}{order:03d}"
    return first + check_digit(first)


def account(number: int) -> str:
    """The `number`-th bank account (19 digits, Luhn)."""
    first = f"999900{number:012d}"
    total = sum(d if i % 2 else (d * 2 - 9 if d > 4 else d * 2) for i, d in enumerate(map(int, reversed(first))))
    return first + str(-total % 10)


def phone(number: int) -> str:
    """The `number`-th mobile telephone."""
    return f"154{number:08d}"


IDENTITY = tuple(identity(n) for n in range(1, 21))
ACCOUNT = tuple(account(n) for n in range(1, 21))
PHONE = tuple(phone(70000000 + n) for n in range(1, 21))
