"""From the accepted offer to the order's rows: frozen terms, lines, stages with amounts that sum to the total."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.base import money
from guanxi.base.errors import Invalid
from guanxi.base.ids import claim_number, draw_number, new_id
from guanxi.deals.deal.table import Deal
from guanxi.deals.order.table import Order, OrderLine, Stage
from guanxi.deals.quote.table import Quote
from guanxi.deals.quote.terms import Priced
from guanxi.talk.turn import Turn

FIRST_DAYS = 3  # until the first stage is due
UNPAID_DAYS = 7  # after that the clock cancels an order nobody paid


@dataclass(frozen=True, slots=True)
class Drawn:
    """The rows of a new order, not stored yet."""

    order: Order
    lines: list[OrderLine]
    stages: list[Stage]

    @property
    def order_lines(self) -> list[int]:
        """The numbers of its lines."""
        return [line.n for line in self.lines]

    def ids(self) -> dict[str, str]:
        """As an act answers them."""
        return {"conversation": str(self.order.conversation_id), "deal": str(self.order.deal_id), "order": str(self.order.id)}


def draw_up(here: Turn, quote: Quote, deal: Deal) -> Drawn:
    """The stored rows of a new order for a whole offer."""
    drawn = draw(here, quote, deal, claim_number("DD", here.now))
    save([drawn])
    return drawn


def draw(here: Turn, quote: Quote, deal: Deal, number: str, won: frozenset[int] | None = None) -> Drawn:
    """The rows of a new order for the lines in `won`, or for all; lines that are not available stay out. Raises Invalid when a stage comes to nothing."""
    lead, sums = quote.terms["lead_days"], part_of(quote, won)
    order = Order(
        id=new_id(), conversation_id=here.conversation, deal_id=deal.id, quote_id=quote.id, number=number,
        buyer_id=deal.buyer_id, supplier_id=deal.supplier_id, title=deal.title, terms=quote.terms | {"lines": sums.lines}, currency=quote.currency,
        goods=sums.goods, freight=sums.freight, tax=sums.tax, total=sums.total, ship_by=here.now + timedelta(days=max(lead, 1)), placed_at=here.now,
        seq=here.head + 1,
    )  # fmt: skip
    tolerance = Decimal(quote.terms.get("tolerance", 0))
    lines = [_line(order, line, tolerance) for line in sums.lines if line["price"] is not None]
    return Drawn(order, lines, _stages(order, quote.terms["stages"], lead))


def save(drawn: Sequence[Drawn]) -> None:
    """Store the rows of orders, in one statement a table."""
    Order.objects.bulk_create(one.order for one in drawn)
    OrderLine.objects.bulk_create(line for one in drawn for line in one.lines)
    Stage.objects.bulk_create(stage for one in drawn for stage in one.stages)


def part_of(quote: Quote, won: frozenset[int] | None) -> Priced:
    """What the lines in `won` come to, minor units: freight as quoted, tax on what is left. The whole offer for None."""
    if won is None:
        return Priced(quote.terms["lines"], quote.goods, quote.freight, quote.tax, quote.total)
    lines = [line for line in quote.terms["lines"] if line["n"] in won]
    goods = sum(line["total"] for line in lines)
    tax = 0 if quote.terms["tax_in"] else money.percent_of(goods + quote.freight, Decimal(quote.terms["tax_rate"]))
    total = goods + quote.freight + tax
    if not goods or 0 in amounts(total, quote.terms["stages"]):
        raise Invalid({"parts": _("What one supplier would get is too small for his stages.")})
    return Priced(lines, goods, quote.freight, tax, total)


def claim_numbers(count: int, now: datetime) -> list[str]:
    """As many order numbers nobody has, in one statement most of the time."""
    found: set[str] = set()
    while len(found) < count:
        drawn = [draw_number("DD", now) for _n in range(count - len(found))]
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO base_number (text, at) SELECT unnest(%s::text[]), %s ON CONFLICT DO NOTHING RETURNING text", [drawn, now])
            found |= {row[0] for row in cursor.fetchall()}
    return sorted(found)


def _line(order: Order, line: dict[str, Any], tolerance: Decimal) -> OrderLine:
    spare = (Decimal(line["quantity"]) * tolerance / 100).quantize(Decimal("0.0001"), ROUND_DOWN)
    return OrderLine(
        conversation_id=order.conversation_id, order=order, n=line["n"], name=line["name"], spec=line["spec"], unit=line["unit"],
        quantity=Decimal(line["quantity"]), unit_price=Decimal(line["price"]), total=line["total"], over=spare, under=spare,
    )  # fmt: skip


def amounts(total: int, agreed: list[dict[str, Any]]) -> list[int]:
    return money.split(total, [int(Decimal(stage["percent"]) * 100) for stage in agreed])


def _stages(order: Order, agreed: list[dict[str, Any]], lead: int) -> list[Stage]:
    """Amounts by largest remainder; the first is due in three days, later ones before the goods leave, unless days were agreed."""
    percents = [Decimal(stage["percent"]) for stage in agreed]
    shares = amounts(order.total, agreed)
    stages = []
    for n, (stage, percent, amount) in enumerate(zip(agreed, percents, shares, strict=True), 1):
        usual = FIRST_DAYS if n == 1 else max(lead, FIRST_DAYS)
        due = order.placed_at + timedelta(days=usual if stage["days"] is None else stage["days"])
        stages.append(Stage(conversation_id=order.conversation_id, order=order, n=n, name=stage["name"], percent=percent, amount=amount, due_at=due))
    return stages


def picture(order: Order, quote: Quote, stages: list[Stage]) -> dict[str, Any]:
    """The frozen body of `order.placed`."""
    shown = [{"n": one.n, "name": one.name, "percent": str(one.percent), "amount": one.amount, "due_at": one.due_at.isoformat()} for one in stages]
    return order.terms | {
        "v": 1, "order": str(order.id), "number": order.number, "title": order.title, "quote": str(quote.id), "version": quote.version,
        "currency": order.currency, "goods": order.goods, "freight": order.freight, "tax": order.tax, "total": order.total, "stages": shown,
        "ship_by": order.ship_by.isoformat(),
    }  # fmt: skip
