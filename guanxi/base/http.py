"""What every request gets: a line in the log, and a database that is back before the answer says it is not."""

import re
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from guanxi.base import counted

log = structlog.get_logger(__name__)

Answer = Callable[[HttpRequest], HttpResponse]
# Voice messages need the microphone, photos of goods the camera; nothing else of a device is ours to ask for.
POWERS = "microphone=(self), camera=(self), geolocation=(), payment=(), usb=(), serial=(), bluetooth=(), display-capture=(), browsing-topics=()"
LETS_IN = re.compile(r"^/(i|r|n)/[^/]+")


class RequestLog:
    """One line a request, with who asked by id: no bodies, no phones, no tokens. Pages are private unless they say otherwise."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", POWERS)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
            response["Cache-Control"] = "private, no-store"
        seconds = time.perf_counter() - started
        log.info("request", method=request.method, path=shown_path(request), status=response.status_code, ms=round(seconds * 1000, 1), **who(request))
        counted.REQUESTS.labels(str(response.status_code)[:1]).inc()
        counted.REQUEST_SECONDS.observe(seconds)
        return response


def who(request: HttpRequest) -> dict[str, str]:
    """Person and company by id, as far as they are known."""
    viewer = getattr(request, "viewer", None)
    return {"person": str(viewer.person), "company": str(viewer.company or "")} if viewer else {}


def shown_path(request: HttpRequest) -> str:
    """The path as logs may say it: links that let somebody in (an invitation, a door) without their token (quality.md A8, A52)."""
    return LETS_IN.sub(r"/\1/…", request.path)


def client_address(request: HttpRequest) -> str:
    """The address limits count by. Forwarded headers are believed only from a configured proxy (quality.md A62)."""
    from django.conf import settings

    direct = request.META.get("REMOTE_ADDR", "")
    if direct in settings.TRUSTED_PROXIES:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        return forwarded[-1].strip() or direct
    return direct
