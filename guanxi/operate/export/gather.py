"""What a company sees through the API, read page by page: reach is the API's own, so an export can never hold more (quality.md A3)."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from guanxi.api import book, companies, contracts, conversations, disputes, entries, listings, orders, rfqs
from guanxi.base.errors import NotFound
from guanxi.people.table import Company, Membership
from guanxi.people.viewer import Viewer
from guanxi.talk.table import Attachment, Upload

NOBODY = UUID(int=0)  # no person's own talks and private files: the company's alone
PAGE = 200
Shown = dict[str, Any]


def asking(company: Company) -> Any:
    """As the company's own program with a token that may read, whoever asked."""
    viewer = Viewer(person=NOBODY, name="", company=company.id, company_name=company.name, role="owner")
    request = HttpRequest()
    request.method = "GET"
    request.viewer, request.token = viewer, SimpleNamespace(scopes=("read",))  # type: ignore[attr-defined]
    return request


def all_of(route: Callable[..., Shown], request: Any) -> Iterator[Shown]:
    """Every item of a list of the API."""
    cursor: str | None = ""
    while cursor is not None:
        page = route(request, cursor=cursor, limit=PAGE)
        yield from page["items"]
        cursor = page["next"]


def said(request: Any, conversation: str) -> Iterator[Shown]:
    """Every entry of a conversation, in order."""
    after = 0
    while found := entries.entries(request, conversation, after=after, limit=PAGE)["items"]:
        yield from found
        after = found[-1]["seq"]


def maybe(route: Callable[..., Shown], request: Any, own: str) -> Shown | None:
    """One thing that need not be there."""
    try:
        return route(request, own)
    except NotFound:
        return None


def about(request: Any, company: Company) -> Shown:
    """The company and its people, those who left included."""
    rows = Membership.objects.filter(company=company).select_related("person").order_by("joined_at", "id")
    people = [
        {"person": str(row.person_id), "name": row.person.name, "role": row.role, "joined_at": row.joined_at.isoformat(),
         "ended_at": row.ended_at.isoformat() if row.ended_at else None}
        for row in rows
    ]  # fmt: skip
    return {"company": companies.shown(company, mine=True), "people": people}


def trade(request: Any) -> Shown:
    """Enquiries with their offers, orders with contract and dispute, the book, the goods on offer."""
    asked = list(all_of(rfqs.rfqs, request))
    placed = list(all_of(orders.orders, request))
    for one in placed:
        one["contract"] = maybe(contracts.of_order, request, one["id"])
        one["argued"] = maybe(disputes.dispute, request, one["id"])
    return {
        "rfqs": asked, "quotes": [offer for one in asked for offer in rfqs.offers(request, one["id"])["items"]], "orders": placed,
        "book": list(all_of(book.entries, request)), "listings": list(all_of(listings.listings, request)),
    }  # fmt: skip


def talks(request: Any) -> list[Shown]:
    """Its conversations, newest first."""
    return list(all_of(conversations.conversations, request))


def files(company: UUID, talks: list[Shown]) -> list[Upload]:
    """What was shown where it takes part, and what it uploaded itself, each once."""
    shown = Attachment.objects.filter(conversation_id__in=[UUID(one["id"]) for one in talks]).values("upload_id")
    own = Upload.objects.filter(company_id=company)
    return list((Upload.objects.filter(id__in=shown) | own).distinct().order_by("at", "id"))
