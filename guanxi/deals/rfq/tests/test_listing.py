"""Shopping lists as people keep them: lines, cells, CSV, XLSX; what is wrong is said by row."""

import io

import openpyxl
import pytest

from guanxi.base.errors import Invalid
from guanxi.deals.rfq.listing import parse


def values(found):
    return [tuple(row.values.values()) for row in found.rows]


@pytest.mark.parametrize(("line", "read"), [
    ("外六角螺栓 M8×30 20 千件", ("外六角螺栓", "M8×30", "20", "千件", "")), ("六角螺母 M8 20千件", ("六角螺母", "M8", "20", "千件", "")),
    ("- Hex bolt M8 x 30 1,200 pcs", ("Hex bolt", "M8×30", "1,200", "pcs", "")), ("2. Nut, 30 box", ("Nut", "", "30", "box", "")),
    ("五层纸箱 60*40*50 3000只", ("五层纸箱", "60×40×50", "3000", "只", "")), ("304 bolt 2.5 kg", ("304 bolt", "", "2.5", "kg", "")),
])  # fmt: skip
def test_a_simple_line_is_name_spec_quantity_unit(line, read):
    found = parse(line)
    assert (values(found), found.bad) == ([read], [])


def test_what_is_missing_is_said_by_row_and_nothing_is_dropped():
    found = parse("Bolt 20 box\nsome nuts\n\nWasher 5")
    assert [(row.n, sorted(row.wrong)) for row in found.rows] == [(1, []), (2, ["quantity", "unit"]), (4, ["unit"])]
    assert (len(found.good), len(found.bad), found.title) == (1, 2, "Bolt and more, 3 items")


def test_cells_of_a_sheet_are_read_by_their_heads_or_by_what_stands_in_them():
    headed = parse("#\tItem Description\tSpec\tUoM\tQty\tTarget price\n1\tBolt\tM8\tbox\t20\t4.5\n")
    assert (headed.columns, headed.head, values(headed)) == (("", "name", "spec", "unit", "quantity", "target_price"), 1, [("Bolt", "M8", "20", "box", "4.5")])
    assert values(parse("Bolt\t20\tbox\t4.5\nNut\t1,000\tpcs")) == [("Bolt", "", "20", "box", "4.5"), ("Nut", "", "1,000", "pcs", "")]
    assert values(parse("A\tB\nBolt\t20 box", columns=["name", "quantity"]))[1] == ("Bolt", "", "20", "box", "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_any_of_the_usual_encodings(encoding):
    raw = '品名,规格,数量,单位\n外六角螺栓,M8×30,20,千件\n\n螺母,M8,"1,000",件\n'.encode(encoding)
    found = parse(raw)
    assert values(found) == [("外六角螺栓", "M8×30", "20", "千件", ""), ("螺母", "M8", "1,000", "件", "")]
    assert [row.n for row in found.rows] == [2, 4]
    assert values(parse(found.text, columns=found.columns)) == values(found), "the preview reads the same again"


def test_a_workbook():
    book, kept = openpyxl.Workbook(), io.BytesIO()
    goods = ["外六角螺栓", "M8×30", 20, "千件", 450.5], ["", "", "", "", ""], ["螺母", "M8", "若干", "件", ""]
    for row in (["Purchase list"], ["品名", "规格", "数量", "单位", "目标价"], *goods):
        book.active.append(row)
    book.save(kept)
    found = parse(kept.getvalue())
    assert [(row.n, row.values["name"], row.values["quantity"], sorted(row.wrong)) for row in found.rows] == [
        (3, "外六角螺栓", "20", []), (5, "螺母", "若干", ["quantity"]),
    ]  # fmt: skip


@pytest.mark.parametrize("source", ["", " \n\t\n", b"", b"PK\x03\x04 no book", b"\xd0\xcf\x11\xe0 no book", "x\n" * 3000, b"\xff\xfe\x00"])
def test_what_is_no_list_is_refused_in_words(source):
    with pytest.raises(Invalid):
        parse(source)


@pytest.mark.parametrize("source", ["\x00\ud800 5 box", b"\x00\x01,\xff\xfe\n" * 3, 'a,"b\nc', "=" * 5000 + " 1 kg", "９ 1e308 kg"])
def test_rubbish_becomes_rows_or_a_reason_never_an_accident(source):
    try:
        found = parse(source)
    except Invalid:
        return
    assert all("\x00" not in cell and cell.encode() is not None for row in found.cells for cell in row)
