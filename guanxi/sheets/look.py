"""How a table was understood, for a preview: headings, kinds with how sure, what else they may be, the first cells; and corrections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guanxi.sheets.heads import LINE_KINDS, PRICE_KINDS, Bound, Guess, bound_of
from guanxi.sheets.rows import Header, Reading

SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """One column: `kind` with `confidence` from 0 to 1, other guesses, the first filled cells."""

    index: int
    heading: str
    kind: str
    confidence: float
    others: list[Guess]
    samples: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """One header and the rows under it. `n` names it in a mapping; `kinds` are what a column may be called."""

    n: int
    sheet: str | None
    header: tuple[int, int]
    columns: list[Seen]
    rows: int
    kinds: tuple[str, ...]


def headers_of(readings: Sequence[Reading]) -> list[tuple[Reading, Header]]:
    """Every header in file order; its place is the table's number."""
    return [(reading, header) for reading in readings for header in reading.headers]


def tables_of(readings: Sequence[Reading], use: str) -> list[Table]:
    """What a preview shows."""
    return [_table(n, reading, header, use) for n, (reading, header) in enumerate(headers_of(readings))]


def _table(n: int, reading: Reading, header: Header, use: str) -> Table:
    under = [goods for goods in reading.goods if goods.header is header]
    columns = []
    for column in header.columns:
        cells = (goods.row[column.index] for goods in under[:50] if column.index < len(goods.row))
        samples = [cell.flat[:60] for cell in cells if cell][:SAMPLES]
        others = [guess for guess in column.others if guess.kind != column.kind]
        columns.append(Seen(column.index, " / ".join(column.headings), column.kind, column.confidence, others, samples))
    return Table(n, reading.sheet.name, (header.first, header.last), columns, len(under), PRICE_KINDS if use == "prices" else LINE_KINDS)


def changed(readings: Sequence[Reading], mapping: Mapping[tuple[int, int], str]) -> None:
    """Corrections take the place of guesses; a column named as the only one of its kind takes it from another."""
    headers = headers_of(readings)
    for (n, index), kind in mapping.items():
        if not 0 <= n < len(headers) or kind not in {*PRICE_KINDS, *LINE_KINDS, "size_across"}:
            continue
        for column in headers[n][1].columns:
            if column.index == index:
                column.kind, column.confidence = kind, 1.0
                column.bound = _bound(column.heading) if kind == "price" else None
                column.size = column.heading if kind == "size_across" else None
            elif (
                column.kind == kind
                and kind in ("name", "item_no", "quantity", "unit", "moq", "stock", "target", "barcode")
                and (n, column.index) not in mapping
            ):
                column.kind = "attribute" if kind not in ("quantity", "target") else "unread"


def _bound(heading: str) -> Bound | None:
    return bound_of(heading)
