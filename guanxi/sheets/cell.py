"""A cell as rules read it: text in NFKC, what is not there is None."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from guanxi.sheets.vocabulary import marks, plain

MOST_TEXT = 4000
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe0e\ufe0f\x00-\x08\x0b\x0c\x0e-\x1f]")


class Cell(NamedTuple):
    """`kind`: t text, n number, d date, e error. `text` keeps line breaks; `zeros` is the width of a format of zeros, -1 of one with a power of ten."""

    text: str
    kind: str = "t"
    zeros: int = 0

    @property
    def flat(self) -> str:
        """In one line."""
        return self.text.replace("\n", " ")

    @property
    def padded(self) -> str:
        """As shown by a format of zeros: `123` as `000123`."""
        return self.text.zfill(self.zeros) if self.zeros > 0 and self.kind == "n" and self.text.isdigit() else self.flat


Row = list[Cell | None]


@lru_cache(maxsize=8192)
def tidy(text: str) -> str:
    """NFKC without invisible characters, runs of blanks as one, ends trimmed; line breaks stay."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text[:MOST_TEXT].replace("\r\n", "\n").replace("\r", "\n")))
    return "\n".join(line for line in (" ".join(line.split()) for line in text.split("\n")) if line)


@lru_cache(maxsize=8192)
def text_cell(raw: str) -> Cell | None:
    """A cell of text; None for nothing and for the marks that mean nothing."""
    text = tidy(raw)
    if not text:
        return None
    if len(text) <= 16:
        low = plain(text)
        if low in marks("empty"):
            return None
        if low in marks("errors"):
            return Cell(text, "e")
    return Cell(text)


def number_cell(value: float | int, zeros: int = 0) -> Cell:
    """A cell of a number: 15 significant digits, no `.0`, no power of ten."""
    text = f"{value:.15g}"
    if "e" in text or "E" in text:
        text = format(Decimal(text), "f")
    return Cell("0" if text == "-0" else text, "n", zeros)


def date_cell(value: datetime | date) -> Cell:
    """A cell of a date."""
    return Cell(value.isoformat()[:10], "d")


def is_ditto(cell: Cell | None) -> bool:
    """Whether it says "as above"."""
    return cell is not None and len(cell.text) <= 6 and plain(cell.text) in marks("ditto")
