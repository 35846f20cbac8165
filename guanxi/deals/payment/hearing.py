"""What provider's news do, inside a turn: believe only what equals our request, hold, send back, fail, or leave it to a person."""

import hashlib
from datetime import datetime
from uuid import UUID

from guanxi.base.db import advance
from guanxi.base.ids import find_id, new_id
from guanxi.deals.deal import panel
from guanxi.deals.deal.table import Deal
from guanxi.deals.order.rules import MONEY
from guanxi.deals.order.table import Order, Stage
from guanxi.deals.payment import escrow
from guanxi.deals.payment.rules import ARRIVES_IN, PAYMENT
from guanxi.deals.payment.table import Payment, Payout
from guanxi.pay.port import Event, find_provider
from guanxi.pay.table import ProviderEvent, Suspense
from guanxi.talk.turn import Turn

NOBODY = UUID(int=0)  # a number that is no id of ours


def hear(turn: Turn, event: Event) -> str:
    """Do what the news ask for; `applied`, `repeated` or `suspense`."""
    if event.kind in ("released", "refunded"):
        return hear_of_payout(turn, event)
    payment = Payment.objects.of(turn.conversation).filter(pk=find_id(event.number) or NOBODY).select_related("stage", "order").first()
    if payment is None or (doubt := doubt_about(payment, event)):
        return suspend(event, "unknown" if payment is None else doubt, now=turn.now)
    if event.kind == "failed":
        return fail(turn, payment, "declined")
    if payment.state not in ARRIVES_IN:
        return "repeated"
    if event.amount != payment.amount:
        fail(turn, payment, "wrong-amount")
        return suspend(event, "amount", now=turn.now)
    return arrive(turn, payment, event)


def doubt_about(payment: Payment, event: Event) -> str:
    """Why these cannot be news of this payment, or nothing."""
    if event.provider != payment.provider or event.merchant != find_provider(payment.provider).merchant:
        return "merchant"
    if payment.reference and event.reference != payment.reference:
        return "reference"
    return "currency" if event.currency != payment.currency else ""


def arrive(turn: Turn, payment: Payment, event: Event) -> str:
    """Verified money is here. It is held when its order and stage still wait for it, and goes back otherwise."""
    order, stage = payment.order, payment.stage
    deal = Deal.objects.of(turn.conversation).get(pk=order.deal_id)
    payment.reference = payment.reference or event.reference
    if order.state == "placed" and stage.state == "due" and not stage.received and payment.amount == stage.amount and order.dispute_id is None:
        escrow.hold(turn, order, stage, payment)
        tell_held(turn, deal, order, payment)
    else:
        escrow.send_back(turn, order, payment)
        turn.add("payment.returned", picture(order, payment) | {"reason": "disputed" if order.dispute_id else "late"}, about=deal.id)
        stay(turn, deal)
    return "applied"


def tell_held(turn: Turn, deal: Deal, order: Order, payment: Payment) -> None:
    """The order's money column, the entry, and whose turn it is now."""
    stages = list(Stage.objects.of(turn.conversation).filter(order=order).order_by("n"))
    due = next((stage for stage in stages if stage.state == "due"), None)
    advance(order, field="money", to=MONEY.move(order.money, "hold" if due else "fill", by="provider"))
    held = sum(stage.amount - stage.surplus for stage in stages if stage.state == "held")
    body = picture(order, payment) | {"held": held, "all": due is None, "ship_by": order.ship_by.isoformat()}
    if due:
        body["next"] = {"n": due.n, "name": due.name, "amount": due.amount, "due_at": due.due_at.isoformat()}
    turn.add("payment.held", body, about=deal.id)
    if due:
        panel.refresh(turn, deal, step="pay", turn_name="pay", turn_company=order.buyer_id, due_at=due.due_at)
    elif order.cancel_asked_at:
        stay(turn, deal)
    else:
        panel.refresh(turn, deal, step="ship", turn_name="ship", turn_company=order.supplier_id, due_at=order.ship_by)


def fail(turn: Turn, payment: Payment, reason: str) -> str:
    """The payer may try again; the stage stays due."""
    if payment.state not in ("starting", "pending"):
        return "repeated"
    advance(payment, to=PAYMENT.move(payment.state, "fail", by="provider"))
    deal = Deal.objects.of(turn.conversation).get(pk=payment.order.deal_id)
    turn.add("payment.failed", picture(payment.order, payment) | {"reason": reason}, about=deal.id)
    stay(turn, deal)
    return "applied"


def hear_of_payout(turn: Turn, event: Event) -> str:
    """Money left the provider as we asked."""
    payout = Payout.objects.of(turn.conversation).filter(pk=find_id(event.number) or NOBODY).select_related("payment").first()
    asked = {"release": "released", "refund": "refunded"}
    if payout is None or asked[payout.kind] != event.kind:
        return suspend(event, "unknown", now=turn.now)
    if doubt := doubt_about(payout.payment, event) or ("amount" if event.amount != payout.amount else ""):
        return suspend(event, doubt, now=turn.now)
    if payout.state == "done":
        return "repeated"
    escrow.paid_out(turn, payout, payout.payment.provider)
    return "applied"


def stay(turn: Turn, deal: Deal) -> None:
    """The entry is shown, and the same side stays at turn."""
    panel.refresh(turn, deal, turn_name=deal.turn, turn_company=deal.turn_company, due_at=deal.due_at)


def picture(order: Order, payment: Payment) -> dict[str, object]:
    """What every entry about a payment holds."""
    stage = payment.stage
    return {
        "v": 1, "order": str(order.id), "number": order.number, "title": order.title, "payment": str(payment.id), "provider": payment.provider,
        "stage": {"n": stage.n, "name": stage.name, "percent": f"{stage.percent.normalize():f}"},
        "amount": payment.amount, "total": order.total, "currency": order.currency,
    }  # fmt: skip


def suspend(event: Event, reason: str, *, now: datetime) -> str:
    """Money or news that fit nothing we asked for: a person looks at it. The same claim is kept once, however often it comes."""
    claim = hashlib.sha256(f"{event.kind}|{event.number}|{event.amount}|{event.currency}|{event.reference}|{event.merchant}".encode()).hexdigest()
    Suspense.objects.bulk_create(
        [Suspense(id=new_id(), provider=event.provider, event_id=claim, reason=reason, amount=event.amount, currency=event.currency[:3],
                  payment_id=find_id(event.number), at=now)],
        ignore_conflicts=True,
    )  # fmt: skip
    return "suspense"


def close_event(kept: UUID | None, outcome: str, *, now: datetime) -> None:
    """Note at the raw event what became of it."""
    if kept is not None:
        ProviderEvent.objects.filter(pk=kept).update(outcome=outcome, handled_at=now)
