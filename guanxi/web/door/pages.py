"""The door of an enquiry: its link and QR. Anyone sees what the buyer lets see; a code later he stands in the talk and can quote."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from guanxi.base.errors import NotFound
from guanxi.deals.rfq import acts
from guanxi.deals.rfq.copies import files_of
from guanxi.deals.rfq.table import Invite, Rfq
from guanxi.people.middleware import signed_in
from guanxi.people.signin import door
from guanxi.people.table import Company
from guanxi.people.viewer import Request, SignedIn
from guanxi.talk.call import by_viewer
from guanxi.talk.run import once
from guanxi.web.acts import company_call
from guanxi.web.page import page
from guanxi.web.rfqs.form import ids


@require_safe
def show(request: Request, token: str) -> HttpResponse:
    """The goods, without target prices; the buyer's own people see their enquiry."""
    rfq = open_rfq(token)
    viewer = request.viewer
    if viewer and viewer.company == rfq.company_id:
        return redirect("rfq", rfq=rfq.id)
    if known := my_copy(viewer.company if viewer else None, rfq):
        return redirect(f"/c/{known.conversation_id}/deals/{known.id}")
    buyer = Company.objects.get(pk=rfq.company_id)
    files = [file for file in files_of(ids(rfq.files)) if file["mime"].startswith("image/")]
    return page(request, "web/door/page.html", {"rfq": rfq, "buyer": buyer, "lines": list(rfq.lines.order_by("n")), "files": files, "token": token})


@require_safe
def quote(request: Request, token: str) -> HttpResponse:
    """Where the visitor comes back from signing in: his wish is done now, once."""
    open_rfq(token)
    if request.viewer is None or request.viewer.company is None:
        return door.ask(request, request.path)
    if not door.take(request):
        return redirect("door", token=token)
    return to_editor(once(acts.join, by_viewer(request.viewer), token=token))


@require_POST
def join(request: Request, token: str) -> HttpResponse:
    """Quote: by way of signing in for who has no account."""
    if request.viewer is None or request.viewer.company is None:
        return door.ask(request, f"/r/{token}/quote")
    return joined(request, token)


@signed_in
def joined(request: SignedIn, token: str) -> HttpResponse:
    return to_editor(once(acts.join, company_call(request), token=token))


def to_editor(result: dict[str, list[dict[str, str]]]) -> HttpResponse:
    """Into the pair's conversation, at the quote."""
    deal = result["deals"][0]
    return redirect(f"/c/{deal['conversation']}/deals/{deal['deal']}/quote")


def open_rfq(token: str) -> Rfq:
    """The enquiry behind the link. Raises NotFound for none, a draft, or a closed door; what is over still shows that it is."""
    found = Rfq.objects.filter(door=token[:40].replace("\x00", ""), door_open=True).exclude(state="draft").first()
    if found is None:
        raise NotFound
    return found


def my_copy(company: UUID | None, rfq: Rfq) -> Invite | None:
    """The company's own copy, when it takes part already."""
    return Invite.objects.filter(rfq_id=rfq.id, supplier_id=company).first() if company else None
