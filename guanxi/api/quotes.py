"""Offers: look at one, answer it."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from guanxi.api import orders
from guanxi.api.conversations import reach
from guanxi.api.door import need_scope, submit
from guanxi.api.shape import Amount, Decimals, Given, Line, Problem, Text, amount, public, split_public, when
from guanxi.base.errors import NotFound
from guanxi.deals.order.forms import ACTS as ORDER
from guanxi.deals.quote.forms import ACTS
from guanxi.deals.quote.table import Quote

router = Router(tags=["quotes"])
ERRORS = {404: Problem, 409: Problem, 422: Problem}
Seen = Annotated[int | None, Field(default=None, ge=0, le=2**53, description="The seq you had read; refused as stale when newer things came about the deal")]


class BreakGiven(Given):
    quantity: Decimals = Field(examples=["100"], description="From this quantity on")
    price: Decimals = Field(examples=["0.42"])


class PriceGiven(Given):
    n: int = Field(ge=1, le=10_000)
    price: Decimals | None = Field(None, examples=["0.46"], description="Per unit; null: not available")
    breaks: list[BreakGiven] = Field(default=[], max_length=5, description="Rising quantities at falling prices; the price of the offered quantity is frozen")
    minimum: Decimals | None = Field(None, description="The least that is sold: the offer is for at least as much")
    name: Line = Field("", description="What is offered instead of what was asked")
    spec: Line = ""


class StageGiven(Given):
    name: Line = Field("", examples=["deposit"])
    percent: Decimals = Field(examples=["30"])
    days: int | None = Field(None, ge=0, le=365)


class TermsGiven(Given):
    lines: list[PriceGiven] = Field(max_length=2000)
    freight: int = Field(0, ge=0, le=10**15, description="Minor units")
    tax_rate: Decimals = "13"
    tax_in: bool = True
    lead_days: int = Field(7, ge=0, le=365)
    valid_until: str = Field("", max_length=40, examples=["2026-12-03T16:00:00Z"])
    stages: list[StageGiven] = Field(default=[], max_length=5)
    note: Text = ""
    tolerance: Decimals = Field("0", description="Percent that may be delivered more or less of a line: more is not charged, less is not paid for")
    sample: int | None = Field(None, ge=0, le=10**15, description="What a sample costs, minor units; 0: free; null: none offered")
    files: list[str] = Field(default=[], max_length=20, description="Your uploads, shown with the offer")
    seen: Seen = None


class SeenGiven(Given):
    seen: Seen = None
    reason: Line = ""


class InsteadShown(Schema):
    name: str
    spec: str


class BreakShown(Schema):
    quantity: str
    price: str


class PriceShown(Schema):
    """`quantity` and `price` as offered: at least `minimum`, at the break it reaches. `asked` where more is offered than was asked."""

    n: int
    name: str
    spec: str
    unit: str
    quantity: str
    price: str | None
    total: int | None
    asked: str | None = None
    minimum: str | None = None
    instead_of: InsteadShown | None = None
    base: str | None = None
    breaks: list[BreakShown] | None = None


class QuoteShown(Schema):
    """`total` = goods + freight + tax; `tax` is 0 when prices include it."""

    id: str
    deal: str
    conversation: str
    version: int
    side: str
    state: str
    goods: Amount
    freight: Amount
    tax: Amount
    total: Amount
    valid_until: str
    seq: int
    lines: list[PriceShown]
    terms: dict


@router.get("/quotes/{quote_id}", response={200: QuoteShown, **ERRORS}, summary="One offer")
def quote(request: HttpRequest, quote_id: str) -> dict:
    need_scope(request, "read")
    conversation, own = split_public(quote_id)
    return one(reach(request, conversation), own)


@router.post("/quotes/{quote_id}/counter", response={200: QuoteShown, **ERRORS}, summary="Answer with an offer of your own")
def counter(request: HttpRequest, quote_id: str, given: TermsGiven) -> dict:
    conversation, own = split_public(quote_id)
    made = submit(request, ACTS["counter"], given.model_dump(exclude={"seen"}), conversation=conversation, seen=given.seen, quote_id=own)
    return one(conversation, UUID(made["quote"]))


@router.post("/quotes/{quote_id}/accept", response={200: orders.OrderShown, **ERRORS}, summary="Accept: the terms become an order")
def accept(request: HttpRequest, quote_id: str, given: SeenGiven) -> dict:
    conversation, own = split_public(quote_id)
    made = submit(request, ORDER["place"], {"reason": given.reason}, conversation=conversation, seen=given.seen, quote_id=own)
    return orders.one(conversation, UUID(made["order"]))


@router.post("/quotes/{quote_id}/decline", response={200: QuoteShown, **ERRORS}, summary="Decline an offer")
def decline(request: HttpRequest, quote_id: str, given: SeenGiven) -> dict:
    return end(request, "decline", quote_id, given)


@router.post("/quotes/{quote_id}/withdraw", response={200: QuoteShown, **ERRORS}, summary="Take back your offer")
def withdraw(request: HttpRequest, quote_id: str, given: SeenGiven) -> dict:
    return end(request, "withdraw", quote_id, given)


def end(request: HttpRequest, verb: str, quote_id: str, given: SeenGiven) -> dict:
    conversation, own = split_public(quote_id)
    submit(request, ACTS[verb], {"reason": given.reason}, conversation=conversation, seen=given.seen, quote_id=own)
    return one(conversation, own)


def one(conversation: UUID, own: UUID) -> dict:
    found = Quote.objects.find(conversation, own)
    if found is None:
        raise NotFound
    return shown(found)


def shown(row: Quote) -> dict:
    terms = dict(row.terms)
    lines = [{name: line.get(name) for name in PriceShown.model_fields} for line in terms.pop("lines")]
    return {
        "id": public(row.conversation_id, row.id), "deal": public(row.conversation_id, row.deal_id), "conversation": str(row.conversation_id),
        "version": row.version, "side": row.side, "state": row.state, "valid_until": when(row.valid_until), "seq": row.seq,
        **{name: amount(getattr(row, name), row.currency) for name in ("goods", "freight", "tax", "total")}, "lines": lines, "terms": terms,
    }  # fmt: skip
