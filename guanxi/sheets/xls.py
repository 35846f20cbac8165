"""XLS (BIFF8) through xlrd: values, fonts that strike through, hidden rows and columns, merged ranges. Macros and links are not opened."""

import xlrd
from xlrd.biffh import XLRDError
from xlrd.book import Book as Workbook
from xlrd.sheet import Sheet as Worksheet

from guanxi.sheets.cell import Cell, Row, date_cell, number_cell, text_cell
from guanxi.sheets.sheet import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, MOST_SHEETS, Merge, Sheet, Unreadable, assemble
from guanxi.sheets.xlsx import Look, look

NUMBER, DATE, BOOLEAN, ERROR, TEXT = xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE, xlrd.XL_CELL_BOOLEAN, xlrd.XL_CELL_ERROR, xlrd.XL_CELL_TEXT


def sheets_of(raw: bytes) -> list[Sheet]:
    """The visible sheets. Raises Unreadable for what is no such workbook."""
    try:
        book = xlrd.open_workbook(file_contents=raw, formatting_info=True, logfile=_Silent())
        return [_sheet(book, book.sheet_by_index(n)) for n in range(min(book.nsheets, MOST_SHEETS)) if book.sheet_by_index(n).visibility == 0]
    except XLRDError as error:
        code = "protected" if "encrypt" in str(error).lower() else "no_table"
        raise Unreadable(code, f"this workbook cannot be read: {error}") from error
    except Unreadable:
        raise
    except Exception as error:  # xlrd meets damaged files with whatever its arithmetic raises
        raise Unreadable("no_table", f"this workbook cannot be read: {type(error).__name__}") from error


class _Silent:
    """Where xlrd's remarks go."""

    def write(self, _text: str) -> int:
        return 0

    def flush(self) -> None:
        return None


def _sheet(book: Workbook, sheet: Worksheet) -> Sheet:
    if sheet.nrows > MOST_ROWS or sheet.nrows * min(sheet.ncols, MOST_COLUMNS) > MOST_CELLS * 2:
        raise Unreadable("too_large", f"more than {MOST_ROWS} rows")
    looks: dict[int, Look] = {}
    rows: dict[int, Row] = {}
    for number in range(sheet.nrows):
        line: Row = [_cell(book, sheet, number, column, looks) for column in range(min(sheet.row_len(number), MOST_COLUMNS))]
        if any(line):
            rows[number] = line
    merges = [Merge(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells]
    hidden_rows = {number for number, info in sheet.rowinfo_map.items() if info.hidden}
    hidden_columns = {number for number, info in sheet.colinfo_map.items() if info.hidden}
    return assemble(sheet.name, rows, merges, hidden_rows=hidden_rows, hidden_columns=hidden_columns)


def _look(book: Workbook, index: int, looks: dict[int, Look]) -> Look:
    if index not in looks:
        form = book.xf_list[index]
        written = book.format_map.get(form.format_key)
        looks[index] = look(
            form.format_key if form.format_key < 164 else 0, written.format_str if written else None, struck=bool(book.font_list[form.font_index].struck_out)
        )
    return looks[index]


def _cell(book: Workbook, sheet: Worksheet, row: int, column: int, looks: dict[int, Look]) -> Cell | None:
    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return None
    shown = _look(book, sheet.cell_xf_index(row, column), looks)
    if kind == TEXT:
        return text_cell(_unstruck(book, str(value), sheet.rich_text_runlist_map.get((row, column)), struck=shown.struck))
    if shown.struck:
        return None
    if kind == ERROR:
        return Cell(xlrd.error_text_from_code.get(value, "#VALUE!"), "e")
    if kind == BOOLEAN:
        return Cell("TRUE" if value else "FALSE")
    if kind == DATE:
        try:
            return date_cell(xlrd.xldate.xldate_as_datetime(value, book.datemode))
        except (ValueError, OverflowError):
            return number_cell(value)
    return number_cell(value, shown.zeros)


def _unstruck(book: Workbook, text: str, runs: list[tuple[int, int]] | None, *, struck: bool) -> str:
    """Text without the runs whose font strikes through; before the first run the cell's font holds."""
    if not runs:
        return "" if struck else text
    parts, start, gone = [], 0, struck
    for offset, font in runs:
        if not gone:
            parts.append(text[start:offset])
        start, gone = offset, bool(book.font_list[font].struck_out)
    if not gone:
        parts.append(text[start:])
    return "".join(parts)
