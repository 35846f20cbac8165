"""A sheet as it is read: rows of cells that are there, with their numbers as in the file; and what may be too much of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from guanxi.sheets.cell import Row

MOST_BYTES = 40 * 1024 * 1024
MOST_UNPACKED = 400 * 1024 * 1024  # of one part of an archive
MOST_TIMES = 200  # a part may unpack to this many times its size, beyond the first MiB
MOST_ROWS = 200_000
MOST_COLUMNS = 256
MOST_CELLS = 4_000_000
MOST_SHEETS = 100


class Unreadable(Exception):
    """A file that is refused. `code`: no_table, too_large, protected, unsafe, empty; `words` say it to an operator."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True, slots=True)
class Merge:
    """A range of merged cells, from 0, ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """`rows` are (number from 1, cells); hidden rows and columns are gone, merged ranges are filled. `name` is None in text files.

    `merges` tell, by row number, which columns (left, right) a range covers, `True` for one that goes on from the row above.
    """

    name: str | None
    rows: list[tuple[int, Row]]
    merges: dict[int, list[tuple[int, int, bool, int]]] = field(default_factory=dict)
    text: bool = False

    def ranges(self, number: int) -> list[tuple[int, int, bool, int]]:
        """Merged ranges over this row: left, right, whether it began above, last row."""
        return self.merges.get(number, [])

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        return iter(self.rows)


def assemble(name: str, cells: dict[int, Row], merges: list[Merge], *, hidden_rows: set[int], hidden_columns: set[int]) -> Sheet:
    """A sheet out of raw rows (from 0): merged ranges filled with their first cell, then what is hidden is dropped."""
    over: dict[int, list[tuple[int, int, bool, int]]] = {}
    shown = _shown(hidden_columns)
    for one in merges[:50_000]:
        value = _at(cells, one.top, one.left)
        right = min(one.right, MOST_COLUMNS - 1)
        columns = [n for n in range(one.left, right + 1) if n not in hidden_columns]
        for number in range(one.top, min(one.bottom, one.top + 20_000) + 1):
            if value is not None:
                _fill(cells, number, one.left, right, value)
            if columns and number not in hidden_rows:
                over.setdefault(number + 1, []).append((shown(columns[0]), shown(columns[-1]), number > one.top, one.bottom + 1))
    keep = sorted(number for number in cells if number not in hidden_rows)
    rows = [(number + 1, [cell for n, cell in enumerate(cells[number]) if n not in hidden_columns] if hidden_columns else cells[number]) for number in keep]
    return Sheet(name, rows, over)


def _shown(hidden: set[int]):  # type: ignore[no-untyped-def]
    ordered = sorted(hidden)

    def place(column: int) -> int:
        return column - sum(1 for one in ordered if one < column)

    return place


def _at(cells: dict[int, Row], row: int, column: int) -> object:
    line = cells.get(row)
    return line[column] if line is not None and column < len(line) else None


def _fill(cells: dict[int, Row], row: int, left: int, right: int, value: object) -> None:
    line = cells.setdefault(row, [])
    if len(line) <= right:
        line.extend([None] * (right + 1 - len(line)))
    for column in range(left, right + 1):
        line[column] = value  # type: ignore[call-overload]
