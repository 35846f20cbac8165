"""Password, API tokens, closing the account."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.base import clock
from guanxi.base.errors import Invalid
from guanxi.base.ids import find_id
from guanxi.people import tokens
from guanxi.people.account import acts
from guanxi.people.companies.reads import of_person
from guanxi.people.middleware import signed_in
from guanxi.people.signin import session
from guanxi.people.table import Person
from guanxi.people.viewer import SignedIn
from guanxi.web.page import page
from guanxi.web.signin.second import ask_first


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def password(request: SignedIn) -> HttpResponse:
    """Set one or change it; every other device and every token ends."""
    if asked := ask_first(request, "/me/password"):
        return asked
    if request.method == "POST":
        acts.set_password(request.viewer.person, old=request.POST.get("old"), new=request.POST.get("new"), device=request.viewer.device, now=clock.now())
        return redirect("/me")
    row = Person.objects.get(pk=request.viewer.person)
    return page(request, "web/me/password.html", {"has_password": bool(row.password) and row.has_usable_password()})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def tokens_page(request: SignedIn) -> HttpResponse:
    """The list and the form; the answer to the form shows the new token this once."""
    plain = _issue(request) if request.method == "POST" else ""
    return page(request, "web/me/tokens.html", {
        "plain": plain, "tokens": tokens.of(request.viewer.person, now=clock.now()), "scopes": tokens.SCOPES, "days": tokens.DAYS,
        "works": of_person(request.viewer.person),
    })  # fmt: skip


def _issue(request: SignedIn) -> str:
    given = request.POST.get("days", "")
    if not (given.isascii() and given.isdigit() and len(given) < 5):
        raise Invalid({"days": _("Choose one of the list.")})
    company = find_id(request.POST.get("company", ""))
    return tokens.issue(
        request.viewer.person, company, label=request.POST.get("label", ""), scopes=request.POST.getlist("scopes"), days=int(given), now=clock.now()
    )


@require_POST
@signed_in
def end_token(request: SignedIn, token: UUID) -> HttpResponse:
    """It is refused from now on."""
    tokens.end(request.viewer.person, token, now=clock.now())
    return redirect("/me/tokens")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def close(request: SignedIn) -> HttpResponse:
    """注销: asks once, in words, with the name typed."""
    if asked := ask_first(request, "/me/close"):
        return asked
    if request.method == "POST":
        if request.POST.get("name", "").strip() != request.viewer.name:
            raise Invalid({"name": _("Write your name exactly as it stands above.")})
        acts.close(request.viewer.person, now=clock.now())
        session.end(request, now=clock.now())
        answer = redirect("/signin")
        answer["Clear-Site-Data"] = '"storage"'
        return answer
    return page(request, "web/me/close.html", {})
