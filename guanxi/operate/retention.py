"""`guanxi retention`: what is kept no longer than it is needed. Rules are rows: a name, an SQL condition, an age. Trade records have no age here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import connection

from guanxi.base import clock, milestones
from guanxi.operate.erase import erase, present
from guanxi.people.table import Person

log = structlog.get_logger(__name__)
AT_ONCE = 5000  # rows in one statement: nobody waits for it
CLOSED = timedelta(days=30)  # closed accounts are erased afterwards
EXPORTS = timedelta(days=7)


@dataclass(frozen=True)
class Rule:
    """Rows of `table` where `condition` holds before `now - age` go; the condition has one parameter, that moment."""

    table: str
    condition: str
    age: timedelta
    why: str


RULES = (
    Rule("people_signincode", "made_at < %s", timedelta(days=1), "codes live ten minutes"),
    Rule("people_device", "ended_at < %s", timedelta(days=90), "signed out; with its network address"),
    Rule("people_token", "coalesce(ended_at, expires_at) < %s", timedelta(days=180), "ended or expired"),
    Rule("people_invitation", "coalesce(used_at, withdrawn_at, expires_at) < %s", timedelta(days=180), "used, withdrawn or expired"),
    Rule("people_recoverycode", "used_at < %s", timedelta(days=90), "used"),
    Rule("django_session", "expire_date < %s", timedelta(0), "expired"),
    Rule("base_limit", '"window" < %s', timedelta(days=2), "counts of tries"),
    Rule("base_outbox", "moved_at < %s", timedelta(days=7), "handed to the job queue"),
    Rule("talk_call", "at < %s", timedelta(days=90), "keys of acts: nobody repeats them any more"),
    Rule("notify_delivery", "state <> 'waiting' AND made_at < %s", timedelta(days=30), "webhook deliveries"),
    Rule("notify_push", "state <> 'waiting' AND made_at < %s", timedelta(days=7), "web pushes"),
    Rule("procrastinate_events", '"at" < %s', timedelta(days=30), "history of the job queue"),
)


def sweep(*, dry: bool = False, now: datetime | None = None) -> dict[str, int]:
    """Rows deleted by table, closed accounts erased, exports removed; with `dry` only counted."""
    now = now or clock.now()
    known = dict(present([(rule.table, "") for rule in RULES]))
    act: Callable[[Rule, datetime], int] = count if dry else delete
    counts = {rule.table: act(rule, now) for rule in RULES if rule.table in known}
    counts["closed accounts"] = erase_closed(now, dry=dry)
    counts["exports"] = remove_exports(now, dry=dry)
    if not dry:
        milestones.note("retention", now=now, deleted=sum(counts.values()))
        log.info("operate.retention", **{name.replace(" ", "_"): number for name, number in counts.items()})
    return counts


def count(rule: Rule, now: datetime) -> int:
    """How many rows the rule would delete."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {rule.table} WHERE {rule.condition}", [now - rule.age])  # noqa: S608 names of this file
        return int(cursor.fetchone()[0])


def delete(rule: Rule, now: datetime) -> int:
    """The rows, some thousand at a time; how many."""
    statement = f"DELETE FROM {rule.table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {rule.table} WHERE {rule.condition} LIMIT {AT_ONCE}))"  # noqa: S608 names of this file
    gone, last = 0, AT_ONCE
    with connection.cursor() as cursor:
        while last == AT_ONCE:
            cursor.execute(statement, [now - rule.age])
            last = cursor.rowcount
            gone += last
    return gone


def erase_closed(now: datetime, *, dry: bool) -> int:
    """People who closed their account a month ago: what closing left beside their words goes too."""
    waiting = list(Person.objects.filter(closed_at__lt=now - CLOSED, name="").values_list("id", flat=True))
    for person in [] if dry else waiting:
        erase(person, now=now)
    return len(waiting)


def remove_exports(now: datetime, *, dry: bool) -> int:
    """Exports a company has had a week to fetch."""
    folder = Path(settings.DATA_DIR) / "exports"
    old = [file for file in folder.rglob("*") if file.is_file() and file.stat().st_mtime < (now - EXPORTS).timestamp()] if folder.exists() else []
    for file in [] if dry else old:
        file.unlink()
    return len(old)
