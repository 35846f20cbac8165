"""An accepted change becomes the order's next version: rows, money, goods, contract, and whose turn it is."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db import connection

from guanxi.base.db import advance
from guanxi.deals.change import stages
from guanxi.deals.change.plan import Plan
from guanxi.deals.change.stages import Moved
from guanxi.deals.change.table import Change
from guanxi.deals.deal import panel
from guanxi.deals.order.acts import owed
from guanxi.deals.order.find import Case
from guanxi.deals.order.rules import GOODS, MONEY
from guanxi.deals.order.table import OrderLine, Stage
from guanxi.deals.payment.table import Payment
from guanxi.deals.shipment import arrival

# The database takes these only with the order's new version, which stands before.
WRITE = """
    WITH staged AS (
        UPDATE deals_stage s SET amount = v.amount, surplus = v.surplus, state = v.state, percent = v.percent, version = %(version)s
        FROM unnest(%(stages)s::uuid[], %(amounts)s::bigint[], %(surplus)s::bigint[], %(states)s::text[], %(percents)s::numeric[])
            AS v(id, amount, surplus, state, percent)
        WHERE s.conversation_id = %(where)s AND s.id = v.id
    ), dropped AS (
        DELETE FROM deals_orderline WHERE conversation_id = %(where)s AND id = ANY(%(gone)s)
    )
    UPDATE deals_orderline l SET quantity = v.quantity, unit_price = v.price, total = v.total, "over" = v.spare, under = v.spare, version = %(version)s
    FROM unnest(%(lines)s::uuid[], %(quantities)s::numeric[], %(prices)s::numeric[], %(totals)s::bigint[], %(spares)s::numeric[])
        AS v(id, quantity, price, total, spare)
    WHERE l.conversation_id = %(where)s AND l.id = v.id
"""


def apply(case: Case, rows: Sequence[OrderLine], change: Change, plan: Plan, payments: Sequence[Payment]) -> tuple[Moved, dict[str, Any]]:
    """The order as the plan says; what its entry adds to the proposal."""
    order, by = case.order, case.by
    moved = stages.follow(case, change, payments)
    sent = order.goods_state == "part" and all(Decimal(line["quantity"]) <= row_of(rows, line["n"]).shipped for line in plan.lines)
    changes: dict[str, Any] = {
        "terms": order.terms | {"lines": plan.lines}, "goods": plan.goods, "freight": plan.freight, "tax": plan.tax, "total": plan.total,
        "ship_by": plan.ship_by, "change_id": None,
    }  # fmt: skip
    changes |= {"money": MONEY.move(order.money, moved.act, by=by)} if moved.act else {}
    changes |= {"goods_state": GOODS.move(order.goods_state, "send", by="supplier")} if sent else {}
    advance(order, field="version", to=order.version + 1, **changes)
    write(case, rows, plan, moved)
    if moved.new:
        Stage.objects.bulk_create(moved.new)
    if sided := [one.id for one in moved.touched if one.state != "held"]:
        order.bank_offers.filter(state="open", stage_id__in=sided).update(state="closed")  # they name another amount
    by_whom = {"company": str(case.turn.call.company), "person": str(case.turn.call.by), "name": case.turn.call.name}
    case.turn.effect("contract.redraw", {"order": str(order.id), **by_whom})
    shown = [{"n": one.n, "name": one.name, "state": one.state, "amount": one.amount - one.surplus} for one in moved.stages]
    return moved, {"returned": moved.returned, "money": moved.act, "all": sent or None, "stages": shown, "version": order.version}


def row_of(rows: Sequence[OrderLine], n: int) -> OrderLine:
    return next(row for row in rows if row.n == n)


def write(case: Case, rows: Sequence[OrderLine], plan: Plan, moved: Moved) -> None:
    """Lines that stay, lines that are dropped, and stages, in one statement."""
    tolerance, left = Decimal(case.order.terms.get("tolerance", 0)), {line["n"]: line for line in plan.lines}
    kept = [row for row in rows if row.n in left]
    for row in kept:
        row.quantity, row.unit_price, row.total = Decimal(left[row.n]["quantity"]), Decimal(left[row.n]["price"]), left[row.n]["total"]
        row.over = row.under = max(spare(row.quantity, tolerance), row.shipped - row.quantity)
    of_lines = {"lines": "id", "quantities": "quantity", "prices": "unit_price", "totals": "total", "spares": "under"}
    of_stages = {"stages": "id", "amounts": "amount", "surplus": "surplus", "states": "state", "percents": "percent"}
    columns = {name: [getattr(row, field) for row in kept] for name, field in of_lines.items()}
    columns |= {name: [getattr(one, field) for one in moved.touched] for name, field in of_stages.items()}
    gone = [row.id for row in rows if row.n not in left]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, columns | {"gone": gone, "where": case.turn.conversation, "version": case.order.version})


def spare(quantity: Decimal, tolerance: Decimal) -> Decimal:
    """So much more or less of a line the agreed tolerance, in percent, allows."""
    return (quantity * tolerance / 100).quantize(Decimal("0.0001"), ROUND_DOWN)


def tell_turn(case: Case, moved: Moved) -> None:
    """Whose turn it is in the changed order, and its new total, on the panel; its entry was added before."""
    order, due = case.order, next((one for one in moved.stages if one.state == "due"), None)
    if order.goods_state == "sent":
        turn: dict[str, Any] = {"step": "receive", "turn_name": "receive", "turn_company": order.buyer_id, "due_at": order.release_at}
    elif due is not None:
        turn = {"step": "pay", "turn_name": "pay", "turn_company": order.buyer_id, "due_at": due.due_at}
    else:
        turn = {"step": "ship", "turn_name": "ship", "turn_company": order.supplier_id, "due_at": order.ship_by}
    panel.refresh(case.turn, case.deal, total=order.total, **turn)


def pass_turn(case: Case, rows: Sequence[OrderLine]) -> None:
    """Who owes what now, by the order as it is; a deal that has ended stays ended."""
    order = case.order
    if case.deal.state != "live" or order.state != "placed" or order.dispute_id or order.cancel_asked_at:
        panel.touch(case.turn, case.deal)
        return
    if order.goods_state == "none":
        owed(case.turn, order, case.deal)
    else:
        arrival.pass_turn(case, rows)
