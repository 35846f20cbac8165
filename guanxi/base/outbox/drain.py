"""Perform everything that is due here and now, without a queue: for tests and for building the demo world."""

from datetime import datetime

from guanxi.base.outbox.effect import run_effect
from guanxi.base.table import Outbox

ROUNDS = 1000


def drain(now: datetime) -> int:
    """Perform what is due until nothing is; how many effects ran."""
    for done in range(ROUNDS):
        row = Outbox.objects.filter(moved_at=None, due_at__lte=now).order_by("due_at", "conversation_id", "n").first()
        if row is None:
            return done
        Outbox.objects.filter(id=row.id).update(moved_at=now)
        run_effect(row.effect, row.conversation_id, row.body, key=row.id.hex, now=now)
    raise RuntimeError("effects make effects without an end")
