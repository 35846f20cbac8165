"""Changing an order by mutual consent: propose, look, answer."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from guanxi.api.conversations import reach
from guanxi.api.door import need_scope, submit
from guanxi.api.shape import Amount, Decimals, Given, Line, Problem, Text, amount, public, split_public, when
from guanxi.base.errors import NotFound
from guanxi.deals.change.forms import ACTS
from guanxi.deals.change.table import Change
from guanxi.deals.order.table import Order

router = Router(tags=["orders"])
ERRORS = {404: Problem, 409: Problem, 422: Problem}


class LineGiven(Given):
    n: int = Field(ge=1, le=10_000)
    quantity: Decimals | None = Field(None, description="0 drops the line; as it is, if not given")
    price: Decimals | None = None


class StageGiven(Given):
    name: Line = "part"
    percent: Decimals = Field(description="Of what is not paid yet")
    days: int | None = Field(None, ge=0, le=365)


class ChangeGiven(Given):
    """Only what shall be otherwise."""

    lines: list[LineGiven] = Field(default=[], max_length=2000)
    freight: int | None = Field(None, ge=0, le=10**15, description="Minor units")
    ship_by: str = Field("", max_length=10, examples=["2026-12-05"])
    stages: list[StageGiven] = Field(default=[], max_length=5)
    note: Text = ""


class ReasonGiven(Given):
    reason: Line = ""


class LineShown(Schema):
    n: int
    name: str
    spec: str
    unit: str
    quantity: str
    price: str
    total: int


class ChangeShown(Schema):
    """Proposal `n` of an order: `state` open, accepted, declined, withdrawn, replaced, expired. `lines` as they would be; `was` as they were."""

    id: str
    order: str
    n: int
    state: str
    side: str
    by_name: str
    lines: list[LineShown]
    was: dict
    freight: Amount
    total: Amount
    ship_by: str
    note: str
    expires_at: str
    at: str


class ChangesShown(Schema):
    items: list[ChangeShown]


@router.post("/orders/{order_id}/changes", response={200: ChangeShown, **ERRORS}, summary="Propose a change of an order")
def propose(request: HttpRequest, order_id: str, given: ChangeGiven) -> dict:
    """The order stands as it is until the other side accepts. A newer proposal of your side comes instead of its open one."""
    conversation, own = split_public(order_id)
    made = submit(request, ACTS["propose"], given.model_dump(exclude_none=True), conversation=conversation, order_id=own)
    return one(conversation, UUID(made["change"]))


@router.get("/orders/{order_id}/changes", response={200: ChangesShown, **ERRORS}, summary="Every proposed change of an order, newest first")
def of_order(request: HttpRequest, order_id: str) -> dict:
    need_scope(request, "read")
    conversation, own = split_public(order_id)
    order = Order.objects.of(reach(request, conversation)).filter(pk=own).first()
    if order is None:
        raise NotFound
    found = Change.objects.of(conversation).filter(order=order).order_by("-n")[:200]
    return {"items": [shown(row, order.currency) for row in found]}


@router.post("/changes/{change_id}/accept", response={200: ChangeShown, **ERRORS}, summary="Accept: the order has its next version")
def accept(request: HttpRequest, change_id: str) -> dict:
    """Stages not paid follow the new total, what is held above it goes back, and a contract that stood is drawn up anew."""
    conversation, own = split_public(change_id)
    submit(request, ACTS["accept"], {}, conversation=conversation, change_id=own)
    return one(conversation, own)


@router.post("/changes/{change_id}/decline", response={200: ChangeShown, **ERRORS}, summary="Decline a change")
def decline(request: HttpRequest, change_id: str, given: ReasonGiven) -> dict:
    return end(request, "decline", change_id, given.model_dump())


@router.post("/changes/{change_id}/withdraw", response={200: ChangeShown, **ERRORS}, summary="Take back your proposal")
def withdraw(request: HttpRequest, change_id: str) -> dict:
    return end(request, "withdraw", change_id, {})


def end(request: HttpRequest, act: str, change_id: str, data: dict) -> dict:
    conversation, own = split_public(change_id)
    submit(request, ACTS[act], data, conversation=conversation, change_id=own)
    return one(conversation, own)


def one(conversation: UUID, own: UUID) -> dict:
    found = Change.objects.of(conversation).filter(pk=own).select_related("order").first()
    if found is None:
        raise NotFound
    return shown(found, found.order.currency)


def shown(row: Change, currency: str) -> dict:
    return {
        "id": public(row.conversation_id, row.id), "order": public(row.conversation_id, row.order_id), "n": row.n, "state": row.state, "side": row.side,
        "by_name": row.by_name, "lines": row.terms["lines"], "was": row.terms["was"], "freight": amount(row.freight, currency),
        "total": amount(row.total, currency), "ship_by": when(row.ship_by), "note": row.note, "expires_at": when(row.expires_at), "at": when(row.at),
    }  # fmt: skip
