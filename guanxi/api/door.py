"""How a request becomes a call: token, rate, key."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja.security import HttpBearer

from guanxi.base import clock
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.base.http import client_address
from guanxi.base.limits import Allowance
from guanxi.people import tokens
from guanxi.people.viewer import Viewer
from guanxi.talk.call import Call, by_viewer
from guanxi.talk.form import Form
from guanxi.talk.run import once

Act = Callable[..., dict[str, Any]]
LOOPBACK = ("127.0.0.1", "::1")
NEWEST = 2**62  # without `seen` the caller has seen everything: he names the version he means by its id
USUAL = Allowance(limit=1200, seconds=60)
REPLAY = Allowance(limit=1_000_000, seconds=60, handful=1000)


class Bearer(HttpBearer):
    """`Authorization: Bearer <token>`; never a cookie, never the query string (quality.md A21, A55)."""

    def authenticate(self, request: HttpRequest, token: str) -> Viewer | None:
        found = tokens.find(token, now=clock.now())
        if found is None:
            return None
        request.viewer, request.token = found.viewer, found  # type: ignore[attr-defined]
        request.rate = rate_of(request, found.replay).take(f"api:{found.id}", clock.now())  # type: ignore[attr-defined]
        return found.viewer


def rate_of(request: HttpRequest, replay: bool) -> Allowance:
    """The demo person `replay` on loopback has a class of its own (docs/api/limits.md)."""
    return REPLAY if replay and settings.REPLAY_CLASS and client_address(request) in LOOPBACK else USUAL


def add_rate(request: HttpRequest, response: HttpResponse) -> None:
    """What is left, in headers."""
    if rate := getattr(request, "rate", None):
        response["RateLimit-Remaining"], response["RateLimit-Reset"] = str(rate[0]), str(rate[1])


def viewer_of(request: HttpRequest) -> Viewer:
    """The caller."""
    return request.viewer  # type: ignore[attr-defined]


def company_of(request: HttpRequest) -> UUID:
    """The company the token is for. Raises Refused for a token of a person alone."""
    if company := viewer_of(request).company:
        return company
    raise Refused("no-company", _("This token is for no company. Ask for one that is."))


def need_scope(request: HttpRequest, scope: str) -> None:
    """Raises Refused when the token may not do this."""
    scopes = request.token.scopes  # type: ignore[attr-defined]
    if "*" not in scopes and scope not in scopes:
        raise Refused("scope", _("This token lacks the scope “{scope}”."), scope=scope)


def key_of(request: HttpRequest) -> str:
    """The Idempotency-Key. Raises Invalid when it is missing or odd."""
    key = request.headers.get("Idempotency-Key", "")
    if not 8 <= len(key) <= 64 or not key.isascii() or not key.isprintable():
        raise Invalid({"Idempotency-Key": _("Send a key of 8 to 64 plain signs with every POST.")})
    return key


def call_of(request: HttpRequest, *, scope: str, conversation: UUID | None = None, seen: int | None = None, hashed: object = None) -> Call:
    """The caller's call under his key. What the key stands for is the request as sent, or what another door hashes for the same act."""
    need_scope(request, scope)
    call = by_viewer(viewer_of(request), conversation=conversation, seen=NEWEST if seen is None else seen)
    return call.keyed(key_of(request), hashed or (request.path, request.body.decode("utf-8", "replace")))


def act(request: HttpRequest, function: Act, *, scope: str, conversation: UUID | None = None, hashed: object = None, **kwargs: Any) -> dict[str, Any]:
    """Run an act with plain arguments; the ids it made."""
    return once(function, call_of(request, scope=scope, conversation=conversation, hashed=hashed), **kwargs)


def submit(
    request: HttpRequest, form: Form, data: dict[str, Any], *, conversation: UUID | None = None, seen: int | None = None, **ids: Any
) -> dict[str, Any]:
    """Read `data` as the page's door does, then run the act of the form; the ids it made."""
    call = call_of(request, scope="trade", conversation=conversation, seen=seen)
    company_of(request)
    return once(form.act, call, **form.read(data | ids, call))


def reachable(condition: object) -> None:
    """Raises NotFound unless there is something here for the caller."""
    if not condition:
        raise NotFound
