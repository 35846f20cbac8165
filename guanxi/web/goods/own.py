"""One's own goods: the list, the editor, on sale and off."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.base import clock, limits, nested
from guanxi.base.errors import Invalid, NotFound
from guanxi.catalog.category.reads import leaf, tree
from guanxi.catalog.listing import acts, forms, reads
from guanxi.people.middleware import require_as, signed_in
from guanxi.people.roles import require
from guanxi.people.viewer import SignedIn
from guanxi.talk.file.store import store
from guanxi.talk.keyed import keyed
from guanxi.talk.run import once
from guanxi.web.acts import company_call
from guanxi.web.goods import editor
from guanxi.web.goods.pages import after, older
from guanxi.web.page import fragment, page

STATES = ("published", "draft", "hidden", "removed")


@require_safe
@signed_in
def listed(request: SignedIn) -> HttpResponse:
    """All of the company's goods, newest change first."""
    company = seller(request)
    state = request.GET.get("state", "")
    rows = reads.mine(company, state=state if state in STATES else "", after=after(request.GET.get("after", "")))
    return page(request, "web/goods/list.html", {"goods": rows, "state": state, "older": older(rows), "states": editor.state_words(), "taken": taken(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: SignedIn) -> HttpResponse:
    """The editor, empty; then the listing as a draft or on sale."""
    seller(request)
    if request.method == "POST":
        made = once(keyed(acts.make), company_call(request), draft=forms.read(typed(request)), publish="publish" in request.POST)
        return redirect("listing", listing=made["listing"])
    return page(request, "web/goods/edit.html", {"form": editor.blank(), "tree": tree()})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: SignedIn, listing: UUID) -> HttpResponse:
    """The editor with what stands."""
    company = seller(request)
    if request.method == "POST":
        once(keyed(acts.edit), company_call(request), listing=listing, draft=forms.read(typed(request)))
        return redirect("listing", listing=listing)
    found = reads.one(listing, request.viewer)
    if found.listing.company_id != company:
        raise NotFound
    return page(request, "web/goods/edit.html", {"form": editor.of(found), "tree": tree()})


@require_POST
@signed_in
def publish(request: SignedIn, listing: UUID) -> HttpResponse:
    """On sale from now on."""
    once(keyed(acts.publish), company_call(request), listing=listing)
    return redirect("listing", listing=listing)


@require_POST
@signed_in
def hide(request: SignedIn, listing: UUID) -> HttpResponse:
    """Off the shop."""
    once(keyed(acts.hide), company_call(request), listing=listing)
    return redirect("listing", listing=listing)


@require_safe
@signed_in
def attributes(request: SignedIn) -> HttpResponse:
    """The fields of a category just chosen."""
    found = leaf(request.GET.get("category", "")[:60].replace("\x00", ""))
    return fragment(request, "web/goods/attributes.html", {"attributes": editor.attribute_fields(found, {})})


@require_POST
@signed_in
def picture(request: SignedIn) -> HttpResponse:
    """A picture beside the form, kept at once; the form names it by its id."""
    limits.hit(f"upload:{request.viewer.person}", limit=120, seconds=3600, now=clock.now())
    require_as(request)
    seller(request)
    file = request.FILES.get("file")
    if file is None:
        raise Invalid({"file": _("Choose a file.")})
    kept = store(request.viewer.person, request.viewer.company, file, picture=True)
    return JsonResponse({"id": str(kept.id), "name": kept.name, "size": kept.size, "picture": True})


def taken(request: SignedIn) -> str:
    """What an import has just done, in words; the address carries the two counts."""
    new, changed = (request.GET.get(name, "") for name in ("new", "changed"))
    return _("Imported: %(new)s new, %(changed)s changed.") % {"new": new, "changed": changed} if new.isdigit() and changed.isdigit() else ""


def seller(request: SignedIn) -> UUID:
    """The company one sells for. Raises Refused for a role that may not, NotFound without a company."""
    if request.viewer.company is None:
        raise NotFound
    require(request.viewer.role, "sell")
    return request.viewer.company


def typed(request: SignedIn) -> dict[str, Any]:
    """The form as forms.read takes it: sizes are typed in one field, `M8 / 30`."""
    data = nested.nest(request.POST)
    more = {str(row.get("name", "")): row.get("value", "") for _n, row in nested.rows(data.pop("more", None)) if isinstance(row, dict)}
    data["attributes"] = (data["attributes"] if isinstance(data.get("attributes"), dict) else {}) | more
    data["dimensions"] = editor.parts(data.get("dimensions"))
    skus = data.get("skus")
    for row in skus.values() if isinstance(skus, dict) else ():
        if isinstance(row, dict):
            row["options"] = editor.parts(row.pop("name", ""))
    if isinstance(skus, dict):
        data["skus"] = {n: row for n, row in skus.items() if isinstance(row, dict) and (row["options"] or row.get("stock") or len(skus) == 1)}
    return data
