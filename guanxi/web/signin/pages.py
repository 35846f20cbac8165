"""In and out: one box for phone or e-mail, a code, or a password."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guanxi.base import clock, text
from guanxi.base.errors import Invalid, NotFound
from guanxi.base.http import client_address
from guanxi.base.ids import find_id
from guanxi.people import address as addresses
from guanxi.people.account import acts as account
from guanxi.people.factor import keys
from guanxi.people.roles import NAMES
from guanxi.people.signin import acts, demo, door, session
from guanxi.people.viewer import Request
from guanxi.web.page import page
from guanxi.web.signin import way
from guanxi.web.signin.second import go_in, host_of

YEAR = 60 * 60 * 24 * 365


@require_safe
def home(request: Request) -> HttpResponse:
    """The bare address: the messages, or signing in."""
    return redirect(way.HOME if request.viewer else "/signin")


@require_safe
def signin(request: Request) -> HttpResponse:
    """The box; or the code that was sent, when this browser has asked for one."""
    if request.viewer:
        return redirect(way.local(request.GET.get("next")) or way.HOME)
    state = way.waiting(request)
    path = way.local(request.GET.get("next")) or state.get("next", "")
    allowed = demo.allowed(request)
    return page(request, "web/signin/page.html", {
        "sent_to": addresses.pretty(state["address"]) if state else "", "next": path, "resend": way.resend_seconds(state),
        "by_password": "password" in request.GET, "at_door": bool(path) and door.wanted(request) == path,
        "demo_code": state.get("code", "") if allowed else "", "demo_people": demo.people() if allowed and not state else [], "roles": NAMES,
        "passkeys": keys.possible(host_of(request)),
    })  # fmt: skip


@require_POST
def code(request: Request) -> HttpResponse:
    """Send a code, then ask for it."""
    state = way.waiting(request)
    sent = acts.send_code(request.POST.get("address") or state.get("address", ""), ip=client_address(request), now=clock.now())
    path = way.local(request.POST.get("next")) or state.get("next", "")
    request.session["signin"] = {"address": sent.address, "next": path, "at": int(clock.now().timestamp())}
    if demo.allowed(request):
        request.session["signin"]["code"] = sent.code
    return redirect("/signin")


@require_POST
def other(request: Request) -> HttpResponse:
    """Another address."""
    state = way.waiting(request)
    request.session.pop("signin", None)
    return redirect("/signin" + way.query(state.get("next", "")))


@require_POST
def enter(request: Request) -> HttpResponse:
    """In by the code."""
    state = way.waiting(request)
    if not state:
        raise Invalid({"address": _("Ask for a code first.")})
    company = text.clean(request.POST.get("company", ""), field="company", most=100)
    name = text.clean(request.POST.get("name", ""), field="name", most=60)
    entered = acts.enter(state["address"], request.POST.get("code"), ip=client_address(request), now=clock.now())
    if name and not acts.own_name(entered.person):
        account.set_name(entered.person, name=name)
    return go_in(request, entered.person, state.get("next", ""), company=company)


@require_POST
def password(request: Request) -> HttpResponse:
    """In by the password."""
    person = acts.by_password(request.POST.get("address"), request.POST.get("password"), ip=client_address(request), now=clock.now())
    return go_in(request, person, way.local(request.POST.get("next")))


@require_POST
def as_demo(request: Request) -> HttpResponse:
    """In as one of the demo's people, without a code."""
    chosen = find_id(request.POST.get("person", ""))
    if not demo.allowed(request) or chosen is None:
        raise NotFound
    return go_in(request, demo.person(chosen), way.local(request.POST.get("next")))


@require_POST
def signout(request: Request) -> HttpResponse:
    """Out: the session, its sockets, and what this browser keeps of us (design.md section 8)."""
    session.end(request, now=clock.now())
    answer = redirect("/signin")
    answer["Clear-Site-Data"] = '"storage"'
    return answer


@require_POST
def language(request: Request) -> HttpResponse:
    """Speak another language, here and, for a person, wherever he signs in."""
    chosen = request.POST.get("language")
    if chosen not in dict(settings.LANGUAGES):
        raise Invalid({"language": _("Choose one of the list.")})
    if request.viewer:
        account.set_language(request.viewer.person, language=chosen)
    translation.activate(chosen)
    answer = redirect(way.local(request.POST.get("next")) or "/")
    answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax", secure=settings.SECURE, httponly=True)
    return answer


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """What one agrees to."""
    return page(request, "web/signin/terms.html", {"version": acts.CONSENT})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, why and for how long."""
    return page(request, "web/signin/privacy.html", {"version": acts.CONSENT})
