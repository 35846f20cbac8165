"""What an act's refusal or an accident looks like: a page, a part of a page, or problem details, by who asked."""

import json
import secrets
import sys
from collections.abc import Callable
from typing import Any

import structlog
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.base.errors import ActError, Busy, Conflict, Invalid, Limited, NotFound
from guanxi.base.http import shown_path
from guanxi.web import elsewhere

log = structlog.get_logger(__name__)
MOST_FIELDS = 20  # marked beside their fields by header; the rest of a long form is told in words


class Errors:
    """Last of the middleware: sees what the views raise, and the redirects that htmx must follow as a whole page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if is_htmx(request) and answer.status_code in (301, 302, 303) and "Location" in answer:
            return moved(answer)
        if answer.status_code == 405 and request.method == "GET":
            return only_posted(request, answer)
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Acts answer by raising; everything else is Django's to handle (and becomes a 500 with a number)."""
        if isinstance(error, ActError):
            return answer_to(request, error)
        if isinstance(error, Http404):
            return answer_to(request, NotFound())
        if isinstance(error, BadRequest | SuspiciousOperation | RequestDataTooBig):
            return bad_request(request, error)
        return None


def answer_to(request: HttpRequest, error: ActError) -> HttpResponse:
    """The error in the form this caller reads."""
    if wants_json(request):
        answer: HttpResponse = problem(error)
    elif is_htmx(request) or request.headers.get("X-Part"):
        answer = part(request, error)
    else:
        answer = (elsewhere.offer(request) if isinstance(error, NotFound) else None) or whole(request, error)
    if isinstance(error, Limited):
        answer["Retry-After"] = str(error.retry_after)
    answer["Cache-Control"] = "no-store"
    return answer


def problem(error: ActError) -> JsonResponse:
    """RFC 9457 problem details."""
    body: dict[str, Any] = {"type": "about:blank", "title": title_of(error), "status": error.status, "code": error.code, "detail": words_of(error)}
    if isinstance(error, Invalid):
        body["fields"] = {name: str(words) for name, words in error.fields.items()}
    return JsonResponse(body, status=error.status, content_type="application/problem+json")


def part(request: HttpRequest, error: ActError) -> HttpResponse:
    """For htmx: bad fields are marked in place by script, anything else opens as a sheet over the page."""
    answer = render(request, "web/ui/refused.html", said(error), status=error.status, using="jinja2")
    answer["HX-Retarget"], answer["HX-Reswap"] = "#over", "innerHTML"
    if isinstance(error, Invalid):
        some = {name: str(words) for name, words in list(error.fields.items())[:MOST_FIELDS]}
        answer["HX-Trigger"] = json.dumps({"guanxi:invalid": {"fields": some}})
    return answer


def whole(request: HttpRequest, error: ActError) -> HttpResponse:
    """A page of its own, with the way back."""
    return render(request, "web/ui/error.html", said(error) | {"back": way_back(request)}, status=error.status, using="jinja2")


def said(error: ActError) -> dict[str, Any]:
    """What the templates say about an error."""
    fields = [str(words) for words in error.fields.values()] if isinstance(error, Invalid) else []
    return {"title": title_of(error), "words": words_of(error), "fields": fields, "code": error.code, "again": isinstance(error, Busy), "number": ""}


def title_of(error: ActError) -> str:
    """The headline: what happened."""
    if isinstance(error, NotFound):
        return _("Not found")
    if isinstance(error, Invalid):
        return _("Some entries need mending")
    if isinstance(error, Limited):
        return _("Too often")
    if isinstance(error, Busy):
        return _("Busy right now")
    return _("Not done")


def words_of(error: ActError) -> str:
    """The reason, and what to do."""
    if isinstance(error, NotFound):
        return str(error) or _("This page does not exist, or it is not shared with you.")
    if isinstance(error, Conflict):
        return str(error) or _("This was already stored with other content. Reload the page to see what stands.")
    if isinstance(error, Busy):
        return str(error) or _("Nothing was changed and nothing is lost. Try again in a moment.")
    return str(error)


def moved(answer: HttpResponse) -> HttpResponse:
    """htmx would swap the redirect's target into the page; it is told to go there instead."""
    there = HttpResponse(status=200)
    there["HX-Redirect"] = answer["Location"]
    there["Cache-Control"] = "no-store"
    there.cookies = answer.cookies
    return there


def only_posted(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The address of a form, reloaded or opened by hand: a page in place of an empty answer."""
    said = accident(request, 405, _("Nothing to see here"), _("This address only takes what a form sends. Nothing was changed."))
    said["Allow"] = answer["Allow"]
    return said


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF view: the form is too old, or cookies are off."""
    log.info("csrf_failed", reason=reason, path=shown_path(request))
    return accident(request, 403, _("This form is too old"), _("Nothing was changed. Reload the page and try again."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404: no such address."""
    return answer_to(request, NotFound())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400: the request itself cannot be read."""
    too_big = isinstance(exception, RequestDataTooBig)
    words = _("That was more than can be sent at once.") if too_big else _("The request could not be read. Nothing was changed.")
    return accident(request, 413 if too_big else 400, _("Not done"), words)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: our fault. The number stands in the log beside the error. While the database is away it is a 503 that says when to come again."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return away(request)
    number = secrets.token_hex(3).upper()
    log.error("page_failed", number=number, path=shown_path(request))
    words = _("The server could not answer. What you wrote is not lost; try again in a moment.")
    try:
        return accident(request, 500, _("This page did not open"), words, number=number)
    except Exception:  # the error page itself must not need what is broken
        log.exception("error_page_failed", number=number)
        return HttpResponse(f"{words} ({number})", status=500, content_type="text/plain; charset=utf-8")


def away(request: HttpRequest) -> HttpResponse:
    """The database restarts or was too slow: nothing was stored, except under a key, which answers a repeat (quality.md F2)."""
    log.warning("database_away", path=shown_path(request))
    words = _("Nothing was changed and nothing is lost. Try again in a moment.")
    try:
        answer = accident(request, 503, _("Busy right now"), words)
    except Exception:  # as above
        answer = HttpResponse(words, status=503, content_type="text/plain; charset=utf-8")
    answer["Retry-After"] = "2"
    return answer


def accident(request: HttpRequest, status: int, title: str, words: str, *, number: str = "") -> HttpResponse:
    """A page, part or problem for what no act said."""
    if wants_json(request):
        body = {"type": "about:blank", "title": title, "status": status, "detail": words} | ({"number": number} if number else {})
        return JsonResponse(body, status=status, content_type="application/problem+json")
    template = "web/ui/refused.html" if is_htmx(request) else "web/ui/error.html"
    said = {"title": title, "words": words, "fields": [], "code": "", "again": status >= 500, "number": number, "back": way_back(request)}
    answer = render(request, template, said, status=status, using="jinja2")
    answer["Cache-Control"] = "no-store"
    if is_htmx(request):
        answer["HX-Retarget"], answer["HX-Reswap"] = "#over", "innerHTML"
    return answer


def way_back(request: HttpRequest) -> str:
    """Where the error page leads: home."""
    return "/m" if getattr(request, "viewer", None) else "/"


def is_htmx(request: HttpRequest) -> bool:
    """Asked by htmx for a part of the page."""
    return request.headers.get("HX-Request") == "true"


def wants_json(request: HttpRequest) -> bool:
    """Asked by a program: the API, or one that prefers JSON to pages."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accept and "text/html" not in accept)
