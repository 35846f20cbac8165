"""Purchase lists that are tables."""

import re
from decimal import Decimal

from guanxi.sheets.cell import Cell, is_ditto
from guanxi.sheets.chat import ceiling_of
from guanxi.sheets.figures import number
from guanxi.sheets.heads import bracket_unit
from guanxi.sheets.line import BAD_QUANTITY, FORMULA_ERROR, NO_NAME, NO_QUANTITY, Line, Rejected
from guanxi.sheets.rows import Goods, Reading
from guanxi.sheets.units import unit
from guanxi.sheets.vocabulary import currency, pattern, plain

READ = ("item_no", "name", "spec", "quantity", "unit", "target", "notes")
ARTICLES = {
    "a": Decimal(1),
    "an": Decimal(1),
    "one": Decimal(1),
    "two": Decimal(2),
    "three": Decimal(3),
    "four": Decimal(4),
    "five": Decimal(5),
    "six": Decimal(6),
    "ten": Decimal(10),
    "twelve": Decimal(12),
    "half a": Decimal("0.5"),
    "half": Decimal("0.5"),
    "a half": Decimal("0.5"),
}
_AMOUNT = re.compile(
    r"(?P<n>\d+\s+\d+/\d+|\d+/\d+|[\d.,]+(?:\s*[千万kw](?![a-z]))?|[零〇一二两三四五六七八九十百千万亿半俩仨]+)\s*(?P<unit>[^\d\s][^\d]{0,20}?)?(?P<half>半)?$"
)
_WORDED = re.compile(rf"(?P<n>{'|'.join(sorted(ARTICLES, key=len, reverse=True))})\s+(?P<unit>[a-z]+)$")


def read(readings: list[Reading]) -> tuple[list[Line], list[Rejected]]:
    """Lines and rejected rows in file order."""
    lines: list[Line] = []
    rejected: list[Rejected] = []
    for reading in readings:
        above: dict[int, Cell] = {}
        chinese = is_chinese(reading)
        for goods in reading.goods:
            row = [_resolved(n, cell, above) for n, cell in enumerate(goods.row)]
            got = _line(reading, goods, row, chinese)
            (lines if isinstance(got, Line) else rejected).append(got)  # type: ignore[arg-type]
    return lines, rejected


def is_chinese(reading: Reading) -> bool:
    """Whether a list speaks Chinese: then its money is CNY where nothing is said."""
    return any(re.search("[\u4e00-\u9fff]", column.words) for header in reading.headers for column in header.columns)


def _resolved(n: int, cell: Cell | None, above: dict[int, Cell]) -> Cell | None:
    """The value above for 同上; remembers what stands here for the next row."""
    if cell is None:
        return None
    if is_ditto(cell):
        return above.get(n)
    above[n] = cell
    return cell


def _line(reading: Reading, goods: Goods, row: list[Cell | None], chinese: bool) -> Line | Rejected:
    cells = {kind: [row[column.index] for column in goods.header.columns if column.kind == kind and column.index < len(row)] for kind in READ}
    said = {kind: " ".join(cell.flat for cell in found if cell) for kind, found in cells.items()}

    def wrong(reason: str) -> Rejected:
        return Rejected(reading.sheet.name, goods.number, reason)

    if any(cell is not None and cell.kind == "e" for found in cells.values() for cell in found):
        return wrong(FORMULA_ERROR)
    if not said["name"]:
        return wrong(NO_NAME)
    if not said["quantity"]:
        return wrong(NO_QUANTITY)
    amount = amount_of(said["quantity"])
    if amount is None or amount[0] <= 0:
        return wrong(BAD_QUANTITY)
    price = ceiling_of(said["target"]) if said["target"] else None
    heading = next((column.words for column in goods.header.columns if column.kind == "target"), "")
    head_unit = next((bracket_unit(column.words) for column in goods.header.columns if column.kind == "quantity"), None)
    return Line(
        row=goods.number,
        sheet=reading.sheet.name,
        name=said["name"],
        spec=said["spec"] or None,
        item_no=next((cell.padded for cell in cells["item_no"] if cell), None),
        quantity=amount[0],
        unit=amount[1] or unit(said["unit"]) or head_unit,
        target_price=price[0] if price else None,
        currency=(price[1] or currency(heading) or ("CNY" if chinese else None)) if price else None,
        note=said["notes"] or None,
    )


def amount_of(text: str) -> tuple[Decimal, str | None] | None:
    """A quantity cell: figure or words with a unit behind; None when vague or no number."""
    words = re.sub(r"\s*[(\[][^()\[\]]*[)\]]\s*$", "", plain(text)).strip(" .,;。!")
    words = re.sub(pattern("approximate").pattern, " ", words).strip()
    if re.search(r"若干|适量|一些|少许|一批|\b(?:few|some|several|couple|many|various|lots|plenty)\b|as (?:needed|required)", words):
        return None
    worded = _WORDED.match(words)
    if worded:
        return ARTICLES[worded["n"]], unit(worded["unit"])
    found = _AMOUNT.match(words)
    if not found or _vague(words, found["unit"] or ""):
        return None
    many = number(found["n"].strip())
    if many is None:
        return None
    return many + (Decimal("0.5") if found["half"] else 0), unit(found["unit"])


def _vague(words: str, name: str) -> bool:
    return bool(
        re.match(r"[多来余几]|\s*[-~到至+]", name)
        or name.strip() in ("以上", "以内", "以下", "左右", "起")
        or re.search(r"\d\s*[-~]\s*\d", words)
        or not re.fullmatch(r"[^\d,;:?*+=<>]+", name or "个")
    )
