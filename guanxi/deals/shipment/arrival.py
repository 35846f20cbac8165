"""What a receipt changes, by the buyer or by the clock: quantities, money in proportion, the order when all is here."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base.db import advance
from guanxi.base.errors import Refused
from guanxi.base.ids import new_id
from guanxi.deals.deal import panel
from guanxi.deals.order.find import Case
from guanxi.deals.order.rules import GOODS, MONEY, ORDER
from guanxi.deals.order.table import Order, OrderLine
from guanxi.deals.payment import escrow
from guanxi.deals.shipment import quantities, rules
from guanxi.deals.shipment.table import Receipt


def confirm(case: Case, rows: Sequence[OrderLine], asked: Mapping[int, Decimal] | None, *, note: str) -> Receipt:
    """Take in what arrived and release what it is worth. Raises Refused when nothing is on its way, Invalid by line."""
    turn, order = case.turn, case.order
    left = {line.n: line.shipped - line.received for line in rows}
    here = quantities.chosen(rows, left, asked, nothing=Refused("nothing-to-receive", _("Everything shipped is received already.")))
    quantities.add(turn.conversation, rows, here, column="received")
    last = all(line.received == line.quantity for line in rows)
    amount = rules.due(order.total, order.goods, ((line.total, line.quantity, line.received) for line in rows)) - order.released
    receipt = write(case, here, amount, note, rows[0].receipts + 1)  # type: ignore[attr-defined]
    escrow.release(turn, order, amount, receipt=receipt.id, by=case.by, last=last)
    settle_order(case, rows, amount, last=last)
    body = picture(order) | {
        "receipt": str(receipt.id), "n": receipt.n, "lines": quantities.pictures(rows, here), "released": amount, "released_total": order.released,
        "by_clock": receipt.by_clock, "all": last, "note": note,
    }  # fmt: skip
    turn.add("receipt.confirmed", body, about=case.deal.id)
    pass_turn(case, rows)
    return receipt


def write(case: Case, here: Mapping[int, Decimal], amount: int, note: str, n: int) -> Receipt:
    """The receipt's row, the `n`th of the order."""
    turn = case.turn
    return Receipt.objects.create(
        id=new_id(), conversation_id=turn.conversation, order=case.order, released=amount, note=note, at=turn.now,
        n=n,
        lines=[{"n": n, "quantity": quantities.text(quantity)} for n, quantity in here.items()],
        by_clock=case.by == "clock", by_person=turn.call.person,
    )  # fmt: skip


def settle_order(case: Case, rows: Sequence[OrderLine], amount: int, *, last: bool) -> None:
    """What was released; the end of the order when everything is here; no clock while nothing is on its way."""
    order, by = case.order, case.by
    changes: dict[str, Any] = {"released": order.released + amount}
    if last:
        changes |= {"money": MONEY.move(order.money, "release", by=by), "goods_state": GOODS.move(order.goods_state, "arrive", by=by),
                    "ended_at": case.turn.now, "release_at": None}  # fmt: skip
        advance(order, to=ORDER.move(order.state, "complete", by=by), **changes)
        return
    if all(line.received == line.shipped for line in rows):
        changes["release_at"] = None
    advance(order, field="released", to=changes.pop("released"), **changes)


def pass_turn(case: Case, rows: Sequence[OrderLine]) -> None:
    """Who owes what now: the supplier what is not shipped, the buyer the word that it arrived; at the end both may review."""
    turn, order, deal = case.turn, case.order, case.deal
    if order.state == "completed":
        panel.refresh(turn, deal, step="receive", state="done", turn_name="review")
    elif any(line.shipped < line.quantity for line in rows):
        panel.refresh(turn, deal, step="ship", turn_name="ship", turn_company=order.supplier_id, due_at=order.ship_by)
    else:
        panel.refresh(turn, deal, step="receive", turn_name="receive", turn_company=order.buyer_id, due_at=order.release_at)


def picture(order: Order) -> dict[str, Any]:
    """What every entry about the goods holds."""
    return {"v": 1, "order": str(order.id), "number": order.number, "title": order.title, "total": order.total, "currency": order.currency}
