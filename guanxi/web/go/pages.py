"""The command menu: one field that finds where to go and what to do. A sheet on a desk, a page without script."""

from urllib.parse import urlsplit

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from guanxi.base import clock, limits
from guanxi.people.middleware import signed_in
from guanxi.people.viewer import SignedIn
from guanxi.web.go.find import Group, find
from guanxi.web.page import fragment, page


@require_safe
@signed_in
def go(request: SignedIn) -> HttpResponse:
    """The field with what is near: acts of the open deal, the newest talks, pages, one's other companies."""
    is_part = request.headers.get("X-Part") == "sheet"
    context = {"groups": groups(request), "asked": asked(request), "live": is_part}
    return (fragment if is_part else page)(request, f"web/go/{'sheet' if is_part else 'page'}.html", context)


@require_safe
@signed_in
def found(request: SignedIn) -> HttpResponse:
    """The list alone, while one types. Raises Limited for who asks more than a hand can."""
    limits.hit(f"go:{request.viewer.person}", limit=300, seconds=60, now=clock.now())
    return fragment(request, "web/go/found.html", {"groups": groups(request), "asked": asked(request), "live": True})


def groups(request: SignedIn) -> list[Group]:
    """What is offered; the page one comes from says which deal is open."""
    return find(request.viewer, asked(request), at=urlsplit(request.headers.get("Referer", "")).path)


def asked(request: SignedIn) -> str:
    """What was typed."""
    return request.GET.get("q", "")[:200].replace("\x00", "").strip()
