"""What a supplier may say of one line beside its price: cheaper from a quantity on, a least quantity, something else instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base.reading import Reading
from guanxi.deals.rfq.draft import PRICE_MOST, QUANTITY_MOST, plain

MOST_BREAKS = 5


@dataclass(frozen=True, slots=True)
class Break:
    """From this quantity on a unit costs this."""

    quantity: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class Extras:
    """`breaks` by rising quantity; `minimum` is the least that is sold; `name` and `spec` of what is offered instead of what was asked."""

    breaks: tuple[Break, ...] = ()
    minimum: Decimal | None = None
    name: str = ""
    spec: str = ""

    def __bool__(self) -> bool:
        return bool(self.breaks or self.minimum or self.name)

    def quantity(self, asked: Decimal) -> Decimal:
        """What is offered: what was asked, or the least that is sold."""
        return max(asked, self.minimum or asked)

    def price(self, base: Decimal, quantity: Decimal) -> Decimal:
        """The unit price for this quantity: that of the highest break it reaches."""
        return next((one.price for one in reversed(self.breaks) if one.quantity <= quantity), base)


NONE = Extras()


def read(row: Reading, *, base: Decimal | None) -> Extras:
    """The extras of a line. Breaks must rise in quantity and fall in price, below `base`."""
    breaks: list[Break] = []
    for one in row.rows("breaks", most=MOST_BREAKS):
        if one.given("quantity") or one.given("price"):
            breaks.append(_break(one, breaks[-1] if breaks else None, base))
    name, spec = row.text("name", most=200), row.text("spec", most=200)
    if spec and not name:
        row.blame("name", _("Write what is offered instead."))
    return Extras(tuple(breaks), row.number("minimum", places=4, most=QUANTITY_MOST, above=Decimal(0)), name, spec)


def _break(row: Reading, last: Break | None, base: Decimal | None) -> Break:
    quantity = row.number("quantity", places=4, most=QUANTITY_MOST, above=Decimal(0))
    price = row.number("price", places=6, most=PRICE_MOST, above=Decimal(0))
    for name, value in (("quantity", quantity), ("price", price)):
        if value is None:
            row.blame(name, _("Write a number here."))
    found = Break(quantity or Decimal(1), price or Decimal(1))
    if last and quantity and quantity <= last.quantity:
        row.blame("quantity", _("Each quantity must be larger than the one before."))
    above = last.price if last else base
    if above is not None and price and price >= above:
        row.blame("price", _("From a larger quantity on a unit must cost less."))
    return found


def frozen(asked: Mapping[str, Any], extras: Extras, base: Decimal | None) -> dict[str, Any]:
    """What the frozen line says of them: name, spec and quantity as offered, and what was asked where that differs."""
    wanted = Decimal(asked["quantity"])
    offered = extras.quantity(wanted)
    says: dict[str, Any] = {"name": asked["name"], "spec": asked["spec"], "quantity": plain(offered)}
    if offered != wanted:
        says["asked"] = plain(wanted)
    if extras.minimum:
        says["minimum"] = plain(extras.minimum)
    if extras.name:
        says |= {"name": extras.name, "spec": extras.spec, "instead_of": {"name": asked["name"], "spec": asked["spec"]}}
    if extras.breaks and base is not None:
        says |= {"base": plain(base), "breaks": [{"quantity": plain(one.quantity), "price": plain(one.price)} for one in extras.breaks]}
    return says


def thawed(line: Mapping[str, Any], *, breaks: bool = True) -> Extras:
    """The extras of a frozen line."""
    found = tuple(Break(Decimal(one["quantity"]), Decimal(one["price"])) for one in line.get("breaks", [])) if breaks else ()
    minimum = Decimal(line["minimum"]) if line.get("minimum") else None
    return Extras(found, minimum, line["name"], line["spec"]) if line.get("instead_of") else Extras(found, minimum)


def base_price(line: Mapping[str, Any]) -> Decimal | None:
    """The price of a frozen line below its first break; None for not available."""
    value = line.get("base") or line["price"]
    return Decimal(value) if value else None


def extras_of(line: Mapping[str, Any]) -> dict[str, Any]:
    """What a frozen line says beside its price."""
    return {name: line[name] for name in ("asked", "minimum", "instead_of", "breaks") if name in line}
