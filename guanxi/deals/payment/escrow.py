"""Money into escrow, out of it to the supplier, out of it back to the buyer: rows, book and what the provider is asked, together.

Every function runs inside a turn. Amounts in minor units of the order's currency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.base.db import advance, advance_all
from guanxi.base.errors import Refused
from guanxi.base.ids import new_id
from guanxi.base.written import written
from guanxi.deals.order.table import Order, Stage
from guanxi.deals.payment.rules import PAYMENT, STAGE
from guanxi.deals.payment.table import Payment, Payout
from guanxi.pay import book
from guanxi.pay.book import Move, Movement
from guanxi.talk.turn import Turn

MOVE = """
    UPDATE deals_payment p SET {column} = p.{column} + v.amount FROM unnest(%s::uuid[], %s::bigint[]) AS v(id, amount)
    WHERE p.conversation_id = %s AND p.id = v.id AND p.state = 'held'
"""
FROZEN = _("There is a dispute about this order: nothing moves until it is settled.")


@dataclass(frozen=True, slots=True)
class Cause:
    """Why held money leaves: `id` names the movement in the book (a receipt, a cancelled order, a settled dispute), `act` is the kind of its entry.

    `dispute`: the dispute whose outcome this is; only that one may move what it froze (quality.md M14).
    """

    id: UUID
    act: str
    by: str
    dispute: UUID | None = None


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


def release(turn: Turn, order: Order, amount: int, *, cause: Cause) -> None:
    """`amount` of what is held goes to the supplier, from the first stages first; the rest stays held. Raises Refused while it is frozen."""
    check_frozen(order, cause)
    if parts := take(held_payments(turn, order), amount):
        _post(turn, order, [Move(book.escrow(order.id), book.payable(order.supplier_id), amount)], movement=cause.id, act=cause.act)
        move(turn, parts, column="released")
        ask(turn, order, parts, kind="release")


def refund(turn: Turn, order: Order, amount: int, *, cause: Cause) -> None:
    """`amount` of what is held goes back to the buyer, from the last stages first; the rest stays held. Raises Refused while it is frozen."""
    check_frozen(order, cause)
    give(turn, order, take(held_payments(turn, order)[::-1], amount), cause=cause)


def give(turn: Turn, order: Order, parts: dict[UUID, int], *, cause: Cause) -> None:
    """These parts of held payments go back to the buyer; they stay held for the rest."""
    if amount := sum(parts.values()):
        _post(turn, order, [Move(book.escrow(order.id), book.refundable(order.buyer_id), amount)], movement=cause.id, act=cause.act)
        move(turn, parts, column="returned")
        ask(turn, order, parts, kind="refund")


def settle(turn: Turn, order: Order, *, release: int, refund: int, cause: Cause) -> None:
    """The end of the hold: these two amounts are all that is held, one for the supplier, one for the buyer; payments and stages are settled.

    Raises Refused while it is frozen, ValueError when the amounts are not what is held.
    """
    check_frozen(order, cause)
    payments = held_payments(turn, order)
    out = take(payments, release)
    back = take(payments[::-1], refund, less=out)
    if sum(rest(one) for one in payments) != release + refund:
        raise ValueError("what leaves is not what is held")
    sides = ((book.payable(order.supplier_id), release), (book.refundable(order.buyer_id), refund))
    if moves := [Move(book.escrow(order.id), side, amount) for side, amount in sides if amount]:
        _post(turn, order, moves, movement=cause.id, act=cause.act)
    close(turn, payments, out, back, by=cause.by)
    settle_stages(turn, order, len(payments), to=STAGE.move("held", way(order.released + release, order.returned + refund), by=cause.by))
    ask(turn, order, out, kind="release")
    ask(turn, order, back, kind="refund")


def return_all(turn: Turn, order: Order, *, cause: Cause) -> int:
    """Everything held goes back to the buyer; how much that is. The stages are closed by who cancels."""
    check_frozen(order, cause)
    payments = held_payments(turn, order)
    parts = take(payments, sum(rest(one) for one in payments))
    if parts:
        _post(turn, order, [Move(book.escrow(order.id), book.refundable(order.buyer_id), sum(parts.values()))], movement=cause.id, act=cause.act)
    close(turn, payments, {}, parts, by=cause.by)
    ask(turn, order, parts, kind="refund")
    return sum(parts.values())


def check_frozen(order: Order, cause: Cause) -> None:
    """Raises Refused when a dispute froze the money and this is not its outcome."""
    if order.dispute_id is not None and order.dispute_id != cause.dispute:
        raise Refused("order-disputed", FROZEN)


def way(released: int, returned: int) -> str:
    """The act of the machines of money and stages: everything to the supplier, everything to the buyer, or both."""
    return "settle" if released and returned else "return" if returned else "release"


def close(turn: Turn, payments: Sequence[Payment], out: dict[UUID, int], back: dict[UUID, int], *, by: str) -> None:
    """Nothing of these payments is held any more: `out` went to the supplier, `back` to the buyer."""
    to = PAYMENT.move("held", "settle", by=by)
    if not back:
        advance_all(payments, to=to, released=F("paid") - F("returned"))
    elif not out:
        advance_all(payments, to=to, returned=F("paid") - F("released"))
    else:
        move(turn, out, column="released")
        advance_all(payments, to=to, returned=F("paid") - F("released"))


def move(turn: Turn, parts: dict[UUID, int], *, column: str) -> None:
    """Add to `released` or `returned` of payments that stay held."""
    with connection.cursor() as cursor:
        cursor.execute(MOVE.format(column=column), [list(parts), list(parts.values()), turn.conversation])


def settle_stages(turn: Turn, order: Order, number: int, *, to: str) -> None:
    """Every held stage ends: as many as there are payments that held. Raises Refused when that is not so."""
    if Stage.objects.of(turn.conversation).filter(order=order, state="held").update(state=to) != number:
        raise Refused("changed-meanwhile", _("This has just changed. Look again, then decide."))


def held(turn: Turn, order: Order) -> int:
    """What is held for an order now."""
    return sum(rest(one) for one in held_payments(turn, order))


def rest(payment: Payment) -> int:
    """What of a payment is still held."""
    return payment.paid - payment.released - payment.returned


def held_payments(turn: Turn, order: Order) -> list[Payment]:
    """The payments that hold money for an order, first stage first."""
    return _held_payments(turn.conversation, order.id)


@written
def _held_payments(where: UUID, order: UUID) -> QuerySet[Payment]:
    return Payment.objects.of(where).filter(order_id=order, state="held").order_by("stage__n")


def take(payments: Sequence[Payment], amount: int, *, less: Mapping[UUID, int] = MappingProxyType({})) -> dict[UUID, int]:
    """`amount` spread over what the payments hold beside `less`, in their order. Raises ValueError when they hold not so much."""
    parts: dict[UUID, int] = {}
    for payment in payments:
        part = min(rest(payment) - less.get(payment.id, 0), amount)
        if part > 0:
            parts[payment.id] = part
            amount -= part
    if amount:
        raise ValueError("less is held than is to leave")
    return parts


def ask(turn: Turn, order: Order, parts: dict[UUID, int], *, kind: str) -> None:
    """Write down what the provider shall do, and have it done after the commit."""
    to = order.supplier_id if kind == "release" else order.buyer_id
    if not parts:
        return
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
