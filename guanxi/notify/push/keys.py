"""The operator's own VAPID keys (RFC 8292): P-256, the private one from the environment alone, as 32 bytes in URL-safe base64."""

import base64
import binascii
from functools import cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02, VapidException

LASTS = 12 * 3600  # seconds one signature is good for; services take 24 hours at most


class BadKey(Exception):
    """VAPID_PRIVATE_KEY is none."""


def draw() -> str:
    """A new private key, as the setting takes it."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return packed(number.to_bytes(32, "big"))


def is_on() -> bool:
    """Whether there are keys: without them, or with bad ones (`guanxi doctor` says so), nothing of push is shown."""
    try:
        return bool(settings.VAPID_PRIVATE_KEY and signs(settings.VAPID_PRIVATE_KEY, contact()))
    except BadKey:
        return False


@cache
def signs(private: str, said: str) -> bool:
    """Whether a signature can be made with both. Raises BadKey."""
    opened(private)
    try:
        Vapid02.from_raw(private.encode()).sign({"aud": "https://push.example", "exp": 2**32, "sub": said})
    except VapidException:
        raise BadKey("VAPID_CONTACT must be mailto:… or https://…") from None
    return True


def probe() -> None:
    """For the doctor. Raises BadKey."""
    signs(settings.VAPID_PRIVATE_KEY, contact())


def public() -> str:
    """What browsers are given: the uncompressed point, 65 bytes in URL-safe base64; nothing without keys."""
    return public_of(settings.VAPID_PRIVATE_KEY) if is_on() else ""


@cache
def public_of(private: str) -> str:
    """Raises BadKey."""
    return packed(opened(private).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


@cache
def opened(private: str) -> ec.EllipticCurvePrivateKey:
    """Raises BadKey for what is no private key."""
    try:
        raw = unpacked(private)
        if len(raw) != 32:
            raise ValueError
        return ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())
    except (ValueError, binascii.Error):
        raise BadKey("VAPID_PRIVATE_KEY is no key; make one with `guanxi vapid`") from None


def authorization(endpoint: str, *, now: float) -> str:
    """The header by which the push service knows us; `now` in seconds since 1970."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(now) + LASTS, "sub": contact()}
    return str(Vapid02.from_raw(settings.VAPID_PRIVATE_KEY.encode()).sign(claims)["Authorization"])


def contact() -> str:
    """Whom the push service writes to when we trouble it. Our own address must be https for that; a demo's is not."""
    own = settings.PUBLIC_URL if settings.PUBLIC_URL.startswith("https:") else "mailto:operator@guanxi.invalid"
    return settings.VAPID_CONTACT or own


def packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unpacked(said: str) -> bytes:
    """Raises ValueError for what is no base64."""
    return base64.b64decode(said.encode("ascii") + b"=" * (-len(said) % 4), altchars=b"-_", validate=True)
