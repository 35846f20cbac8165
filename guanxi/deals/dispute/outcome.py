"""What the end of a dispute does to order, money and goods: inside a turn, and only what was agreed or ruled (quality.md M14)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection

from guanxi.base.db import advance, advance_all
from guanxi.deals.bank.matter import show_ended
from guanxi.deals.bank.refunds import open_debt
from guanxi.deals.deal import panel
from guanxi.deals.dispute.matter import Matter, wait
from guanxi.deals.dispute.rules import REPAY_WITHIN, SEND_BACK_WITHIN, Plan
from guanxi.deals.order.acts import owed
from guanxi.deals.order.find import Case
from guanxi.deals.order.rules import GOODS, MONEY, ORDER
from guanxi.deals.order.table import Order, OrderLine, Stage
from guanxi.deals.payment import escrow
from guanxi.deals.payment.escrow import Cause
from guanxi.deals.payment.rules import STAGE
from guanxi.deals.review.table import Review
from guanxi.deals.shipment import arrival, quantities
from guanxi.deals.shipment.acts import lines_of
from guanxi.deals.shipment.rules import RELEASE_AFTER

LEAST_LEFT = timedelta(days=1)  # the buyer has a day at least when the release clock runs on
BACK = """
    UPDATE deals_orderline l SET returned = l.returned + v.quantity FROM unnest(%s::uuid[], %s::numeric[]) AS v(id, quantity)
    WHERE l.conversation_id = %s AND l.id = v.id
"""
Body = dict[str, Any]


def conclude(matter: Matter, plan: Plan, *, act: str, kind: str, outcome: str, body: Body, **changes: Any) -> None:
    """It is decided, by `accept` or `rule`: goods go back first, or the supplier owes what he was paid already, or money moves at once."""
    kept = {"plan": plan.body(), "outcome": outcome, **changes}
    if plan.kind == "return":
        to = matter.move(f"{act}_return")
        matter.turn.add(kind, body | {"next": "return"}, about=matter.case.deal.id)
        wait(matter, to=to, side="buyer", within=SEND_BACK_WITHIN, **kept)
    elif is_debt(matter, plan):
        to = matter.move(f"{act}_debt")
        matter.turn.add(kind, body | {"next": "repay"}, about=matter.case.deal.id)
        wait(matter, to=to, side="supplier", within=REPAY_WITHIN, **kept)
    else:
        end(matter, plan, to=matter.move(act), kind=kind, body=body, **kept)


def is_debt(matter: Matter, plan: Plan) -> bool:
    """Whether the refund is money nobody holds any more: the order was completed before."""
    return matter.case.order.state == "completed" and plan.refund > 0


def end(matter: Matter, decided: Plan, *, to: str, kind: str, body: Body, **changes: Any) -> None:
    """The last move: money as decided, the dispute closed, the order ended or running on."""
    if matter.case.order.state != "placed":
        moved = leave(matter)
    elif decided.kind == "go_on":
        moved = go_on(matter, decided, kind=kind)
    else:
        moved = settle(matter, decided, kind=kind)
    sums = {"refunded": moved.get("refund", 0), "released": moved.get("release", 0)}
    advance(matter.dispute, to=to, turn="", due_at=None, closed_at=matter.turn.now, **sums, **changes)
    matter.turn.add(kind, body | {"moved": moved}, about=matter.case.deal.id)
    pass_on(matter.case)


def settle(matter: Matter, plan: Plan, *, kind: str) -> Body:
    """All that is frozen leaves: the refund to the buyer, the rest to the supplier; the order ends."""
    turn, order, by = matter.turn, matter.case.order, matter.side
    refund = min(plan.refund, matter.dispute.frozen)
    release, debt = matter.dispute.frozen - refund, plan.refund - refund
    released, returned = order.released + release, order.returned + refund
    act = "settle" if released + order.received - debt else "settle_back"
    matter.case.may(act)
    escrow.settle(turn, order, release=release, refund=refund, cause=cause(matter, kind))
    money = MONEY.move(order.money, escrow.way(released, returned), by=by) if released or returned else order.money
    if order.money == "part":
        due = list(Stage.objects.of(turn.conversation).filter(order=order, state="due"))
        advance_all(due, to=STAGE.move("due", "cancel", by=by))
    advance(order, to=ORDER.move(order.state, act, by=by), money=money, released=released, returned=returned, dispute_id=None, ended_at=turn.now)
    owe(matter, debt)
    return {"refund": refund, "release": release, "ends": True} | ({"act": act, "owed": debt} if order.received or debt else {})


def owe(matter: Matter, debt: int) -> None:
    """What of the refund nobody holds: it lies on the supplier's own account, and he pays it back."""
    if debt:
        open_debt(matter.case, debt, why="dispute", counted=True)


def go_on(matter: Matter, plan: Plan, *, kind: str) -> Body:
    """The refund leaves, the rest stays held; the goods of the plan count as not shipped; the release clock runs on."""
    turn, order = matter.turn, matter.case.order
    matter.case.may("resume")
    refund = min(plan.refund, matter.dispute.frozen)
    if refund:
        escrow.refund(turn, order, refund, cause=cause(matter, kind))
    owe(matter, plan.refund - refund)
    rows = lines_of(matter.case)
    changes: Body = {"returned": order.returned + refund}
    if plan.lines:
        quantities.lose(turn.conversation, rows, plan.lines)
        changes["goods_state"] = GOODS.move(order.goods_state, "miss", by=matter.side)
    resume(matter, rows, **changes)
    return {"refund": refund, "release": 0, "ends": False}


def leave(matter: Matter) -> Body:
    """Nothing moves any more, the order was over before or the dispute is taken back: the freeze ends."""
    matter.case.may("resume")
    resume(matter, lines_of(matter.case))
    return {}


def resume(matter: Matter, rows: Sequence[OrderLine], **changes: Any) -> None:
    """The freeze ends; the release clock has what it had left when it was stopped, for what is still on its way."""
    turn, order, left = matter.turn, matter.case.order, matter.dispute.clock_left
    on_its_way = order.state == "placed" and any(line.shipped > line.received for line in rows)
    wait_for = RELEASE_AFTER if left is None else max(timedelta(seconds=left), LEAST_LEFT)
    until = turn.now + wait_for if on_its_way else None
    advance(order, field="dispute_id", to=None, release_at=until, **changes)
    if until:
        turn.effect("receipt.auto", {"order": str(order.id)}, due_at=until)


def pass_on(case: Case) -> None:
    """Whose turn it is in the deal now that the dispute is over."""
    turn, order, deal = case.turn, case.order, case.deal
    if order.state == "cancelled":
        show_ended(case)
    elif order.state == "completed":
        given = set(Review.objects.of(turn.conversation).filter(order=order).values_list("side", flat=True))
        panel.refresh(turn, deal, step="receive", state="done", **reviewing(order, given))
    elif order.goods_state == "none":
        owed(turn, order, deal)
    else:
        arrival.pass_turn(case, lines_of(case))


def reviewing(order: Order, given: set[str]) -> dict[str, Any]:
    """Who may still review: both, the one who did not, or nobody."""
    left = {"buyer": order.buyer_id, "supplier": order.supplier_id}
    for side in given:
        left.pop(side)
    return {"turn_name": "review" if left else "", "turn_company": next(iter(left.values())) if len(left) == 1 else None}


def take_in(matter: Matter, plan: Plan) -> None:
    """The goods are back at the supplier: the lines of the plan, or all that was shipped."""
    rows = [line for line in lines_of(matter.case) if line.shipped > line.returned]
    back = {line.n: plan.lines.get(line.n, 0) if plan.lines else line.shipped - line.returned for line in rows}
    with connection.cursor() as cursor:
        cursor.execute(BACK, [[line.id for line in rows], [back[line.n] for line in rows], matter.turn.conversation])


def cause(matter: Matter, kind: str) -> Cause:
    """Why money leaves now."""
    return Cause(matter.dispute.id, kind, matter.side, dispute=matter.dispute.id)
