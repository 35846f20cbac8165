"""Pushes to this device: turned on by its script after a tap, chosen and turned off by forms."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from guanxi.base import clock
from guanxi.notify.push import acts, keys, reads
from guanxi.people.middleware import signed_in
from guanxi.people.viewer import SignedIn, Viewer


def shown(viewer: Viewer) -> dict[str, Any]:
    """For the page of notices; nothing is drawn without keys."""
    if not keys.is_on():
        return {"push_key": ""}
    rows = reads.mine(viewer.person, here=viewer.device)
    return {"push_key": keys.public(), "push_here": next((one for one in rows if one.here), None), "push_elsewhere": [one for one in rows if not one.here]}


@require_POST
@signed_in
def add(request: SignedIn) -> HttpResponse:
    """This device from now on. Raises NotFound without keys, Invalid, Refused for too many."""
    given = {name: request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth")}
    acts.add(request.viewer.person, request.viewer.device, now=clock.now(), **given)
    return HttpResponse(status=204)


@require_POST
@signed_in
def choose(request: SignedIn, subscription: UUID) -> HttpResponse:
    """What comes, and how much of it is shown."""
    acts.choose(request.viewer.person, subscription, talk="talk" in request.POST, details="details" in request.POST)
    return redirect("/me/notices?saved=1")


@require_POST
@signed_in
def remove(request: SignedIn, subscription: UUID) -> HttpResponse:
    """No more there."""
    acts.remove(request.viewer.person, subscription)
    return redirect("/me/notices")
