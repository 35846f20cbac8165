"""The upgrade: which requests become sockets. A cookie counts only from our own pages (quality.md A20)."""

from typing import TYPE_CHECKING

from django.conf import settings
from picows import WSUpgradeRequest, WSUpgradeResponse, WSUpgradeResponseWithListener

from guanxi.talk.gateway.signin import credentials
from guanxi.talk.gateway.socket import Socket

if TYPE_CHECKING:
    from guanxi.talk.gateway.process import Gateway

Answer = Socket | WSUpgradeResponseWithListener | None


def enter(gateway: "Gateway", request: WSUpgradeRequest) -> Answer:
    """A socket, or the HTTP answer to what is not for us."""
    path = request.path.split(b"?", 1)[0]
    if path == b"/healthz":
        return plain(b"ok\n")
    if path == b"/readyz":
        return plain(b"ready\n") if gateway.ready() else refused(503, b"the database is away\n")
    if path != b"/ws":
        return None
    if gateway.stopping:
        return refused(503, b"restarting\n")
    given = credentials(request.headers)
    if not given.token and not from_our_pages(request):
        return refused(403, b"this page may not open our socket\n")
    return Socket(gateway, given)


def from_our_pages(request: WSUpgradeRequest) -> bool:
    """Browsers always send Origin, and a page cannot forge it."""
    origins = request.headers.getall("Origin", [])
    return len(origins) == 1 and origins[0].rstrip("/").lower() in settings.ALLOWED_ORIGINS


def plain(body: bytes) -> WSUpgradeResponseWithListener:
    return WSUpgradeResponseWithListener(WSUpgradeResponse.create_ok_response(body), None)


def refused(status: int, body: bytes) -> WSUpgradeResponseWithListener:
    return WSUpgradeResponseWithListener(WSUpgradeResponse.create_error_response(status, body), None)
