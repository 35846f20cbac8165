"""Who asks, in which language: read once a request, fresh from the rows, so that what ended has no effect any more."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from guanxi.base import clock
from guanxi.base.errors import Refused
from guanxi.base.limits import Allowance
from guanxi.people import viewer as viewers
from guanxi.people.viewer import Request, SignedIn

Answer = Callable[[HttpRequest], HttpResponse]
SEEN_EVERY = timedelta(minutes=5)
POSTS = Allowance(limit=600, seconds=60)  # of a person, over all his browsers

# One statement: the device while it is signed in, its person, and the company chosen on it, or else the one joined first.
WHO = """
    SELECT d.id, d.seen_at, p.id, p.name, p.language, p.theme, m.company_id, m.company, m.role, p.operator_since IS NOT NULL, p.suspended_at IS NOT NULL
    FROM people_device d JOIN people_person p ON p.id = d.person_id
    LEFT JOIN LATERAL (
        SELECT m.company_id, c.name AS company, CASE WHEN c.suspended_at IS NULL THEN m.role ELSE 'suspended' END AS role
        FROM people_membership m JOIN people_company c ON c.id = m.company_id
        WHERE m.person_id = p.id AND m.ended_at IS NULL ORDER BY (m.company_id = d.company_id) DESC NULLS LAST, m.joined_at, m.id LIMIT 1
    ) m ON true
    WHERE d.session_key = %s AND d.ended_at IS NULL AND p.is_active AND p.closed_at IS NULL
"""


class Language:
    """The cookie's language, then what the browser asks for; Viewer puts the person's own between the two."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        translation.activate(translation.get_language_from_request(request))
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response


class Viewer:
    """Sets `request.viewer`: the signed-in person and the company he acts for, or None."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        if not request.COOKIES.get(settings.SESSION_COOKIE_NAME, "x").isalnum():  # never made by us; the database would choke on NUL
            request.session = type(request.session)()
        found = find_viewer(request)
        request.viewer, request.barred = (None, found) if found and found.suspended else (found, None)
        if found and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(found.language)
        return self.get_response(request)


def find_viewer(request: HttpRequest) -> viewers.Viewer | None:
    """Session and row, or None for a stranger."""
    if not request.session.session_key or "device" not in request.session:
        return None
    return of_session(request.session.session_key or "", now=clock.now())


def of_session(session_key: str, *, now: datetime) -> viewers.Viewer | None:
    """Who is signed in under this key, for the company chosen on his device while he works there, otherwise for another of his."""
    with connection.cursor() as cursor:
        cursor.execute(WHO, [session_key])
        row = cursor.fetchone()
        if row is None:
            return None
        device, seen_at, person, name, language, theme, company_id, company_name, role, operator, suspended = row
        if seen_at < now - SEEN_EVERY:
            cursor.execute("UPDATE people_device SET seen_at = %s WHERE id = %s", [now, device])
    return viewers.Viewer(person, name, company_id, company_name or "", role, language, theme, device, operator, suspended)


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A stranger is sent to sign in, and back to this page afterwards. Raises Limited for one who posts without end (quality.md A44)."""

    @wraps(view)
    def checked(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if request.viewer is None:
            return redirect("/suspended") if request.barred else to_signin(request)
        if request.method == "POST":
            POSTS.take(f"post:{request.viewer.person}", clock.now())
        return view(request, *args, **kwargs)

    return checked


def to_signin(request: HttpRequest) -> HttpResponse:
    """The sign-in page, knowing where to go on; an act is not repeated by itself."""
    here = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    return redirect("/signin" + (f"?next={quote(here, safe='')}" if here not in ("", "/", "/m") else ""))


def require_as(request: SignedIn) -> UUID | None:
    """The company the page was drawn for must be the one acted for now. Raises Refused for an old tab (quality.md A10)."""
    posted = request.POST.get("as") or request.headers.get("X-As") or ""
    current = request.viewer.company
    if posted != str(current or ""):
        raise Refused(
            "other-company",
            _("You now act for {company}. Go back to switch, or reload this page; nothing was changed."),
            company=request.viewer.company_name or request.viewer.name,
        )
    return current
