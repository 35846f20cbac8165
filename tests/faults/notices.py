"""Payment notices nobody should believe, and good ones at wrong times. Signed as the sandbox signs (HMAC-SHA256 over `timestamp.body`)."""

import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

from guanxi.base.doctor.safety import DEMO_SECRET

Notice = tuple[dict[str, str], bytes]


def notice(*, kind: str = "paid", secret: str = DEMO_SECRET, age: int = 0, **changes: object) -> Notice:
    """Headers and body."""
    said = {"id": f"paid_{uuid.uuid4().hex}", "kind": kind, "merchant": "guanxi", "number": uuid.uuid4().hex, "attach": str(uuid.uuid4()), "amount": 100,
            "currency": "GBP", "reference": "sb_x", "at": datetime.now(UTC).isoformat()}  # fmt: skip
    raw, stamp = json.dumps(said | changes).encode(), str(int(time.time()) - age)
    return {"sandbox-timestamp": stamp, "sandbox-signature": hmac.new(secret.encode(), stamp.encode() + b"." + raw, hashlib.sha256).hexdigest()}, raw


def forged() -> Iterator[Notice]:
    """No signature, another key, an old time, a changed body, no JSON."""
    yield {}, b"{}"
    yield notice(secret="another key that is not ours")
    yield notice(age=3600)
    headers, raw = notice()
    yield headers, raw.replace(b'"amount": 100', b'"amount": 999')
    yield headers, b"\x00\xff"
