"""Secrets we give out once and keep as hashes."""

import hashlib
import hmac
import secrets as source

from django.conf import settings

TOKEN_BYTES = 32


def draw(prefix: str = "") -> str:
    """256 random bits as URL-safe text."""
    return prefix + source.token_urlsafe(TOKEN_BYTES)


def digest(plain: str) -> str:
    """sha256 of a drawn secret: it has more entropy than any list can try, so no salt or stretching is needed."""
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def draw_code() -> str:
    """Six digits."""
    return f"{source.randbelow(10**6):06d}"


def keyed(*parts: str) -> str:
    """HMAC of the parts under the server's secret: for what is short enough to be tried out."""
    return hmac.new(settings.SECRET_KEY.encode(), "\x1f".join(parts).encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two hashes are alike, in constant time."""
    return hmac.compare_digest(one, other)
