"""Two-step sign-in: the authenticator app, passkeys, recovery codes. Changes ask for the second factor, when there is one."""

from uuid import UUID

import segno
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.base import clock
from guanxi.base.errors import NotFound
from guanxi.people.factor import acts, app, keys, reads, recovery
from guanxi.people.middleware import signed_in
from guanxi.people.table import Person
from guanxi.people.viewer import SignedIn
from guanxi.web.page import page
from guanxi.web.signin import way
from guanxi.web.signin.second import ask_first, host_of

HERE = "/me/security"


@require_safe
@signed_in
def factors(request: SignedIn) -> HttpResponse:
    """What is set up."""
    return show(request, [])


def show(request: SignedIn, codes: list[str]) -> HttpResponse:
    """The page; `codes` are new recovery codes, drawn this once."""
    path = way.local(request.GET.get("next") or request.POST.get("next"))
    return page(request, "web/me/security.html", {
        "has": reads.of(request.viewer.person), "codes": codes, "possible": keys.possible(host_of(request)), "next": path,
        "must": path.startswith("/console"),
    })  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_app(request: SignedIn) -> HttpResponse:
    """The QR code and the key by hand; the first right code turns it on."""
    person = request.viewer.person
    if asked := ask_first(request, HERE):
        return asked
    if request.method == "POST":
        codes = acts.confirm_app(person, request.POST.get("code"), now=clock.now())
        acts.shown(request.viewer.device, now=clock.now())
        return show(request, codes)
    secret = acts.begin_app(person, now=clock.now())
    row = Person.objects.only("phone", "email").get(pk=person)
    drawn = segno.make(app.link(secret, row.email or row.phone or ""), error="m").svg_data_uri(border=2, scale=6, dark="#000", light="#fff")
    by_hand = " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))
    return page(request, "web/me/app.html", {"drawn": drawn, "by_hand": by_hand, "next": way.local(request.GET.get("next"))})


@require_POST
@signed_in
def remove_app(request: SignedIn) -> HttpResponse:
    """Codes of the app are asked for no more."""
    if asked := ask_first(request, HERE):
        return asked
    acts.remove_app(request.viewer.person)
    return redirect(HERE)


@require_POST
@signed_in
def new_codes(request: SignedIn) -> HttpResponse:
    """Ten new recovery codes; the old ones end. Raises NotFound for one without a second factor."""
    if asked := ask_first(request, HERE):
        return asked
    if not reads.has(request.viewer.person):
        raise NotFound
    return show(request, recovery.draw(request.viewer.person, now=clock.now()))


@require_POST
@signed_in
def key_options(request: SignedIn) -> HttpResponse:
    """What the browser asks the device for."""
    if asked := ask_first(request, HERE):
        return asked
    options, request.session["passkey"] = keys.begin_adding(request.viewer.person, request.viewer.name, host=host_of(request), now=clock.now())
    return JsonResponse(options)


@require_POST
@signed_in
def add_key(request: SignedIn) -> HttpResponse:
    """Keep the new passkey under its name."""
    if asked := ask_first(request, HERE):
        return asked
    person, state = request.viewer.person, request.session.pop("passkey", None)
    keys.add(person, request.POST.get("passkey"), state, name=request.POST.get("name", ""), host=host_of(request), now=clock.now())
    acts.shown(request.viewer.device, now=clock.now())
    return show(request, acts.first_codes(person, now=clock.now()))


@require_POST
@signed_in
def rename_key(request: SignedIn, passkey: UUID) -> HttpResponse:
    """Another name for it."""
    acts.rename_key(request.viewer.person, passkey, name=request.POST.get("name"))
    return redirect(HERE)


@require_POST
@signed_in
def remove_key(request: SignedIn, passkey: UUID) -> HttpResponse:
    """It opens nothing any more."""
    if asked := ask_first(request, HERE):
        return asked
    acts.remove_key(request.viewer.person, passkey)
    return redirect(HERE)
