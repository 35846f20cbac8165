"""From the accepted offer to the order's rows: frozen terms, lines, stages with amounts that sum to the total."""

from datetime import timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from guanxi.base import money
from guanxi.base.ids import claim_number, new_id
from guanxi.deals.deal.table import Deal
from guanxi.deals.order.table import Order, OrderLine, Stage
from guanxi.deals.quote.table import Quote
from guanxi.talk.turn import Turn

FIRST_DAYS = 3  # until the first stage is due
UNPAID_DAYS = 7  # after that the clock cancels an order nobody paid


def draw_up(here: Turn, quote: Quote, deal: Deal) -> tuple[Order, list[Stage]]:
    """The rows of a new order; lines that are not available stay out."""
    lead = quote.terms["lead_days"]
    order = Order(
        id=new_id(), conversation_id=here.conversation, deal_id=deal.id, quote_id=quote.id, number=claim_number("DD", here.now),
        buyer_id=deal.buyer_id, supplier_id=deal.supplier_id, title=deal.title, terms=quote.terms, currency=quote.currency, goods=quote.goods,
        freight=quote.freight, tax=quote.tax, total=quote.total, ship_by=here.now + timedelta(days=max(lead, 1)), placed_at=here.now,
        seq=here.head + 1,
    )  # fmt: skip
    order.save(force_insert=True)
    tolerance = Decimal(quote.terms.get("tolerance", 0))
    OrderLine.objects.bulk_create(_line(order, line, tolerance) for line in quote.terms["lines"] if line["price"] is not None)
    stages = _stages(order, quote.terms["stages"], lead)
    Stage.objects.bulk_create(stages)
    return order, stages


def _line(order: Order, line: dict[str, Any], tolerance: Decimal) -> OrderLine:
    spare = (Decimal(line["quantity"]) * tolerance / 100).quantize(Decimal("0.0001"), ROUND_DOWN)
    return OrderLine(
        conversation_id=order.conversation_id, order=order, n=line["n"], name=line["name"], spec=line["spec"], unit=line["unit"],
        quantity=Decimal(line["quantity"]), unit_price=Decimal(line["price"]), total=line["total"], over=spare, under=spare,
    )  # fmt: skip


def _stages(order: Order, agreed: list[dict[str, Any]], lead: int) -> list[Stage]:
    """Amounts by largest remainder; the first is due in three days, later ones before the goods leave, unless days were agreed."""
    percents = [Decimal(stage["percent"]) for stage in agreed]
    amounts = money.split(order.total, [int(percent * 100) for percent in percents])
    stages = []
    for n, (stage, percent, amount) in enumerate(zip(agreed, percents, amounts, strict=True), 1):
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
