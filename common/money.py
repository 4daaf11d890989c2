"""Money: yuan as Decimal, two places. Rounding is policy (parameter `calc.rounding`), not a habit of this module."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
ROUNDING = {"half_up": ROUND_HALF_UP, "up": ROUND_CEILING, "down": ROUND_FLOOR}


def yuan(value: Decimal | int | str) -> Decimal:
    """The amount in yuan, rounded half up to the cent (分)."""
    return Decimal(value).quantize(CENT, rounding=ROUND_HALF_UP) + ZERO  # adding zero makes −0.00 a plain 0.00


def round_to(value: Decimal, unit: Decimal, rounding: str) -> Decimal:
    """`value` rounded to a multiple of `unit` yuan (0.01, 0.1, 1 …); `rounding` is half_up, up or down."""
    return yuan((value / unit).to_integral_value(rounding=ROUNDING[rounding]) * unit)


def format_yuan(value: Decimal) -> str:
    """`1900` → `1,900.00`; a minus sign as printed in tables (−)."""
    return f"{yuan(value):,.2f}".replace("-", "−")


DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


def capital_yuan(value: Decimal) -> str:
    """The amount in capital figures (大写), as decisions and vouchers carry it: `1005.30` → `壹仟零伍元叁角整`.

    The rules of 《支付结算办法》附一: 整 after 元 or 角, none after 分; one 零 for any number of zeros between figures.
    """
    amount = yuan(value)
    whole, cents = divmod(int(abs(amount) * 100), 100)
    jiao, fen = divmod(cents, 10)
    words = f"{_capital_whole(whole)}元" if whole else ""
    if not cents:
        return f"{'负' if amount < 0 else ''}{words or '零元'}整"
    if jiao:
        words += f"{DIGITS[jiao]}角"
    elif words:
        words += DIGITS[0]
    words += f"{DIGITS[fen]}分" if fen else "整"
    return f"{'负' if amount < 0 else ''}{words}"


def _capital_whole(number: int) -> str:
    """A whole number in groups of four digits; a group that does not fill its four places is led by 零."""
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    words = ""
    for place in reversed(range(len(groups))):
        if not groups[place]:
            continue
        if words and (groups[place] < 1000 or not groups[place + 1]):
            words += DIGITS[0]
        words += _capital_group(groups[place]) + GROUPS[place]
    return words


def _capital_group(group: int) -> str:
    """Up to four digits: `1005` → `壹仟零伍`."""
    words = ""
    for place in reversed(range(4)):
        digit = group // 10**place % 10
        if digit:
            words += DIGITS[digit] + PLACES[place]
        elif words and not words.endswith(DIGITS[0]):
            words += DIGITS[0]
    return words.rstrip(DIGITS[0])
