"""The list of conversations: exactly by last entry, and as quick with ten thousand of them as with ten.

`party.active_at` follows a conversation's head to the minute (talk.table), so the index of parties gives the candidates: what is among
the newest n by head was active no more than SLACK before the nth by activity. Only candidates are joined and sorted.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from guanxi.base.ids import find_id
from guanxi.people.viewer import Viewer
from guanxi.talk import card
from guanxi.talk.position.acts import MOST_PINNED

SLACK = timedelta(seconds=61)
MOST_UNREAD = 100  # a badge says 99+
UNREAD_AMONG = 300  # the newest conversations in which unread is looked for

MINE = """
    SELECT id, conversation_id, company_id, person_id, active_at FROM talk_party
    WHERE company_id = %(company)s AND left_at IS NULL {bound}
    UNION ALL SELECT id, conversation_id, company_id, person_id, active_at FROM talk_party
    WHERE person_id = %(person)s AND left_at IS NULL {bound}
"""
NEWEST = """
    (SELECT id, conversation_id, company_id, active_at FROM talk_party WHERE company_id = %(company)s AND left_at IS NULL {bound}
     ORDER BY active_at DESC LIMIT %(many)s)
    UNION ALL
    (SELECT id, conversation_id, company_id, active_at FROM talk_party WHERE person_id = %(person)s AND left_at IS NULL {bound}
     ORDER BY active_at DESC LIMIT %(many)s)
"""
NTH = """
    SELECT active_at FROM ({newest}) all_mine ORDER BY active_at DESC
    OFFSET %(last)s + (SELECT count(*) FROM talk_position WHERE person_id = %(person)s AND pinned) LIMIT 1
"""
UNREAD = f"""
    (SELECT count(*) FROM (SELECT 1 FROM talk_entry e WHERE e.conversation_id = c.id AND e.seq > GREATEST(po.read_seq, po.from_seq, c.head - 200, 0)
        AND e.kind NOT IN ('recall', 'recalled')
        AND e.by_person IS DISTINCT FROM %(person)s AND (us.company_id IS NULL OR e.by_company IS DISTINCT FROM us.company_id)
        LIMIT {MOST_UNREAD}) new)
"""  # noqa: S608 a constant
CALLED = """
    EXISTS (SELECT 1 FROM talk_entry e WHERE e.conversation_id = c.id AND e.seq > GREATEST(po.read_seq, po.from_seq, c.head - 200, 0)
        AND e.kind = 'text' AND e.body->'at' ?| ARRAY[%(person)s::text, 'all'] AND e.by_person <> %(person)s)
"""
ROWS = """
    SELECT c.id, c.kind, c.head, c.head_at, them.company_id AS other_company, them.person_id AS other_person, COALESCE(oc.name, op.name, g.name, '') AS name,
        oc.verified_at IS NOT NULL AS verified, answerer.name AS who, le.kind AS last_kind, le.body AS last_body, le.by_name AS last_name,
        le.by_person AS last_person, le.by_company AS last_company, us.company_id AS our_company,
        COALESCE(po.muted, false) AS muted, COALESCE(po.pinned, false) AS pinned,
        CASE WHEN c.head > COALESCE(po.read_seq, 0) THEN {unread} ELSE 0 END AS unread,
        c.kind = 'group' AND c.head > COALESCE(po.read_seq, 0) AND {called} AS called,
        us.company_id IS NULL AND EXISTS (
            SELECT 1 FROM people_membership m WHERE m.person_id = them.person_id AND m.company_id = %(company)s AND m.ended_at IS NULL) AS colleague
    FROM ({mine}) us
    JOIN talk_conversation c ON c.id = us.conversation_id
    LEFT JOIN talk_party them ON them.conversation_id = c.id AND them.left_at IS NULL AND them.id <> us.id AND c.kind <> 'group'
    LEFT JOIN talk_group g ON g.conversation_id = c.id
    LEFT JOIN people_company oc ON oc.id = them.company_id
    LEFT JOIN people_person op ON op.id = them.person_id
    LEFT JOIN people_person answerer ON answerer.id = them.responsible_id
    LEFT JOIN talk_position po ON po.conversation_id = c.id AND po.person_id = %(person)s
    LEFT JOIN talk_entry le ON le.conversation_id = c.id AND le.seq = c.head AND c.head > COALESCE(po.from_seq, 0)
    WHERE {where} ORDER BY c.head_at DESC, c.id DESC LIMIT %(limit)s
"""
PINNED = """
    SELECT p.id, p.conversation_id, p.company_id, p.person_id FROM talk_position s JOIN talk_party p ON p.conversation_id = s.conversation_id
    WHERE s.person_id = %(person)s AND s.pinned AND p.left_at IS NULL AND (p.company_id = %(company)s OR p.person_id = %(person)s)
"""
THESE = """
    SELECT id, conversation_id, company_id, person_id FROM talk_party
    WHERE conversation_id = ANY(%(ids)s) AND left_at IS NULL AND (company_id = %(company)s OR person_id = %(person)s)
"""
COLLEAGUES = """
    SELECT us.id, us.conversation_id, us.company_id, us.person_id FROM talk_party us
    JOIN talk_party them ON them.conversation_id = us.conversation_id AND them.id <> us.id
    JOIN people_membership m ON m.person_id = them.person_id AND m.company_id = %(company)s AND m.ended_at IS NULL
    WHERE us.person_id = %(person)s AND us.left_at IS NULL
"""
UNREAD_TALKS = """
    SELECT count(*) FROM (SELECT conversation_id, company_id FROM ({newest}) mine ORDER BY active_at DESC LIMIT %(many)s) us
    JOIN talk_conversation c ON c.id = us.conversation_id
    LEFT JOIN talk_position po ON po.conversation_id = c.id AND po.person_id = %(person)s
    WHERE c.head > COALESCE(po.read_seq, 0) AND (po.muted IS NOT TRUE OR c.kind = 'group' AND {called}) AND {unread} > 0
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation in the list. `unread` counts what others than our side wrote, up to MOST_UNREAD; `called`: somebody named me."""

    id: UUID
    kind: str
    head: int
    head_at: datetime
    other_company: UUID | None
    other_person: UUID | None
    name: str
    verified: bool
    who: str | None
    last_kind: str | None
    last_body: str | None
    last_name: str | None
    last_person: UUID | None
    last_company: UUID | None
    our_company: UUID | None
    muted: bool
    pinned: bool
    unread: int
    called: bool
    colleague: bool
    viewer: Viewer

    @property
    def excerpt_mine(self) -> bool:
        return self.last_person == self.viewer.person

    @property
    def excerpt(self) -> str:
        """The last entry in words; empty where nothing was said yet."""
        if self.last_kind is None:
            return ""
        ours = self.excerpt_mine or (self.our_company is not None and self.last_company == self.our_company)
        words = card.line(self.last_kind, json.loads(self.last_body or "{}"), mine=ours)
        if self.kind != "group" or self.excerpt_mine or self.last_kind == "notice":
            return words
        return _("{name}: {text}").format(name=self.last_name, text=words)


def newest(viewer: Viewer, *, cursor: str = "", limit: int = 30) -> tuple[list[Row], str]:
    """A page by last entry, the pinned ones left out, and the cursor of the next one or ''.

    Two statements: with the bound known, the planner knows how few rows there are.
    """
    until, last_id = read_cursor(cursor)
    since = activity_of_nth(viewer, limit, until=until - SLACK if until else None)
    bound = " AND active_at <= %(until)s" * bool(until) + " AND active_at >= %(since)s" * bool(since)
    where = "po.pinned IS NOT TRUE" + " AND (c.head_at, c.id) < (%(until)s, %(last_id)s)" * bool(until)
    sql = ROWS.format(unread=UNREAD, called=CALLED, mine=MINE.format(bound=bound), where=where)
    found = fetch(viewer, sql, until=until, last_id=last_id, since=since - SLACK if since else None, limit=limit + 1)
    return found[:limit], write_cursor(found[limit - 1]) if len(found) > limit else ""


def activity_of_nth(viewer: Viewer, n: int, *, until: datetime | None) -> datetime | None:
    """When the conversation after the n newest was active, pinned ones not counted, or None when there are no more than n."""
    sql = NTH.format(newest=NEWEST.format(bound="AND active_at <= %(until)s" if until else ""))
    with connection.cursor() as database:
        database.execute(sql, {"person": viewer.person, "company": viewer.company, "until": until, "many": n + 1 + MOST_PINNED, "last": n})
        row = database.fetchone()
    return row[0] if row else None


def pinned(viewer: Viewer) -> list[Row]:
    """What this person keeps on top, by last entry."""
    return fetch(viewer, ROWS.format(unread=UNREAD, called=CALLED, mine=PINNED, where="true"), limit=MOST_PINNED)


def chosen(viewer: Viewer, ids: Sequence[UUID]) -> list[Row]:
    """These conversations, those out of reach left out, by last entry."""
    if not ids:
        return []
    return fetch(viewer, ROWS.format(unread=UNREAD, called=CALLED, mine=THESE, where="true"), ids=list(ids), limit=len(ids))


def unread(viewer: Viewer, *, limit: int = 30) -> list[Row]:
    """The newest conversations with something unread."""
    return [row for row in [*pinned(viewer), *newest(viewer, limit=UNREAD_AMONG)[0]] if row.unread][:limit]


def with_colleagues(viewer: Viewer, *, limit: int = 100) -> list[Row]:
    """The talks with people of the company one acts for."""
    return fetch(viewer, ROWS.format(unread=UNREAD, called=CALLED, mine=COLLEAGUES, where="true"), limit=limit)


def count_unread(viewer: Viewer) -> int:
    """How many of the newest conversations hold something unread."""
    sql = UNREAD_TALKS.format(newest=NEWEST.format(bound=""), unread=UNREAD, called=CALLED)
    with connection.cursor() as database:
        database.execute(sql, {"person": viewer.person, "company": viewer.company, "many": UNREAD_AMONG})
        return database.fetchone()[0]


def fetch(viewer: Viewer, sql: str, **params: Any) -> list[Row]:
    """The rows of one statement."""
    with connection.cursor() as database:
        database.execute(sql, {"person": viewer.person, "company": viewer.company, **params})
        names = [column.name for column in database.description]
        return [Row(**dict(zip(names, row, strict=True)), viewer=viewer) for row in database.fetchall()]


def write_cursor(row: Row) -> str:
    """Where the next page begins."""
    return f"{row.head_at.isoformat()}~{row.id}"


def read_cursor(cursor: str) -> tuple[datetime | None, UUID | None]:
    """A cursor nobody made begins at the top."""
    at, _, last_id = cursor.partition("~")
    try:
        moment, found = datetime.fromisoformat(at), find_id(last_id)
    except ValueError:
        return None, None
    return (moment, found) if found and moment.tzinfo else (None, None)
