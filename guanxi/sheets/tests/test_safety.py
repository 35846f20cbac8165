"""Files that mean harm, or are none."""

import io
import zipfile

import pytest
import xlsxwriter

from guanxi.sheets import Unreadable, read_lines, read_prices


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def parts() -> dict[str, bytes]:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet().write_row(0, 0, ["品名", "单价"])
    book.close()
    with zipfile.ZipFile(out) as made:
        return {name: made.read(name) for name in made.namelist()}


def test_a_workbook_that_unpacks_into_a_flood_is_refused() -> None:
    bomb = parts() | {"xl/worksheets/sheet1.xml": b"<worksheet>" + b" " * 60_000_000 + b"</worksheet>"}
    with pytest.raises(Unreadable) as refused:
        read_prices(archive(bomb))
    assert refused.value.code == "unsafe"


def test_entities_are_refused() -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    with pytest.raises(Unreadable) as refused:
        read_prices(archive(parts() | {"xl/worksheets/sheet1.xml": laughs}))
    assert refused.value.code == "unsafe"


@pytest.mark.parametrize(
    "raw", [b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, b"", b"   \n", bytes(range(256)) * 9]
)
def test_what_is_no_table_is_said_to_be_none(raw: bytes) -> None:
    for read in (read_prices, read_lines):
        with pytest.raises(Unreadable):
            read(raw)


def test_a_sheet_outside_the_archive_is_not_opened() -> None:
    rels = parts()["xl/_rels/workbook.xml.rels"].replace(b"worksheets/sheet1.xml", b"http://example.invalid/x.xml")
    with pytest.raises(Unreadable):
        read_prices(archive(parts() | {"xl/_rels/workbook.xml.rels": rels}))
