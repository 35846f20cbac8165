"""Where somebody goes on after signing in."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from guanxi.base import clock
from guanxi.people.companies import acts as companies
from guanxi.people.companies.forms import Draft
from guanxi.people.devices import acts as devices
from guanxi.people.middleware import find_viewer
from guanxi.people.signin import door
from guanxi.people.viewer import Viewer
from guanxi.talk.call import by_viewer

HOME = "/m"
LONGEST = 500


def local(path: object) -> str:
    """A path of our own, or empty: never another site (quality.md A22)."""
    if not isinstance(path, str) or not path.startswith("/") or len(path) > LONGEST or not path.isprintable():
        return ""
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) and "\\" not in path else ""


def on(request: HttpRequest, path: str, *, company: str = "") -> HttpResponse:
    """After the session has begun: to `path`, by way of setting up a company for one who has none and needs it."""
    viewer = find_viewer(request)
    path = local(path) or HOME
    if viewer is None:
        return redirect("/signin")
    if viewer.suspended:
        return redirect("/suspended")
    if viewer.operator and viewer.company is None:
        return redirect("/console" if path == HOME else path)
    if viewer.company is None and door.wanted(request) == path:
        stand_in(viewer, company)
    elif viewer.company is None and not path.startswith("/i/"):
        return redirect("/start" + query(path))
    return redirect(path)


def query(path: str) -> str:
    """`?next=...` for a path that is worth remembering."""
    return f"?next={quote(path, safe='')}" if path not in ("", HOME) else ""


def stand_in(viewer: Viewer, company: str) -> None:
    """A visitor at a door stands in the conversation one code later: his company carries the name he gave, or his own."""
    made = companies.create(by_viewer(viewer), draft=Draft(name=company or viewer.name))
    devices.act_for(viewer.device, UUID(made["company"]))


def waiting(request: HttpRequest) -> dict[str, Any]:
    """The sign-in under way in this browser: address, next, when the code went out."""
    found = request.session.get("signin")
    return found if isinstance(found, dict) else {}


def resend_seconds(state: dict[str, Any]) -> int:
    """Until another code can be asked for."""
    gone = int(clock.now().timestamp() - state.get("at", 0))
    return max(0, 60 - gone)
