"""Orders: look, pay, ship, receive, cancel, review."""

from operator import attrgetter
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from guanxi.api import payments
from guanxi.api.conversations import reach
from guanxi.api.door import company_of, need_scope, submit
from guanxi.api.paging import page
from guanxi.api.shape import Amount, Decimals, Given, Line, Problem, Text, amount, public, split_public, when
from guanxi.base.errors import NotFound
from guanxi.base.written import by, written
from guanxi.deals.order.forms import ACTS
from guanxi.deals.order.table import Order, OrderLine, Stage
from guanxi.deals.payment.forms import ACTS as PAYMENT
from guanxi.deals.payment.table import Payment
from guanxi.deals.review.forms import ACTS as REVIEW
from guanxi.deals.shipment.forms import ACTS as SHIPMENT
from guanxi.talk.form import Form

router = Router(tags=["orders"])
ERRORS = {404: Problem, 409: Problem, 422: Problem}


class PayGiven(Given):
    provider: str = Field("", max_length=20, examples=["sandbox"])
    stage: int | None = Field(None, ge=1, le=5, description="The first that is due, if not given")
    amount: int | None = Field(None, ge=1, le=10**15, description="What the payer saw; refused when it is another")


class PartGiven(Given):
    n: int = Field(ge=1, le=10_000)
    quantity: Decimals


class FoundGiven(PartGiven):
    """`quantity` is what is good; what is short or damaged is sent again, and its money stays held."""

    short: Decimals = "0"
    damaged: Decimals = "0"


class ShipGiven(Given):
    carrier: Line = Field(examples=["顺丰"])
    waybill: Line = ""
    note: Text = ""
    lines: list[PartGiven] | None = Field(None, description="All that is left, if not given")
    photos: list[str] = Field(default=[], max_length=9)
    final: bool = Field(False, description="Nothing follows: what is left is within the tolerance agreed")


class ReceiveGiven(Given):
    lines: list[FoundGiven] | None = Field(None, description="All that was shipped, if not given")
    note: Text = ""
    photos: list[str] = Field(default=[], max_length=9)


class ReasonGiven(Given):
    reason: Line = ""


class ReviewGiven(Given):
    stars: int = Field(ge=1, le=5)
    text: Text = ""


class OrderLineShown(Schema):
    n: int
    name: str
    spec: str
    unit: str
    quantity: str
    unit_price: str
    total: int
    shipped: str
    received: str
    lost: str
    returned: str


class StageShown(Schema):
    n: int
    name: str
    amount: Amount
    due_at: str
    state: str


class OrderShown(Schema):
    """Three small machines: `state` placed, completed, cancelled; `money` none, part, held, released, refunded, settled; `goods_state` none, part,
    sent, arrived. `dispute`: the one that freezes it now, or null."""

    id: str
    conversation: str
    deal: str
    number: str
    title: str
    buyer: str
    supplier: str
    state: str
    money: str
    goods_state: str
    total: Amount
    held: Amount
    released: Amount
    returned: Amount
    dispute: str | None
    placed_at: str
    release_at: str | None
    lines: list[OrderLineShown]
    stages: list[StageShown]


class OrdersShown(Schema):
    items: list[OrderShown]
    next: str | None


@router.get("/orders", response={200: OrdersShown, 422: Problem}, summary="Orders you buy or supply")
def orders(request: HttpRequest, cursor: str = "", limit: int = 50) -> dict:
    need_scope(request, "read")
    company = company_of(request)
    rows = with_held(Order.objects.filter(Q(buyer_id=company) | Q(supplier_id=company)))
    found, more = page(rows, by="placed_at", cursor=cursor, limit=limit)
    return {"items": shown(found), "next": more}


@router.get("/orders/{order_id}", response={200: OrderShown, **ERRORS}, summary="One order")
def order(request: HttpRequest, order_id: str) -> dict:
    need_scope(request, "read")
    conversation, own = split_public(order_id)
    return one(reach(request, conversation), own)


@router.post("/orders/{order_id}/pay", response={200: payments.PaymentShown, **ERRORS}, summary="Pay a stage into escrow")
def pay(request: HttpRequest, order_id: str, given: PayGiven) -> dict:
    """Starts a payment; the provider says when the money is held."""
    conversation, own = split_public(order_id)
    made = submit(request, PAYMENT["pay"], given.model_dump(exclude_none=True), conversation=conversation, order_id=own)
    return payments.one(conversation, UUID(made["payment"]))


@router.post("/orders/{order_id}/ship", response={200: OrderShown, **ERRORS}, summary="Ship, whole or in part")
def ship(request: HttpRequest, order_id: str, given: ShipGiven) -> dict:
    return done(request, SHIPMENT["ship"], order_id, given)


@router.post("/orders/{order_id}/receive", response={200: OrderShown, **ERRORS}, summary="Confirm receipt, whole or in part: releases money in proportion")
def receive(request: HttpRequest, order_id: str, given: ReceiveGiven) -> dict:
    return done(request, SHIPMENT["receive"], order_id, given)


@router.post("/orders/{order_id}/extend", response={200: OrderShown, **ERRORS}, summary="Three more days before release, once")
def extend(request: HttpRequest, order_id: str) -> dict:
    return done(request, SHIPMENT["extend"], order_id, None)


@router.post("/orders/{order_id}/cancel", response={200: OrderShown, **ERRORS}, summary="Cancel; what was paid goes back")
def cancel(request: HttpRequest, order_id: str, given: ReasonGiven) -> dict:
    return done(request, PAYMENT["cancel"], order_id, given)


@router.post("/orders/{order_id}/cancel_ask", response={200: OrderShown, **ERRORS}, summary="Ask the supplier to agree to cancelling")
def cancel_ask(request: HttpRequest, order_id: str, given: ReasonGiven) -> dict:
    return done(request, ACTS["cancel_ask"], order_id, given)


@router.post("/orders/{order_id}/cancel_agree", response={200: OrderShown, **ERRORS}, summary="Agree to cancelling")
def cancel_agree(request: HttpRequest, order_id: str) -> dict:
    return done(request, PAYMENT["cancel_agree"], order_id, None)


@router.post("/orders/{order_id}/cancel_refuse", response={200: OrderShown, **ERRORS}, summary="Refuse to cancel")
def cancel_refuse(request: HttpRequest, order_id: str, given: ReasonGiven) -> dict:
    return done(request, ACTS["cancel_refuse"], order_id, given)


@router.post("/orders/{order_id}/review", response={200: OrderShown, **ERRORS}, summary="Stars and words for the other side, once")
def review(request: HttpRequest, order_id: str, given: ReviewGiven) -> dict:
    return done(request, REVIEW["give"], order_id, given)


class WordsGiven(Given):
    text: Text


@router.post("/orders/{order_id}/review/answer", response={200: OrderShown, **ERRORS}, summary="Answer the other side's review, once")
def answer_review(request: HttpRequest, order_id: str, given: WordsGiven) -> dict:
    return done(request, REVIEW["answer"], order_id, given)


@router.post("/orders/{order_id}/review/report", response={200: OrderShown, **ERRORS}, summary="Report the other side's review to the operator, once")
def report_review(request: HttpRequest, order_id: str, given: WordsGiven) -> dict:
    return done(request, REVIEW["report"], order_id, given)


def done(request: HttpRequest, form: Form, order_id: str, given: Given | None) -> dict:
    """Submit an act about an order; the order as it stands after it."""
    conversation, own = split_public(order_id)
    submit(request, form, given.model_dump(exclude_none=True) if given else {}, conversation=conversation, order_id=own)
    return one(conversation, own)


def one(conversation: UUID, own: UUID) -> dict:
    found = order_of(conversation, own)
    if not found:
        raise NotFound
    return shown(found)[0]


@written
def order_of(conversation: UUID, own: UUID) -> QuerySet[Order]:
    return with_held(Order.objects.of(conversation).filter(id=own))


def with_held(rows: QuerySet[Order]) -> QuerySet[Order]:
    """Each with `held`: what providers still hold for it, minor units."""
    payments = Payment.objects.filter(conversation_id=OuterRef("conversation_id"), order_id=OuterRef("id")).order_by().values("order_id")
    return rows.annotate(held=Coalesce(Subquery(payments.annotate(rest=Sum(F("paid") - F("released") - F("returned"))).values("rest")), 0))


def shown(rows: list[Order]) -> list[dict]:
    """Orders with lines and stages, in two queries whatever their number."""
    ids = [row.id for row in rows]
    lines, stages = by(attrgetter("order_id"), lines_of(ids)), by(attrgetter("order_id"), stages_of(ids))
    return [order_shown(row, row.held, lines[row.id], stages[row.id]) for row in rows]  # type: ignore[attr-defined]


@written
def lines_of(orders: list[UUID]) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(order_id__among=orders).order_by("n")


@written
def stages_of(orders: list[UUID]) -> QuerySet[Stage]:
    return Stage.objects.filter(order_id__among=orders).order_by("n")


def order_shown(row: Order, held: int, lines: list[OrderLine], stages: list[Stage]) -> dict:
    return {
        "id": public(row.conversation_id, row.id), "conversation": str(row.conversation_id), "deal": public(row.conversation_id, row.deal_id),
        "number": row.number, "title": row.title, "buyer": str(row.buyer_id), "supplier": str(row.supplier_id),
        "state": row.state, "money": row.money, "goods_state": row.goods_state, "total": amount(row.total, row.currency),
        "held": amount(held, row.currency), "released": amount(row.released, row.currency),
        "returned": amount(row.returned, row.currency), "dispute": public(row.conversation_id, row.dispute_id) if row.dispute_id else None,
        "placed_at": when(row.placed_at), "release_at": when(row.release_at),
        "lines": [line_shown(line) for line in lines],
        "stages": [{"n": s.n, "name": s.name, "amount": amount(s.amount - s.surplus, row.currency), "due_at": when(s.due_at), "state": s.state}
            for s in stages if s.amount > s.surplus
        ],
    }  # fmt: skip


def line_shown(line: OrderLine) -> dict:
    figures = {name: f"{getattr(line, name).normalize():f}" for name in ("quantity", "unit_price", "shipped", "received", "lost", "returned")}
    return {"n": line.n, "name": line.name, "spec": line.spec, "unit": line.unit, "total": line.total, **figures}
