"""Minimum, multiple and stock of a row, in the product's unit."""

import re
from decimal import Decimal
from functools import cache

from guanxi.sheets.heads import bracket_unit
from guanxi.sheets.packs import Packs, smallest
from guanxi.sheets.table import amount_of
from guanxi.sheets.units import converted, counting, pieces, unit
from guanxi.sheets.vocabulary import holds, marks, pattern, plain

_MULTIPLE = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*([^\d\s的]{1,4})?\s*的?(?:整数)?倍数?|multiples? of\s*(\d+)\s*([a-z]+)?")


class BadQuantity(Exception):
    """Filled, but negative, zero or not a number."""


class Conflict(Exception):
    """In a unit that has no known relation to the price's."""


def in_unit(quantity: Decimal, name: str | None, packs: Packs) -> Decimal:
    """A quantity in the product's unit. Raises Conflict."""
    if name is None or name == packs.unit:
        return quantity
    if packs.unit is None and not packs.edges and name in pieces():
        return quantity
    found = converted(quantity, name, packs.unit or _base(packs), packs.edges)
    if found is None:
        raise Conflict
    return found


def _base(packs: Packs) -> str:
    return smallest(packs) if packs.edges else "个"


@cache
def _whole() -> re.Pattern[str]:
    return re.compile("|".join(sorted(marks("whole_pack"), key=len, reverse=True)))


def whole_pack(text: str) -> str | None:
    """The pack of 整箱, 整包 and so on."""
    found = _whole().search(plain(text))
    return found[0][1:] if found else None


def minimum(text: str, heading: str, packs: Packs) -> tuple[Decimal, Decimal | None]:
    """The minimum and, where it is told there, the multiple. Raises BadQuantity, Conflict."""
    words = plain(text)
    if words in marks("no_minimum"):
        return Decimal(1), None
    step = multiple_in(text, packs)
    if step is not None:
        return step, step
    bare = re.sub(r"^\s*:\s*", "", pattern("minimum_filler").sub(" ", words)).strip(" :")
    if "整" in words and (pack := whole_pack(words)):
        one = in_unit(Decimal(1), pack, packs)
        return one, one
    return amount(bare, heading, packs), None


def amount(text: str, heading: str, packs: Packs) -> Decimal:
    """A quantity above zero, bare ones in the heading's unit. Raises BadQuantity, Conflict."""
    got = amount_of(text)
    if got is None or got[0] <= 0:
        raise BadQuantity
    return in_unit(got[0], got[1] or bracket_unit(heading), packs)


def multiple_in(text: str, packs: Packs) -> Decimal | None:
    """A multiple a remark tells: `12的倍数`, multiples of 12."""
    found = _MULTIPLE.search(plain(text))
    if not found:
        return None
    many = Decimal((found[1] or found[3]).replace(",", ""))
    if many <= 0:
        raise BadQuantity
    named = unit(found[2] or found[4])
    return in_unit(many, named if named and plain(named) in counting() else None, packs)


def step_of_remark(text: str, packs: Packs) -> Decimal | None:
    """The multiple of a remark: one whole pack, or so many."""
    step = multiple_in(text, packs)
    if step is not None:
        return step
    pack = whole_pack(text)
    if pack is None:
        return None
    try:
        return in_unit(Decimal(1), pack, packs)
    except Conflict:
        return None


def stock(text: str, heading: str, packs: Packs) -> Decimal | None:
    """What is there; None when that is not told. Raises BadQuantity for less than nothing, Conflict."""
    words = plain(text)
    if holds("no_stock", words):
        return Decimal(0)
    if re.match(r"-\s*\d", words):
        raise BadQuantity
    bare = re.sub(r"^(?:现货|库存|现有|剩余?|余|in stock|stock|available)\s*:?\s*(?=[\d约])|\s*(?:\+|以上|左右|in stock|available|现货)$|^[>≥]=?\s*", "", words)
    got = amount_of(bare)
    if got is None or (got[1] is not None and not _known(got[1], packs)):
        return None
    return in_unit(got[0], got[1] or bracket_unit(heading), packs)


def _known(name: str, packs: Packs) -> bool:
    return plain(name) in counting() or name in packs.edges or name == packs.unit or name[:1] in "千百万"
