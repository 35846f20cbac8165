"""What companies sell: a company's shop, one listing at the caller's prices, and one's own goods to write."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from guanxi.api.door import act, company_of, need_scope, viewer_of
from guanxi.api.paging import page
from guanxi.api.shape import Given, Line, Problem, Text, an_id, when
from guanxi.base import clock, limits
from guanxi.base.errors import NotFound
from guanxi.catalog.listing import acts, forms, reads, search
from guanxi.catalog.listing.table import Listing
from guanxi.people.table import Company
from guanxi.talk.keyed import keyed
from guanxi.talk.open import partners_among

router = Router(tags=["listings"])
MOST_FOUND = 50
ERRORS = {404: Problem, 409: Problem, 422: Problem}


class Tier(Schema):
    """From this many units on, one unit costs this; decimals as texts."""

    from_: str = Field(alias="from", examples=["20"])
    price: str = Field(examples=["472"])


class SkuShown(Schema):
    id: str
    options: list[str]
    number: str
    stock: str | None = Field(description="What is free; null when made to order")
    tiers: list[Tier]


class ListingShown(Schema):
    """`tiers` of a size are empty when the price is asked for, or not shown to the caller (`prices_for`)."""

    id: str
    company: str
    state: str
    number: str
    title: str
    category: str | None
    unit: str
    currency: str
    tax_rate: str
    tax_included: bool
    minimum: str
    step: str
    mixed: bool
    prices_for: str
    changed_at: str
    skus: list[SkuShown]


class ListingsShown(Schema):
    items: list[ListingShown]
    next: str | None


class TierGiven(Given):
    from_: str = Field("", alias="from", max_length=40)
    price: str = Field(max_length=40)


class OptionGiven(Given):
    name: Line


class SkuGiven(Given):
    id: str = Field("", max_length=36)
    options: list[OptionGiven] = Field(default=[], max_length=3)
    number: Line = ""
    barcode: str = Field("", max_length=14)
    stock: str = Field("", max_length=40, description="Empty: made to order")
    tiers: list[TierGiven] = Field(default=[], max_length=10, description="Empty: those of the listing")


class ListingGiven(Given):
    """As the editor has it; what is left out gets the editor's default."""

    title: Line = Field(examples=["304 hex bolt DIN 933"])
    unit: Line = Field(examples=["1,000 pcs"])
    number: Line = ""
    category: Line = ""
    description: Text = ""
    keywords: Line = ""
    attributes: dict[str, str] = Field(default={}, examples=[{"material": "304"}])
    dimensions: list[OptionGiven] = Field(default=[], max_length=3)
    pictures: list[str] = Field(default=[], max_length=9, description="Ids of uploads of one's own")
    tiers: list[TierGiven] = Field(default=[], max_length=10)
    ask: bool = False
    currency: Line = "CNY"
    tax_rate: Line = "13"
    tax_included: bool = True
    prices_for: Line = "everyone"
    minimum: Line = "1"
    step: Line = "1"
    maximum: Line = ""
    pack: Line = ""
    pack_unit: Line = ""
    mixed: bool = False
    sample_price: Line = ""
    sample_most: int = 1
    lead_days: int | None = None
    origin: Line = ""
    freight: Line = ""
    certificates: Line = ""
    skus: list[SkuGiven] = Field(default=[], max_length=200)
    publish: bool = False


@router.get("/listings", response={200: ListingsShown, 404: Problem, 422: Problem}, summary="A company's goods on sale, or all of one's own")
def listings(request: HttpRequest, company: str = "", q: str = "", category: str = "", cursor: str = "", limit: int = 50) -> dict:
    """With `q` or `category` what is on sale anywhere, the best match first, 50 at most and without a cursor; without them and without
    `company` one's own, in every state; newest change first."""
    need_scope(request, "read")
    if q or category:
        return found(request, q, category)
    rows = Listing.objects.select_related("company").prefetch_related(reads.SIZES)
    if company:
        rows = rows.filter(company__in=_open_to(request, company), state="published")
    else:
        rows = rows.filter(company_id=company_of(request))
    some, more = page(rows, by="changed_at", cursor=cursor, limit=limit)
    return {"items": [shown(one) for one in reads.show_all(some, viewer_of(request))], "next": more}


def found(request: HttpRequest, asked: str, category: str) -> dict[str, Any]:
    """The goods of a question, in its order."""
    viewer = viewer_of(request)
    limits.hit(f"discover:{viewer.person}", limit=120, seconds=60, now=clock.now())
    ids = search.find(viewer, asked=clean(asked), category=clean(category)).ids[:MOST_FOUND]
    rows = {one.listing.id: one for one in reads.shown(Listing.objects.filter(pk__in=ids), viewer)}
    return {"items": [shown(rows[one]) for one in ids if one in rows], "next": None}


def clean(text: str) -> str:
    return text[:200].replace("\x00", "")


@router.get("/listings/{listing_id}", response={200: ListingShown, 404: Problem}, summary="One listing at my prices")
def listing(request: HttpRequest, listing_id: str) -> dict:
    need_scope(request, "read")
    return shown(reads.one(an_id(listing_id), viewer_of(request)))


@router.post("/listings", response={200: ListingShown} | ERRORS, summary="Put goods into my shop")
def make(request: HttpRequest, given: ListingGiven) -> dict:
    """A draft, or on sale at once with `publish`."""
    company_of(request)
    made = act(request, keyed(acts.make), scope="trade", draft=forms.read(said(given)), publish=given.publish)
    return _mine(request, made)


@router.post("/listings/{listing_id}", response={200: ListingShown} | ERRORS, summary="Say all of it anew")
def edit(request: HttpRequest, listing_id: str, given: ListingGiven) -> dict:
    """Sizes are matched by `id`, or else by their options; those that are left out are gone."""
    company_of(request)
    made = act(request, keyed(acts.edit), scope="trade", listing=an_id(listing_id), draft=forms.read(said(given)))
    return _mine(request, made)


@router.post("/listings/{listing_id}/publish", response={200: ListingShown} | ERRORS, summary="Put on sale")
def publish(request: HttpRequest, listing_id: str) -> dict:
    company_of(request)
    return _mine(request, act(request, keyed(acts.publish), scope="trade", listing=an_id(listing_id)))


@router.post("/listings/{listing_id}/hide", response={200: ListingShown} | ERRORS, summary="Take off sale")
def hide(request: HttpRequest, listing_id: str) -> dict:
    company_of(request)
    return _mine(request, act(request, keyed(acts.hide), scope="trade", listing=an_id(listing_id)))


def said(given: ListingGiven) -> dict[str, Any]:
    """As forms.read takes it."""
    return given.model_dump(by_alias=True, exclude={"publish"})


def shown(one: reads.Shown) -> dict[str, Any]:
    """A listing for a program."""
    row = one.listing
    return {
        "id": str(row.id), "company": str(row.company_id), "state": row.state, "number": row.number, "title": row.title, "category": row.category_id,
        "unit": row.unit, "currency": row.currency, "tax_rate": digits(row.tax_rate), "tax_included": row.tax_included, "minimum": digits(row.minimum),
        "step": digits(row.step), "mixed": row.mixed, "prices_for": row.prices_for, "changed_at": when(row.changed_at),
        "skus": [
            {
                "id": str(sku.id), "options": sku.options, "number": sku.number, "stock": None if sku.free is None else digits(sku.free),
                "tiers": [{"from": digits(tier.least), "price": digits(tier.price)} for tier in one.ladders.get(sku.id, ())],
            }
            for sku in one.skus
        ],
    }  # fmt: skip


def digits(value: Decimal) -> str:
    """Without idle zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _mine(request: HttpRequest, made: dict[str, Any]) -> dict[str, Any]:
    return shown(reads.one(an_id(made["listing"]), viewer_of(request)))


def _open_to(request: HttpRequest, company: str) -> list[Any]:
    """The company, when its door is open to the caller. Raises NotFound for one that does not exist."""
    found, viewer = Company.objects.filter(pk=an_id(company)).first(), viewer_of(request)
    if found is None:
        raise NotFound
    return [found.pk] if found.door == "public" or viewer.company == found.pk or partners_among(viewer.company, {found.pk}) else []
