"""XLSX and XLSM, read as a stream: stored values, formats, strike-through, hidden rows and columns, merged ranges. Macros, links and pictures are not opened.

The parts and their elements are those of ECMA-376 part 1, 18.
"""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from xml.parsers import expat

from guanxi.sheets.cell import Cell, Row, date_cell, number_cell, text_cell
from guanxi.sheets.sheet import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, MOST_SHEETS, MOST_TIMES, MOST_UNPACKED, Merge, Sheet, Unreadable, assemble

CHUNK = 1 << 16
DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
Attributes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Look:
    """What a cell's format says: a date, struck through, how many zeros (-1: a power of ten)."""

    date: bool = False
    struck: bool = False
    zeros: int = 0


@dataclass(slots=True)
class Book:
    """What all sheets share."""

    archive: zipfile.ZipFile
    texts: list[str | list[tuple[str, bool | None]]] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    epoch: datetime = datetime(1899, 12, 30)  # noqa: DTZ001 (a sheet's dates have no zone)


def sheets_of(raw: bytes) -> list[Sheet]:
    """The visible sheets, left to right. Raises Unreadable for what is no workbook, or a bomb."""
    try:
        archive = zipfile.ZipFile(BytesIO(raw))
        return _sheets(Book(archive))
    except (zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, IndexError, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unreadable("no_table", f"this workbook cannot be read: {error}") from error


def _sheets(book: Book) -> list[Sheet]:
    names = _workbook(book)
    _styles(book)
    _texts(book)
    return [_sheet(book, name, path) for name, path in names[:MOST_SHEETS]]


def parse(book: Book, path: str, start: Callable[[str, Attributes], None], end: Callable[[str], None], text: Callable[[str], None] | None = None) -> None:
    """Streams one part through; refuses DOCTYPEs and parts that unpack into a flood."""
    reader = expat.ParserCreate(namespace_separator=" ")
    reader.buffer_text = True
    reader.StartDoctypeDeclHandler = _no_doctype
    local: dict[str, str] = {}

    def begin(name: str, attributes: Attributes) -> None:
        short = local.get(name) or local.setdefault(name, name.rpartition(" ")[2])
        start(short, attributes)

    def finish(name: str) -> None:
        end(local.get(name) or name.rpartition(" ")[2])

    reader.StartElementHandler, reader.EndElementHandler = begin, finish
    if text is not None:
        reader.CharacterDataHandler = text
    packed, seen = book.archive.getinfo(path).compress_size, 0
    with book.archive.open(path) as part:
        while chunk := part.read(CHUNK):
            seen += len(chunk)
            if seen > MOST_UNPACKED or seen > (1 << 20) + packed * MOST_TIMES:
                raise Unreadable("unsafe", "this workbook unpacks into a flood")
            reader.Parse(chunk, False)
    reader.Parse(b"", True)


def _no_doctype(*_said: object) -> None:
    raise Unreadable("unsafe", "this workbook declares entities")


def _workbook(book: Book) -> list[tuple[str, str]]:
    """Visible sheets with the paths of their parts."""
    targets: dict[str, str] = {}
    found: list[tuple[str, str]] = []

    def relation(name: str, a: Attributes) -> None:
        if name == "Relationship" and a.get("TargetMode") != "External" and a.get("Type", "").endswith("/worksheet"):
            target = a["Target"]
            targets[a["Id"]] = target.lstrip("/") if target.startswith("/") else _joined(target)

    def sheet(name: str, a: Attributes) -> None:
        if name == "workbookPr" and a.get("date1904") in ("1", "true"):
            book.epoch = datetime(1904, 1, 1)  # noqa: DTZ001
        if name == "sheet" and a.get("state", "visible") == "visible":
            key = next((value for key, value in a.items() if key.endswith(" id") or key == "r:id"), "")
            found.append((a.get("name", ""), key))

    main = _main_part(book)
    folder, _slash, leaf = main.rpartition("/")
    rels = f"{folder}/_rels/{leaf}.rels" if folder else f"_rels/{leaf}.rels"
    base = f"{folder}/" if folder else ""

    def _joined(target: str) -> str:
        parts: list[str] = []
        for part in (base + target).split("/"):
            if part == "..":
                parts = parts[:-1]
            elif part not in ("", "."):
                parts.append(part)
        return "/".join(parts)

    parse(book, rels, relation, _ignore)
    parse(book, main, sheet, _ignore)
    return [(name, targets[key]) for name, key in found if key in targets]


def _main_part(book: Book) -> str:
    names = set(book.archive.namelist())
    if "EncryptedPackage" in names:
        raise Unreadable("protected", "this workbook has a password")
    usual = "xl/workbook.xml"
    found = usual if usual in names else next((name for name in sorted(names) if name.endswith(("workbook.xml", "workbook2.xml"))), None)
    if found is None:
        raise Unreadable("no_table", "this archive holds no workbook")
    return found


def _ignore(_name: str) -> None:
    return None


def _styles(book: Book) -> None:
    """Formats of cells: dates, zeros, and fonts that strike through."""
    fonts: list[bool] = []
    formats: dict[int, str] = {}
    within: list[str] = []

    def start(name: str, a: Attributes) -> None:
        within.append(name)
        if name == "font" and "fonts" in within:
            fonts.append(False)
        elif name == "strike" and fonts and within[-3:-1] == ["fonts", "font"]:
            fonts[-1] = a.get("val", "1") not in ("0", "false")
        elif name == "numFmt" and "numFmts" in within:
            formats[int(a["numFmtId"])] = a.get("formatCode", "")
        elif name == "xf" and "cellXfs" in within:
            font, code = int(a.get("fontId", 0)), int(a.get("numFmtId", 0))
            book.looks.append(look(code, formats.get(code), struck=font < len(fonts) and fonts[font]))

    if "xl/styles.xml" in book.archive.namelist():
        parse(book, "xl/styles.xml", start, lambda _name: None if not within else _drop(within))


def _drop(within: list[str]) -> None:
    within.pop()


def look(code: int, written: str | None, *, struck: bool) -> Look:
    """What a number format shows: a date or time, figures padded with zeros, a power of ten."""
    text = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', "", written or "").lower()
    if code in DATES or (written and re.search(r"[ymdhs]", text) and not re.search(r"[0#?]", text.replace("ss.0", ""))):
        return Look(date=True, struck=struck)
    if code in (11, 48) or re.search(r"e[+-]", text):
        return Look(struck=struck, zeros=-1)
    whole = (written or "").split(";")[0].strip()
    return Look(struck=struck, zeros=len(whole) if re.fullmatch(r"0{2,20}", whole) else 0)


def _texts(book: Book) -> None:
    """Shared strings; one of several runs keeps which of them are struck through."""
    if "xl/sharedStrings.xml" not in book.archive.namelist():
        return
    rich = Rich()

    def end(name: str) -> None:
        rich.end(name)
        if name == "si":
            book.texts.append(rich.take())

    parse(book, "xl/sharedStrings.xml", rich.start, end, rich.text)


class Rich:
    """Gathers the text of one string and what is struck of it; readings for pronunciation are left out."""

    def __init__(self) -> None:
        self.runs: list[tuple[str, bool | None]] = []
        self.struck: bool | None = None
        self.reading = self.inside = False
        self.parts: list[str] = []

    def start(self, name: str, a: Attributes) -> None:
        if name == "t":
            self.inside, self.parts = not self.reading, []
        elif name == "rPh":
            self.reading = True
        elif name == "r":
            self.struck = None
        elif name == "rPr":
            self.struck = False
        elif name == "strike":
            self.struck = a.get("val", "1") not in ("0", "false")

    def end(self, name: str) -> None:
        if name == "t" and self.inside:
            self.runs.append(("".join(self.parts), self.struck))
            self.inside = False
        elif name == "rPh":
            self.reading = False
        elif name == "r":
            self.struck = None

    def text(self, text: str) -> None:
        if self.inside:
            self.parts.append(text)

    def take(self) -> str | list[tuple[str, bool | None]]:
        runs, self.runs, self.struck = self.runs, [], None
        return "".join(text for text, _struck in runs) if all(struck is None for _text, struck in runs) else runs


def kept(text: str | list[tuple[str, bool | None]], *, struck: bool) -> str:
    """What of a string is not struck through; a run without its own font follows the cell."""
    if isinstance(text, str):
        return "" if struck else text
    return "".join(part for part, gone in text if not (struck if gone is None else gone))


def _sheet(book: Book, name: str, path: str) -> Sheet:
    reading = Reading(book)
    parse(book, path, reading.start, reading.end, reading.text)
    return assemble(name, reading.rows, reading.merges, hidden_rows=reading.hidden_rows, hidden_columns=reading.hidden_columns)


class Reading:
    """One sheet while it streams by."""

    def __init__(self, book: Book) -> None:
        self.book, self.rows, self.merges = book, {}, []  # type: tuple[Book, dict[int, Row], list[Merge]]
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.row = self.column = -1
        self.cells = 0
        self.kind = ""
        self.style = 0
        self.value: list[str] = []
        self.inside = False
        self.rich: Rich | None = None
        self.line: Row = []
        self.flat = False

    def start(self, name: str, a: Attributes) -> None:
        if self.rich is not None:
            self.rich.start(name, a)
        elif name == "c":
            self.column = column_of(a["r"]) if "r" in a else self.column + 1
            self.kind, self.style, self.value = a.get("t", "n"), int(a.get("s", 0)), []
        elif name == "v":
            self.inside = True
        elif name == "row":
            self._row(a)
        elif name == "is":
            self.rich = Rich()
        elif name == "mergeCell":
            self.merges.append(merge_of(a["ref"]))
        elif name == "col" and a.get("hidden") in ("1", "true"):
            self.hidden_columns.update(range(int(a["min"]) - 1, min(int(a["max"]), MOST_COLUMNS)))
        elif name == "sheetFormatPr":
            self.flat = a.get("zeroHeight") in ("1", "true")

    def _row(self, a: Attributes) -> None:
        self.row = int(a["r"]) - 1 if "r" in a else self.row + 1
        self.column, self.line = -1, []
        if self.row >= MOST_ROWS * 5 or len(self.rows) > MOST_ROWS or self.cells > MOST_CELLS:
            raise Unreadable("too_large", f"more than {MOST_ROWS} rows")
        if a.get("hidden") in ("1", "true") or (self.flat and a.get("hidden") is None and "ht" not in a):
            self.hidden_rows.add(self.row)

    def end(self, name: str) -> None:
        if name == "is" and self.rich is not None:
            self._put(text_cell(kept(self.rich.take(), struck=self._look().struck)))
            self.rich, self.kind = None, "done"
        elif self.rich is not None:
            self.rich.end(name)
        elif name == "v":
            self.inside = False
        elif name == "c" and self.value and self.kind != "done":
            self._put(self._cell("".join(self.value)))
        elif name == "row" and any(self.line):
            self.rows[self.row] = self.line

    def text(self, text: str) -> None:
        if self.inside:
            self.value.append(text)
        elif self.rich is not None:
            self.rich.text(text)

    def _look(self) -> Look:
        return self.book.looks[self.style] if self.style < len(self.book.looks) else Look()

    def _put(self, cell: Cell | None) -> None:
        if cell is None or not 0 <= self.column < MOST_COLUMNS:
            return
        self.cells += 1
        self.line.extend([None] * (self.column + 1 - len(self.line)))
        self.line[self.column] = cell

    def _cell(self, value: str) -> Cell | None:
        look = self._look()
        if self.kind == "s":
            return text_cell(kept(self.book.texts[int(value)], struck=look.struck))
        if look.struck:
            return None
        if self.kind == "e":
            return Cell(value, "e")
        if self.kind == "str":
            return text_cell(value)
        if self.kind == "b":
            return Cell("TRUE" if value == "1" else "FALSE")
        if self.kind == "d":
            return Cell(value[:10], "d")
        return self._number(value, look)

    def _number(self, value: str, look: Look) -> Cell | None:
        number = float(value)
        if number != number or number in (float("inf"), float("-inf")):
            return Cell(value, "e")
        if look.date and 0 <= number < 2_958_466:
            return date_cell(self.book.epoch + timedelta(days=number))
        return number_cell(int(value) if value.lstrip("-").isdigit() and len(value) <= 15 else number, look.zeros)


def column_of(reference: str) -> int:
    """`AB12` as 27."""
    column = 0
    for sign in reference:
        if not sign.isalpha():
            break
        column = column * 26 + ord(sign.upper()) - 64
    return column - 1


def merge_of(reference: str) -> Merge:
    """`A1:C2` as a range from 0."""
    first, _colon, last = reference.replace("$", "").partition(":")
    last = last or first
    return Merge(int(re.sub(r"\D", "", first)) - 1, column_of(first), int(re.sub(r"\D", "", last)) - 1, column_of(last))
