"""Keeps the index up to date from the log alone: no row is written for it by whoever speaks (design.md section 5)."""

import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from guanxi.base.ids import find_id, new_id
from guanxi.talk.search import tokens
from guanxi.talk.sync import EPOCH, MARGIN

READER = "search"
NIL = UUID(int=0)
CONVERSATIONS, ENTRIES = 200, 500
LONGEST_SECONDS = 10.0  # one run; the next goes on

SINCE = "SELECT seq FROM talk_readerplace WHERE reader = %s AND conversation_id = %s"
BEHIND = """
    SELECT c.id, c.kind, COALESCE(r.seq, 0) FROM talk_conversation c
    LEFT JOIN talk_readerplace r ON r.conversation_id = c.id AND r.reader = %(reader)s
    WHERE c.head_at >= %(since)s AND c.head > COALESCE(r.seq, 0) ORDER BY c.head_at, c.id LIMIT %(many)s
"""
READ = """
    SELECT seq, kind, body, by_name, at FROM talk_entry WHERE conversation_id = %s AND seq > %s ORDER BY seq LIMIT %s
"""
PARTIES = "SELECT COALESCE(company_id, person_id) FROM talk_party WHERE conversation_id = %s"
KEEP = """
    INSERT INTO talk_indexed (conversation_id, seq, at, words)
    SELECT %(talk)s, e.seq, e.at, array_to_tsvector(ARRAY(SELECT jsonb_array_elements_text(e.words)))
    FROM json_to_recordset(%(rows)s::json) AS e(seq bigint, at timestamptz, words jsonb) ON CONFLICT (conversation_id, seq) DO NOTHING
"""
DROP = "DELETE FROM talk_indexed WHERE conversation_id = %s AND seq = ANY(%s)"
MOVE = """
    INSERT INTO talk_readerplace (id, reader, conversation_id, seq) VALUES (%s, %s, %s, %s)
    ON CONFLICT (conversation_id, reader) DO UPDATE SET seq = GREATEST(talk_readerplace.seq, EXCLUDED.seq)
"""


def catch_up(*, now: datetime) -> int:
    """Index what came since the last run; how many entries. Safe to run at any time and twice."""
    done, started, since = 0, time.monotonic(), looked_until() - MARGIN
    while behind := rows(BEHIND, {"reader": READER, "since": since, "many": CONVERSATIONS}):
        for talk, kind, seq in behind:
            done += read_on(talk, kind, seq)
        if time.monotonic() - started > LONGEST_SECONDS:
            return done  # the next run begins where this one did, and finds what is left
    move(NIL, (now - EPOCH) // timedelta(microseconds=1))
    return done


def looked_until() -> datetime:
    """How far in time this reader has come."""
    found = rows(SINCE, [READER, NIL])
    return EPOCH + timedelta(microseconds=found[0][0]) if found else EPOCH + MARGIN


def read_on(talk: UUID, kind: str, after: int) -> int:
    """The next entries of one conversation, in one transaction with the place they lead to.

    A recall that came while we read is an entry further on: what it took back goes when we come to it.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")  # lost together with the place, it is made again
        entries = rows(READ, [talk, after, ENTRIES])
        who = [f"g{talk.hex}"] if kind == "group" else [f"p{party.hex}" for (party,) in rows(PARTIES, [talk])]
        kept = [{"seq": seq, "at": at.isoformat(), "words": [*who, *found]} for seq, sort, body, name, at in entries if (found := words_of(sort, body))]
        with connection.cursor() as cursor:
            if kept:
                cursor.execute(KEEP, {"talk": talk, "rows": json.dumps(kept)})
            if taken := [json.loads(body).get("seq") for _seq, sort, body, _name, _at in entries if sort == "recall"]:
                cursor.execute(DROP, [talk, taken])
        move(talk, entries[-1][0] if entries else after)
    return len(kept)


def words_of(kind: str, body: str) -> list[str]:
    """The tokens of an entry; none for what is only told."""
    if kind in ("recall", "recalled", "notice"):
        return []
    return sorted(tokens.of_text(" ".join(texts(json.loads(body)))))


def texts(value: Any) -> Iterator[str]:
    """Every text in a body that people wrote or read: no ids, no times."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in ("upload", "at", "mime", "id", "code"):
                yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str) and find_id(value) is None and "T00:" not in value and not value.endswith("+00:00"):
        yield value


def move(talk: UUID, seq: int) -> None:
    """Remember the place."""
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [new_id(), READER, talk, seq])


def rows(sql: str, given: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()
