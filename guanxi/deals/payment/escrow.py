"""Money into escrow, out of it to the supplier, out of it back to the buyer: rows, book and what the provider is asked, together.

Every function runs inside a turn. Amounts in minor units of the order's currency.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guanxi.base.db import advance, advance_all
from guanxi.base.errors import Refused
from guanxi.base.ids import new_id
from guanxi.deals.order.table import Order, Stage
from guanxi.deals.payment.rules import PAYMENT, STAGE
from guanxi.deals.payment.table import Payment, Payout
from guanxi.pay import book
from guanxi.pay.book import Move, Movement
from guanxi.talk.turn import Turn

RELEASE = """
    UPDATE deals_payment p SET released = p.released + v.amount FROM unnest(%s::uuid[], %s::bigint[]) AS v(id, amount)
    WHERE p.conversation_id = %s AND p.id = v.id AND p.state = 'held'
"""


def hold(turn: Turn, order: Order, stage: Stage, payment: Payment) -> None:
    """The payment arrived and is wanted: it is held for the order."""
    into = book.escrow(order.id)
    _post(turn, order, [Move(book.clearing(payment.provider), into, payment.amount)], movement=payment.id, act="payment.held")
    advance(payment, to=PAYMENT.move(payment.state, "hold", by="provider"), paid=payment.amount, paid_at=turn.now)
    advance(stage, to=STAGE.move(stage.state, "hold", by="provider"))


def send_back(turn: Turn, order: Order, payment: Payment) -> None:
    """The payment arrived and is not wanted any more: it goes back whole (quality.md A48)."""
    owed = book.refundable(order.buyer_id)
    _post(turn, order, [Move(book.clearing(payment.provider), owed, payment.amount)], movement=payment.id, act="payment.returned")
    advance(payment, to=PAYMENT.move(payment.state, "send_back", by="provider"), paid=payment.amount, returned=payment.amount, paid_at=turn.now)
    ask(turn, order, {payment.id: payment.amount}, kind="refund")


def release(turn: Turn, order: Order, amount: int, *, receipt: UUID, by: str, last: bool) -> None:
    """`amount` of what is held goes to the supplier, from the first stages first; with the `last` of it payments and stages are settled."""
    payments = held_payments(turn, order)
    parts = take(payments, amount)
    if parts:
        _post(turn, order, [Move(book.escrow(order.id), book.payable(order.supplier_id), amount)], movement=receipt, act="receipt.confirmed")
        ask(turn, order, parts, kind="release")
    if last:
        advance_all(payments, to=PAYMENT.move("held", "release", by=by), released=F("paid"))
        settle_stages(turn, order, len(payments), by=by)
    elif parts:
        with connection.cursor() as cursor:
            cursor.execute(RELEASE, [list(parts), list(parts.values()), turn.conversation])


def settle_stages(turn: Turn, order: Order, number: int, *, by: str) -> None:
    """Every held stage is released: as many as there are payments that held. Raises Refused when that is not so."""
    held = Stage.objects.of(turn.conversation).filter(order=order, state="held")
    if held.update(state=STAGE.move("held", "release", by=by)) != number:
        raise Refused("changed-meanwhile", _("This has just changed. Look again, then decide."))


def return_all(turn: Turn, order: Order) -> int:
    """Everything held goes back to the buyer; how much that is."""
    payments = held_payments(turn, order)
    parts = take(payments, sum(rest(one) for one in payments))
    _post(turn, order, [Move(book.escrow(order.id), book.refundable(order.buyer_id), sum(parts.values()))], movement=order.id, act="order.cancelled")
    advance_all(payments, to=PAYMENT.move("held", "return", by="supplier"), returned=F("paid") - F("released"))
    ask(turn, order, parts, kind="refund")
    return sum(parts.values())


def rest(payment: Payment) -> int:
    """What of a payment is still held."""
    return payment.paid - payment.released - payment.returned


def held_payments(turn: Turn, order: Order) -> list[Payment]:
    """The payments that hold money for an order, first stage first."""
    return list(Payment.objects.of(turn.conversation).filter(order=order, state="held").order_by("stage__n"))


def take(payments: Sequence[Payment], amount: int) -> dict[UUID, int]:
    """`amount` spread over what the payments hold, in their order. Raises ValueError when they hold less."""
    parts: dict[UUID, int] = {}
    for payment in payments:
        part = min(rest(payment), amount)
        if part > 0:
            parts[payment.id] = part
            amount -= part
    if amount:
        raise ValueError("less is held than is to leave")
    return parts


def ask(turn: Turn, order: Order, parts: dict[UUID, int], *, kind: str) -> None:
    """Write down what the provider shall do, and have it done after the commit."""
    to = order.supplier_id if kind == "release" else order.buyer_id
    rows = [
        Payout(id=new_id(), conversation_id=turn.conversation, payment_id=payment, order_id=order.id, company_id=to, kind=kind, amount=amount,
               currency=order.currency, asked_at=turn.now)
        for payment, amount in parts.items()
    ]  # fmt: skip
    Payout.objects.bulk_create(rows)
    for row in rows:
        turn.effect("payment.payout" if kind == "release" else "payment.refund", {"payout": str(row.id)})


def paid_out(turn: Turn, payout: Payout, provider: str) -> None:
    """The provider did it: what we owed is settled, and his account with us is smaller by that."""
    owed = book.payable(payout.company_id) if payout.kind == "release" else book.refundable(payout.company_id)
    movement = Movement(payout.id, payout.currency, f"payout.{payout.kind}", payout.order_id, turn.now)
    book.post(turn.conversation, [Move(owed, book.clearing(provider), payout.amount)], movement=movement)
    advance(payout, to="done", done_at=turn.now)


def _post(turn: Turn, order: Order, moves: list[Move], *, movement: UUID, act: str) -> None:
    book.post(turn.conversation, moves, movement=Movement(movement, order.currency, act, order.id, turn.now))
