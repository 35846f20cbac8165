"""A purchase list, whatever it comes as: lines of an enquiry, rejected rows, and the tables as they were understood."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from guanxi.sheets import chat, rows, table
from guanxi.sheets.book import open_book
from guanxi.sheets.line import Line, Rejected
from guanxi.sheets.look import Table, changed, tables_of


@dataclass(frozen=True, slots=True)
class Purchase:
    """`tables` is empty for free text."""

    lines: list[Line]
    rejected: list[Rejected]
    tables: list[Table]

    def as_dict(self, file: str) -> dict[str, Any]:
        """As `guanxi import-lines --json` prints it."""
        return {
            "file": file,
            "lines": [line.as_dict() for line in self.lines],
            "rejected": [{"row": row.row, "reason": row.reason} for row in self.rejected],
        }


def read_lines(source: str | bytes, *, mapping: Mapping[tuple[int, int], str] | None = None) -> Purchase:
    """Lines out of pasted text or the bytes of a file.

    `mapping` says what columns are when the reader guessed wrong: {(n of the table, index of the column): kind}, kinds being
    item_no, name, spec, quantity, unit, target, notes, unread. Raises Unreadable.
    """
    sheets, text = open_book(source)
    readings = [rows.read(sheet, "lines") for sheet in sheets]
    readings = [reading for reading in readings if reading.headers]
    if readings:
        tables = tables_of(readings, "lines")
        changed(readings, mapping or {})
        lines, rejected = table.read(readings)
        return Purchase(lines, rejected, tables if not mapping else tables_of(readings, "lines"))
    if text is not None:
        lines, rejected = chat.read(text.replace("\t", " "))
        return Purchase(lines, rejected, [])
    lines, rejected = [], []
    for sheet in sheets:
        for number, row in sheet:
            some, wrong = chat.read(" ".join(cell.flat for cell in row if cell))
            lines += [_at(line, number, sheet.name) for line in some]
            rejected += [Rejected(sheet.name, number, one.reason) for one in wrong]
    return Purchase(lines, rejected, [])


def _at(line: Line, number: int, sheet: str | None) -> Line:
    return replace(line, row=number, sheet=sheet)
