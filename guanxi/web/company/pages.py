"""A company's page, its door and its poster."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from guanxi.base import clock
from guanxi.catalog.listing import reads as listings
from guanxi.people import roles
from guanxi.people.companies.reads import by_handle
from guanxi.people.middleware import require_as
from guanxi.people.signin import door
from guanxi.people.table import Company
from guanxi.people.viewer import Request, Viewer
from guanxi.talk.open import pair_conversation
from guanxi.web.company.picture import draw
from guanxi.web.goods.sight import tile
from guanxi.web.page import page
from guanxi.web.qr import qr_answer

SHOWN = 8


@require_safe
def company(request: Request, handle: str) -> HttpResponse:
    """For everyone who has the link; strangers see what the owner allows."""
    found = by_handle(handle)
    picture = draw(found, request.viewer)
    shop = listings.shop(found.id, request.viewer) if picture.is_open else []
    return page(request, "web/company/page.html", {
        "it": picture, "link": link(found), "goods": [tile(one) for one in shop[:SHOWN]], "more_goods": len(shop) > SHOWN, "roles": roles.NAMES,
        "may_manage": picture.is_mine and bool(request.viewer) and roles.can(request.viewer.role, "manage"),  # type: ignore[union-attr]
        "may_talk": request.viewer is None or request.viewer.role is None or roles.can(request.viewer.role, "talk"),
    })  # fmt: skip


def message(request: Request, handle: str) -> HttpResponse:
    """Open the conversation of the two companies; a stranger signs in first. Looked at, the address shows the company."""
    found = by_handle(handle)
    if request.method != "POST":
        return redirect(f"/co/{found.handle}")
    if request.viewer is None or request.viewer.company is None:
        return door.ask(request, f"/co/{found.handle}/talk") if request.viewer is None else _first_a_company(request, found)
    require_as(request)  # type: ignore[arg-type]
    return _into(request.viewer, found)


def _first_a_company(request: Request, found: Company) -> HttpResponse:
    request.session["door"] = f"/co/{found.handle}/talk"
    return redirect(f"/start?next=/co/{found.handle}/talk")


@require_safe
def talk(request: Request, handle: str) -> HttpResponse:
    """Back from signing in: what he asked for at the door, once; a copied link only shows the page."""
    found = by_handle(handle)
    if request.viewer and request.viewer.company and door.take(request) and request.viewer.company != found.id:
        return _into(request.viewer, found)
    return redirect(f"/co/{found.handle}")


def _into(viewer: Viewer, found: Company) -> HttpResponse:
    roles.require(viewer.role, "talk")
    assert viewer.company is not None
    return redirect(f"/c/{pair_conversation(viewer.company, found.id, now=clock.now(), responsible=viewer.person)}")


@require_safe
def poster(request: Request, handle: str) -> HttpResponse:
    """To print or to show on the phone: name and QR."""
    found = by_handle(handle)
    return page(request, "web/company/poster.html", {"company": found, "link": link(found)})


@require_safe
def qr(request: Request, handle: str) -> HttpResponse:
    """The door's link as a picture."""
    return qr_answer(f"/co/{by_handle(handle).handle}")


def link(found: Company) -> str:
    """The address to pass on."""
    return f"{settings.PUBLIC_URL}/co/{found.handle}"
