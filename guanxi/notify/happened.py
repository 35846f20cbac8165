"""What happened to one's company: the other sides' acts in the conversations that moved last. Read from the log; no rows of its own."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from guanxi.people.viewer import Viewer
from guanxi.talk import card

CONVERSATIONS, LOOKED_BACK, MOST = 50, 60, 50
HAPPENED = """
    SELECT e.conversation_id, e.seq, e.kind, e.body, e.at, COALESCE(co.name, e.by_name), e.by_company, e.seq > COALESCE(po.read_seq, 0)
    FROM (SELECT conversation_id, company_id FROM talk_party WHERE company_id = %(company)s AND left_at IS NULL ORDER BY active_at DESC LIMIT {talks}) us
    JOIN talk_conversation c ON c.id = us.conversation_id
    LEFT JOIN talk_position po ON po.conversation_id = c.id AND po.person_id = %(person)s
    JOIN talk_entry e ON e.conversation_id = c.id AND e.seq > GREATEST(c.head - {back}, COALESCE(po.from_seq, 0))
        AND (e.about IS NOT NULL OR e.kind = 'notice') AND e.by_company IS DISTINCT FROM us.company_id
    LEFT JOIN people_company co ON co.id = e.by_company
    ORDER BY e.at DESC, e.conversation_id, e.seq DESC LIMIT {most}
""".format(talks=CONVERSATIONS, back=LOOKED_BACK, most=MOST)  # noqa: S608, UP032 constants


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened, in words; `by` is who did it, a company or nobody (the clock, a provider)."""

    conversation: UUID
    seq: int
    words: str
    at: datetime
    by: str
    by_company: UUID | None
    is_new: bool


def news(viewer: Viewer) -> list[News]:
    """The newest first, in one statement."""
    if viewer.company is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(HAPPENED, {"company": viewer.company, "person": viewer.person})
        rows = cursor.fetchall()
    return [News(talk, seq, card.line(kind, json.loads(body)), at, by, company, new) for talk, seq, kind, body, at, by, company, new in rows]
