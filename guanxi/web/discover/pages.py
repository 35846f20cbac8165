"""Discover: goods by word, pinyin or number, by category, or the newest."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from guanxi.base import clock, limits
from guanxi.base.http import client_address
from guanxi.catalog.category.table import Category
from guanxi.catalog.listing import reads, search
from guanxi.catalog.listing.table import Listing
from guanxi.people.viewer import Request
from guanxi.web.goods import sight
from guanxi.web.page import page


@require_safe
def discover(request: Request) -> HttpResponse:
    """Also for visitors; a question counts against their allowance."""
    asked = request.GET.get("q", "")[:200].replace("\x00", "").strip()
    if asked:
        limits.hit(f"discover:{request.viewer.person if request.viewer else client_address(request)}", limit=120, seconds=60, now=clock.now())
    here = Category.objects.select_related("parent__parent").filter(pk=request.GET.get("category", "")[:60].replace("\x00", "")).first()
    in_stock, start = "stock" in request.GET, start_of(request.GET.get("from", ""))
    found = search.find(request.viewer, asked=asked, category=here.code if here else "", in_stock=in_stock)
    return page(request, "web/discover/page.html", {
        "asked": asked, "here": here, "in_stock": in_stock, "goods": tiles(request, found.ids[start : start + reads.PAGE]),
        "count": len(found.ids), "more": found.more, "below": list(Category.objects.filter(parent=here).order_by("position")),
        "next": address(request, **{"from": start + reads.PAGE}) if len(found.ids) > start + reads.PAGE else "",
        "with_stock": address(request, stock="" if in_stock else "1"), "without_category": address(request, category=""),
        "may_buy": bool(request.viewer and request.viewer.can("buy")),
    })  # fmt: skip


def tiles(request: Request, ids: list) -> list[dict]:
    """These, in this order, as this viewer sees them."""
    shown = {one.listing.id: one for one in reads.shown(Listing.objects.filter(pk__in=ids), request.viewer)}
    return [sight.tile(shown[one]) for one in ids if one in shown]


def start_of(text: str) -> int:
    """Where the page begins: a multiple of its length."""
    return min(int(text), search.CANDIDATES) // reads.PAGE * reads.PAGE if text.isascii() and text.isdigit() and len(text) < 6 else 0


def address(request: Request, **changed: object) -> str:
    """This page with something else chosen; a new choice begins at the first page."""
    said = {name: request.GET[name] for name in ("q", "category", "stock") if request.GET.get(name)} | changed
    return "/discover?" + urlencode({name: value for name, value in said.items() if value != ""})
