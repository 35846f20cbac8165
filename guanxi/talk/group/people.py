"""Whom one may ask into a group: people one knows already. Reach is earned (principle 5)."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

# Colleagues, whom one writes to, and who answers at the companies one's own company talks with.
KNOWN = """
    SELECT p.id, p.name FROM people_person p WHERE p.id = ANY(%(ids)s) AND p.closed_at IS NULL AND p.is_active AND p.id <> %(person)s AND (
        EXISTS (SELECT 1 FROM people_membership m WHERE m.company_id = %(company)s AND m.person_id = p.id AND m.ended_at IS NULL)
        OR EXISTS (
            SELECT 1 FROM talk_party mine JOIN talk_conversation c ON c.id = mine.conversation_id AND c.kind = 'direct'
            JOIN talk_party o ON o.conversation_id = mine.conversation_id AND o.person_id = p.id
            WHERE mine.person_id = %(person)s AND mine.left_at IS NULL)
        OR EXISTS (
            SELECT 1 FROM talk_party mine JOIN talk_party o ON o.conversation_id = mine.conversation_id AND o.responsible_id = p.id
            JOIN people_membership m ON m.company_id = o.company_id AND m.person_id = p.id AND m.ended_at IS NULL
            WHERE mine.company_id = %(company)s AND mine.left_at IS NULL AND o.left_at IS NULL AND o.company_id <> mine.company_id))
"""


def known(person: UUID, company: UUID | None, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Of these, the ones this person knows, with their names."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, {"person": person, "company": company, "ids": list(ids)})
        return dict(cursor.fetchall())
