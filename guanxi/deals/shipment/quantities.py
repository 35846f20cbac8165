"""Which quantities of which lines an act is about: checked against what is left, written in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid, Refused, Words
from guanxi.deals.order.table import OrderLine

ADD = """
    UPDATE deals_orderline l SET {column} = l.{column} + v.quantity FROM unnest(%s::uuid[], %s::numeric[]) AS v(id, quantity)
    WHERE l.conversation_id = %s AND l.id = v.id
"""
LOSE = """
    UPDATE deals_orderline l SET shipped = l.shipped - v.quantity, lost = l.lost + v.quantity FROM unnest(%s::uuid[], %s::numeric[]) AS v(id, quantity)
    WHERE l.conversation_id = %s AND l.id = v.id
"""
NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What of one line did not come, or came damaged."""

    short: Decimal = NONE
    damaged: Decimal = NONE

    @property
    def sum(self) -> Decimal:
        return self.short + self.damaged


def good(left: Mapping[int, Decimal], asked: Mapping[int, Decimal] | None, wrong: Mapping[int, Wrong]) -> Mapping[int, Decimal] | None:
    """The good quantities: those named, or all that is left beside what is wrong. Raises Invalid for more wrong than was sent.

    Who leaves a good quantity at all that was sent and then says what is wrong means the rest.
    """
    if asked is not None:
        untouched = {n for n, quantity in asked.items() if n in wrong and n in left and quantity == left[n] >= wrong[n].sum}
        asked = {n: quantity - wrong[n].sum if n in untouched else quantity for n, quantity in asked.items()}
    unknown = {f"lines.{n}.quantity": _("There is no such line.") for n in wrong if n not in left}
    over = {f"lines.{n}.short": _("That is more than is left.") for n, one in wrong.items()
            if n in left and one.sum + (asked.get(n, NONE) if asked is not None else NONE) > left[n]}  # fmt: skip
    if unknown or over:
        raise Invalid({**unknown, **over})
    if asked is None and wrong:
        return {n: quantity - wrong[n].sum if n in wrong else quantity for n, quantity in left.items()}
    return asked


def lose(conversation: UUID, lines: Sequence[OrderLine], gone: Mapping[int, Decimal]) -> None:
    """These quantities count as never shipped: they are to be sent again, or not paid for."""
    moved = [line for line in lines if gone.get(line.n)]
    with connection.cursor() as cursor:
        cursor.execute(LOSE, [[line.id for line in moved], [gone[line.n] for line in moved], conversation])
    for line in moved:
        line.shipped, line.lost = line.shipped - gone[line.n], line.lost + gone[line.n]


def chosen(
    lines: Sequence[OrderLine], left: Mapping[int, Decimal], asked: Mapping[int, Decimal] | None, *, nothing: Refused, may_be_none: bool = False
) -> dict[int, Decimal]:
    """The quantities by line number, without zeros: those asked for, or all that is left. Raises Invalid by line, `nothing` when none is left."""
    if not any(quantity > 0 for quantity in left.values()):
        raise nothing
    if asked is None:
        return {n: quantity for n, quantity in left.items() if quantity > 0}
    if wrong := {f"lines.{n}.quantity": words for n, quantity in asked.items() if (words := problem(n, quantity, left))}:
        raise Invalid(wrong)
    some = {n: quantity for n, quantity in asked.items() if quantity}
    if not some and not may_be_none:
        raise Invalid({"lines": _("Write a quantity for one line at least.")})
    return some


def problem(n: int, quantity: Decimal, left: Mapping[int, Decimal]) -> Words | None:
    """Why this quantity of this line cannot be, or None."""
    if n not in left:
        return _("There is no such line.")
    if quantity < 0:
        return _("This is too little.")
    return _("That is more than is left.") if quantity > left[n] else None


def add(conversation: UUID, lines: Sequence[OrderLine], chosen: Mapping[int, Decimal], *, column: str) -> None:
    """Add the quantities to `shipped` or `received`."""
    moved = [line for line in lines if line.n in chosen]
    with connection.cursor() as cursor:
        cursor.execute(ADD.format(column=column), [[line.id for line in moved], [chosen[line.n] for line in moved], conversation])
    for line in moved:
        setattr(line, column, getattr(line, column) + chosen[line.n])


def pictures(lines: Sequence[OrderLine], chosen: Mapping[int, Decimal]) -> list[dict[str, Any]]:
    """The lines as an entry shows them: decimals as text."""
    return [
        {"n": line.n, "name": line.name, "spec": line.spec, "unit": line.unit, "quantity": text(chosen[line.n]), "ordered": text(line.quantity)}
        for line in lines
        if line.n in chosen
    ]


def text(quantity: Decimal) -> str:
    """`20000.0000` as `20000`."""
    return f"{quantity.normalize():f}"
