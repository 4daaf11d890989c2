"""Identity numbers, accounts, telephones: checks and masks. Money."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import ids, money
from common.errors import Invalid
from tests.leaks.plants import ACCOUNT, PHONE, identity

DAY = dt.date(2026, 9, 1)
GOOD = "120194196203151520"[:17]
GOOD += ids.check_digit(GOOD)


@given(st.integers(0, 499), st.dates(dt.date(1900, 1, 1), DAY), st.sampled_from("MF"))
def test_an_identity_number_says_birth_date_and_sex(number, birth, sex):
    text = identity(number, birth=birth, sex=sex)
    assert ids.check_id_number(text, today=DAY) == ids.IdNumber(text, birth, sex)
    assert ids.check_id_number(f" {text[:6]} {text[6:].lower()} ", today=DAY).number == text


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_found(position, by):
    wrong = f"{GOOD[:position]}{(int(GOOD[position]) + by) % 10}{GOOD[position + 1 :]}"
    with pytest.raises(Invalid):
        ids.check_id_number(wrong, today=DAY)


@pytest.mark.parametrize(
    "text",
    [
        "", "abc", GOOD[:17], GOOD + "1", GOOD[:6] + "620315" + GOOD[14:17], "X" * 18, "0" * 18,
        GOOD.translate({ord("1"): "１"}), GOOD.translate({ord("1"): "١"}), GOOD[:10] + "0230" + GOOD[14:],
        identity(1, birth=dt.date(2026, 9, 2)),
    ],
)  # fmt: skip
def test_what_is_no_identity_number_is_refused_without_repeating_it(text):
    with pytest.raises(Invalid) as refused:
        ids.check_id_number(text, today=DAY)
    assert refused.value.field == "id_number"
    assert not text or text not in refused.value.message


@pytest.mark.django_db
def test_nobody_is_born_tomorrow():
    with pytest.raises(Invalid, match="不合理"):
        ids.check_id_number(identity(1, birth=dt.date(2026, 9, 2)))
    assert ids.check_id_number(identity(1, birth=dt.date(2026, 9, 1))).birth == dt.date(2026, 9, 1)


def test_age_is_full_years():
    assert ids.age_on(dt.date(2008, 2, 29), dt.date(2026, 2, 28)) == 17
    assert ids.age_on(dt.date(2008, 2, 29), dt.date(2026, 3, 1)) == 18


@pytest.mark.parametrize("text", [*ACCOUNT, "6200000000000005", "120000000012"])
def test_accounts_pass(text):
    assert ids.check_bank_card(f"{text[:4]} {text[4:8]}-{text[8:]}") == text


@pytest.mark.parametrize(
    "text", ["", "1" * 11, "1" * 24, "6217000012345081", "１２３４５６７８９０１２", "12345678901a"]
)
def test_what_is_no_account_is_refused(text):
    with pytest.raises(Invalid):
        ids.check_bank_card(text)


@pytest.mark.parametrize("text", [*PHONE, "022-12345678", "02212345678", "0351-1234567-8001"])
def test_telephones_pass(text):
    assert ids.check_phone(text) == text


@pytest.mark.parametrize(
    "text", ["", "110", "12345678901", "1540000123", "154000012345", "１５４００００１２３４", "15400001234\n9"]
)
def test_what_is_no_telephone_is_refused(text):
    with pytest.raises(Invalid):
        ids.check_phone(text)


@pytest.mark.requirement("SEC-11")
class TestMasks:
    def test_show_a_beginning_and_the_last_four(self):
        assert ids.mask_id("120104196203151528") == "1201**********1528"
        assert ids.mask_account("6217000012345082") == "6217 **** **** 5082"
        assert ids.mask_phone("13900002046") == "139****2046"
        assert ids.mask_phone("022-12345678") == "****5678"

    @pytest.mark.parametrize("mask", [ids.mask_id, ids.mask_account, ids.mask_phone])
    @given(st.text("0123456789-X", max_size=30))
    def test_never_show_more_than_eight_characters_and_never_all(self, mask, number):
        shown = mask(number).replace("*", "").replace(" ", "")
        assert len(shown) <= 8
        assert number == "" or shown != number


class TestMoney:
    def test_is_rounded_half_up_to_the_cent(self):
        assert [money.yuan(x) for x in ("0.005", "1.004", 7, "-0.005")] == [
            Decimal(x) for x in ("0.01", "1.00", "7.00", "-0.01")
        ]

    def test_has_no_negative_nothing(self):
        assert str(money.yuan("-0.001")) == "0.00"
        assert money.format_yuan(Decimal("-0.001")) == "0.00"

    def test_is_written_with_thousands_and_a_real_minus(self):
        assert money.format_yuan(Decimal("1234567.5")) == "1,234,567.50"
        assert money.format_yuan(Decimal("-1900")) == "−1,900.00"

    @pytest.mark.parametrize(("way", "result"), [("half_up", "12.40"), ("up", "12.40"), ("down", "12.30")])
    def test_is_rounded_as_the_policy_says(self, way, result):
        assert money.round_to(Decimal("12.35"), Decimal("0.1"), way) == Decimal(result)

    @given(st.decimals(-(10**9), 10**9, places=4), st.sampled_from(["0.01", "0.1", "1", "10"]))
    def test_rounding_stays_within_one_unit(self, value, unit):
        unit = Decimal(unit)
        down, half, up = (money.round_to(value, unit, way) for way in ("down", "half_up", "up"))
        assert down <= half <= up
        assert abs(half - value) <= unit / 2
        assert up - down in (0, unit)
