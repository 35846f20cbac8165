"""What a receipt changes, by the buyer or by the clock: quantities, money in proportion, the order when all is here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base.db import advance
from guanxi.base.errors import Refused
from guanxi.base.ids import new_id
from guanxi.deals.bank.refunds import open_debt
from guanxi.deals.deal import panel
from guanxi.deals.order.find import Case
from guanxi.deals.order.rules import GOODS, MONEY, ORDER
from guanxi.deals.order.table import Order, OrderLine
from guanxi.deals.payment import escrow
from guanxi.deals.payment.escrow import Cause
from guanxi.deals.shipment import quantities, rules
from guanxi.deals.shipment.quantities import Wrong
from guanxi.deals.shipment.table import Receipt

NOTHING = Refused("nothing-to-receive", _("Everything shipped is received already."))


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the buyer found: good quantities by line (all that was sent without), what is wrong, words and photos (upload ids)."""

    good: Mapping[int, Decimal] | None = None
    wrong: Mapping[int, Wrong] = field(default_factory=dict)
    note: str = ""
    photos: Sequence[UUID] = ()


def confirm(case: Case, rows: Sequence[OrderLine], found: Arrival) -> Receipt:
    """Take in what arrived and release what it is worth. Raises Refused when nothing is on its way, Invalid by line."""
    turn, order = case.turn, case.order
    wrong = {n: one for n, one in found.wrong.items() if one.sum}
    left = {line.n: line.shipped - line.received for line in rows}
    asked = quantities.good(left, found.good, wrong)
    here = quantities.chosen(rows, left, asked, nothing=NOTHING, may_be_none=bool(wrong))
    quantities.add(turn.conversation, rows, here, column="received")
    missed = miss(case, rows, wrong)
    last = (order.goods_state == "sent" and not missed) and all(line.received == line.shipped for line in rows)
    amount, rest = worth(order, rows, last=last)
    receipt = write(case, here, found, wrong, amount, rest, rows[0].receipts + 1)  # type: ignore[attr-defined]
    pay_out(case, receipt, last=last)
    settle_order(case, rows, receipt, last=last, missed=missed)
    body = picture(order) | {
        "receipt": str(receipt.id), "n": receipt.n, "lines": quantities.pictures(rows, here), "released": amount, "released_total": order.released,
        "by_clock": receipt.by_clock, "all": last, "note": found.note,
    }  # fmt: skip
    turn.add("receipt.confirmed", body | bad_news(rows, receipt, missed), about=case.deal.id)
    debt(case, rows, last=last)
    pass_turn(case, rows)
    return receipt


def miss(case: Case, rows: Sequence[OrderLine], wrong: Mapping[int, Wrong]) -> bool:
    """What is short or damaged counts as not shipped; whether the supplier owes it now: not when only so little is short as was agreed."""
    if not wrong:
        return False
    quantities.lose(case.turn.conversation, rows, {n: one.sum for n, one in wrong.items()})
    return any(one.damaged for one in wrong.values()) or not all(is_enough(line) for line in rows)


def is_enough(line: OrderLine) -> bool:
    """Whether what was shipped of a line is all of it, by the tolerance agreed."""
    return line.shipped >= line.quantity - line.under


def worth(order: Order, rows: Sequence[OrderLine], *, last: bool) -> tuple[int, int]:
    """What these receipts release now and, with the last of them, what goes back because it never came; minor units.

    What came by bank transfer is the supplier's already and counts first; what of it is too much he owes (`debt`).
    """
    total = order.total - order.returned
    amount = max(0, due(order, rows) - order.received - order.released)
    return amount, total - order.received - order.released - amount if last else 0


def due(order: Order, rows: Sequence[OrderLine]) -> int:
    """What of the price is the supplier's after these receipts."""
    return rules.due(order.total - order.returned, order.goods, ((line.total, line.quantity, line.received) for line in rows))


def debt(case: Case, rows: Sequence[OrderLine], *, last: bool) -> None:
    """At the end, what of the supplier's bank money the goods are not worth is owed back."""
    order = case.order
    if last and (more := order.received + order.released - due(order, rows)) > 0 and order.received:
        open_debt(case, min(more, order.received), why="goods", counted=True)


def write(case: Case, here: Mapping[int, Decimal], found: Arrival, wrong: Mapping[int, Wrong], amount: int, rest: int, n: int) -> Receipt:
    """The receipt's row, the `n`th of the order."""
    turn = case.turn
    return Receipt.objects.create(
        id=new_id(), conversation_id=turn.conversation, order=case.order, released=amount, returned=rest, note=found.note, at=turn.now, n=n,
        lines=[{"n": n, "quantity": quantities.text(quantity)} for n, quantity in here.items()],
        wrong=[{"n": n, "short": quantities.text(one.short), "damaged": quantities.text(one.damaged)} for n, one in sorted(wrong.items())],
        photos=[str(one) for one in found.photos], by_clock=case.by == "clock", by_person=turn.call.person,
    )  # fmt: skip


def pay_out(case: Case, receipt: Receipt, *, last: bool) -> None:
    """The money of a receipt: a part of what is held, or all of it."""
    cause = Cause(receipt.id, "receipt.confirmed", case.by)
    if last:
        escrow.settle(case.turn, case.order, release=receipt.released, refund=receipt.returned, cause=cause)
    else:
        escrow.release(case.turn, case.order, receipt.released, cause=cause)


def settle_order(case: Case, rows: Sequence[OrderLine], receipt: Receipt, *, last: bool, missed: bool) -> None:
    """What was released; the end of the order when everything is here; no clock while nothing is on its way."""
    order, by = case.order, case.by
    released, returned = order.released + receipt.released, order.returned + receipt.returned
    if last:
        money = MONEY.move(order.money, escrow.way(released, returned), by=by) if released or returned else order.money
        advance(order, to=ORDER.move(order.state, "complete", by=by), money=money, goods_state=GOODS.move(order.goods_state, "arrive", by=by),
                ended_at=case.turn.now, release_at=None, released=released, returned=returned)  # fmt: skip
        return
    changes: dict[str, Any] = {"goods_state": GOODS.move(order.goods_state, "miss", by=by)} if missed else {}
    if all(line.received == line.shipped for line in rows):
        changes["release_at"] = None
    advance(order, field="released", to=released, **changes)


def bad_news(rows: Sequence[OrderLine], receipt: Receipt, missed: bool) -> dict[str, Any]:
    """What of the entry stands there only when something was wrong, or less came than was ordered."""
    by_n = {line.n: line for line in rows}
    wrong = [one | {"name": by_n[one["n"]].name, "spec": by_n[one["n"]].spec, "unit": by_n[one["n"]].unit} for one in receipt.wrong]
    said = {"wrong": wrong, "photos": receipt.photos, "missed": missed} if wrong else {}
    return said | ({"returned": receipt.returned} if receipt.returned else {})


def pass_turn(case: Case, rows: Sequence[OrderLine]) -> None:
    """Who owes what now: the supplier what is not shipped, the buyer the word that it arrived; at the end both may review."""
    turn, order, deal = case.turn, case.order, case.deal
    if order.state == "completed":
        panel.refresh(turn, deal, step="receive", state="done", turn_name="review")
    elif order.goods_state != "sent":
        again = any(line.lost for line in rows)  # what is sent again has a time of its own
        due = max(order.ship_by, turn.now + rules.AGAIN_WITHIN) if again else order.ship_by
        panel.refresh(turn, deal, step="ship", turn_name="ship", turn_company=order.supplier_id, due_at=due)
    else:
        panel.refresh(turn, deal, step="receive", turn_name="receive", turn_company=order.buyer_id, due_at=order.release_at)


def picture(order: Order) -> dict[str, Any]:
    """What every entry about the goods holds."""
    return {"v": 1, "order": str(order.id), "number": order.number, "title": order.title, "total": order.total, "currency": order.currency}
