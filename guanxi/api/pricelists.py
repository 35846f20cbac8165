"""Prices for chosen customers: one's own lists. What a buyer pays stands in the listings he reads."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from guanxi.api.door import act, company_of, need_scope, viewer_of
from guanxi.api.shape import Given, Line, Problem, an_id
from guanxi.catalog.pricelist import acts, forms, reads
from guanxi.catalog.pricelist.table import PriceList
from guanxi.people.roles import require
from guanxi.talk.keyed import keyed

router = Router(tags=["listings"])
ERRORS = {404: Problem, 409: Problem, 422: Problem}


class AgreedShown(Schema):
    listing: str
    number: str
    tiers: list[list[str]]


class PriceListShown(Schema):
    """`tiers` are [from, unit price] as decimal texts, in the currency of the listing; dates are days in Asia/Shanghai."""

    id: str
    name: str
    priority: int
    starts_on: date | None
    ends_on: date | None
    ended: bool
    customers: list[str]
    prices: list[AgreedShown]


class PriceListsShown(Schema):
    items: list[PriceListShown]


class PriceListGiven(Given):
    name: Line = Field(examples=["Dealers 2026"])
    customers: list[Line] = Field(min_length=1, max_length=100, description="Companies you talk with, by name or handle")
    lines: list[Line] = Field(min_length=1, max_length=2000, examples=[["A-933 5+ 486; 20+ 472"]], description="Item number, a blank, the price or its steps")
    priority: int = Field(0, ge=0, le=99)
    starts_on: str = Field("", max_length=10)
    ends_on: str = Field("", max_length=10)


@router.get("/price-lists", response={200: PriceListsShown, 404: Problem}, summary="My prices for chosen customers")
def price_lists(request: HttpRequest) -> dict:
    """The newest hundred, ended ones among them. For those who sell."""
    need_scope(request, "read")
    company = company_of(request)
    require(viewer_of(request).role, "sell")
    return {"items": [shown(row) for row in reads.whole(company)]}


@router.post("/price-lists", response={200: PriceListShown} | ERRORS, summary="A price list for chosen customers")
def make(request: HttpRequest, given: PriceListGiven) -> dict:
    """It holds from its first day on, before the prices of the shop; nobody but its customers sees it."""
    company = company_of(request)
    said: dict[str, Any] = given.model_dump() | {"customers": "\n".join(given.customers), "lines": "\n".join(given.lines)}
    made = act(request, keyed(acts.make), scope="trade", draft=forms.read(said))
    return shown(reads.one(company, an_id(made["price_list"])))


@router.post("/price-lists/{price_list_id}/end", response={200: PriceListShown} | ERRORS, summary="End a price list")
def end(request: HttpRequest, price_list_id: str) -> dict:
    company = company_of(request)
    made = act(request, keyed(acts.end), scope="trade", price_list=an_id(price_list_id))
    return shown(reads.one(company, an_id(made["price_list"])))


def shown(row: PriceList) -> dict[str, Any]:
    """A list for a program."""
    return {
        "id": str(row.id), "name": row.name, "priority": row.priority, "starts_on": row.starts_on, "ends_on": row.ends_on, "ended": row.ended_at is not None,
        "customers": [str(one.company_id) for one in row.customers.all()],
        "prices": [{"listing": str(one.listing_id), "number": one.listing.number, "tiers": one.tiers} for one in row.prices.all()],
    }  # fmt: skip
