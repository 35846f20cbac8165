"""Lists of other suppliers than the nine: other words, other shapes. Each case is a rule of the lists, seen from another side."""

import string
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from guanxi.sheets import read_lines, read_prices
from guanxi.sheets.heads import columns_of, priced_unit
from guanxi.sheets.price import price
from guanxi.sheets.tiers import tiers_of


def kind(heading: str) -> str:
    """What a heading is, between an item number and a name."""
    return columns_of([["zz", heading, "yy"]], "prices")[1].kind


@pytest.mark.parametrize(
    ("wanted", "headings"),
    [
        ("packs", ["双/箱", "支/盒", "每手", "每件装", "一箱数量", "盒装数", "Pieces/Carton", "Qty per box", "Master Qty", "Units/Case"]),
        ("moq", ["最低订货量", "起拿量", "起定量", "最小购买量", "Min.Order Quantity"]),
        ("unread", ["专柜价", "零售参考价", "进货单价", "您的订量", "天猫价"]),
        ("stock", ["现有数量", "可卖数", "QOH"]),
        ("item_no", ["图号", "Style#", "Product Ref"]),
    ],
)
def test_headings_are_known_by_how_they_are_built(wanted: str, headings: list[str]) -> None:
    assert {heading: kind(heading) for heading in headings} == dict.fromkeys(headings, wanted)


UNITS = [("单价(元/公斤)", "kg"), ("拿货价(¥/平方米)", "m2"), ("单价 元/一千只", "千只"), ("价格(每毫升)", "ml"), ("单价(元/托盘)", "托盘")]


@pytest.mark.parametrize(("heading", "unit"), UNITS)
def test_a_price_heading_names_units_of_several_characters(heading: str, unit: str) -> None:
    assert priced_unit(heading) == unit


@pytest.mark.parametrize(
    ("text", "amount", "currency", "unit"),
    [
        ("每包12元", "12", "CNY", "包"), ("12块钱一双", "12", "CNY", "双"), ("5分", "0.05", "CNY", None), ("us $ 2", "2", "USD", None),
        ("12元整", "12", "CNY", None),
        ("3.2/m2", "3.2", None, "m2"), ("£4.10 was £5.00", "4.10", "GBP", None), ("12 (原价15)", "12", None, None), ("原价15, 12", "12", None, None),
    ],
)  # fmt: skip
def test_prices_as_people_say_them(text: str, amount: str, currency: str | None, unit: str | None) -> None:
    found = price(text)
    assert (found.state, found.amount, found.currency, found.unit) == ("fixed", Decimal(amount), currency, unit)


@pytest.mark.parametrize("text", ["15 12", "12,5", "30元/20个", "8折", "3.5-4", "l2", "免费", "0", "12元/打/箱"])
def test_what_is_not_one_price_stays_none(text: str) -> None:
    assert price(text).state == "bad"


def test_a_material_column_before_the_name_is_no_name() -> None:
    assert [column.kind for column in columns_of([["货号", "材料", "品名", "价格"]], "prices")] == ["item_no", "attribute", "name", "price"]


def test_a_hand_of_clothes_is_a_pack_and_counts_in_pieces() -> None:
    book = Workbook()
    for row in (["款号", "品名", "颜色", "尺码", "拿货价", "每手", "起订"], ["Q1", "T恤", "白", "S/M", 25, "6件", "2手"]):
        book.active.append(row)  # type: ignore[union-attr]
    out = BytesIO()
    book.save(out)
    [shirt] = read_prices(out.getvalue()).products
    assert (shirt.packs, shirt.moq, len(shirt.skus)) == ([("手", Decimal(6))], Decimal(12), 2)


def test_half_a_dozen_of_something_is_a_line() -> None:
    [line] = read_lines("half a dozen mugs").lines
    assert (line.name, line.quantity, line.unit) == ("mugs", Decimal("0.5"), "dozen")


STEPS = st.lists(st.integers(1, 9999), min_size=2, max_size=5, unique=True).map(sorted)
BOUNDS = st.sampled_from(["{}+ ", "≥{} ", ">={}:", "{}以上:", "{}起 ", "{}个起", "{}pcs+ ", "满{} "])
ENDS = st.sampled_from(["; ", ";", "、", "\n", " / "])


@given(STEPS, BOUNDS, ENDS, st.sampled_from(["", "¥", "$"]), st.data())
def test_tiers_in_one_cell_come_back_as_they_were_written(steps: list[int], bound: str, end: str, sign: str, data: st.DataObject) -> None:
    prices = [Decimal(data.draw(st.integers(1, 99999))) / 100 for _step in steps]
    found = tiers_of(end.join(f"{bound.format(step)}{sign}{cost}" for step, cost in zip(steps, prices, strict=True)))
    assert found is not None
    assert [(tier.least, tier.price.amount) for tier in found] == [(Decimal(step), cost) for step, cost in zip(steps, prices, strict=True)]


@given(st.text(alphabet=string.digits + "+-~≥起以上:;,/、. 个块元面议\n", max_size=60))
def test_no_text_breaks_the_reader_of_tiers(text: str) -> None:
    assert all(tier.price.state in ("fixed", "ask", "bad") for tier in tiers_of(text) or [])


@given(st.lists(st.lists(st.text(max_size=12), max_size=8), max_size=12))
def test_no_table_breaks_the_reader(rows: list[list[str]]) -> None:
    clean = [[cell.translate({9: " ", 10: " ", 34: None}) for cell in row] for row in rows]
    table = "货号\t品名\t价格\t起订量\t包装\t库存\n" + "\n".join("\t".join(row) for row in clean)
    got = read_prices(table)
    assert all(product.name for product in got.products)
