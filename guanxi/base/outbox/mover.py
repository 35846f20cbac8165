"""What waits in the outbox is done after the commit (quality.md R10): claimed for a while, tried at once, and left to the job queue when that fails.

A claim is a new due time: whoever dies with one leaves an effect that comes due again, and effects may run twice.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction

from guanxi.base import clock
from guanxi.base.outbox.effect import run_effect
from guanxi.base.outbox.jobs import WAIT, perform
from guanxi.base.table import Outbox

HELD = timedelta(seconds=30)  # longer than any effect takes

# One row, so that several movers share the work: each skips what another is about to claim.
CLAIM = """
    UPDATE base_outbox SET due_at = %(until)s WHERE id = (
        SELECT id FROM base_outbox WHERE moved_at IS NULL AND due_at <= %(now)s ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
    ) RETURNING id, conversation_id, effect, body::text
"""
DONE = "UPDATE base_outbox SET moved_at = %s WHERE id = %s AND moved_at IS NULL"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Claimed:
    """An effect in our hands."""

    id: UUID
    conversation: UUID
    name: str
    body: dict[str, Any]


def claim(now: datetime) -> Claimed | None:
    """The effect that has been due for longest; nobody else gets it before `HELD` has passed."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "until": now + HELD})
        row = cursor.fetchone()
    return Claimed(row[0], row[1], row[2], json.loads(row[3])) if row else None


def settle(held: Claimed) -> None:
    """Do it, and keep that it was done; what fails is tried again from the job queue, after 2, 4, 8 ... seconds."""
    try:
        run_effect(held.name, held.conversation, held.body, key=held.id.hex, now=clock.now())
    except Exception as error:  # whatever it was, the queue tries again and keeps what it gives up
        log.warning("effect.later", effect=held.name, id=held.id.hex, error=type(error).__name__)
        leave(held)
    else:
        with connection.cursor() as cursor:
            cursor.execute(DONE, [clock.now(), held.id])


def leave(held: Claimed) -> None:
    """Hand over to the job queue and mark, in one transaction: neither twice nor never."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DONE, [clock.now(), held.id])
        if cursor.rowcount:
            later = perform.configure(schedule_in={"seconds": WAIT})
            later.defer(name=held.name, conversation=str(held.conversation), body=held.body, key=held.id.hex)


def next_due(now: datetime, *, most: timedelta) -> float:
    """Seconds until the next waiting row is due, at most `most`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT due_at FROM base_outbox WHERE moved_at IS NULL ORDER BY due_at LIMIT 1")
        row = cursor.fetchone()
    left = min(most, row[0] - now) if row else most
    return max(0.05, left.total_seconds())  # what another mover is about to claim is due already: no busy wait


def sweep(now: datetime) -> int:
    """Forget what was done or handed over more than a week ago; how many."""
    return Outbox.objects.filter(moved_at__lt=now - timedelta(days=7)).delete()[0]
