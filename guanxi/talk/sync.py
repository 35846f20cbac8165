"""Which conversations changed since a cursor: for sockets after a gap, and for browsers that poll. May repeat, never misses.

A cursor is a time with a margin: an entry carries the time of its call, and a turn older than 10 s is killed, so whatever commits
after the cursor was read is younger than the cursor minus the margin. While pages follow, the cursor also holds the place reached.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

MARGIN = timedelta(seconds=15)
LISTS_LAG = timedelta(seconds=61)  # party.active_at follows head_at to the minute
PAGE = 500  # heads: 25 kB on the wire
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

CHANGED = """
SELECT DISTINCT c.head_at, c.id::text, c.head FROM (
    SELECT p.conversation_id FROM people_membership m JOIN talk_party p ON p.company_id = m.company_id
    WHERE m.person_id = %(person)s AND m.ended_at IS NULL AND (%(company)s::uuid IS NULL OR m.company_id = %(company)s::uuid)
        AND p.left_at IS NULL AND p.active_at > %(active)s
    UNION ALL
    SELECT p.conversation_id FROM talk_party p
    WHERE p.person_id = %(person)s AND %(company)s::uuid IS NULL AND p.left_at IS NULL AND p.active_at > %(active)s
) mine JOIN talk_conversation c ON c.id = mine.conversation_id
WHERE c.head_at > %(since)s AND (c.head_at, c.id) > (%(at)s, %(id)s)
ORDER BY c.head_at, c.id::text LIMIT %(limit)s
"""

Execute = Callable[[str, dict[str, Any]], Sequence[tuple[datetime, str, int]]]


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads by conversation, where to go on, and whether there is more at once."""

    heads: dict[str, int]
    cursor: str
    more: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A cursor read: everything after `since`; while pages follow, after (at, id), and `base` is the cursor for afterwards."""

    since: datetime
    at: datetime
    id: UUID
    base: datetime | None = None


def start(now: datetime) -> str:
    """The cursor of somebody who has everything up to `now`."""
    return _text(now - MARGIN)


def page(execute: Execute, *, person: str, company: str | None, cursor: str, now: datetime) -> Heads:
    """One page by `execute(sql, params) -> rows`; `company` bounds it to one company. A cursor that cannot be read starts anew."""
    place = _read(cursor)
    base = place.base or now - MARGIN
    rows = execute(CHANGED, {"person": person, "company": company, "active": place.since - LISTS_LAG, "since": place.since,
                             "at": place.at, "id": place.id, "limit": PAGE + 1})  # fmt: skip
    more, rows = len(rows) > PAGE, rows[:PAGE]
    following = f"{_text(place.since)}.{_text(base)}.{_text(rows[-1][0])}.{rows[-1][1]}" if more else _text(base)
    return Heads({conversation: head for _, conversation, head in rows}, following, more)


def changed(*, person: UUID, company: UUID | None = None, cursor: str = "", now: datetime) -> Heads:
    """A page by Django's connection, for `GET /api/v1/sync`."""
    from django.db import connection

    def execute(sql: str, params: dict[str, Any]) -> Sequence[tuple[datetime, str, int]]:
        with connection.cursor() as found:
            found.execute(sql, params)
            return found.fetchall()

    return page(execute, person=str(person), company=str(company) if company else None, cursor=cursor, now=now)


def _text(at: datetime) -> str:
    return str((at - EPOCH) // timedelta(microseconds=1))


def _time(text: str) -> datetime:
    return EPOCH + timedelta(microseconds=int(text[:17]))


def _read(cursor: str) -> Place:
    nothing = UUID(int=0)
    try:
        parts = cursor.split(".")
        since = _time(parts[0])
        if len(parts) == 1:
            return Place(since, EPOCH, nothing)
        return Place(since, _time(parts[2]), UUID(parts[3]), _time(parts[1]))
    except (ValueError, IndexError, OverflowError):
        return Place(EPOCH, EPOCH, nothing)
