"""How far a person has read: one row each, never past the head, never back (quality.md T12)."""

from uuid import UUID

from django.db import connection

from guanxi.base.errors import NotFound
from guanxi.base.ids import new_id

READ = """
    INSERT INTO talk_position (id, conversation_id, person_id, read_seq, from_seq, muted, pinned)
    SELECT %(id)s, c.id, %(person)s, LEAST(%(seq)s::bigint, c.head), 0, false, false FROM talk_conversation c
    WHERE c.id = %(conversation)s AND EXISTS (
        SELECT 1 FROM talk_party p LEFT JOIN people_membership m ON m.company_id = p.company_id AND m.person_id = %(person)s AND m.ended_at IS NULL
        WHERE p.conversation_id = c.id AND p.left_at IS NULL AND (p.person_id = %(person)s OR m.id IS NOT NULL))
    ON CONFLICT (conversation_id, person_id) DO UPDATE SET read_seq = GREATEST(talk_position.read_seq, EXCLUDED.read_seq)
    RETURNING read_seq
"""


def mark(conversation: UUID, person: UUID, seq: int) -> int:
    """This person has read up to `seq`; where he stands now. Raises NotFound without reach."""
    with connection.cursor() as cursor:
        cursor.execute(READ, {"id": new_id(), "person": person, "conversation": conversation, "seq": max(0, min(seq, 2**62))})
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return row[0]
