"""Paying an order's stages into escrow, hearing from the provider, and cancelling with or without money in it."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from guanxi.base.db import advance
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.base.ids import new_id
from guanxi.deals.order.find import Case, get_case, sided_case, stages_of
from guanxi.deals.order.rules import TRANSFER_OPEN, phase
from guanxi.deals.order.table import Stage
from guanxi.deals.payment import cancelling, hearing
from guanxi.deals.payment.rules import ASK_AFTER, PAY_WITHIN, PAYMENT
from guanxi.deals.payment.table import Payment
from guanxi.pay.port import Event
from guanxi.talk.call import Call
from guanxi.talk.turn import Turn, turn


def pay(call: Call, *, order_id: UUID, stage: int | None = None, provider: str = "", amount: int | None = None) -> dict[str, Any]:
    """Start to pay the first open stage. `amount`, minor units, is what the payer saw: refused when the stage's is another.

    Raises NotFound, Refused, Invalid. The provider says when the money is held; nothing is held before.
    """
    with turn(call) as t:
        t.require("pay")
        case = get_case(t, order_id)
        case.may("pay")
        due = stage_to_pay(case, stage, amount)
        made = open_payment(case, due, provider_named(provider))
        t.effect("payment.start", {"payment": str(made.id)})
        t.effect("payment.expire", {"payment": str(made.id)}, due_at=made.expires_at)
        t.result |= {"payment": str(made.id), **case.ids()}
    return t.result


def stage_to_pay(case: Case, n: int | None, amount: int | None) -> Stage:
    """The first stage that is due; `n` and `amount` must agree with it."""
    if case.order.cancel_asked_at:
        raise Refused("cancel-asked", _("You asked to cancel this order; the supplier has not answered yet."))
    stages = stages_of(case.turn.conversation, case.order.id)
    due = next(stage for stage in stages if stage.state == "due")
    if n is not None and n != due.n:
        raise wrong_stage(stages, n)
    if amount is not None and amount != due.amount:
        raise Refused("stale", _("The amount is another one by now. Look at it, then decide."))
    if due.received:
        raise Refused("paid-in-part", _("A part of this stage came by bank transfer: the rest is paid the same way."))
    if case.order.transfers.filter(state__in=TRANSFER_OPEN).exists():
        raise Refused("transfer-under-way", _("A transfer is under way. Settle it first."))
    if Payment.objects.of(case.turn.conversation).filter(stage=due, state__in=("starting", "pending")).exists():
        raise Refused("payment-under-way", _("A payment of this stage is under way. Finish it, or wait until it runs out."))
    return due


def wrong_stage(stages: list[Stage], n: int) -> Refused | Invalid:
    """Why this stage cannot be paid now."""
    state = next((stage.state for stage in stages if stage.n == n), None)
    if state is None:
        return Invalid({"stage": _("There is no such stage.")})
    if state == "due":
        return Refused("earlier-stage", _("An earlier stage is not paid yet."))
    return Refused(f"stage-{state}", _("This stage is paid already."))


def provider_named(name: str) -> str:
    """The provider the payer chose, or the only one. Raises Invalid for one the operator does not use."""
    name = name or next(iter(settings.PROVIDERS), "")
    if name not in settings.PROVIDERS:
        raise Invalid({"provider": _("This way of paying is not offered here.")})
    return name


def open_payment(case: Case, stage: Stage, provider: str) -> Payment:
    """The row of a payment that begins now."""
    call, order = case.turn.call, case.order
    if call.person is None:
        raise NotFound
    return Payment.objects.create(
        id=new_id(), conversation_id=case.turn.conversation, order=order, stage=stage, provider=provider, amount=stage.amount, currency=order.currency,
        payer_id=call.person, payer_name=call.name, started_at=call.now, expires_at=call.now + PAY_WITHIN,
    )  # fmt: skip


def started(call: Call, *, payment_id: UUID, reference: str, next_step: dict[str, Any]) -> dict[str, Any]:
    """The provider knows the payment and says where the payer goes. Nothing when news was faster."""
    with turn(call) as t:
        payment = get_payment(t, payment_id)
        if payment.state == "starting":
            advance(payment, to=PAYMENT.move(payment.state, "begin", by="provider"), reference=reference, next_step=next_step)
            for wait in ASK_AFTER:
                t.effect("payment.poll", {"payment": str(payment.id)}, due_at=call.now + wait)
        t.result |= {"payment": str(payment.id)}
    return t.result


def settle(call: Call, *, event: Event, kept: UUID | None = None) -> dict[str, Any]:
    """Verified news of a provider, by webhook or because we asked; again and again the same news changes nothing (quality.md M10-M12).

    `kept` is the row of the raw event. Answers {outcome: applied | repeated | suspense}.
    """
    with turn(call) as t:
        outcome = hearing.hear(t, event)
        hearing.close_event(kept, outcome, now=call.now)
        t.result |= {"outcome": outcome}
    return t.result


def expire(call: Call, *, payment_id: UUID) -> dict[str, Any]:
    """By the clock: a payment nobody finished. Early, late or again, it does nothing when nothing is due (quality.md M21)."""
    with turn(call) as t:
        payment = get_payment(t, payment_id)
        if payment.state in ("starting", "pending") and payment.expires_at <= call.now:
            advance(payment, to=PAYMENT.move(payment.state, "expire", by="clock"))
        t.result |= {"payment": str(payment.id)}
    return t.result


def cancel(call: Call, *, order_id: UUID, reason: str = "") -> dict[str, Any]:
    """Unpaid, either side; paid and unshipped, the supplier alone, and everything goes back; shipped, nobody (design.md section 6)."""
    with turn(call) as t:
        case = sided_case(t, order_id)
        if case.by == "buyer" and phase(case.order) in ("part-paid", "paid"):
            raise Refused("consent-needed", _("You have paid already: ask the supplier to agree to cancelling."))
        case.may("cancel")
        cancelling.cancel(case, reason=reason)
        t.result |= case.ids()
    return t.result


def cancel_agree(call: Call, *, order_id: UUID) -> dict[str, Any]:
    """The supplier agrees to the buyer's wish to cancel: everything goes back."""
    with turn(call) as t:
        t.require("sell")
        case = get_case(t, order_id)
        case.may("cancel_agree")
        if case.order.cancel_asked_at is None:
            raise Refused("not-asked", _("Nobody asked to cancel this order."))
        cancelling.cancel(case, reason="", agreed=True)
        t.result |= case.ids()
    return t.result


def get_payment(turn: Turn, payment_id: UUID) -> Payment:
    """The payment in this conversation. Raises NotFound."""
    payment = Payment.objects.of(turn.conversation).filter(pk=payment_id).select_related("stage", "order").first()
    if payment is None:
        raise NotFound
    return payment
