"""Tiers in one cell, however they are written."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.sheets import read_prices
from guanxi.sheets.figures import short
from guanxi.sheets.price import price
from guanxi.sheets.tiers import rising, tiers_of

NOTATIONS = [
    "1-99个 3.5元 / ≥100个: 3.2",
    "1+ 3.5; 100+ 3.2",
    "1~99只：￥3.5\n100只以上：￥3.2",
    "1起=3.5、100起=3.2",
    "1 pcs @ 3.5, 100 pcs @ 3.2",
    "≥1:3.5/≥100:3.2",
    "3.5元(1-99个) 3.2元(100个以上)",
    "1-99 3.50;100-999 3.20",
]


@pytest.mark.parametrize("text", NOTATIONS)
def test_one_ladder_in_many_notations(text: str) -> None:
    found = tiers_of(text.replace("：", ":"))
    assert found is not None
    assert [(tier.least, tier.price.amount) for tier in found] == [(1, Decimal("3.5")), (100, Decimal("3.2"))]


@pytest.mark.parametrize("text", ["24.07 22.07", "11.90/13.90", "2.5-3元/个", "0.8.5", "12.50元/包", "看色定", "l2.5"])
def test_what_is_no_ladder(text: str) -> None:
    assert tiers_of(text) is None


ladders = st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**7)), min_size=1, max_size=6, unique_by=lambda one: one[0])


@settings(max_examples=60, deadline=None)
@given(ladders, st.sampled_from(["{0}+ {1}", "≥{0}:{1}", "{0}只起 {1}元", "{0}以上={1}"]), st.sampled_from([";", "/", "、", "\n"]))
def test_what_is_written_is_read_back(ladder: list[tuple[int, int]], shape: str, between: str) -> None:
    wanted = [(Decimal(least), Decimal(cents) / 100) for least, cents in sorted(ladder)]
    found = tiers_of(between.join(shape.format(short(least), short(amount)) for least, amount in wanted))
    assert found is not None
    assert [(tier.least, tier.price.amount) for tier in found] == wanted


@settings(max_examples=60, deadline=None)
@given(ladders)
def test_a_ladder_is_taken_only_when_bounds_rise_and_prices_fall(ladder: list[tuple[int, int]]) -> None:
    rows = [(Decimal(least), Decimal(cents) / 100) for least, cents in ladder]
    cell = "; ".join(f"{short(least)}+ {short(amount)}" for least, amount in rows)
    got = read_prices(f"货号\t品名\t价格\nA1\t灯\t{cell}\n")
    if rising(rows):
        assert got.products[0].tiers == rows
    else:
        assert [row.reason for row in got.rejected] == ["bad_tiers"]


@pytest.mark.parametrize(
    ("text", "amount", "unit", "money"),
    [
        ("￥12.50元/包", "12.50", "包", "CNY"),
        ("US$1.20/pc", "1.20", "pc", "USD"),
        ("3块5一双", "3.5", "双", "CNY"),
        ("2块8毛", "2.8", None, "CNY"),
        ("8毛", "0.8", None, "CNY"),
        ("15角", "1.5", None, "CNY"),
        ("原价21 现价20", "20", None, None),
        ("HK$ 15 / 箱", "15", "箱", "HKD"),
        ("35元/1000个", "35", "千个", "CNY"),
        ("12元(含13%税)", "12", None, "CNY"),
        ("特价 9.9元", "9.9", None, "CNY"),
    ],
)
def test_one_price(text: str, amount: str, unit: str | None, money: str | None) -> None:
    got = price(text)
    assert (got.amount, got.unit, got.currency) == (Decimal(amount), unit, money)


@pytest.mark.parametrize("text", ["12,50", "3块多", "0", "-5", "见附表", "12~15", "3.5 4.5", "?"])
def test_no_price(text: str) -> None:
    assert price(text).state == "bad"


@pytest.mark.parametrize("text", ["面议", "電議", "请来电", "POA", "on request", "negotiable", "微信私聊"])
def test_ask(text: str) -> None:
    assert price(text).state == "ask"
