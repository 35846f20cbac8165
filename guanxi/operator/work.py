"""Jobs and outbox as an operator reads them, and the figures beside the console's tabs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from guanxi.operator.money import LONG

FAILED = """
    SELECT j.id, j.args->>'name', j.args->>'conversation', j.attempts, (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id)
    FROM procrastinate_jobs j WHERE j.status = 'failed' ORDER BY j.id DESC LIMIT 100
"""
QUEUED = "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1"
WAITING = """
    SELECT effect, count(*), count(*) FILTER (WHERE due_at <= %(now)s), min(due_at) FROM base_outbox WHERE moved_at IS NULL GROUP BY effect ORDER BY 4
"""
COUNTS = """
    SELECT (SELECT count(*) FROM people_verification WHERE state = 'asked'), (SELECT count(*) FROM deals_dispute WHERE state = 'escalated'),
        (SELECT count(*) FROM people_appeal WHERE state = 'open'), (SELECT count(*) FROM pay_suspense WHERE settled_at IS NULL),
        (SELECT count(*) FROM pay_providerevent WHERE handled_at IS NULL AND received_at < %(now)s - interval '1 minute'),
        (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'),
        (SELECT count(*) FROM deals_payout WHERE state = 'asked' AND asked_at < %(long)s),
        (SELECT count(*) FROM base_outbox WHERE moved_at IS NULL AND due_at < %(now)s - interval '1 minute'),
        (SELECT count(*) FROM base_milestone m JOIN deals_payout p ON m.name = 'refused:' || replace(p.id::text, '-', '') WHERE p.state = 'asked'),
        (SELECT count(*) FROM deals_review r WHERE r.reported_at IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM people_operatoract a WHERE a.company_id = r.by_company AND a.act = 'review.look' AND a.about = r.id::text))
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits for an operator."""

    verifications: int
    disputes: int
    appeals: int
    suspense: int
    events: int
    failed: int
    payouts: int
    overdue: int
    refused: int
    reviews: int

    @property
    def money(self) -> int:
        return self.suspense + self.events

    @property
    def work(self) -> int:
        return self.failed + max(self.payouts, self.refused) + (1 if self.overdue else 0)


@dataclass(frozen=True, slots=True)
class Failed:
    """A job that was given up after its last try."""

    id: int
    effect: str
    conversation: str
    tries: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Effects of one name in the outbox: all, those due, the first one's time."""

    effect: str
    all: int
    due: int
    first_at: datetime


def counts(now: datetime) -> Counts:
    """One statement."""
    return Counts(*ask(COUNTS, now)[0])


def failed(now: datetime) -> list[Failed]:
    """Newest first."""
    return [Failed(*row) for row in ask(FAILED, now)]


def queued(now: datetime) -> dict[str, int]:
    """Jobs by state."""
    return dict(ask(QUEUED, now))


def waiting(now: datetime) -> list[Waiting]:
    """The outbox by effect."""
    return [Waiting(*row) for row in ask(WAITING, now)]


def ask(query: str, now: datetime) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"now": now, "long": now - LONG})
        return cursor.fetchall()
