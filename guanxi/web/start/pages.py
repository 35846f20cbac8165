"""A company in three steps, all but its name skippable (ui.md 17)."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from guanxi.people import roles
from guanxi.people.account import acts as account
from guanxi.people.companies import acts, forms
from guanxi.people.devices import acts as devices
from guanxi.people.memberships.acts import GIVEN
from guanxi.people.middleware import require_as, signed_in
from guanxi.people.regions import region_choices
from guanxi.people.sectors import sector_choices
from guanxi.people.signin import acts as signin
from guanxi.people.table import Company
from guanxi.people.viewer import SignedIn
from guanxi.talk.call import by_viewer
from guanxi.talk.keyed import keyed
from guanxi.talk.run import once
from guanxi.web.page import page
from guanxi.web.signin import way


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def name(request: SignedIn) -> HttpResponse:
    """Step 1: what the company and the person are called. One who has a company sets up another."""
    if request.method == "POST":
        return _create(request)
    request.session["after_start"] = way.local(request.GET.get("next"))
    return page(request, "web/start/name.html", {"person_name": signin.own_name(request.viewer.person)})


def _create(request: SignedIn) -> HttpResponse:
    draft = forms.read({"name": request.POST.get("name")})
    if said := request.POST.get("person_name"):
        account.set_name(request.viewer.person, name=said)
    call = replace(by_viewer(request.viewer), company=None)  # for the person: a retry comes when the session is with the new company already
    if key := request.POST.get("key", "")[:64]:
        call = call.keyed(key, ("company", draft.name))
    made = once(keyed(acts.create), call, draft=draft)
    devices.act_for(request.viewer.device, UUID(made["company"]))
    return redirect("/start/details")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def details(request: SignedIn) -> HttpResponse:
    """Step 2: what lets others trust and find it."""
    company = Company.objects.filter(pk=request.viewer.company).first() if request.viewer.company else None
    if company is None:
        return redirect("/start")
    if request.method == "POST":
        require_as(request)
        draft = forms.read(request.POST.dict() | {"name": company.name, "door": company.door})
        acts.edit(by_viewer(request.viewer), draft=draft)
        return redirect("/start/people")
    return page(request, "web/start/details.html", {"company": company} | choices())


def choices() -> dict[str, object]:
    """What the selects of a company's form offer."""
    return {
        "countries": list(forms.countries().items()),
        "regions": [("", _("Not said")), *region_choices()],
        "sectors": [("", _("Not said")), *sector_choices()],
    }


@require_safe
@signed_in
def people(request: SignedIn) -> HttpResponse:
    """Step 3: colleagues."""
    company = Company.objects.filter(pk=request.viewer.company).first() if request.viewer.company else None
    if company is None:
        return redirect("/start")
    return page(request, "web/start/people.html", {"company": company, "roles": [(role, roles.NAMES[role]) for role in GIVEN]})


@require_safe
@signed_in
def done(request: SignedIn) -> HttpResponse:
    """On to where one wanted to go."""
    return redirect(way.local(request.session.pop("after_start", "")) or way.HOME)
