"""The session of a browser: a new key with every sign-in (quality.md A53), a device row for remote sign-out."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from guanxi.base.http import client_address
from guanxi.people.devices import acts as devices
from guanxi.people.factor import acts as factors
from guanxi.people.table import Device

CARRIED = ("door",)  # what a visitor wanted to do outlives his signing in; nothing else does


def begin(request: HttpRequest, person: UUID, *, now: datetime, factor: bool = False) -> Device:
    """Sign this browser in as the person; `factor` says that a second factor was shown just now."""
    carried = {name: request.session[name] for name in CARRIED if name in request.session}
    end(request, now=now)
    request.session.update(carried)
    request.session.save()
    device = devices.add(
        person, session_key=request.session.session_key or "", label=request.headers.get("User-Agent", ""), address=client_address(request), now=now
    )
    if factor:
        factors.shown(device.id, now=now)
    request.session["device"] = str(device.id)
    rotate_token(request)
    return device


def end(request: HttpRequest, *, now: datetime) -> None:
    """Sign this browser out: the device ends, the session's row goes, its key is never used again."""
    if key := request.session.session_key:
        devices.end_session(key, now=now)
    request.session.flush()
