"""What the pages of enquiries send. The acts are the same the API calls."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.base import clock, limits, nested
from guanxi.base.errors import Invalid
from guanxi.base.ids import find_id
from guanxi.deals.quote import ending
from guanxi.deals.rfq import acts
from guanxi.deals.rfq.draft import read
from guanxi.deals.rfq.forms import ACTS
from guanxi.people.middleware import require_as, signed_in
from guanxi.people.viewer import SignedIn
from guanxi.talk.call import Call
from guanxi.talk.file.store import store
from guanxi.talk.run import once
from guanxi.web.acts import OURS, company_call, done

PAGES_OWN = (*OURS, "rfq", "list", "table", "file", "step", "columns")


@require_POST
@signed_in
def save(request: SignedIn) -> HttpResponse:
    """The draft as it is typed: made at the first word, kept from then on. Answers the page's script."""
    call = keyless(request)
    draft = read(typed(request), now=call.now, strict=False)
    rfq = find_id(request.POST.get("rfq", ""))
    result = once(acts.save_draft, call, rfq_id=rfq, draft=draft) if rfq else once(acts.create_draft, call, draft=draft)
    if "text/html" in request.headers.get("Accept", ""):
        return redirect("rfq-edit", rfq=result["rfq"])
    return JsonResponse({"rfq": result["rfq"]})


def typed(request: SignedIn) -> dict[str, Any]:
    """The form as it was typed, without what belongs to the page."""
    return {name: value for name, value in nested.nest(request.POST).items() if name not in PAGES_OWN}


def keyless(request: SignedIn) -> Call:
    """A draft is saved as often as it is typed; the last one counts, so it takes no key."""
    return replace(company_call(request), key="", hash="")


@require_POST
@signed_in
def send(request: SignedIn) -> HttpResponse:
    """The enquiry goes out."""
    call = company_call(request)
    draft = read(typed(request), now=call.now)
    rfq = find_id(request.POST.get("rfq", ""))
    result = once(acts.send, call, rfq_id=rfq, draft=draft) if rfq else once(acts.ask, call, draft=draft)
    return done(request, result, default=f"/rfqs/{result['rfq']}")


@require_POST
@signed_in
def invite(request: SignedIn, rfq: UUID) -> HttpResponse:
    """One more supplier."""
    supplier = find_id(request.POST.get("supplier", ""))
    if supplier is None:
        raise Invalid({"supplier": _("Choose a supplier.")})
    return done(request, once(acts.invite, company_call(request), rfq_id=rfq, supplier_id=supplier), default=f"/rfqs/{rfq}")


@require_POST
@signed_in
def close(request: SignedIn, rfq: UUID) -> HttpResponse:
    """No new quotes from now on."""
    return done(request, once(acts.close, company_call(request), rfq_id=rfq), default=f"/rfqs/{rfq}")


@require_POST
@signed_in
def extend(request: SignedIn, rfq: UUID) -> HttpResponse:
    """More time to quote."""
    return by_form(request, "extend", rfq)


@require_POST
@signed_in
def reopen(request: SignedIn, rfq: UUID) -> HttpResponse:
    """Quotes are taken again."""
    return by_form(request, "reopen", rfq)


@require_POST
@signed_in
def publish(request: SignedIn, rfq: UUID) -> HttpResponse:
    """The link shows it, or no longer."""
    return by_form(request, "publish", rfq)


@require_POST
@signed_in
def copy(request: SignedIn, rfq: UUID) -> HttpResponse:
    """A new draft like this one, and on to it."""
    result = do(request, "copy", rfq)
    return done(request, result, default=f"/rfqs/{result['rfq']}/edit")


def by_form(request: SignedIn, name: str, rfq: UUID) -> HttpResponse:
    """An act about one's own enquiry, and back to it."""
    return done(request, do(request, name, rfq), default=f"/rfqs/{rfq}")


def do(request: SignedIn, name: str, rfq: UUID) -> dict[str, Any]:
    """Read what its form reads, and run the act."""
    form, call = ACTS[name], company_call(request)
    return once(form.act, call, **form.read(typed(request) | {"rfq_id": str(rfq)}, call))


@require_POST
@signed_in
def cancel(request: SignedIn, rfq: UUID) -> HttpResponse:
    """The enquiry ends without an award."""
    return done(request, once(ending.cancel, company_call(request), rfq_id=rfq), default="/rfqs")


@require_POST
@signed_in
def upload(request: SignedIn) -> HttpResponse:
    """A photo or file beside a form, kept at once; the form names it by its id."""
    limits.hit(f"upload:{request.viewer.person}", limit=120, seconds=3600, now=clock.now())
    require_as(request)
    file = request.FILES.get("file")
    if file is None:
        raise Invalid({"file": _("Choose a file.")})
    kept = store(request.viewer.person, request.viewer.company, file)
    return JsonResponse({"id": str(kept.id), "name": kept.name, "size": kept.size, "picture": bool(kept.thumb)})
