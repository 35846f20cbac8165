"""What lies outside of us: the address people type in, the sender of codes, the payment providers. Each is only asked something harmless."""

import http.client
import ssl
from collections.abc import Iterable
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from guanxi import ports
from guanxi.base.doctor.finding import Finding, good, judged

PATIENCE = 4.0  # seconds


def public() -> Iterable[Finding]:
    """TLS, HSTS, and the websocket through the proxy; nothing to look at on a machine of one's own."""
    parts = urlsplit(settings.PUBLIC_URL)
    if parts.scheme != "https":
        yield good("proxy", "none: the public address has no TLS")
        return
    host = parts.netloc
    remedy = "Look at the proxy: it sends everything to PORT, and /ws to GATEWAY_PORT (docs/operate/install.md, deploy/Caddyfile)."
    try:
        status, headers = ask(host, "/healthz", {})
    except (OSError, http.client.HTTPException) as error:
        yield Finding("proxy", "bad", f"{settings.PUBLIC_URL} does not answer ({type(error).__name__})", "Nobody gets in.", remedy)
        return
    yield judged("proxy", status == 200, f"/healthz answers {status}", why="The proxy does not lead to us.", remedy=remedy)
    kept = "strict-transport-security" in headers
    yield judged("HSTS", kept, "sent" if kept else "not sent", why="A browser may be led to the page without TLS.",
                 remedy="Let the proxy add Strict-Transport-Security, and name it in TRUSTED_PROXIES.", otherwise="look")  # fmt: skip
    yield socket_through(host, remedy)


def socket_through(host: str, remedy: str) -> Finding:
    """A handshake without a sign-in: the gateway itself says 401 or 403, whatever is not the gateway says something else."""
    upgrade = {
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "Z3VhbnhpLWRvY3Rvci0wMQ==",
        "Origin": settings.PUBLIC_URL,
    }  # fmt: skip
    try:
        status, _headers = ask(host, "/ws", upgrade)
    except (OSError, http.client.HTTPException):
        status = 0
    why = "Messages would be fetched every few seconds instead of arriving at once."
    return judged("websocket", status in (101, 401, 403), f"/ws answers {status or 'nothing'}", why=why, remedy=remedy)


def ask(host: str, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
    """Status and headers (lower case) of one GET over TLS. Raises OSError, HTTPException."""
    link = http.client.HTTPSConnection(host, timeout=PATIENCE, context=ssl.create_default_context())
    try:
        link.request("GET", path, headers=headers)
        answer = link.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}
    finally:
        link.close()


def proxies() -> Iterable[Finding]:
    """Behind a proxy that is not named every caller looks like the proxy."""
    named = bool(settings.TRUSTED_PROXIES) or not settings.SECURE
    remedy = "Set TRUSTED_PROXIES to the proxy's address, such as 127.0.0.1."
    what = " ".join(settings.TRUSTED_PROXIES) or "none named"
    yield judged("trusted proxies", named, what, why="Limits would count everybody as one.", remedy=remedy, otherwise="look")


def sender() -> Iterable[Finding]:
    """The way codes and obligations leave, by its own harmless question if it has one."""
    way = ports.SENDERS.get(settings.SENDER, settings.SENDER)
    yield tried(f"sender {settings.SENDER}", way, "Nobody could sign in by code, and no obligation would leave.")


def providers() -> Iterable[Finding]:
    """Each payment provider that is switched on."""
    for name in settings.PROVIDERS:
        yield tried(f"provider {name}", ports.PROVIDERS.get(name, name), "Payments would not start, or stay on their way.")
    if not settings.PROVIDERS:
        yield good("providers", "none: companies pay by bank transfer")


def push() -> Iterable[Finding]:
    """The operator's own key for web push, when there is one."""
    if settings.VAPID_PRIVATE_KEY:
        yield tried("web push", "guanxi.notify.push.keys", "Nobody would get pushes, and nothing of it is shown.")
    else:
        yield good("web push", "off: no VAPID_PRIVATE_KEY (`guanxi vapid` makes one)")


def tried(name: str, module: str, why: str) -> Finding:
    """`probe()` of the module when it has one: it raises what is wrong."""
    try:
        probe: Any = getattr(import_module(module), "probe", None)
        if probe is not None:
            probe()
    except Exception as error:  # whatever an operator's own module raises is the finding
        return Finding(name, "bad", f"does not work ({type(error).__name__})", why, "Look at its settings and credentials, and at what it says in the log.")
    return good(name, "answers" if probe else "is there")
