"""Enquiries: the lists, the composer, and one's own enquiry with how far its suppliers are."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from guanxi.base import clock, limits
from guanxi.base.clock import HOME
from guanxi.base.errors import NotFound
from guanxi.base.ids import find_id
from guanxi.deals.rfq.copies import files_of
from guanxi.deals.rfq.rules import RFQ
from guanxi.deals.rfq.table import Rfq
from guanxi.people.middleware import signed_in
from guanxi.people.roles import require
from guanxi.people.viewer import SignedIn, Viewer
from guanxi.web.page import fragment, page
from guanxi.web.qr import qr_answer
from guanxi.web.rfqs import form
from guanxi.web.rfqs.counts import invited
from guanxi.web.rfqs.lists import LISTS, PAGE, older_than


@require_safe
@signed_in
def listed(request: SignedIn) -> HttpResponse:
    """Sent and received enquiries; the side of the company's role first."""
    side = request.GET.get("side") or ("received" if request.viewer.role == "sales" else "sent")
    side = side if side in LISTS else "sent"
    rows = LISTS[side](request.viewer, older_than(request.GET.get("before", "")))
    older = rows[-1].time.isoformat() if len(rows) == PAGE else ""
    return page(request, "web/rfqs/list.html", {"which": side, "rows": rows, "older": older})


@require_safe
@signed_in
def new(request: SignedIn) -> HttpResponse:
    """The composer, empty."""
    require(request.viewer.role, "buy")
    started = form.of_goods(request.viewer, request.GET) or form.blank(request.viewer, find_id(request.GET.get("to", "")))
    return page(request, "web/rfqs/compose.html", {"form": started})


@require_safe
@signed_in
def edit(request: SignedIn, rfq: UUID) -> HttpResponse:
    """The composer with a draft; what is sent cannot be edited."""
    require(request.viewer.role, "buy")
    found = own(request.viewer, rfq)
    if found.state != "draft":
        return redirect("rfq", rfq=rfq)
    return page(request, "web/rfqs/compose.html", {"form": form.of(found, request.viewer)})


@require_safe
@signed_in
def show(request: SignedIn, rfq: UUID) -> HttpResponse:
    """One's own enquiry."""
    found = own(request.viewer, rfq)
    if found.state == "draft":
        return redirect("rfq-edit", rfq=rfq)
    context = {
        "rfq": found, "lines": list(found.lines.order_by("n")), "invited": invited(found.id), "moves": RFQ.open_moves(found.state, "buyer"),
        "later": (max(found.deadline_at or clock.now(), clock.now()).astimezone(HOME) + timedelta(days=2)).date().isoformat(),
        "files": files_of(form.ids(found.files)), "link": f"{settings.PUBLIC_URL}/r/{found.door}",
    }  # fmt: skip
    return page(request, "web/rfqs/show.html", context)


@require_safe
@signed_in
def candidates(request: SignedIn) -> HttpResponse:
    """Companies of exactly this name, to add as receivers."""
    limits.hit(f"find:{request.viewer.person}", limit=60, seconds=60, now=clock.now())
    asked = request.GET.get("q", "")[:120].replace("\x00", "")
    return fragment(request, "web/rfqs/found.html", {"companies": form.by_name(request.viewer, asked), "asked": asked, "one": "one" in request.GET})


@require_safe
@signed_in
def code(request: SignedIn, rfq: UUID) -> HttpResponse:
    """The QR code of the enquiry's link."""
    return qr_answer(f"/r/{own(request.viewer, rfq).door}")


def own(viewer: Viewer, rfq: UUID) -> Rfq:
    """The enquiry when it is my company's. Raises NotFound."""
    found = Rfq.objects.filter(pk=rfq, company_id=viewer.company).first() if viewer.company else None
    if found is None:
        raise NotFound
    return found
