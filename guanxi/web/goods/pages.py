"""Goods as everybody may see them: one listing, a company's shop."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from guanxi.base.errors import NotFound
from guanxi.base.ids import find_id
from guanxi.catalog.listing import reads
from guanxi.people import roles
from guanxi.people.companies.reads import by_handle
from guanxi.people.viewer import Request
from guanxi.talk.open import partners_among
from guanxi.web.goods import sight
from guanxi.web.page import page


@require_safe
def listing(request: Request, listing: UUID) -> HttpResponse:
    """One thing for sale, with sizes to pick. Raises NotFound for what is not on sale and not one's own."""
    shown = reads.one(listing, request.viewer)
    mine = bool(request.viewer and request.viewer.company == shown.listing.company_id)
    return page(request, "web/goods/page.html", {
        "shown": shown, "it": shown.listing, "sizes": sight.sizes(shown), "ladder": sight.ladder_rows(shown), "terms": sight.terms(shown),
        "facts": sight.facts(shown), "under_price": sight.under_price(shown), "why_hidden": sight.WHY_HIDDEN.get(shown.hidden, ""),
        "is_mine": mine, "may_sell": mine and bool(request.viewer) and roles.can(request.viewer.role, "sell"),  # type: ignore[union-attr]
        "may_buy": request.viewer is None or request.viewer.role is None or roles.can(request.viewer.role, "buy"),
        "link": f"{settings.PUBLIC_URL}/g/{shown.listing.id}",
    })  # fmt: skip


@require_safe
def shop(request: Request, handle: str) -> HttpResponse:
    """All a company has on sale, a page at a time. Raises NotFound for strangers at a closed door."""
    company = by_handle(handle)
    ours = request.viewer.company if request.viewer else None
    if company.door != "public" and ours != company.id and not partners_among(ours, {company.id}):
        raise NotFound
    goods = reads.shop(company.id, request.viewer, after=after(request.GET.get("after", "")))
    tiles = [sight.tile(one) for one in goods]
    return page(request, "web/goods/shop.html", {"company": company, "goods": tiles, "older": older([one.listing for one in goods])})


def after(text: str) -> tuple[str, str] | None:
    """Where the page before ended: `<time>_<id>`."""
    at, _sign, last = text.partition("_")
    found = find_id(last)
    return (at, str(found)) if found and is_time(at) else None


def is_time(text: str) -> bool:
    """Whether this is a time as `older` writes it."""
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def older(rows: list[Any]) -> str:
    """What the link to the next page says; empty at the end."""
    return f"{rows[-1].changed_at.isoformat()}_{rows[-1].id}" if len(rows) == reads.PAGE else ""
