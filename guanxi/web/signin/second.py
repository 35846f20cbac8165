"""The second step of signing in, signing in by passkey alone, and showing the second factor again before something weighty."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guanxi.base import clock, limits
from guanxi.base.errors import Invalid
from guanxi.base.http import client_address
from guanxi.base.ids import find_id
from guanxi.people.factor import acts, app, keys, reads
from guanxi.people.middleware import signed_in
from guanxi.people.signin import demo, session
from guanxi.people.table import Person
from guanxi.people.viewer import Request, SignedIn
from guanxi.web.page import page
from guanxi.web.signin import way

WAITS = 600  # seconds between the first step and the second
HOUR = 3600


def go_in(request: HttpRequest, person: UUID, path: str, *, company: str = "") -> HttpResponse:
    """After the first step: signed in, or asked for the second factor by one who has one. Nothing of the session counts before that."""
    if not reads.has(person):
        session.begin(request, person, now=clock.now())
        return way.on(request, path, company=company)
    request.session["second"] = {"person": str(person), "next": path, "company": company, "at": int(clock.now().timestamp())}
    request.session.pop("signin", None)
    return redirect("/signin/second")


def finish(request: HttpRequest, person: UUID, path: str, *, company: str = "") -> HttpResponse:
    """A second factor was shown: in."""
    session.begin(request, person, now=clock.now(), factor=True)
    return way.on(request, path, company=company)


def waiting(request: HttpRequest) -> tuple[UUID, dict[str, Any]]:
    """Who did the first step in this browser, and where he goes. Raises Invalid when nobody did, or long ago."""
    state = request.session.get("second")
    person = find_id(state.get("person", "")) if isinstance(state, dict) else None
    if person is None or not isinstance(state, dict) or clock.now().timestamp() - state.get("at", 0) > WAITS:
        raise Invalid({"code": _("That took too long. Sign in again.")})
    return person, state


def host_of(request: HttpRequest) -> str:
    """The host name a passkey belongs to."""
    return request.get_host().rsplit(":", 1)[0]


@require_safe
def second(request: Request) -> HttpResponse:
    """The code's field, and the passkeys."""
    try:
        person, _state = waiting(request)
    except Invalid:
        return redirect("/signin")
    return show_page(request, person, "/signin/second", "")


def show_page(request: HttpRequest, person: UUID, base: str, path: str) -> HttpResponse:
    """What this person can show. The demo's own people read their code on the page, where the demo is open to this visitor."""
    has = reads.of(person)
    told = app.present(person, now=clock.now()) if demo.allowed(request) and Person.objects.filter(pk=person, demo=True).exists() else ""
    by_key = bool(has.passkeys) and keys.possible(host_of(request))
    return page(request, "web/signin/second.html", {"has": has, "base": base, "next": path, "demo_code": told, "by_key": by_key})


@require_POST
def second_code(request: Request) -> HttpResponse:
    """In by the app's code or a recovery code."""
    person, state = waiting(request)
    acts.show(person, request.POST.get("code"), ip=client_address(request), now=clock.now())
    return finish(request, person, state["next"], company=state["company"])


@require_POST
def second_options(request: Request) -> HttpResponse:
    """What the browser asks the passkey for."""
    person, _state = waiting(request)
    return offer(request, person)


@require_POST
def second_passkey(request: Request) -> HttpResponse:
    """In by one of his passkeys."""
    person, state = waiting(request)
    return finish(request, answered(request, person), state["next"], company=state["company"])


@require_POST
def passkey_options(request: Request) -> HttpResponse:
    """For a passkey of anybody: the device knows whose."""
    limits.hit(f"passkey:ip:{client_address(request)}", limit=100, seconds=HOUR, now=clock.now())
    return offer(request, None)


@require_POST
def passkey(request: Request) -> HttpResponse:
    """In by a passkey alone: it was unlocked by finger, face or PIN."""
    return finish(request, answered(request, None), way.local(request.POST.get("next")))


def offer(request: HttpRequest, person: UUID | None) -> HttpResponse:
    """Options as JSON; the challenge stays in the session and serves once."""
    options, request.session["passkey"] = keys.begin_showing(host=host_of(request), now=clock.now(), person=person)
    return JsonResponse(options)


def answered(request: HttpRequest, person: UUID | None) -> UUID:
    """Whose passkey it was. Raises Invalid, Limited."""
    limits.hit(f"passkey:try:{client_address(request)}", limit=100, seconds=HOUR, now=clock.now())
    return keys.show(request.POST.get("passkey"), request.session.pop("passkey", None), host=host_of(request), now=clock.now(), person=person)


@require_safe
@signed_in
def confirm(request: SignedIn) -> HttpResponse:
    """Show it again, then go on."""
    path = way.local(request.GET.get("next")) or "/me/security"
    if not reads.has(request.viewer.person):
        return redirect("/me/security")
    return show_page(request, request.viewer.person, "/me/confirm", path)


@require_POST
@signed_in
def confirm_code(request: SignedIn) -> HttpResponse:
    """By a code."""
    acts.show(request.viewer.person, request.POST.get("code"), ip=client_address(request), now=clock.now())
    return confirmed(request)


@require_POST
@signed_in
def confirm_options(request: SignedIn) -> HttpResponse:
    """By a passkey: what to ask it for."""
    return offer(request, request.viewer.person)


@require_POST
@signed_in
def confirm_passkey(request: SignedIn) -> HttpResponse:
    """By a passkey."""
    answered(request, request.viewer.person)
    return confirmed(request)


def confirmed(request: SignedIn) -> HttpResponse:
    """This device counts as fresh for a while."""
    acts.shown(request.viewer.device, now=clock.now())
    return redirect(way.local(request.POST.get("next")) or "/me/security")


def ask_first(request: SignedIn, path: str) -> HttpResponse | None:
    """Off to show the second factor, for one who has one and did not show it just now; None when all is well."""
    if not reads.has(request.viewer.person) or reads.second_factor_fresh(request):
        return None
    return redirect("/me/confirm" + way.query(path))
