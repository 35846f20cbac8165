"""A shopping list as people keep it: simple lines, cells pasted from a sheet, CSV, XLSX. Read into lines of an enquiry, each with what is wrong with it."""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

from guanxi.base.errors import Invalid, Words
from guanxi.deals.rfq.draft import MOST_LINES, check_line

COLUMNS = ("name", "spec", "quantity", "unit", "target_price")
MOST_BYTES = 4 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
MOST_CELLS = 30  # columns that are looked at
MOST_TEXT = 400_000
HEADS: dict[str, str] = {
    "name": "品名 名称 商品 产品 货物 物品 材料 物料 description item name product goods",
    "spec": "规格 型号 要求 spec size model",
    "quantity": "数量 需用量 用量 采购量 qty quantity",
    "unit": "单位 uom unit",
    "target_price": "目标价 限价 预算单价 预算价 target budget",
}
LINE = re.compile(r"^(?P<what>.*?\S)[\s,，;；xX×*:：]+(?P<quantity>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[^\d\s,，;；。]{1,20})?\s*[,，;；。]?$")
TIMES = re.compile(r"(?<=\d)\s*[xX×*]\s*(?=\d)")
BULLET = re.compile(r"^\s*(?:[-•·*]\s+|\d{1,3}[、.)）]\s*(?=\D))")


@dataclass(frozen=True, slots=True)
class Row:
    """One line as an enquiry's form holds it; `n` is where it stood, from 1."""

    n: int
    values: dict[str, str]
    wrong: dict[str, Words]


@dataclass(frozen=True, slots=True)
class Listing:
    """`cells` as they came; `columns` says what each column is ("" is not read), `head` how many rows stand above the goods."""

    cells: list[list[str]]
    columns: tuple[str, ...]
    head: int
    rows: list[Row]

    @property
    def good(self) -> list[Row]:
        return [row for row in self.rows if not row.wrong]

    @property
    def bad(self) -> list[Row]:
        return [row for row in self.rows if row.wrong]

    @property
    def text(self) -> str:
        """The cells as text that `parse` reads the same way again."""
        return "\n".join("\t".join(row) for row in self.cells)

    @property
    def title(self) -> str:
        """What an enquiry about these lines may be called."""
        if not self.rows:
            return ""
        name = self.rows[0].values["name"][:80]
        return name if len(self.rows) == 1 else str(_("{name} and more, {num} items")).format(name=name, num=len(self.rows))


def parse(source: str | bytes, *, columns: Sequence[str] | None = None) -> Listing:
    """Text, or the bytes of a CSV or XLSX file. Raises Invalid for what is neither, too large, or empty.

    Without `columns` they are guessed from the head of the table, else from what stands in them.
    """
    cells = [[tidy(cell) for cell in row[:MOST_CELLS]] for row in (table(source) if isinstance(source, bytes) else lines(source))]
    if not any(any(row) for row in cells):
        raise Invalid({"list": _("There is nothing in it.")})
    if len(cells) > MOST_LINES + 20:
        raise Invalid({"list": _("There are too many of these.")})
    width = max(len(row) for row in cells)
    if width == 1:
        cells, width = [one_line(row[0]) for row in cells], 4
    cells = [row + [""] * (width - len(row)) for row in cells]
    head, guessed = columns_of(cells)
    known = tuple((list(columns) + [""] * width)[:width]) if columns else guessed
    return Listing(cells, known, head, rows_of(cells, known, head))


def tidy(cell: object) -> str:
    """A cell as text the database can keep."""
    text = "" if cell is None else str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return " ".join(unicodedata.normalize("NFC", text).replace("\x00", "").encode("utf-8", "ignore").decode("utf-8").split())[:200]


def lines(text: str) -> list[list[str]]:
    """Cells copied from a sheet when there are tabs, else a line at a time: name, spec, quantity, unit."""
    if len(text) > MOST_TEXT:
        raise Invalid({"list": _("This is too much.")})
    rows = text.rstrip().splitlines()
    return [row.split("\t") for row in rows] if any("\t" in row.strip() for row in rows) else [one_line(row) for row in rows]


def one_line(text: str) -> list[str]:
    """`外六角螺栓 M8×30 20千件` as name, spec, quantity, unit; what has no quantity is all name."""
    plain = TIMES.sub("×", BULLET.sub("", text.strip()))
    found = LINE.match(plain)
    if found is None:
        return [plain, "", "", ""]
    words: list[str] = found["what"].split()
    spec: list[str] = []
    while len(words) > 1 and any(sign.isdigit() for sign in words[-1]):
        spec.insert(0, words.pop())
    return [" ".join(words).rstrip(",，:："), " ".join(spec), found["quantity"], found["unit"] or ""]


def table(raw: bytes) -> list[list[object]]:
    """The cells of a file. Raises Invalid when it is no table."""
    if len(raw) > MOST_BYTES:
        raise Invalid({"table": _("This file is too large.")})
    if raw[:2] == b"PK" or raw[:4] == b"\xd0\xcf\x11\xe0":
        return sheet(raw)
    text = decoded(raw)
    if "," not in text and ";" not in text:
        return [list(row) for row in lines(text)]
    sample = text[:4000]
    divided = max(",;\t", key=sample.count)
    try:
        return [list(row) for row in csv.reader(io.StringIO(text), delimiter=divided)]
    except csv.Error as error:
        raise Invalid({"table": _("This is no table that can be read: CSV or XLSX, please.")}) from error


def sheet(raw: bytes) -> list[list[object]]:
    """The first sheet of a workbook that has anything in it; one that would unpack into a flood is refused."""
    wrong = Invalid({"table": _("This is no table that can be read: CSV or XLSX, please.")})
    try:
        if raw[:2] == b"PK" and sum(one.file_size for one in zipfile.ZipFile(io.BytesIO(raw)).infolist()) > MOST_UNPACKED:
            raise Invalid({"table": _("This file is too large.")})
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        found = (book.get_sheet_by_name(one).to_python(nrows=MOST_LINES + 20) for one in book.sheet_names)
        return next(([list(row) for row in rows] for rows in found if rows), [])
    except (CalamineError, zipfile.BadZipFile, ValueError, OSError) as error:
        raise wrong from error


def decoded(raw: bytes) -> str:
    """Text of a file: UTF-8, else what Chinese offices write. Raises Invalid for neither."""
    for encoding in ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid({"table": _("This is no table that can be read: CSV or XLSX, please.")})


def columns_of(cells: list[list[str]]) -> tuple[int, tuple[str, ...]]:
    """How many rows stand above the goods, and what each column is."""
    for n, row in enumerate(cells[:15]):
        named = named_columns(row)
        if "name" in named and "quantity" in named:
            return n + 1, named
    return 0, guess(cells)


def named_columns(row: list[str]) -> tuple[str, ...]:
    """Columns by their headings, each kind once."""
    found: list[str] = []
    for cell in row:
        words = cell.lower()
        kind = next((kind for kind, known in HEADS.items() if kind not in found and words and any(one in words for one in known.split())), "")
        found.append(kind if len(words) <= 40 else "")
    return tuple(found)


def guess(cells: list[list[str]]) -> tuple[str, ...]:
    """Without headings: the usual order, with the first column of figures as the quantity."""
    width = len(cells[0])
    figures = [sum(bool(re.fullmatch(r"[\d,]+(\.\d+)?", row[n])) for row in cells) * 2 > len(cells) for n in range(width)]
    at = next((n for n in range(1, width) if figures[n]), None)
    if at is None:
        return (*COLUMNS, *[""] * width)[:width]
    before = ("name", "spec", *[""] * width)[:at]
    return (*before, "quantity", "unit", "target_price", *[""] * width)[:width]


def rows_of(cells: list[list[str]], columns: tuple[str, ...], head: int) -> list[Row]:
    """The lines below the head, checked as an enquiry checks them."""
    rows = []
    for n, row in enumerate(cells[head:], head + 1):
        values = {kind: row[columns.index(kind)] if kind in columns else "" for kind in COLUMNS}
        if not any(values.values()):
            continue
        joined = re.fullmatch(r"([\d,]+(?:\.\d+)?)\s*([^\d\s]{1,20})", values["quantity"])
        if joined:
            values |= {"quantity": joined[1], "unit": joined[2]}
        rows.append(Row(n, values, check_line(values)))
    return rows
