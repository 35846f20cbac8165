"""The goods of an order as pages and programs show them."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from guanxi.base.errors import NotFound
from guanxi.deals.order.table import OrderLine
from guanxi.deals.shipment.table import Receipt, Shipment


@dataclass(frozen=True, slots=True)
class LineView:
    """Quantities in `unit`; `total` in minor units."""

    n: int
    name: str
    spec: str
    unit: str
    unit_price: Decimal
    total: int
    quantity: Decimal
    shipped: Decimal
    received: Decimal

    @property
    def left_to_ship(self) -> Decimal:
        return self.quantity - self.shipped

    @property
    def left_to_receive(self) -> Decimal:
        return self.shipped - self.received


@dataclass(frozen=True, slots=True)
class Goods:
    """Lines by number, shipments and receipts in their order."""

    lines: list[LineView]
    shipments: list[Shipment]
    receipts: list[Receipt]


def of_order(conversation: UUID, order_id: UUID) -> Goods:
    """Raises NotFound. Three queries."""
    rows = OrderLine.objects.of(conversation).filter(order_id=order_id).order_by("n")
    lines = [
        LineView(row.n, row.name, row.spec, row.unit, row.unit_price, row.total, row.quantity, row.shipped, row.received)
        for row in rows
    ]  # fmt: skip
    if not lines:
        raise NotFound
    shipments = list(Shipment.objects.of(conversation).filter(order_id=order_id).order_by("n"))
    return Goods(lines, shipments, list(Receipt.objects.of(conversation).filter(order_id=order_id).order_by("n")))
