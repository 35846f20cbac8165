"""Reads the log for every webhook and notes what is to be sent: once an entry, only in conversations where its company takes part."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from guanxi.notify.webhook import events
from guanxi.notify.webhook.table import Delivery, Webhook

# An entry's `at` is when its act began, so a commit may be a little behind its neighbours: look back over what was read already.
OVERLAP = timedelta(minutes=2)
# The oldest first, so that a long silence is caught up in pieces; what stands already is not read again.
FRESH = """
    SELECT e.conversation_id, e.seq, e.kind, e.about, e.by_company, e.at
    FROM talk_party p
    JOIN talk_conversation c ON c.id = p.conversation_id AND c.head_at >= %(since)s
    JOIN talk_entry e ON e.conversation_id = c.id AND e.at >= GREATEST(%(since)s, p.joined_at) AND e.kind = ANY(%(kinds)s)
        AND e.seq > COALESCE((SELECT o.seq FROM talk_entry o WHERE o.conversation_id = c.id AND o.at < %(since)s ORDER BY o.seq DESC LIMIT 1), 0)
    WHERE p.company_id = %(company)s AND p.left_at IS NULL AND p.active_at >= %(since)s - interval '2 minutes'
        AND NOT EXISTS (SELECT 1 FROM notify_delivery d WHERE d.webhook_id = %(webhook)s AND d.conversation_id = e.conversation_id AND d.seq = e.seq)
    ORDER BY e.at, e.conversation_id, e.seq LIMIT %(most)s
"""
# Most companies are quiet most of the time: one statement finds those that are not.
LIVELY = """
    SELECT w.id FROM notify_webhook w WHERE w.state = 'on' AND EXISTS (
        SELECT 1 FROM talk_party p JOIN talk_conversation c ON c.id = p.conversation_id
        WHERE p.company_id = w.company_id AND p.left_at IS NULL AND p.active_at >= w.looked_at - interval '4 minutes'
            AND c.head_at >= w.looked_at - interval '2 minutes'
    ) ORDER BY w.looked_at LIMIT 1000
"""
MOST = 1000
KEPT = timedelta(days=30)


def gather(now: datetime) -> int:
    """For every webhook whose company was active; how many deliveries were noted."""
    with connection.cursor() as cursor:
        cursor.execute(LIVELY)
        lively = [row[0] for row in cursor.fetchall()]
    return sum(gather_for(webhook, now) for webhook in lively)


def gather_for(webhook: UUID, now: datetime) -> int:
    """What its company's conversations have new. One that was switched off or removed meanwhile, or is being read by another worker, gets nothing."""
    with transaction.atomic():
        row = Webhook.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=webhook, state="on").first()
        if row is None:
            return 0
        found = fresh(row, now)
        Delivery.objects.bulk_create(found, ignore_conflicts=True)
        Webhook.objects.filter(pk=row.pk).update(looked_at=found[-1].at if len(found) == MOST else max(row.looked_at, now))
    return len(found)


def fresh(row: Webhook, now: datetime) -> list[Delivery]:
    """The entries it has not been told of, as deliveries not yet stored."""
    asked: dict[str, Any] = {
        "company": row.company_id, "webhook": row.id, "since": max(row.looked_at - OVERLAP, row.made_at), "kinds": events.expand(row.kinds), "most": MOST,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FRESH, asked)
        rows = cursor.fetchall()
    return [
        Delivery(webhook_id=row.id, conversation_id=talk, seq=seq, kind=kind, about=about, by_company=by, at=at, due_at=now, made_at=now)
        for talk, seq, kind, about, by, at in rows
    ]  # fmt: skip


def forget(now: datetime) -> int:
    """What is older than 30 days; how many."""
    return Delivery.objects.filter(made_at__lt=now - KEPT).delete()[0]
