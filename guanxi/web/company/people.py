"""The people of one's company: roles, removing, handing over, inviting."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from guanxi.base import clock
from guanxi.base.errors import NotFound
from guanxi.people import roles
from guanxi.people.invitations import acts as invitations
from guanxi.people.memberships import acts
from guanxi.people.memberships.reads import Colleague, colleagues
from guanxi.people.middleware import signed_in
from guanxi.people.table import Company
from guanxi.people.viewer import SignedIn
from guanxi.talk.call import by_viewer
from guanxi.web.company.own import mine
from guanxi.web.page import fragment, page


@require_safe
@signed_in
def people(request: SignedIn, handle: str) -> HttpResponse:
    """Who works here; for admins also the links under way."""
    found = mine(request, handle, power="read")
    manages = roles.can(request.viewer.role, "manage")
    return page(request, "web/company/people.html", {
        "company": found, "people": colleagues(found.id), "roles": roles.NAMES, "me": request.viewer.person, "may_manage": manages,
        "grants": grants(request.viewer.role), "invitations": invitations.living(found.id, now=clock.now()) if manages else [],
        "owns": request.viewer.role == "owner",
    })  # fmt: skip


def grants(role: str | None) -> list[tuple[str, object]]:
    """The roles this member may give."""
    return [(one, roles.NAMES[one]) for one in acts.GIVEN if acts.RANK[one] <= acts.RANK.get(role or "", -1)]


@require_safe
@signed_in
def member(request: SignedIn, handle: str, membership: UUID) -> HttpResponse:
    """One colleague: another role, removing, handing over."""
    found = mine(request, handle)
    them = _colleague(found, membership)
    above = acts.RANK[them.role] > acts.RANK[request.viewer.role or "viewer"] or them.role == "owner"
    return page(request, "web/company/member.html", {
        "company": found, "them": them, "roles": roles.NAMES, "grants": grants(request.viewer.role), "above": above,
        "is_me": them.person == request.viewer.person, "owns": request.viewer.role == "owner",
    })  # fmt: skip


def _colleague(company: Company, membership: UUID) -> Colleague:
    them = next((one for one in colleagues(company.id) if one.id == membership), None)
    if them is None:
        raise NotFound
    return them


@require_POST
@signed_in
def role(request: SignedIn, handle: str, membership: UUID) -> HttpResponse:
    """Another role or title."""
    found = mine(request, handle)
    acts.set_role(by_viewer(request.viewer), membership=membership, role=request.POST.get("role", ""), title=request.POST.get("title"))
    return redirect(f"/co/{found.handle}/people")


@require_POST
@signed_in
def remove(request: SignedIn, handle: str, membership: UUID) -> HttpResponse:
    """He works here no more."""
    found = mine(request, handle)
    acts.remove(by_viewer(request.viewer), membership=membership)
    return redirect(f"/co/{found.handle}/people")


@require_POST
@signed_in
def owner(request: SignedIn, handle: str, membership: UUID) -> HttpResponse:
    """Hand the company over."""
    found = mine(request, handle, power="own")
    acts.hand_over(by_viewer(request.viewer), membership=membership)
    return redirect(f"/co/{found.handle}/people")


@require_POST
@signed_in
def leave(request: SignedIn, handle: str) -> HttpResponse:
    """Stop working here."""
    mine(request, handle, power="read")
    acts.leave(by_viewer(request.viewer))
    request.session.pop("company", None)
    return redirect("/me")


@require_POST
@signed_in
def invite(request: SignedIn, handle: str) -> HttpResponse:
    """A new link, shown this once with its QR."""
    found = mine(request, handle)
    made = invitations.invite(by_viewer(request.viewer), role=request.POST.get("role", ""))
    shown = {
        "company": found, "path": f"/i/{made.token}", "link": f"{settings.PUBLIC_URL}/i/{made.token}", "role": roles.NAMES[request.POST["role"]],
        "days": invitations.LIVES.days,
    }  # fmt: skip
    if request.headers.get("HX-Request") == "true":
        return fragment(request, "web/company/invited_sheet.html", shown)
    return page(request, "web/company/invited.html", shown)


@require_POST
@signed_in
def withdraw(request: SignedIn, handle: str, invitation: UUID) -> HttpResponse:
    """The link opens nothing any more."""
    found = mine(request, handle)
    invitations.withdraw(by_viewer(request.viewer), invitation=invitation)
    return redirect(f"/co/{found.handle}/people")
