"""Text files and pasted text: any common encoding, comma, tab, semicolon or bar, quotes as in RFC 4180."""

import csv
import io

from guanxi.sheets.cell import Row, text_cell
from guanxi.sheets.sheet import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Sheet, Unreadable

DIVIDERS = "\t,;|"
MOST_FIELD = 20_000


def decoded(raw: bytes) -> str:
    """The text of a file. UTF-8, UTF-16 with a mark or without, else GB18030 (GBK), else Big5; raises Unreadable for bytes that are no text."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _by(raw, "utf-16") or _refuse()
    if raw[:3] == b"\xef\xbb\xbf":
        return _by(raw, "utf-8-sig") or _refuse()
    sample = raw[:4000]
    if b"\x00" in sample:
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        found = _by(raw, "utf-16-le" if odd > even else "utf-16-be") if abs(even - odd) > len(sample) // 20 else None
        return found or _refuse()
    for encoding in ("utf-8", "gb18030", "big5", "cp1252"):
        found = _by(raw, encoding)
        if found is not None and not any(ord(sign) < 9 for sign in found[:2000]):
            return found
    return _refuse()


def _by(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _refuse() -> str:
    raise Unreadable("no_table", "this file is no table and no text that can be read")


def divider(text: str) -> str | None:
    """What parts the cells: the sign that gives most lines the same number of cells, above one; None for plain text."""
    best, most = None, 0.0
    lines = [line for line in text[:60_000].splitlines()[:300] if line.strip()]
    for sign in DIVIDERS:
        try:
            rows = list(csv.reader(io.StringIO(text[:60_000]), delimiter=sign))[:300]
        except csv.Error:
            continue
        widths = [len(row) for row in rows if any(cell.strip() for cell in row)]
        wide = [width for width in widths if width > 1]
        if not wide:
            continue
        usual = max(set(wide), key=wide.count)
        score = wide.count(usual) / max(1, len(widths)) * min(usual, 6) * (1.5 if sign == "\t" else 1.0)
        if score > most and len(wide) * 5 >= min(len(widths), len(lines)):
            best, most = sign, score
    return best


def rows_of(text: str, sign: str) -> list[tuple[int, Row]]:
    """Records with their numbers, empty ones included in the count. Raises Unreadable when there are too many."""
    csv.field_size_limit(MOST_FIELD * 50)
    rows: list[tuple[int, Row]] = []
    cells = 0
    try:
        for number, record in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=sign), 1):
            row = [text_cell(cell[:MOST_FIELD]) for cell in record[:MOST_COLUMNS]]
            cells += len(row)
            if number > MOST_ROWS or cells > MOST_CELLS:
                raise Unreadable("too_large", f"more than {MOST_ROWS} rows")
            if any(row):
                rows.append((number, row))
    except csv.Error as error:
        raise Unreadable("no_table", f"this text is no table: {error}") from error
    return rows


def sheet_of(text: str) -> Sheet | None:
    """A table out of text; None when nothing parts its lines into cells."""
    text = text.replace("\x00", "")
    sign = divider(text)
    return Sheet(None, rows_of(text, sign), text=True) if sign else None
