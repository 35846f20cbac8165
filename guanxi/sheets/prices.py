"""A price list, whatever it comes as: products, rejected rows, and the tables as they were understood."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from guanxi.sheets import rows
from guanxi.sheets.book import open_book
from guanxi.sheets.cell import Cell, is_ditto
from guanxi.sheets.goods import Line, Terms, Wrong, group_of, same_number, terms_of
from guanxi.sheets.line import Rejected
from guanxi.sheets.look import Table, changed, tables_of
from guanxi.sheets.product import Product
from guanxi.sheets.rows import Reading


@dataclass(frozen=True, slots=True)
class Prices:
    """`products` and `rejected` in file order."""

    products: list[Product]
    rejected: list[Rejected]
    tables: list[Table]

    def as_dict(self, file: str) -> dict[str, Any]:
        """As `guanxi import-prices --json` prints it."""
        return {
            "file": file,
            "products": [product.as_dict() for product in self.products],
            "rejected": [{"sheet": row.sheet, "row": row.row, "reason": row.reason} for row in self.rejected],
        }


def read_prices(source: str | bytes, *, mapping: Mapping[tuple[int, int], str] | None = None) -> Prices:
    """Products out of pasted text or the bytes of a file; nothing is written.

    `mapping` corrects what columns are: {(n of the table, index of the column): kind}, kinds as in Table.kinds. Raises Unreadable.
    """
    sheets, _text = open_book(source)
    readings = [rows.read(sheet, "prices") for sheet in sheets]
    changed(readings, mapping or {})
    taken = Taken()
    for reading in readings:
        for line in lines_of(reading, readings):
            taken.add(line)
    return Prices(taken.products, taken.rejected, tables_of(readings, "prices"))


def lines_of(reading: Reading, readings: Sequence[Reading]) -> Iterator[Line]:
    """Rows of goods with what holds for them: values from above, category, terms of the notes."""
    terms = terms_for(reading, readings)
    above: dict[int, Cell] = {}
    last: tuple[str | None, str | None] = (None, None)
    for goods in reading.goods:
        cells = [_resolved(n, cell, above) for n, cell in enumerate(goods.row)]
        line = Line(goods, cells, terms, sheet=reading.sheet.name, text=reading.sheet.text, group=group_of(goods.section))
        if any(column.kind == "category" for column in goods.header.columns):
            said = line.said("category") or (last[1] if last[0] == goods.section else None)
            last = (goods.section, said)
            line.group = said or line.group
        yield line


def terms_for(reading: Reading, readings: Sequence[Reading]) -> Terms:
    """Notes of the sheet itself, then those of sheets without a header."""
    own = terms_of(reading.notes)
    general = terms_of([note for other in readings if not other.headers for note in other.notes])
    return Terms(own.currency or general.currency, own.tax if own.tax is not None else general.tax, own.unit or general.unit)


def _resolved(n: int, cell: Cell | None, above: dict[int, Cell]) -> Cell | None:
    if cell is None:
        return None
    if is_ditto(cell):
        return above.get(n)
    above[n] = cell
    return cell


@dataclass(slots=True)
class Taken:
    """What was accepted so far: further colours and sizes join their product, repetitions are rejected."""

    products: list[Product] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    known: dict[object, Product] = field(default_factory=dict)
    sizes: dict[int, set[object]] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        """One more row."""
        try:
            made = line.product()
            self._place(made, _key(made))
        except Wrong as wrong:
            self.rejected.append(Rejected(line.sheet, line.goods.number, wrong.reason))

    def _place(self, made: Product, key: object) -> None:
        first = self.known.get(key)
        if first is None:
            self.known[key] = made
            self.products.append(made)
            if made.skus:
                self.sizes[id(made)] = {sku.key for sku in made.skus}
            return
        there = self.sizes.setdefault(id(first), set())
        new = [sku for sku in made.skus if sku.key not in there]
        if not new:
            raise Wrong("duplicate_item")
        for sku in new:
            sku.tiers = made.tiers if made.tiers != first.tiers and made.tiers else None
            there.add(sku.key)
            first.skus.append(sku)


def _key(made: Product) -> object:
    if made.item_no is not None:
        return same_number(made.item_no)
    return (made.name.casefold(), tuple(sorted(made.attributes.items())))
