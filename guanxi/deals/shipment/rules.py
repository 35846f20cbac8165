"""How goods and the money for them go together. Pure figures."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

RELEASE_AFTER = timedelta(days=10)  # from the last shipment act (design.md section 6)
EXTEND_BY = timedelta(days=3)
AGAIN_WITHIN = timedelta(days=3)  # to send again what was short or damaged


def value(total: int, quantity: Decimal, received: Decimal) -> Fraction:
    """The part of a line's total, minor units, that what was received is worth; more than was ordered costs nothing more."""
    return Fraction(total) * Fraction(min(received, quantity)) / Fraction(quantity)


def due(total: int, goods: int, lines: Iterable[tuple[int, Decimal, Decimal]]) -> int:
    """How much of an order's total is the supplier's after these receipts, rounded down to minor units; all of it once all has arrived.

    `lines`: (line total, ordered, received). Freight and tax follow the goods in proportion. `total` is less what went back to the buyer.
    """
    lines = list(lines)
    if all(received >= quantity for _total, quantity, received in lines):
        return total
    worth = sum((value(*line) for line in lines), Fraction(0))
    return min(total, int(total * worth / goods))
