"""Where I am signed in, and signing out elsewhere."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from guanxi.base import clock
from guanxi.people.devices import acts, reads
from guanxi.people.middleware import signed_in
from guanxi.people.viewer import SignedIn
from guanxi.web.page import page


@require_safe
@signed_in
def devices(request: SignedIn) -> HttpResponse:
    """The list."""
    return page(request, "web/me/devices.html", {"devices": reads.mine(request.viewer.person, here=request.viewer.device)})


@require_POST
@signed_in
def end(request: SignedIn, device: UUID) -> HttpResponse:
    """Sign one out."""
    acts.end(request.viewer.person, device, now=clock.now())
    return redirect("/me/devices")


@require_POST
@signed_in
def end_others(request: SignedIn) -> HttpResponse:
    """Sign out everywhere but here."""
    acts.end_all(request.viewer.person, but=request.viewer.device, now=clock.now())
    return redirect("/me/devices")
