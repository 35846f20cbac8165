"""How the sandbox signs what it says: HMAC-SHA256 over `timestamp.body`, at most five minutes old."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from guanxi.pay.port import Event, Unverified

NAME = "sandbox"
MERCHANT = "guanxi"
WINDOW = timedelta(minutes=5)
TIMESTAMP, SIGNATURE = "sandbox-timestamp", "sandbox-signature"
KINDS = ("paid", "failed", "released", "refunded")


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification ready to be posted."""

    raw: bytes
    headers: dict[str, str]


def sign(raw: bytes, stamp: str) -> str:
    """The signature of a body at a time (seconds since 1970, as text)."""
    return hmac.new(settings.SANDBOX_SECRET.encode(), stamp.encode() + b"." + raw, hashlib.sha256).hexdigest()


def write(event: Event, *, now: datetime) -> Notice:
    """The event as the sandbox sends it."""
    said = {
        "id": event.id, "kind": event.kind, "merchant": event.merchant, "number": event.number, "attach": event.attach,
        "amount": event.amount, "currency": event.currency, "reference": event.reference, "at": event.at.isoformat(),
    }  # fmt: skip
    raw = json.dumps(said, sort_keys=True).encode()
    stamp = str(int(now.timestamp()))
    return Notice(raw, {TIMESTAMP: stamp, SIGNATURE: sign(raw, stamp)})


def read(headers: Mapping[str, str], raw: bytes, *, now: datetime) -> Event:
    """The event in a notification. Raises Unverified for another key, an old time, a changed body or a form we do not know."""
    stamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
        raise Unverified("no-time")
    if not hmac.compare_digest(sign(raw, stamp).encode(), signature.encode("utf-8", "replace")):
        raise Unverified("bad-signature")
    if abs(now - datetime.fromtimestamp(int(stamp), UTC)) > WINDOW:
        raise Unverified("old")
    try:
        return parse(json.loads(raw))
    except (ValueError, KeyError, TypeError) as error:
        raise Unverified("bad-form") from error


def parse(said: dict[str, Any]) -> Event:
    """The fields with their types; anything else is a ValueError."""
    texts = {name: said[name] for name in ("id", "kind", "merchant", "number", "attach", "currency", "reference")}
    if not all(type(text) is str and len(text) <= 80 for text in texts.values()) or type(said["amount"]) is not int or texts["kind"] not in KINDS:
        raise ValueError("bad field")
    return Event(provider=NAME, amount=said["amount"], at=datetime.fromisoformat(said["at"]), **texts)
