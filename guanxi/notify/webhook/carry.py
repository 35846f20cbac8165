"""Sends what was noted: a few receivers at once, one try at a time each, with growing pauses. A slow receiver slows only itself."""

import json
import socket
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import connection

from guanxi.base import clock
from guanxi.base.db import advance
from guanxi.base.errors import Refused
from guanxi.notify.webhook import events, sign
from guanxi.notify.webhook.post import Answer, post
from guanxi.notify.webhook.table import Delivery, Webhook
from guanxi.notify.webhook.target import Find

# The receiver that waited longest for its turn. Another worker's claim is over when that worker died.
CLAIM = """
    UPDATE notify_webhook SET busy_until = %(until)s WHERE id = (
        SELECT w.id FROM notify_webhook w WHERE w.state = 'on' AND w.busy_until <= %(now)s AND w.pause_until <= %(now)s
            AND EXISTS (SELECT 1 FROM notify_delivery d WHERE d.webhook_id = w.id AND d.state = 'waiting' AND d.due_at <= %(now)s)
        ORDER BY w.busy_until LIMIT 1 FOR UPDATE SKIP LOCKED
    ) RETURNING id
"""
LEASE = timedelta(minutes=2)
PER_TURN = 50  # then another receiver may have its turn
LONGEST_TURN = timedelta(seconds=60)
PAUSES = tuple(timedelta(minutes=n) for n in (1, 5, 30, 120, 300, 600, 1440))  # after the first try, the second ...; eight tries in all
IN_A_ROW = 3  # a receiver that answers badly so often is left alone for a while, one that does not answer at once
DEAD_AFTER, DEAD_FAILS = timedelta(days=3), 10
GONE = 410  # the receiver says that nobody will ever be there again

log = structlog.get_logger(__name__)


def claim(now: datetime) -> UUID | None:
    """A webhook with something due whose turn it is, held for two minutes."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "until": now + LEASE})
        row = cursor.fetchone()
    return row[0] if row else None


def carry(webhook: UUID, *, find: Find = socket.getaddrinfo) -> int:
    """Send what is due there until nothing is, a pause is needed or the turn is over; how many tries."""
    tries, end = 0, clock.now() + LONGEST_TURN
    while tries < PER_TURN and clock.now() < end:
        row = Webhook.objects.filter(pk=webhook, state="on", pause_until__lte=clock.now()).first()
        due = Delivery.objects.filter(webhook=row, state="waiting", due_at__lte=clock.now()).order_by("due_at", "at", "id").first() if row else None
        if row is None or due is None:
            break
        tries += 1
        try:
            send(row, due, find=find)
        except Refused:  # removed or asked for again while it was on its way
            log.info("webhook.moved", webhook=str(webhook))
    Webhook.objects.filter(pk=webhook).update(busy_until=clock.now())
    return tries


def send(row: Webhook, due: Delivery, *, find: Find = socket.getaddrinfo) -> None:
    """One try, and what follows from it."""
    own = f"msg_{due.id.hex}"
    body = json.dumps(events.body(due, row.company_id), ensure_ascii=False, separators=(",", ":")).encode()
    answer = post(row.url, sign.headers(row, own, body, clock.now()), body, find=find)
    log.info("webhook.tried", webhook=str(row.id), company=str(row.company_id), message=own, status=answer.status, error=answer.error)
    note(due, answer, now=clock.now())
    if answer.good:
        Webhook.objects.filter(pk=row.pk).exclude(fails=0).update(fails=0, failing_since=None)
    else:
        slow_down(row, answer, now=clock.now())


def note(due: Delivery, answer: Answer, *, now: datetime) -> None:
    """How the try went: done, waiting for the next, or failed after the last."""
    tried = due.tries + 1
    said: dict[str, Any] = {"tries": tried, "tried_at": now, "status": answer.status, "error": answer.error}
    if answer.good:
        advance(due, to="done", **said)
    elif tried > len(PAUSES):
        advance(due, to="failed", **said)
    else:
        advance(due, to="waiting", due_at=now + PAUSES[tried - 1], **said)


def slow_down(row: Webhook, answer: Answer, *, now: datetime) -> None:
    """Count the failure; leave a dead or troubled receiver alone, and switch it off after days of that, or when it says it is gone."""
    fails, since = row.fails + 1, row.failing_since or now
    silent = answer.status is None
    pause = PAUSES[min(fails, len(PAUSES) - 2) - 1] if silent or fails >= IN_A_ROW else timedelta()  # ten hours at most
    changed: dict[str, Any] = {"fails": fails, "failing_since": since, "pause_until": now + pause}
    if answer.status == GONE or (fails >= DEAD_FAILS and now - since >= DEAD_AFTER):
        advance(row, to="off", off_at=now, told_at=None, **changed)
        return
    Webhook.objects.filter(pk=row.pk).update(**changed)
