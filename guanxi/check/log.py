"""The log itself: seqs from 1 to the head without a gap, no position beyond it (quality.md T2, T12)."""

from typing import Any
from uuid import UUID

from django.db import connection

GAPS = """
    SELECT c.id, c.head, count(e.seq), coalesce(max(e.seq), 0) FROM talk_conversation c LEFT JOIN talk_entry e ON e.conversation_id = c.id
    WHERE %(all)s OR c.id = ANY(%(ids)s) GROUP BY c.id, c.head HAVING count(e.seq) <> c.head OR coalesce(max(e.seq), 0) <> c.head
"""
BEYOND = """
    SELECT p.conversation_id, p.person_id, p.read_seq, c.head FROM talk_position p JOIN talk_conversation c ON c.id = p.conversation_id
    WHERE (%(all)s OR c.id = ANY(%(ids)s)) AND p.read_seq > c.head
"""


def differences(conversations: list[UUID] | None) -> list[str]:
    """In words, for these conversations or all."""
    values: dict[str, Any] = {"all": conversations is None, "ids": conversations or []}
    with connection.cursor() as cursor:
        cursor.execute(GAPS, values)
        gaps = [f"conversation {own}: head {head}, but {count} entries up to {last}" for own, head, count, last in cursor.fetchall()]
        cursor.execute(BEYOND, values)
        return gaps + [f"conversation {own}: {person} has read {seq} of {head}" for own, person, seq, head in cursor.fetchall()]
