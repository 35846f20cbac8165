"""What we ask providers, after the commit: start, look, pay out, give back. Each may run twice and then changes nothing new."""

from datetime import datetime
from typing import Any
from uuid import UUID

from guanxi.base import milestones
from guanxi.deals.payment import acts
from guanxi.deals.payment.table import Payment, Payout
from guanxi.pay.port import Charge, Event, Final, Outgoing, Provider, find_provider, number_of
from guanxi.talk.call import Call, by_actor
from guanxi.talk.run import run

Body = dict[str, Any]


def start(conversation: UUID, body: Body, *, key: str, now: datetime) -> None:
    """Open the charge at the provider. A final no fails the payment."""
    payment = Payment.objects.of(conversation).filter(pk=body["payment"]).select_related("order").first()
    if payment is None or payment.state != "starting":
        return
    charge = Charge(number_of(payment.id), conversation.hex, payment.amount, payment.currency, payment.order.title, payment.expires_at)
    one = find_provider(payment.provider)
    try:
        opened = one.start(charge, now=now)
    except Final as error:
        settle(conversation, refused(one, payment, error, now=now), now=now)
        return
    step = {"kind": opened.next_step.kind, **opened.next_step.value}
    run(acts.started, by_provider(conversation, now), payment_id=payment.id, reference=opened.reference, next_step=step)


def refused(one: Provider, payment: Payment, error: Final, *, now: datetime) -> Event:
    """A provider's final no as news of our own: there will never be money."""
    number = number_of(payment.id)
    return Event(
        provider=one.name, id=f"refused_{number}", kind="failed", number=number, attach=payment.conversation_id.hex, amount=payment.amount,
        currency=payment.currency, merchant=one.merchant, reference=payment.reference, at=now,
    )  # fmt: skip


def poll(conversation: UUID, body: Body, *, key: str, now: datetime) -> None:
    """Ask how a payment stands: notices get lost (quality.md M10: a confirmed fetch counts as an event)."""
    payment = Payment.objects.of(conversation).filter(pk=body["payment"], state="pending").first()
    if payment is not None and (news := find_provider(payment.provider).fetch(number_of(payment.id), now=now)):
        settle(conversation, news, now=now)


def payout(conversation: UUID, body: Body, *, key: str, now: datetime) -> None:
    """Have released money paid out to the supplier."""
    move(conversation, body, "release", now=now)


def refund(conversation: UUID, body: Body, *, key: str, now: datetime) -> None:
    """Have money given back to the buyer."""
    move(conversation, body, "refund", now=now)


def move(conversation: UUID, body: Body, way: str, *, now: datetime) -> None:
    """Ask once more under the same number until it is done; what the provider answers is settled like an event."""
    row = Payout.objects.of(conversation).filter(pk=body["payout"], kind=way, state="asked").select_related("payment").first()
    if row is None:
        return
    outgoing = Outgoing(number_of(row.id), number_of(row.payment_id), conversation.hex, row.amount, row.currency)
    one = find_provider(row.payment.provider)
    try:
        news = one.release(outgoing, now=now) if way == "release" else one.refund(outgoing, now=now)
    except Final as error:  # asking again would change nothing: a person is told (operator.alarm), and may ask again once he knows why
        milestones.note(refusal(row.id), now=now, reason=error.reason, way=way)
        return
    settle(conversation, news, now=now)


def refusal(payout: UUID) -> str:
    """The name under which a provider's final no to a payout is kept."""
    return f"refused:{payout.hex}"


def settle(conversation: UUID, event: Event, *, now: datetime) -> None:
    """What we were told because we asked."""
    run(acts.settle, by_provider(conversation, now), event=event)


def by_provider(conversation: UUID, now: datetime) -> Call:
    """The provider's call in this conversation."""
    return by_actor("provider", conversation, now=now)
