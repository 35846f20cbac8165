"""通讯录: companies and people one talks with; a company by its exact name."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from guanxi.base import clock, limits, text
from guanxi.base.errors import Invalid, NotFound
from guanxi.people import roles
from guanxi.people.companies.reads import by_name
from guanxi.people.middleware import require_as, signed_in
from guanxi.people.table import Company
from guanxi.people.viewer import SignedIn
from guanxi.talk.open import direct_conversation
from guanxi.web.contacts import lists
from guanxi.web.page import page

SHOWS = ("companies", "people", "done", "mine")


@require_safe
@signed_in
def contacts(request: SignedIn) -> HttpResponse:
    """By letter; with `q` those that hold it, and any company that has exactly this name."""
    asked, show = _asked(request), request.GET.get("show", "")
    show = show if show in SHOWS else "companies"
    companies, people = lists.companies(request.viewer), lists.people(request.viewer)
    done, mine = [one for one in companies if one.done], [one for one in companies if one.mine]
    chosen: dict[str, list[Any]] = {"companies": companies, "people": people, "done": done, "mine": mine}
    rows = lists.matching(chosen[show], asked) if asked else chosen[show]
    first = (_number(request) - 1) * lists.PAGE
    shown = rows[first : first + lists.PAGE]
    return page(request, "web/contacts/page.html", {
        "sections": lists.by_letter(shown), "shown": len(shown), "show": show, "counts_of": {name: len(found) for name, found in chosen.items()},
        "asked": asked,
        "found": _found(request, asked, {one.id for one in companies}) if asked else [],
        "more": _number(request) + 1 if len(rows) > first + lists.PAGE else 0, "roles": roles.NAMES,
    })  # fmt: skip


def _asked(request: SignedIn) -> str:
    try:
        return text.clean(request.GET.get("q", ""), field="q", most=200)
    except Invalid:
        return ""


def _number(request: SignedIn) -> int:
    given = request.GET.get("page", "1")
    return max(1, min(int(given), 50)) if given.isascii() and given.isdigit() and len(given) < 4 else 1


def _found(request: SignedIn, asked: str, known: set[UUID]) -> list[Company]:
    """Companies one does not know yet, by exact name, handle or link; counted, so that nobody tries out names by the thousand."""
    limits.hit(f"find:{request.viewer.person}", limit=60, seconds=60, now=clock.now())
    _before, co, handle = asked.rpartition("/co/")
    linked = Company.objects.filter(handle=handle.strip("/").lower()[:40]) if co else Company.objects.none()
    return [one for one in (list(linked) or by_name(asked)) if one.id not in known]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def person(request: SignedIn, other: UUID) -> HttpResponse:
    """One person; POST opens the talk of the two."""
    found = lists.person(request.viewer, other)
    if found is None or other == request.viewer.person:
        raise NotFound
    if request.method == "POST":
        require_as(request)
        return redirect(f"/c/{direct_conversation(request.viewer.person, other, now=clock.now())}")
    return page(request, "web/contacts/person.html", {"them": found, "roles": roles.NAMES})
