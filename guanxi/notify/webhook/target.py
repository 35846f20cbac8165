"""Where we may post to: public addresses only, looked up once and connected to as looked up (quality.md A37)."""

import ipaddress
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from guanxi.base import text
from guanxi.base.errors import Invalid

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Find = Callable[..., list[Any]]

MOST = 500
NAME = re.compile(r"(?=.{4,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")  # at least one dot, no number at the end
INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "arpa", "onion", "test", "invalid")
# IPv6 that holds an IPv4 address (NAT64, 6to4, Teredo, compatible) or stays in a house (site-local).
DISGUISES = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "fec0::/10")))
OWN = ("127.0.0.1", "localhost", "::1")


class Forbidden(Exception):
    """The name leads to an address we do not post to, or nowhere."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address in parts we read ourselves; nothing else reads the text again."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def name(self) -> str:
        """As the Host header says it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"https": 443, "http": 80}[self.scheme]
        return host if self.port == usual else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.name}{self.path}"

    def at(self, address: str) -> str:
        """The URL that connects to one looked-up address."""
        return f"{self.scheme}://[{address}]:{self.port}{self.path}" if ":" in address else f"{self.scheme}://{address}:{self.port}{self.path}"


def read(given: object) -> Target:
    """What a person or program typed. Raises Invalid when it is no https address of a public name."""
    typed = text.clean(given, field="url", most=MOST, least=1)
    found = split(typed)
    if found is None or not typed.isascii() or not typed.isprintable() or any(sign in typed for sign in ' \\"<>^`{|}'):
        raise Invalid({"url": _("Write an address like https://example.com/hook.")})
    if found.host in OWN and settings.WEBHOOK_LOOPBACK:
        return found
    if found.scheme != "https":
        raise Invalid({"url": _("The address must begin with https://.")})
    if not may_be_public(found.host) or not (found.port == 443 or found.port >= 1024):
        raise Invalid({"url": _("This address is not public. Use one that can be reached from the internet.")})
    return found


def split(typed: str) -> Target | None:
    """In parts, or None for what has none or holds a user name or a fragment."""
    try:
        parts = urlsplit(typed)
        host, port = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError:
        return None
    if parts.scheme not in ("https", "http") or not host or "@" in parts.netloc or "%" in host or "#" in typed or port == 0:
        return None
    return Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def may_be_public(host: str) -> bool:
    """By its form alone: a plain public IP address, or a name with a dot that is not one of a house."""
    try:
        return public(ipaddress.ip_address(host))
    except ValueError:
        return bool(NAME.fullmatch(host)) and host.rsplit(".", 1)[-1] not in INSIDE


def public(address: Address) -> bool:
    """Whether this is an address of the open internet, and no other address in disguise."""
    if isinstance(address, ipaddress.IPv6Address) and (address.ipv4_mapped is not None or any(address in net for net in DISGUISES)):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved and not address.is_unspecified


def look_up(target: Target, *, find: Find = socket.getaddrinfo) -> str:
    """The address to connect to: the first, when all of them are public. Raises Forbidden."""
    try:
        rows = find(target.host, target.port, type=socket.SOCK_STREAM)
        found = [ipaddress.ip_address(row[4][0].partition("%")[0]) for row in rows]
    except (OSError, ValueError, UnicodeError) as error:
        raise Forbidden("name") from error
    allowed = [one for one in found if public(one) or (settings.WEBHOOK_LOOPBACK and target.host in OWN and one.is_loopback)]
    if not found or len(allowed) != len(found):
        raise Forbidden("address")
    return str(allowed[0])
