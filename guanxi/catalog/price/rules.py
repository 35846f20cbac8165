"""Prices by quantity. Unit prices and quantities are decimals, amounts are minor units (design.md section 6). Imports no Django."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from guanxi.base import money


@dataclass(frozen=True, slots=True, order=True)
class Tier:
    """From `least` units on, one unit costs `price`."""

    least: Decimal
    price: Decimal


Ladder = tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class Packing:
    """How much may be bought at once: at least `minimum`, in multiples of `step`, at most `maximum` (None: no end)."""

    minimum: Decimal = Decimal(1)
    step: Decimal = Decimal(1)
    maximum: Decimal | None = None

    def trouble(self, quantity: Decimal) -> str | None:
        """`below-minimum`, `above-maximum`, `not-a-multiple`, or None when the quantity can be bought."""
        if quantity < self.minimum:
            return "below-minimum"
        if self.maximum is not None and quantity > self.maximum:
            return "above-maximum"
        return "not-a-multiple" if quantity % self.step else None

    def missing(self, quantity: Decimal) -> Decimal:
        """How much more is needed to buy at all."""
        return max(Decimal(0), self.minimum - quantity)


@dataclass(frozen=True, slots=True)
class Line:
    """What one size costs in the quantity asked for."""

    unit_price: Decimal
    quantity: Decimal
    total: int


def ladder(rows: Iterable[tuple[Decimal, Decimal]]) -> Ladder:
    """Tiers by rising quantity. Raises ValueError for a quantity that comes twice and for a price that rises with the quantity."""
    found = tuple(sorted(Tier(least, price) for least, price in rows))
    for less, more in pairwise(found):
        if less.least == more.least:
            raise ValueError("twice")
        if more.price > less.price:
            raise ValueError("rises")
    return found


def unit_price(tiers: Ladder, quantity: Decimal) -> Decimal | None:
    """The price of one unit when this many are bought; below the first tier that of the first, None without tiers."""
    price = tiers[0].price if tiers else None
    for tier in tiers:
        if tier.least <= quantity:
            price = tier.price
    return price


def price_lines(asked: Mapping[str, Decimal], tiers: Mapping[str, Ladder], *, mixed: bool, currency: str) -> dict[str, Line]:
    """What each size costs. `mixed`: all sizes together decide the tier (混批), otherwise each its own. Sizes without a price are left out."""
    together = sum(asked.values(), Decimal(0))
    lines = {}
    for size, quantity in asked.items():
        price = unit_price(tiers.get(size, ()), together if mixed else quantity)
        if price is not None and quantity > 0:
            lines[size] = Line(price, quantity, money.line_total(price, quantity, currency))
    return lines


def lowest(ladders: Sequence[Ladder]) -> Decimal | None:
    """The price goods are named with: `from ...`."""
    return min((tier.price for tiers in ladders for tier in tiers), default=None)
