"""Prices by quantity, in examples and in general."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.catalog.price.rules import Packing, ladder, lowest, price_lines, unit_price

BOLTS = ladder([(Decimal(20), Decimal("472")), (Decimal(5), Decimal("486")), (Decimal(50), Decimal("455"))])


@pytest.mark.parametrize(("quantity", "price"), [("1", "486"), ("5", "486"), ("19.5", "486"), ("20", "472"), ("49", "472"), ("50", "455"), ("9000", "455")])
def test_a_tier_holds_from_its_quantity_on(quantity, price):
    assert unit_price(BOLTS, Decimal(quantity)) == Decimal(price)


def test_no_tiers_no_price():
    assert unit_price((), Decimal(5)) is None
    assert lowest([(), BOLTS]) == Decimal(455)
    assert lowest([]) is None


@pytest.mark.parametrize(("rows", "why"), [([(1, 3), (1, 2)], "twice"), ([(1, 3), (10, 4)], "rises")])
def test_a_ladder_that_cannot_stand_is_refused(rows, why):
    with pytest.raises(ValueError, match=why):
        ladder([(Decimal(a), Decimal(b)) for a, b in rows])


@pytest.mark.parametrize(
    ("quantity", "trouble"), [("5", None), ("15", None), ("4", "below-minimum"), ("0", "below-minimum"), ("7", "not-a-multiple"), ("105", "above-maximum")]
)
def test_minimum_step_and_maximum(quantity, trouble):
    assert Packing(Decimal(5), Decimal(5), Decimal(100)).trouble(Decimal(quantity)) == trouble


def test_what_is_missing_to_the_minimum():
    assert Packing(Decimal(5)).missing(Decimal(3)) == 2
    assert Packing(Decimal(5)).missing(Decimal(8)) == 0


def test_mixed_sizes_reach_the_tier_together():
    asked = {"M8": Decimal(25), "M10": Decimal(10)}
    tiers = {"M8": BOLTS, "M10": BOLTS}
    assert [line.unit_price for line in price_lines(asked, tiers, mixed=True, currency="CNY").values()] == [472, 472]
    alone = price_lines(asked, tiers, mixed=False, currency="CNY")
    assert [line.unit_price for line in alone.values()] == [472, 486]
    assert [line.total for line in alone.values()] == [1180000, 486000]


prices = st.decimals(min_value=Decimal("0.0001"), max_value=Decimal(100000), places=4)
quantities = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(10**6), places=2)


@st.composite
def ladders(draw):
    steps = sorted(draw(st.lists(quantities, min_size=1, max_size=6, unique=True)))
    falling = sorted(draw(st.lists(prices, min_size=len(steps), max_size=len(steps))), reverse=True)
    return ladder(zip(steps, falling, strict=True))


@given(ladders(), quantities, quantities)
def test_more_never_costs_more_a_unit_nor_less_than_the_last_tier(tiers, one, other):
    less, more = sorted((one, other))
    assert unit_price(tiers, less) >= unit_price(tiers, more) >= tiers[-1].price
    assert unit_price(tiers, less) <= tiers[0].price


@given(ladders(), st.dictionaries(st.sampled_from("abcd"), quantities, min_size=1))
def test_mixing_is_never_dearer(tiers, asked):
    ladders_of = dict.fromkeys(asked, tiers)
    mixed = price_lines(asked, ladders_of, mixed=True, currency="CNY")
    alone = price_lines(asked, ladders_of, mixed=False, currency="CNY")
    assert sum(line.total for line in mixed.values()) <= sum(line.total for line in alone.values())
