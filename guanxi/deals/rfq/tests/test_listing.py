"""Shopping lists as people keep them: lines, cells, CSV, XLSX; what is wrong is said by row, and no row is lost."""

import io

import openpyxl
import pytest

from guanxi.base.errors import Invalid
from guanxi.deals.rfq.listing import parse


def values(found):
    return [tuple(row.values.values()) for row in found.rows]


@pytest.mark.parametrize(("line", "read"), [
    ("外六角螺栓 M8×30 20千件", ("外六角螺栓", "M8×30", "20000", "件", "")), ("六角螺母 M8 20 个", ("六角螺母", "M8", "20", "个", "")),
    ("Nut 30 boxes", ("Nut", "", "30", "box", "")), ("两百个文件袋", ("文件袋", "", "200", "个", "")),
])  # fmt: skip
def test_a_simple_line_is_name_spec_quantity_unit(line, read):
    found = parse(line)
    assert (values(found), found.bad) == ([read], [])


def test_what_is_missing_is_said_by_row_and_nothing_is_dropped():
    found = parse("文件袋 20个\n螺母 若干\n\nWasher 5")
    assert [(row.n, row.values["name"], sorted(row.wrong)) for row in found.rows] == [
        (1, "文件袋", []), (2, "螺母 若干", ["quantity", "unit"]), (4, "Washer", ["unit"]),
    ]  # fmt: skip
    assert (len(found.good), len(found.bad), found.title) == (1, 2, "文件袋 and more, 3 items")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_any_of_the_usual_encodings(encoding):
    raw = '品名,规格,数量,单位,备注\n外六角螺栓,M8×30,20,千件,x\n\n螺母,M8,"1,000",件,y\n垫圈,M8,若干,件,z\n'.encode(encoding)
    found = parse(raw)
    assert values(found)[:2] == [("外六角螺栓", "M8×30", "20", "千件", ""), ("螺母", "M8", "1000", "件", "")]
    assert [(row.n, row.values["name"], row.values["quantity"], sorted(row.wrong)) for row in found.bad] == [(5, "垫圈", "若干", ["quantity"])]
    again = parse(raw, columns={(0, 4): "spec", (0, 1): "unread"})
    assert again.rows[0].values["spec"] == "x"


def test_a_workbook():
    book, kept = openpyxl.Workbook(), io.BytesIO()
    goods = ["外六角螺栓", "M8×30", 20, "千件", 450.5], ["", "", "", "", ""], ["螺母", "M8", "若干", "件", ""]
    for row in (["采购单"], ["品名", "规格", "数量", "单位", "目标价"], *goods):
        book.active.append(row)
    book.save(kept)
    found = parse(kept.getvalue())
    assert [(row.n, row.values["name"], row.values["quantity"], row.values["target_price"], sorted(row.wrong)) for row in found.rows] == [
        (3, "外六角螺栓", "20", "450.5", []), (5, "螺母", "若干", "", ["quantity"]),
    ]  # fmt: skip
    assert found.currency == "CNY"


@pytest.mark.parametrize("source", ["", " \n\t\n", b"", b"PK\x03\x04 no book", b"\xd0\xcf\x11\xe0 no book", "hello there", "Nut 5 boxes\n" * 3000, b"\x89PNG"])
def test_what_is_no_list_is_refused_in_words(source):
    with pytest.raises(Invalid) as refused:
        parse(source)
    assert set(refused.value.fields) == {"table" if isinstance(source, bytes) else "list"}


@pytest.mark.parametrize("source", ["\x00 nuts 5 boxes", b"\x00\x01,\xff\xfe\n" * 3, 'a,"b\nc', "=" * 5000 + " 1 kg", "９ 1e308 kg", "品名\t数量\n\x00\t5"])
def test_rubbish_becomes_rows_or_a_reason_never_an_accident(source):
    try:
        found = parse(source)
    except Invalid:
        return
    assert not any("\x00" in value for row in found.rows for value in row.values.values())


def test_cells_copied_without_their_headings_are_read_by_place():
    got = parse("外六角螺栓\tM8×30\t20\t千件\t480\n螺母\t\t40\t千件\n纸箱\t300\t只\n")
    assert [tuple(row.values.values()) for row in got.rows] == [
        ("外六角螺栓", "M8×30", "20", "千件", "480"), ("螺母", "", "40", "千件", ""), ("纸箱", "", "300", "只", ""),
    ]  # fmt: skip
    assert got.bad == []
    headed = parse("品名\t规格\t数量\t单位\n螺栓\tM8\t20\t千件\n")
    assert [row.values["name"] for row in headed.rows] == ["螺栓"]
