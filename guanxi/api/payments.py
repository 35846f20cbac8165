"""Payments, and the demo provider's buttons."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from guanxi.api.conversations import reach
from guanxi.api.door import company_of, key_of, need_scope, viewer_of
from guanxi.api.shape import Amount, Given, Problem, amount, public, split_public, when
from guanxi.base import clock
from guanxi.base.errors import NotFound
from guanxi.deals.order.table import Order
from guanxi.deals.payment.events import play as play_payer
from guanxi.deals.payment.table import Payment
from guanxi.people.roles import require

router = Router(tags=["payments"])


class PaymentShown(Schema):
    """`state` starting, pending, held, failed, expired, closed. held = paid - released - returned."""

    id: str
    order: str
    provider: str
    state: str
    amount: Amount
    held: Amount
    released: Amount
    returned: Amount
    next_step: dict
    expires_at: str


class OutcomeGiven(Given):
    outcome: str = Field(pattern="^(approve|fail|delay|duplicate|wrong_amount)$", examples=["approve"])


@router.get("/payments/{payment_id}", response={200: PaymentShown, 404: Problem}, summary="One payment")
def payment(request: HttpRequest, payment_id: str) -> dict:
    need_scope(request, "read")
    conversation, own = split_public(payment_id)
    return one(reach(request, conversation), own)


@router.post("/payments/{payment_id}/sandbox", response={200: PaymentShown, 404: Problem, 409: Problem, 422: Problem}, summary="Play the payer (demo)")
def play(request: HttpRequest, payment_id: str, given: OutcomeGiven) -> dict:
    """Only for payments through the sandbox, only for the buyer: what the payer would press on the provider's page."""
    need_scope(request, "trade")
    key_of(request)
    conversation, own = split_public(payment_id)
    found = Payment.objects.find(reach(request, conversation), own)
    if found is None or not Order.objects.of(conversation).filter(id=found.order_id, buyer_id=company_of(request)).exists():
        raise NotFound
    require(viewer_of(request).role, "pay")
    play_payer(conversation, own, given.outcome, now=clock.now())
    return one(conversation, own)


def one(conversation: UUID, own: UUID) -> dict:
    row = Payment.objects.find(conversation, own)
    if row is None:
        raise NotFound
    return {
        "id": public(conversation, row.id), "order": public(conversation, row.order_id), "provider": row.provider, "state": row.state,
        "amount": amount(row.amount, row.currency), "held": amount(row.paid - row.released - row.returned, row.currency),
        "released": amount(row.released, row.currency), "returned": amount(row.returned, row.currency),
        "next_step": row.next_step, "expires_at": when(row.expires_at),
    }  # fmt: skip
