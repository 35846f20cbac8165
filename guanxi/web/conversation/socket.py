"""Where the gateway listens, as this browser reaches it."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def address(request: HttpRequest) -> str:
    """Behind a TLS proxy `/ws` of the public host, otherwise the gateway's own port on the host the page came from."""
    if settings.SECURE:
        return f"wss://{urlsplit(settings.PUBLIC_URL).netloc}/ws"
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return f"ws://{host}:{settings.GATEWAY_PORT}/ws"
