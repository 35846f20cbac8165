"""A shopping list as people keep it, read by guanxi.sheets, as lines of an enquiry, each with what is wrong with it. Only talk without a figure is left out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from guanxi.base import money
from guanxi.base.errors import Invalid, Words
from guanxi.deals.rfq.draft import MOST_LINES, check_line, plain, storable
from guanxi.sheets import Line, Rejected, Table, Unreadable, read_lines
from guanxi.sheets.book import open_book

FIELDS = ("name", "spec", "quantity", "unit", "target_price")
KINDS = {"name": "name", "spec": "spec", "quantity": "quantity", "unit": "unit", "target": "target_price"}  # a column's kind and our field
MOST_BYTES = 4 * 1024 * 1024
MOST_TEXT = 400_000
REASONS: dict[str, tuple[str, Words]] = {
    "no_name": ("name", _("Write something here.")),
    "bad_quantity": ("quantity", _("Write how much you need.")),
    "no_quantity": ("quantity", _("Write how much you need.")),
    "formula_error": ("quantity", _("There is an error in this cell.")),
}
UNREADABLE: dict[str, Words] = {
    "empty": _("There is nothing in it."),
    "too_large": _("This file is too large."),
    "protected": _("This file has a password. Save it without one."),
}
BARE = re.compile(r"^\s*(?:[-•·]\s+|\d{1,3}[、.)）]\s*(?=\D))?(?P<name>.*?[^\W\d_].*?)[\s,，:：]+(?P<quantity>\d[\d,]*(?:\.\d+)?)\s*$")

FIGURE = re.compile(r"^[\d０-９][\d０-９,，.．]*$")


@dataclass(frozen=True, slots=True)
class Row:
    """One line as an enquiry's form holds it; `n` is where it stood, from 1."""

    n: int
    values: dict[str, str]
    wrong: dict[str, Words]


@dataclass(frozen=True, slots=True)
class Listing:
    """`tables` as they were understood, empty for free text; `currency` of the target prices when all have the same."""

    tables: list[Table]
    rows: list[Row]
    currency: str

    @property
    def good(self) -> list[Row]:
        return [row for row in self.rows if not row.wrong]

    @property
    def bad(self) -> list[Row]:
        return [row for row in self.rows if row.wrong]

    @property
    def title(self) -> str:
        return title_of(self.rows)


def title_of(rows: Sequence[Row]) -> str:
    """What an enquiry about these lines may be called."""
    if not rows:
        return ""
    name = rows[0].values["name"][:80]
    return name if len(rows) == 1 else str(_("{name} and more, {num} items")).format(name=name, num=len(rows))


def parse(source: str | bytes, *, columns: Mapping[tuple[int, int], str] | None = None) -> Listing:
    """Text, or the bytes of a CSV or Excel file. Raises Invalid for what is neither, too large, or empty.

    `columns` says what columns are, {(table, column): kind}, where the reader should not guess.
    """
    where = "table" if isinstance(source, bytes) else "list"
    if len(source) > (MOST_BYTES if isinstance(source, bytes) else MOST_TEXT):
        raise Invalid({where: UNREADABLE["too_large"]})
    if isinstance(source, str) and (rows := by_place(source)):
        return Listing([], rows, "")
    try:
        found = read_lines(source, mapping=columns)
        raw = cells(source) if found.rejected or not found.tables else {}
    except Unreadable as error:
        words = UNREADABLE.get(error.code, _("This is no table that can be read: CSV or XLSX, please."))
        raise Invalid({where: words}) from error
    rows = [row_of(line) for line in found.lines] + [rejected(one, raw, found.tables) for one in found.rejected]
    if not found.tables and isinstance(source, str):
        rows += bare({row.n for row in rows}, source)
    if not rows:
        raise Invalid({where: _("There is no line with a quantity in it.")})
    if len(rows) > MOST_LINES:
        raise Invalid({where: _("There are too many of these.")})
    currencies = {line.currency for line in found.lines if line.target_price and line.currency}
    known = next(iter(currencies)) if len(currencies) == 1 else ""
    return Listing(found.tables, sorted(rows, key=lambda row: row.n), known if known in money.CURRENCIES else "")


def by_place(text: str) -> list[Row]:
    """Cells copied out of a sheet without its headings, every line with tabs: name, spec, the first figure is the quantity, unit, target price."""
    found = []
    for n, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not any(cells):
            continue
        figure = next((place for place, cell in enumerate(cells) if place and FIGURE.match(cell)), 0)
        if not figure or len(cells) > figure + 3:
            return []
        unit, target = [*cells[figure + 1 :], "", ""][:2]
        found.append(checked(n, cells[0], " ".join(filter(None, cells[1:figure])), cells[figure], unit, target))
    return found


def row_of(line: Line) -> Row:
    """A line that was read. In free text all is name: figures at its end are the spec."""
    name, spec = (line.name, line.spec) if line.spec is not None else split(line.name)
    target = "" if line.target_price is None else plain(line.target_price)
    return checked(line.row, name, spec, plain(line.quantity), line.unit or "", target)


def checked(n: int, *values: str) -> Row:
    """A row with what an enquiry would say about it."""
    typed = dict(zip(FIELDS, (storable(value, most=200) for value in values), strict=True))
    return Row(n, typed, check_line(typed))


def split(name: str) -> tuple[str, str]:
    """`外六角螺栓 M8×30` as name and spec."""
    words, spec = name.split(), list[str]()
    while len(words) > 1 and any(sign.isdigit() for sign in words[-1]):
        spec.insert(0, words.pop())
    return " ".join(words), " ".join(spec)


def rejected(one: Rejected, raw: Mapping[tuple[str | None, int], list[str]], tables: list[Table]) -> Row:
    """A row the reader could not take, as it stood, with the reason beside the field to mend."""
    there = raw.get((one.sheet, one.row), [])
    table = next((table for table in reversed(tables) if table.sheet == one.sheet and table.header[1] < one.row), None)
    values = dict.fromkeys(FIELDS, "")
    for column in table.columns if table else []:
        if field := KINDS.get(column.kind):
            values[field] = values[field] or (there[column.index] if column.index < len(there) else "")
    if not table:
        values["name"] = " ".join(there)
    field, words = REASONS.get(one.reason, REASONS["no_quantity"])
    row = checked(one.row, *values.values())
    return Row(one.row, row.values, {field: words} | row.wrong)


def cells(source: str | bytes) -> dict[tuple[str | None, int], list[str]]:
    """What stands in each row, by sheet and number; lines of free text are one cell."""
    sheets, text = open_book(source)
    found = {(sheet.name, number): [cell.flat if cell else "" for cell in row] for sheet in sheets for number, row in sheet}
    return found or {(None, n): [line.strip()] for n, line in enumerate((text or "").splitlines(), 1)}


def bare(known: set[int], text: str) -> list[Row]:
    """Lines that end in a figure without a unit: the reader of chats leaves them out, a list means them; the unit is to be mended."""
    found = [(n, BARE.match(line)) for n, line in enumerate(text.splitlines(), 1) if n not in known]
    return [checked(n, *split(match["name"].rstrip(",，:：")), match["quantity"], "", "") for n, match in found if match]
