"""What a turn leaves behind, in one statement: entries, heads, who was active, effects, and the key with its result."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from guanxi.base.ids import new_id
from guanxi.base.table import Outbox
from guanxi.talk.call import Call
from guanxi.talk.table import Entry

# `active` to the minute, for lists; and whoever acts first for his company answers for it until a colleague takes over.
STORE = """
WITH grown AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(heads)s::bigint[]) AS g(c, head)
), entries AS (
    INSERT INTO talk_entry (conversation_id, seq, kind, by_person, by_company, by_name, about, body, at)
    SELECT c, seq, kind, person, company, name, about, body, at FROM json_to_recordset(%(entries)s::json)
        AS e(c uuid, seq bigint, kind text, person uuid, company uuid, name text, about uuid, body jsonb, at timestamptz)
), heads AS (
    UPDATE talk_conversation t SET head = g.head, head_at = GREATEST(t.head_at, %(now)s) FROM grown g WHERE t.id = g.c
), active AS (
    UPDATE talk_party SET active_at = GREATEST(active_at, %(now)s),
        responsible_id = CASE WHEN company_id = %(company)s THEN COALESCE(responsible_id, %(person)s) ELSE responsible_id END
    WHERE conversation_id = ANY(%(ids)s::uuid[])
        AND (active_at < %(now)s - interval '1 minute' OR (company_id = %(company)s AND responsible_id IS NULL AND %(person)s::uuid IS NOT NULL))
), effects AS (
    INSERT INTO base_outbox (id, conversation_id, n, effect, body, due_at)
    SELECT id, c, n, effect, body, due_at FROM json_to_recordset(%(effects)s::json)
        AS f(id uuid, c uuid, n bigint, effect text, body jsonb, due_at timestamptz)
)
INSERT INTO talk_call (id, scope, key, hash, result, at)
SELECT %(id)s, %(scope)s, %(key)s::text, %(hash)s, %(result)s::jsonb, %(now)s WHERE %(key)s::text <> ''
"""


def write(call: Call, heads: Mapping[UUID, int], entries: Sequence[Entry], effects: Sequence[Outbox], result: Mapping[str, Any]) -> None:
    """Under the locks of the conversations in `heads`: their new heads and all the rest. Without a key of the call no result is kept."""
    values = {
        "now": call.now, "company": call.company, "person": call.person, "ids": list(heads), "heads": list(heads.values()),
        "entries": json.dumps([_entry(one) for one in entries], default=_plain), "effects": json.dumps([_effect(one) for one in effects], default=_plain),
        "id": new_id(), "scope": call.scope if call.key else None, "key": call.key, "hash": call.hash, "result": json.dumps(result),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(STORE, values)


def _entry(row: Entry) -> dict[str, Any]:
    return {
        "c": row.conversation_id, "seq": row.seq, "kind": row.kind, "person": row.by_person, "company": row.by_company, "name": row.by_name,
        "about": row.about, "body": row.body, "at": row.at,
    }  # fmt: skip


def _effect(row: Outbox) -> dict[str, Any]:
    return {"id": row.id, "c": row.conversation_id, "n": row.n, "effect": row.effect, "body": row.body, "due_at": row.due_at}


def _plain(value: Any) -> str:
    """Ids and times as text; anything else has no place in a body."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be stored")
