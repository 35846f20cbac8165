"""What each row of a sheet is: header, total, note, section, goods."""

import re
from dataclasses import dataclass, field
from functools import cache

from guanxi.sheets.cell import Cell, Row
from guanxi.sheets.heads import Column, columns_of, guesses
from guanxi.sheets.sheet import Sheet
from guanxi.sheets.units import counting
from guanxi.sheets.vocabulary import currency, marks, money_words, plain, tax_patterns

TIME = re.compile(r"(?<!\d)\d{1,2}:[0-5]\d(?!\d)")
SEQUENCE = re.compile(r"[#no.]*\s*\d+(?:[.\-]\d+)?[.、)]?$|[①-⑳]$|[一二三四五六七八九十]{1,3}$")
NUMBERING = re.compile(
    r"(?:\(?[一二三四五六七八九十百]+[、.)]\)?|\((?:[一二三四五六七八九十]+|\d+)\)|[A-Za-z](?:[、)]|\.(?!\d))|[IVX]{1,4}[.、)]|第[一二三四五六七八九十]+[类部分章节]+[::、]?|\d+\))\s*"
)
FRAMES = " 【】[]《》「」『』〖〗<>〈〉—–-=#*~·★☆◆◇■□●○▲▼_|"


@dataclass(slots=True)
class Header:
    """A header: `first` to `last` are its row numbers."""

    first: int
    last: int
    columns: list[Column]

    @property
    def sequence(self) -> set[int]:
        """Columns of mere numbering."""
        return {column.index for column in self.columns if column.kind == "unread" and column.headings and _is_sequence(column.words)}


@dataclass(slots=True)
class Goods:
    """A row of goods, under its header and section."""

    number: int
    row: Row
    header: Header
    section: str | None


@dataclass(slots=True)
class Reading:
    """A sheet read: rows of goods and the texts of notes."""

    sheet: Sheet
    goods: list[Goods] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    headers: list[Header] = field(default_factory=list)


@cache
def _begins(kind: str) -> re.Pattern[str]:
    words = sorted(marks(kind), key=len, reverse=True)
    return re.compile("(?:" + "|".join(re.escape(word) + ("(?:s|es)?(?![a-z])" if word[-1].isalpha() and word[-1].isascii() else "") for word in words) + ")")


def _is_sequence(text: str) -> bool:
    return bool(re.search(r"序|行号|^(?:no\.?|#|s/?n|sr\.? ?no\.?|sl\.? ?no\.?|line(?: no\.?)?|row|seq)$", plain(text)))


def read(sheet: Sheet, use: str) -> Reading:
    """Every row gets its kind; a sheet without header holds notes only."""
    found = Reading(sheet)
    header: Header | None = None
    section: str | None = None
    waiting: str | None = None
    rows = sheet.rows
    n = 0
    while n < len(rows):
        number, row = rows[n]
        new, used = header_at(sheet, n, use)
        if new is not None:
            header, n = new, n + used
            found.headers.append(new)
            continue
        n += 1
        filled = filled_of(sheet, number, row, header.sequence if header else set())
        if not filled:
            continue
        if header is None:
            found.notes.extend(cell.flat for cell in filled)
            continue
        if _begins("total").match(plain(filled[0].flat)):
            continue
        if len(filled) > 1:
            if waiting is not None:
                section, waiting = waiting, None
            found.goods.append(Goods(number, row, header, section))
        elif is_note(filled[0].flat):
            found.notes.append(filled[0].flat)
        else:
            if waiting is not None:
                found.notes.append(waiting)
            waiting = filled[0].flat
    if waiting is not None:
        found.notes.append(waiting)
    return found


def filled_of(sheet: Sheet, number: int, row: Row, sequence: set[int]) -> list[Cell]:
    """Filled cells without sequence numbers; a merged range counts once."""
    covered: set[int] = set()
    for left, right, _above, _last in sheet.ranges(number):
        covered.update(range(left + 1, right + 1))
    return [cell for n, cell in enumerate(row) if cell is not None and n not in covered and not (n in sequence and SEQUENCE.match(plain(cell.flat)))]


def is_note(text: str) -> bool:
    """Whether the only filled cell of a row is a remark rather than the name of a section."""
    words = plain(text)
    return bool(_begins("note").match(words) or re.match(r"\d+\s*(?:、|\.)", words) or re.search(r"[,;。!?]", words) or TIME.search(words))


def category(text: str) -> str:
    """A section's text without numbering, frames, and a final bracket that speaks of tax, currency or unit."""
    before = None
    while text != before:
        before = text
        text = text.strip(FRAMES if not re.search(r"\[[^\]]+\]\S", text) else " ").rstrip(":").strip()
        text = NUMBERING.sub("", text, count=1) if NUMBERING.match(text) else text
        last = re.search(r"\s*\(([^()]*)\)$", text)
        if last and last.start() and _only_terms(last[1]):
            text = text[: last.start()]
    return text


def _only_terms(text: str) -> bool:
    out, into = tax_patterns()
    rest = into.sub(" ", out.sub(" ", plain(text)))
    rest = re.sub(r"单位|价格|价|税|计价|币种|均|以|按|计|[\d%:/,;.]+|currency|unit|prices?|in", " ", money_words().sub(" ", rest))
    return (
        (
            all(word in counting() or (word[:1] in "千百万" and word[1:] in counting()) or word in "千百万" for word in rest.split())
            and currency(text) is not None
        )
        or not rest.strip()
        or all(word in counting() or (word[:1] in "千百万" and word[1:] in counting()) for word in rest.split())
    )


def header_at(sheet: Sheet, n: int, use: str) -> tuple[Header | None, int]:
    """The header that begins at this row, and how many rows it takes."""
    number, row = sheet.rows[n]
    if not _may_head(row, use):
        return None, 0
    below = [sheet.rows[k] for k in range(n + 1, min(n + 3, len(sheet.rows)))]
    below = [one for k, one in enumerate(below) if one[0] == number + 1 + k]
    alone = _columns([row], use)
    used = 1
    if _heads(alone, use):
        if below and (_tall(sheet, number) or _under(sheet, number, row, below[0][1])) and _wordy(below[0][1]):
            used = 2 if not (len(below) > 1 and _tall(sheet, number, 3)) else 3
    elif below and _titles(sheet, number, row) and _wordy(below[0][1]):
        both = _columns([row, below[0][1]], use)
        if not _heads(both, use):
            return None, 0
        used = 2
    else:
        return None, 0
    columns = _columns([row, *(one for _number, one in below[: used - 1])], use) if used > 1 else alone
    return (
        (Header(number, number + used - 1, columns), used) if _heads(columns, use) else (Header(number, number, alone), 1) if _heads(alone, use) else (None, 0)
    )


def _columns(rows: list[Row], use: str) -> list[Column]:
    return columns_of([[cell.flat if cell else None for cell in row] for row in rows], use)


@cache
def _needs(use: str) -> tuple[str, str]:
    return ("name", "price") if use == "prices" else ("name", "quantity")


def _heads(columns: list[Column], use: str) -> bool:
    first, second = _needs(use)
    kinds = [column.kind for column in columns]
    return first in kinds and second in kinds


def _may_head(row: Row, use: str) -> bool:
    """Quickly: at least two texts, no figures with decimals, no long texts, some word of a column."""
    texts = 0
    for cell in row:
        if cell is None:
            continue
        if cell.kind in "de" or (cell.kind == "n" and not cell.text.isdigit()) or len(cell.text) > 80:
            return False
        texts += cell.kind == "t"
    if texts < 2:
        return False
    known = sum(1 for cell in row if cell is not None and cell.kind == "t" and any(guess.confidence >= 0.6 for guess in guesses(cell.flat, use)))
    return known >= 2 or (known == 1 and texts >= 2 and any(cell is None for cell in row))


def _tall(sheet: Sheet, number: int, rows: int = 2) -> bool:
    """Whether a merged cell of this row reaches into the next ones."""
    return any(not above and number + rows - 1 <= last <= number + 2 for _left, _right, above, last in sheet.ranges(number))


def _under(sheet: Sheet, number: int, row: Row, below: Row) -> bool:
    """Whether the next row is filled only under headings that spread over several columns."""
    spread: set[int] = set()
    for left, right, _above, _last in sheet.ranges(number):
        if right > left:
            spread.update(range(left, right + 1))
    heading = None
    for n in range(max(len(row), len(below))):
        cell = row[n] if n < len(row) else None
        if cell is not None:
            heading = n
        elif heading is not None:
            spread.update((heading, n))
    filled = [n for n, cell in enumerate(below) if cell is not None]
    return len(filled) >= 2 and all(n in spread for n in filled)


def _titles(sheet: Sheet, number: int, row: Row) -> bool:
    """Whether a row holds titles over groups of columns: merged, but no title of the whole sheet."""
    width = len(row)
    wide = [(left, right) for left, right, _above, last in sheet.ranges(number) if right > left and last == number]
    return (
        bool(wide)
        and all(right - left + 1 < max(3, width * 0.8) for left, right in wide)
        and all(len(cell.text) <= 40 and ":" not in cell.text for cell in row if cell)
    )


def _wordy(row: Row) -> bool:
    """Whether a row may be the second of a header: words, sizes, bounds, no prices."""
    return all(cell is None or (cell.kind == "t" and len(cell.text) <= 60) or (cell.kind == "n" and cell.text.isdigit()) for cell in row)
