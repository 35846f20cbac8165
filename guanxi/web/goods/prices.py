"""Prices for chosen customers: the lists, a new one, one of them, its end."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.base import clock
from guanxi.catalog.pricelist import acts, forms, reads
from guanxi.catalog.pricelist.table import PriceList
from guanxi.people.middleware import signed_in
from guanxi.people.viewer import SignedIn
from guanxi.talk.keyed import keyed
from guanxi.talk.run import once
from guanxi.web.acts import company_call
from guanxi.web.figures import quantity, unit_price
from guanxi.web.goods.own import seller
from guanxi.web.page import page


@require_safe
@signed_in
def listed(request: SignedIn) -> HttpResponse:
    """All of the company's lists, the newest first."""
    rows = reads.every(seller(request))
    return page(request, "web/goods/prices.html", {"lists": [(row, state(row)) for row in rows]})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: SignedIn) -> HttpResponse:
    """The form, then the list."""
    seller(request)
    if request.method == "POST":
        made = once(keyed(acts.make), company_call(request), draft=forms.read(request.POST.dict()))
        return redirect("goods-price-list", price_list=made["price_list"])
    return page(request, "web/goods/prices_new.html")


@require_safe
@signed_in
def one(request: SignedIn, price_list: UUID) -> HttpResponse:
    """Whom it is for and what it says."""
    row = reads.one(seller(request), price_list)
    names = [customer.company.name for customer in row.customers.all()]
    return page(request, "web/goods/prices_one.html", {"it": row, "state": state(row), "names": names, "lines": lines(row)})


@require_POST
@signed_in
def end(request: SignedIn, price_list: UUID) -> HttpResponse:
    """It holds no longer."""
    once(keyed(acts.end), company_call(request), price_list=price_list)
    return redirect("goods-price-list", price_list=price_list)


def state(row: PriceList) -> str:
    """`ended`, `later` or `holds`."""
    today = clock.today()
    if row.ended_at or (row.ends_on and row.ends_on < today):
        return "ended"
    return "later" if row.starts_on and row.starts_on > today else "holds"


def lines(row: PriceList) -> list[dict[str, Any]]:
    """What goods cost on it."""
    found = []
    for price in row.prices.all():
        goods = price.listing
        steps = " / ".join(step(Decimal(least), Decimal(cost), goods.currency) for least, cost in price.tiers)
        found.append({"href": f"/g/{goods.id}", "title": goods.title, "number": goods.number, "steps": steps, "unit": goods.unit})
    return found


def step(least: Decimal, cost: Decimal, currency: str) -> str:
    """One price, with where it begins unless that is one."""
    return unit_price(cost, currency) if least == 1 else f"≥ {quantity(least)}: {unit_price(cost, currency)}"
