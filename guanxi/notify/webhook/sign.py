"""Signing as standardwebhooks.com says: three headers, HMAC-SHA256 over `id.timestamp.body`, one signature for each living secret."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from guanxi.notify.webhook.table import Webhook
from guanxi.people import secrets

PREFIX = "whsec_"
BOTH = timedelta(hours=24)  # how long the old secret signs beside the new one


def secret(row: Webhook, salt: str) -> str:
    """The secret drawn from a salt under the server's own secret: a copy of the database alone holds none (quality.md A8)."""
    return PREFIX + base64.b64encode(bytes.fromhex(secrets.keyed("webhook", str(row.id), salt))).decode()


def living(row: Webhook, now: datetime) -> list[str]:
    """The secrets that sign now, the newest first."""
    salts = [row.salt] + ([row.old_salt] if row.old_salt and row.old_until and now < row.old_until else [])
    return [secret(row, salt) for salt in salts]


def signature(plain: str, own: str, stamp: int, body: bytes) -> str:
    """`v1,` and the base64 of the HMAC. `stamp` in whole seconds of Unix time."""
    key = base64.b64decode(plain.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.new(key, f"{own}.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()


def headers(row: Webhook, own: str, body: bytes, now: datetime) -> dict[str, str]:
    """Fresh for each try, under the one id of the event."""
    stamp = int(now.timestamp())
    signed = " ".join(signature(plain, own, stamp, body) for plain in living(row, now))
    return {"webhook-id": own, "webhook-timestamp": str(stamp), "webhook-signature": signed}
