"""What this viewer finds: the index proposes, the party decides (quality.md A4)."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from guanxi.people.viewer import Viewer
from guanxi.talk import card
from guanxi.talk.search import tokens

MOST = 50
GROUPS = """
    SELECT p.conversation_id FROM talk_party p JOIN talk_conversation c ON c.id = p.conversation_id AND c.kind = 'group'
    WHERE p.person_id = %s AND p.left_at IS NULL LIMIT 500
"""
FOUND = """
    SELECT i.conversation_id, i.seq, e.kind, e.body, e.at, e.by_name, COALESCE(oc.name, op.name, g.name, ''), c.kind, oc.id, op.id
    FROM talk_indexed i
    JOIN talk_party us ON us.conversation_id = i.conversation_id AND us.left_at IS NULL AND (us.company_id = %(company)s OR us.person_id = %(member)s)
    JOIN talk_conversation c ON c.id = i.conversation_id
    JOIN talk_entry e ON e.conversation_id = i.conversation_id AND e.seq = i.seq AND e.kind <> 'recalled'
    LEFT JOIN talk_position po ON po.conversation_id = i.conversation_id AND po.person_id = %(person)s
    LEFT JOIN talk_party them ON them.conversation_id = c.id AND them.left_at IS NULL AND them.id <> us.id AND c.kind <> 'group'
    LEFT JOIN talk_group g ON g.conversation_id = c.id
    LEFT JOIN people_company oc ON oc.id = them.company_id
    LEFT JOIN people_person op ON op.id = them.person_id
    WHERE i.words @@ %(query)s::tsquery AND i.seq > COALESCE(po.from_seq, 0)
    ORDER BY i.at DESC, i.conversation_id, i.seq DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found: `name` of the other side or the group, `words` the entry in plain words."""

    conversation: UUID
    seq: int
    at: datetime
    by: str
    name: str
    words: str
    kind: str
    company: UUID | None
    person: UUID | None


def find(viewer: Viewer, asked: str, *, limit: int = MOST, alone: bool = False) -> list[Hit]:
    """The newest first, in two statements; nothing for a question without words. `alone`: the company's talks only, as for its tokens."""
    wanted = tokens.query(asked)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(GROUPS, [viewer.person])
        own = [] if alone else [f"p{viewer.person.hex}"]
        reached = own + ([f"p{viewer.company.hex}"] if viewer.company else []) + [f"g{talk.hex}" for (talk,) in cursor.fetchall() if not alone]
        query = f"({wanted}) & ({' | '.join(map(tokens.quoted, reached))})"
        member = None if alone else viewer.person
        given = {"person": viewer.person, "member": member, "company": viewer.company, "query": query, "most": min(max(limit, 1), MOST)}
        cursor.execute(FOUND, given)
        return [
            Hit(talk, seq, at, by, name, card.line(kind, json.loads(body)), sort, company, person)
            for talk, seq, kind, body, at, by, name, sort, company, person in cursor.fetchall()
        ]
