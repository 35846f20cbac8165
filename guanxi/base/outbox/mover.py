"""From the outbox to the job queue, after the commit (quality.md R10): claim what is due, defer it, mark it, in one transaction."""

from datetime import datetime, timedelta

from django.db import transaction

from guanxi.base.outbox.jobs import perform
from guanxi.base.table import Outbox

MOST = 200


def move(now: datetime) -> int:
    """Hand over what is due; how many. Several movers share the work: each skips what another holds."""
    with transaction.atomic():
        rows = list(Outbox.objects.filter(moved_at=None, due_at__lte=now).order_by("due_at").select_for_update(skip_locked=True)[:MOST])
        if rows:
            perform.batch_defer(*(
                {"name": row.effect, "conversation": str(row.conversation_id), "body": row.body, "key": row.id.hex} for row in rows
            ))  # fmt: skip
            Outbox.objects.filter(id__in=[row.id for row in rows]).update(moved_at=now)
    return len(rows)


def next_due(now: datetime, *, most: timedelta) -> float:
    """Seconds until the next waiting row is due, at most `most`."""
    due = Outbox.objects.filter(moved_at=None).order_by("due_at").values_list("due_at", flat=True).first()
    left = most if due is None else min(most, due - now)
    return max(0.05, left.total_seconds())  # what another mover holds is due already: no busy wait


def sweep(now: datetime) -> int:
    """Forget what was handed over more than a week ago; how many."""
    return Outbox.objects.filter(moved_at__lt=now - timedelta(days=7)).delete()[0]
