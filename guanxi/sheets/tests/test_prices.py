"""Price lists with the messes of their trades, in invented words."""

import io
from typing import Any

import pytest
import xlsxwriter

from guanxi.sheets import read_prices
from guanxi.sheets.prices import Prices


def reasons(got: Prices) -> list[tuple[int, str]]:
    return [(row.row, row.reason) for row in got.rejected]


def first(text: str | bytes) -> dict[str, Any]:
    return read_prices(text).products[0].as_dict()


TRADITIONAL = """貨號,品名,規格,計價單位,批發價(未稅),裝箱數,起訂量,庫存
A-1,不鏽鋼碗,14cm,個,3.5元,60,1箱,1.2萬
A-2,不鏽鋼碗,16cm,個,電議,60,整箱,售罄
A-4,不鏽鋼碗,20cm,個,"12,50",60,1,
a-1,盤,,個,5,60,1,
A-6,勺子,,打,9.8,20打/箱,100個,
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_traditional_headings_in_any_encoding(encoding: str) -> None:
    got = read_prices(TRADITIONAL.encode(encoding))
    one, two = (product.as_dict() for product in got.products)
    assert (one["packs"], one["moq"], one["stock"], one["tax_included"]) == ([{"unit": "箱", "qty": 60}], 60, 12000, False)
    assert (two["price_kind"], two["order_multiple"], two["stock"]) == ("ask", 60, 0)
    assert reasons(got) == [(4, "bad_price"), (5, "duplicate_item"), (6, "unit_conflict")]


def test_an_english_list_by_semicolons() -> None:
    got = read_prices(
        "Item Code;Product Name;Colour;Unit Price (EUR, excl. VAT);Pcs/Carton;MOQ (cartons);In Stock\n"
        "X1;Mug;red/blue;1.20;24;2;500+\nX2;Bowl;white;1-99: 1.50 / 100+: 1.30;12;1;sold out\nX2;Bowl;green;1-99: 1.60 / 100+: 1.40;12;1;20\n"
        "X4;Plate;;3.5 per dozen;;;\n"
    )
    mug, bowl, plate = (product.as_dict() for product in got.products)
    assert (mug["currency"], mug["tax_included"], mug["moq"], mug["stock"], len(mug["skus"])) == ("EUR", False, 48, 500, 2)
    assert bowl["skus"][0] == {"options": {"colour": "white"}, "barcode": None, "stock": 0, "tiers": None}
    assert bowl["skus"][1]["tiers"] == [{"min_qty": 1, "price": "1.6"}, {"min_qty": 100, "price": "1.4"}]
    assert plate["unit"] == "dozen"


def test_tiers_in_columns_after_notes_and_under_a_section() -> None:
    got = read_prices(
        "某某灯具\n单价为美元，含税\n序号\t型号\t产品\t1-99个\t100-499个\t≥500个\n1\tT1\t台灯\t12\t11\t10\n2\tT2\t壁灯\t12\t13\t10\n一、新品（含税）\n3\tT3\t吊灯\t\t11\t面议\n4\tT4\t吸顶灯\t面议\t\t\n合计\t\t4款\n"
    )
    assert [(p.item_no, p.category, p.currency, p.moq, p.ask) for p in got.products] == [
        ("T1", None, "USD", 1, False),
        ("T3", "新品", "USD", 100, False),
        ("T4", "新品", "USD", 1, True),
    ]
    assert reasons(got) == [(5, "bad_tiers")]


def test_sizes_across_the_head() -> None:
    got = read_prices("款号,名称,颜色,36,37,38,价格(元/双)\nK1,运动鞋,黑,10,,0,85\nK1,运动鞋,白,有,×,断码,85\nK1,运动鞋,白,1,,,85\nK2,凉鞋,灰,-1,2,3,45\n")
    assert [(sku.options["colour"], sku.options["size"], sku.stock) for sku in got.products[0].skus] == [("黑", "36", 10), ("黑", "38", 0), ("白", "36", None)]
    assert reasons(got) == [(4, "duplicate_item"), (5, "bad_quantity")]


def test_every_reason_has_its_row() -> None:
    rows = [
        "A1,灯,#REF!,",
        "A2,灯,5,已停产",
        "1E+05,灯,5,",
        ",=1+1,5,",
        "A5,,5,",
        "A6,灯,五块左右,",
        "A7,灯,,",
        'A8,灯,"1+ 5;10+ 6",',
        "A9,灯,5,",
        "3月12日,灯,5,",
    ]
    assert reasons(read_prices("货号,品名,单价,备注\n" + "\n".join(rows))) == [
        (2, "formula_error"),
        (3, "discontinued"),
        (4, "damaged_item_no"),
        (5, "unsafe_text"),
        (6, "no_name"),
        (7, "bad_price"),
        (8, "no_price"),
        (9, "bad_tiers"),
        (11, "damaged_item_no"),
    ]


@pytest.mark.parametrize(
    ("pack", "unit", "packs", "contains"),
    [
        ("100个/包×20包/箱", "包", [("箱", 20)], (100, "个")),
        ("1箱=20包=400个", "个", [("包", 20), ("箱", 400)], None),
        ("25kg/袋", "吨", [("袋", 0.025)], None),
        ("500ml*24瓶/箱", "瓶", [("箱", 24)], (500, "ml")),
        ("12 pcs per carton", "pc", [("ctn", 12)], None),
        ("每箱20包", "包", [("箱", 20)], None),
    ],
)
def test_packs(pack: str, unit: str, packs: list[tuple[str, float]], contains: tuple[int, str] | None) -> None:
    got = first(f"货号\t品名\t单价\t单位\t包装\nA1\t货\t5\t{unit}\t{pack}\n")
    assert [(one["unit"], one["qty"]) for one in got["packs"]] == packs
    assert got["contains"] == (contains and {"qty": contains[0], "unit": contains[1]})


def workbook(fill: Any) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    fill(book)
    book.close()
    return out.getvalue()


def test_a_workbook_with_all_that_is_not_there() -> None:
    def fill(book: Any) -> None:
        struck, zeros = book.add_format({"font_strikeout": True}), book.add_format({"num_format": "000000"})
        book.add_worksheet("封面").write(0, 0, "所有价格含税，单位：元")
        old = book.add_worksheet("旧价")
        old.write_row(0, 0, ["货号", "品名", "单价"])
        old.write_row(1, 0, ["OLD", "旧", 1])
        old.hide()
        sheet = book.add_worksheet("价目")
        sheet.merge_range("A1:F1", "某厂价目表")
        sheet.merge_range("A3:A4", "货号")
        sheet.merge_range("B3:B4", "品名")
        sheet.merge_range("C3:D3", "单价（元/个）")
        sheet.write_row(3, 2, ["1-99", "≥100"])
        sheet.merge_range("E3:E4", "成本")
        sheet.merge_range("F3:F4", "备注")
        sheet.set_column("E:E", None, None, {"hidden": True})
        sheet.write_row(4, 0, [12, None, 5.1000000000000005, 4.5, 3], zeros)
        sheet.merge_range("B5:B6", "把手")
        sheet.write_row(5, 0, ["B2", None, 6, 5, 4, "停产"])
        sheet.set_row(5, None, None, {"hidden": True})
        sheet.write(6, 0, "B3")
        sheet.write_rich_string(6, 1, struck, "旧名", book.add_format({"bold": True}), "新名")
        sheet.write(6, 2, 9, struck)
        sheet.write(6, 3, 8)
        sheet.write_formula(7, 2, "=1/0", None, "#DIV/0!")
        sheet.write_row(7, 0, ["B4", "锁"])

    got = read_prices(workbook(fill))
    assert [(p.sheet, p.row, p.item_no, p.name, p.unit, p.tax_included) for p in got.products] == [
        ("价目", 5, "000012", "把手", "个", True),
        ("价目", 7, "B3", "新名", "个", True),
    ]
    assert [p.as_dict()["tiers"] for p in got.products] == [
        [{"min_qty": 1, "price": "5.1"}, {"min_qty": 100, "price": "4.5"}],
        [{"min_qty": 100, "price": "8"}],
    ]
    assert reasons(got) == [(8, "formula_error")]


def test_a_user_corrects_what_a_column_is() -> None:
    text = "货号\t品名\t单价\t甲\nA1\t灯\t5\t7\n"
    got = read_prices(text)
    assert [(seen.heading, seen.kind) for seen in got.tables[0].columns] == [("货号", "item_no"), ("品名", "name"), ("单价", "price"), ("甲", "attribute")]
    changed = read_prices(text, mapping={(0, 3): "moq"})
    assert changed.products[0].moq == 7
