"""Notices: what the others did, the newest first."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from guanxi.notify import happened
from guanxi.people.middleware import signed_in
from guanxi.people.viewer import SignedIn
from guanxi.web.page import page


@require_safe
@signed_in
def notices(request: SignedIn) -> HttpResponse:
    """Each leads to its entry in the talk."""
    return page(request, "web/notices/page.html", {"news": happened.news(request.viewer)})
