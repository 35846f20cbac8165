"""Sends what was noted: a few devices at once, one try at a time each, with growing pauses. What was read meanwhile is not sent."""

import socket
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import http_ece
import structlog
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection

from guanxi.base import clock, counted
from guanxi.base.db import advance
from guanxi.base.errors import Refused
from guanxi.notify.choice.acts import of
from guanxi.notify.push import keys
from guanxi.notify.push.fresh import Fresh, still
from guanxi.notify.push.rules import may_go, wanted
from guanxi.notify.push.table import Push, Subscription
from guanxi.notify.push.words import payload, tag
from guanxi.notify.webhook.post import Answer, post
from guanxi.notify.webhook.target import Find

# The device that waited longest for its turn. Another worker's claim is over when that worker died.
CLAIM = """
    UPDATE notify_subscription SET busy_until = %(until)s WHERE id = (
        SELECT s.id FROM notify_subscription s WHERE s.key = %(key)s AND s.busy_until <= %(now)s AND s.pause_until <= %(now)s
            AND EXISTS (SELECT 1 FROM notify_push p WHERE p.subscription_id = s.id AND p.state = 'waiting' AND p.due_at <= %(now)s)
        ORDER BY s.busy_until LIMIT 1 FOR UPDATE SKIP LOCKED
    ) RETURNING id
"""
LEASE = timedelta(minutes=2)
PER_TURN = 10  # each takes ten seconds at most, so that a turn is over before its lease
PAUSES = tuple(timedelta(seconds=n) for n in (30, 120, 600, 1800, 7200, 21600))  # after the first try, the second ...; seven tries in all
TTL = 12 * 3600  # seconds the service keeps it for a device that is off
OLD = timedelta(hours=24)
LATER = timedelta(minutes=15)
GONE = (404, 410)  # nobody will ever be there again (RFC 8030, 7.3)
TROUBLED = (408, 425, 429)  # and all of 500 and above: tried again

log = structlog.get_logger(__name__)


def claim(now: datetime) -> UUID | None:
    """A device with something due whose turn it is, held for two minutes."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "until": now + LEASE, "key": keys.public()})
        row = cursor.fetchone()
    return row[0] if row else None


def carry(subscription: UUID, *, find: Find = socket.getaddrinfo) -> int:
    """Send what is due there until nothing is or a pause is needed; how many were looked at."""
    looked = 0
    while looked < PER_TURN:
        row = Subscription.objects.filter(pk=subscription, pause_until__lte=clock.now()).first()
        due = Push.objects.filter(subscription=row, state="waiting", due_at__lte=clock.now()).order_by("due_at", "id").first() if row else None
        if row is None or due is None:
            break
        looked += 1
        try:
            send(row, due, find=find)
        except Refused:  # removed while it was on its way
            log.info("push.moved")
    Subscription.objects.filter(pk=subscription).update(busy_until=clock.now())
    return looked


def send(row: Subscription, due: Push, *, find: Find = socket.getaddrinfo) -> None:
    """One try, and what follows from it."""
    now = clock.now()
    fresh = still(row.id, due.conversation_id, due.seq, key=row.key, now=now)
    if fresh is None or now - due.made_at > OLD or not still_wanted(fresh):
        counted.PUSHES.labels("dropped").inc()
        advance(due, to="dropped")
        return
    if not may_go(of(row.person_id).wish, fresh.turn, fresh.due_at, now):
        advance(due, to="waiting", due_at=now + LATER)
        return
    answer = post(row.endpoint, headers(row, fresh, now), sealed(row, payload(fresh)), find=find)
    log.info("push.tried", subscription=str(row.id), status=answer.status, error=answer.error)
    note(row, due, answer, now=clock.now())


def still_wanted(row: Fresh) -> bool:
    """He may have muted the talk or chosen otherwise since it was noted."""
    wish = of(row.person).wish
    return wanted(wish, row.kind, about_deal=row.about is not None, turn=row.turn, called=row.called, talk=row.talk, muted=row.muted)


def headers(row: Subscription, fresh: Fresh, now: datetime) -> dict[str, str]:
    """RFC 8030: how long it is kept, how much it matters, and which older one it replaces."""
    return {
        "Authorization": keys.authorization(row.endpoint, now=now.timestamp()), "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream", "User-Agent": "Guanxi-Push/1",
        "TTL": str(TTL), "Urgency": "high" if fresh.turn or fresh.called else "normal", "Topic": tag(fresh),
    }  # fmt: skip


def sealed(row: Subscription, said: bytes) -> bytes:
    """For this browser's eyes only (RFC 8291): a new key pair for every message."""
    own = ec.generate_private_key(ec.SECP256R1())
    return bytes(http_ece.encrypt(said, private_key=own, dh=keys.unpacked(row.p256dh), auth_secret=keys.unpacked(row.auth), version="aes128gcm"))


def note(row: Subscription, due: Push, answer: Answer, *, now: datetime) -> None:
    """How the try went: done, gone with its device, waiting for the next try, or failed."""
    if answer.status in GONE:
        counted.PUSHES.labels("gone").inc()
        row.delete()
        return
    tried = due.tries + 1
    said: dict[str, Any] = {"tries": tried, "status": answer.status, "error": answer.error}
    troubled = answer.status is None or answer.status >= 500 or answer.status in TROUBLED
    if answer.good:
        counted.PUSHES.labels("done").inc()
        advance(due, to="done", **said)
        Subscription.objects.filter(pk=row.pk).exclude(fails=0).update(fails=0)
    elif troubled and tried <= len(PAUSES):
        counted.PUSHES.labels("again").inc()
        advance(due, to="waiting", due_at=now + PAUSES[tried - 1], **said)
        Subscription.objects.filter(pk=row.pk).update(fails=row.fails + 1, pause_until=now + PAUSES[min(row.fails, len(PAUSES) - 1)])
    else:
        counted.PUSHES.labels("failed").inc()
        advance(due, to="failed", **said)
