"""Me: how I am called, what I see, for whom I act."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guanxi.base.errors import NotFound
from guanxi.base.ids import find_id
from guanxi.people import address, roles
from guanxi.people.account import acts
from guanxi.people.companies.reads import of_person, works_for
from guanxi.people.devices import acts as devices
from guanxi.people.factor import reads as factors
from guanxi.people.middleware import signed_in
from guanxi.people.table import Company, Person
from guanxi.people.viewer import SignedIn
from guanxi.web.page import fragment, page
from guanxi.web.signin import way


@require_safe
@signed_in
def me(request: SignedIn) -> HttpResponse:
    """The settings."""
    row = Person.objects.get(pk=request.viewer.person)
    return page(request, "web/me/page.html", {
        "person": row, "addresses": [address.pretty(one) for one in (row.phone, row.email) if one], "works": of_person(row.id, most=50), "roles": roles.NAMES,
        "two_steps": factors.has(row.id), "has_password": bool(row.password) and row.has_usable_password(),
        "themes": [("", _("as the system")), ("light", _("light")), ("dark", _("dark"))],
    })  # fmt: skip


@require_POST
@signed_in
def name(request: SignedIn) -> HttpResponse:
    """Another name."""
    acts.set_name(request.viewer.person, name=request.POST.get("name"))
    return redirect("/me")


@require_POST
@signed_in
def theme(request: SignedIn) -> HttpResponse:
    """Light, dark, or as the system."""
    acts.set_theme(request.viewer.person, theme=request.POST.get("theme"))
    return redirect("/me")


@require_safe
@signed_in
def companies(request: SignedIn) -> HttpResponse:
    """The sheet behind the company's name; a page of its own without script."""
    shown = {"works": of_person(request.viewer.person), "roles": roles.NAMES, "next": way.local(request.GET.get("next")) or "/m"}
    if request.headers.get("X-Part") or request.headers.get("HX-Request") == "true":
        return fragment(request, "web/me/companies_sheet.html", shown)
    return page(request, "web/me/companies.html", shown)


@require_POST
@signed_in
def switch(request: SignedIn) -> HttpResponse:
    """Act for another of my companies from now on; no `as` here, since changing it is the point. Raises NotFound for one that is not mine."""
    chosen = find_id(request.POST.get("company", ""))
    if chosen is None or not works_for(request.viewer.person, chosen):
        raise NotFound
    devices.act_for(request.viewer.device, chosen)
    return redirect(way.local(request.POST.get("next")) or "/m")


@require_safe
@signed_in
def my_door(request: SignedIn) -> HttpResponse:
    """The poster of the company one acts for."""
    return redirect(f"/co/{_handle(request)}/poster")


@require_safe
@signed_in
def my_people(request: SignedIn) -> HttpResponse:
    """The people of the company one acts for."""
    return redirect(f"/co/{_handle(request)}/people")


def _handle(request: SignedIn) -> str:
    found = Company.objects.filter(pk=request.viewer.company).values_list("handle", flat=True).first() if request.viewer.company else None
    if found is None:
        raise NotFound
    return found
