"""A form about a deal: a sheet when script fetches it, otherwise a page of its own with the same body."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

from guanxi.web.deal.seat import Seat
from guanxi.web.page import fragment, page


def answer(request: HttpRequest, seat: Seat, body: str, context: dict[str, Any], *, title: str, home: str = "") -> HttpResponse:
    """`body` is a template drawn inside the sheet or the page; it gets `seat` and `after`, where its form leads: `home`, or the deal's page."""
    context = {**context, "seat": seat, "body": body, "title": title, "after": after(request, seat, home)}
    if is_part(request):
        return fragment(request, "web/deal/act_sheet.html", context)
    return page(request, "web/deal/act_page.html", context)


def is_part(request: HttpRequest) -> bool:
    """Fetched by script to stand over another page."""
    return request.headers.get("X-Part") == "sheet" or request.headers.get("HX-Request") == "true"


def after(request: HttpRequest, seat: Seat, home: str = "") -> str:
    """Back to the deal or `home`; nowhere when the sheet stands over the talk, which shows what came by itself."""
    came_from = urlsplit(request.headers.get("Referer", "")).path
    return "" if is_part(request) and came_from == f"/c/{seat.deal.conversation_id}" else home or seat.at()
