"""Money is whole minor units; a line is rounded once; parts sum to the whole."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.base.money import Money, line_total, percent_of, show, split, to_minor


@pytest.mark.parametrize(
    ("price", "quantity", "total"),
    [("0.1011", "3000", 30330), ("0.472", "20000", 944000), ("0.005", "1", 1), ("0.0049", "1", 0), ("2.55", "6", 1530), ("0.000001", "1000000", 100)],
)
def test_a_line_is_rounded_once_half_up(price: str, quantity: str, total: int) -> None:
    assert line_total(Decimal(price), Decimal(quantity), "CNY") == total


def test_yen_has_no_decimals() -> None:
    assert to_minor(Decimal("1200.5"), "JPY") == 1201
    assert show(1201, "JPY") == "JP¥1,201"


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(lambda weights: sum(weights) > 0))
def test_parts_sum_to_the_whole_and_none_is_off_by_more_than_one(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    assert sum(parts) == total
    assert all(0 <= part - total * weight // sum(weights) <= 1 for part, weight in zip(parts, weights, strict=True))


def test_nothing_is_split_by_no_weights() -> None:
    with pytest.raises(ValueError, match="positive"):
        split(100, [0, 0])


def test_amounts_show_two_decimals_and_a_true_minus() -> None:
    assert str(Money(1400000, "CNY")) == "¥14,000.00"
    assert show(-5, "GBP") == "\N{MINUS SIGN}£0.05"


def test_tax_is_half_up() -> None:
    assert percent_of(1384000, Decimal(13)) == 179920
    assert percent_of(50, Decimal(1)) == 1
