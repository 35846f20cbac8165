"""What a device may be told of: one statement for what is new everywhere, and for whether one entry is still worth sending.

Reach, mute and read marks are looked at both times. In a company's conversation the responsible colleague is told, else the owner; a mention by
name reaches whoever takes part, through mute too. What is recalled is told to nobody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

TALK = ("text", "image", "file", "voice", "forward")
COLUMNS = """
    SELECT s.id, s.person_id, c.id, c.kind, e.seq, e.kind, e.body, e.about, e.by_name, COALESCE(co.name, ''), COALESCE(g.name, ''), d.turn, d.due_at,
        e.kind = 'text' AND COALESCE(e.body->'at' ? s.person_id::text, false), s.talk, s.details, p.language, COALESCE(po.muted, false), e.at
    FROM notify_subscription s
    JOIN people_person p ON p.id = s.person_id AND p.closed_at IS NULL AND p.suspended_at IS NULL AND p.is_active
    JOIN LATERAL (
        SELECT t.conversation_id, NULL::uuid AS company_id, t.joined_at, true AS answers FROM talk_party t
        WHERE t.person_id = s.person_id AND t.left_at IS NULL {lively}
        UNION ALL
        SELECT t.conversation_id, t.company_id, t.joined_at, t.responsible_id = s.person_id OR (m.role = 'owner' AND NOT EXISTS (
            SELECT 1 FROM people_membership o WHERE o.company_id = t.company_id AND o.person_id = t.responsible_id AND o.ended_at IS NULL))
        FROM people_membership m JOIN people_company own ON own.id = m.company_id AND own.suspended_at IS NULL
        JOIN talk_party t ON t.company_id = m.company_id AND t.left_at IS NULL {lively}
        WHERE m.person_id = s.person_id AND m.ended_at IS NULL
    ) us ON true
    JOIN talk_conversation c ON c.id = us.conversation_id
    LEFT JOIN talk_position po ON po.conversation_id = c.id AND po.person_id = s.person_id
    JOIN talk_entry e ON e.conversation_id = c.id AND e.seq > GREATEST(po.read_seq, po.from_seq, c.head - 200, 0) AND e.at >= us.joined_at
        AND e.by_person IS DISTINCT FROM s.person_id AND (us.company_id IS NULL OR e.by_company IS DISTINCT FROM us.company_id)
        AND (e.about IS NOT NULL OR e.kind = ANY(%(talk)s) OR e.kind = 'notice' AND e.body->>'code' = 'nudge')
        AND (us.answers OR (e.kind = 'text' AND e.body->'at' ? s.person_id::text))
    LEFT JOIN people_company co ON co.id = e.by_company
    LEFT JOIN talk_group g ON g.conversation_id = c.id
    LEFT JOIN deals_deal d ON d.conversation_id = c.id AND d.id = e.about AND d.seq = e.seq AND d.state = 'live' AND d.turn_company = us.company_id
    WHERE s.key = %(key)s AND (
        EXISTS (SELECT 1 FROM people_device dv WHERE dv.id = s.session_id AND dv.ended_at IS NULL)
        OR EXISTS (SELECT 1 FROM people_token tk WHERE tk.id = s.session_id AND tk.ended_at IS NULL AND tk.expires_at > %(now)s)
    )
"""
WHERE_NEW = """
    AND c.head_at >= s.looked_at - interval '2 minutes' AND e.at >= GREATEST(s.looked_at - interval '2 minutes', s.made_at) AND e.at <= %(until)s
    AND s.id = ANY(%(subscriptions)s)
    AND NOT EXISTS (SELECT 1 FROM notify_push n WHERE n.subscription_id = s.id AND n.conversation_id = c.id AND n.seq >= e.seq
        AND n.about IS NOT DISTINCT FROM e.about)
    ORDER BY e.at DESC, c.id, e.seq DESC LIMIT 5000
"""
WHERE_STILL = " AND s.id = %(subscription)s AND c.id = %(conversation)s AND e.seq = %(seq)s"
NEW = COLUMNS.format(lively="AND t.active_at >= s.looked_at - interval '4 minutes'") + WHERE_NEW
STILL = COLUMNS.format(lively="AND t.conversation_id = %(conversation)s") + WHERE_STILL
SETTLES = timedelta(seconds=5)  # whoever has the talk open reads it himself


@dataclass(frozen=True, slots=True)
class Fresh:
    """An entry as one device may hear of it. `turn` and `due_at` when the deal waits for his company by this entry; `called`: by name."""

    subscription: UUID
    person: UUID
    conversation: UUID
    sort: str
    seq: int
    kind: str
    body: str  # JSON as stored
    about: UUID | None
    by_name: str
    by_company: str
    group: str
    turn: str | None
    due_at: datetime | None
    called: bool
    talk: bool
    details: bool
    language: str
    muted: bool
    at: datetime


def new(subscriptions: list[UUID], *, key: str, now: datetime) -> list[Fresh]:
    """For several devices, the newest first."""
    return found(NEW, {"subscriptions": subscriptions, "key": key, "now": now, "until": now - SETTLES, "talk": list(TALK)})


def still(subscription: UUID, conversation: UUID, seq: int, *, key: str, now: datetime) -> Fresh | None:
    """The entry, unless it was read, taken back or put out of reach meanwhile."""
    rows = found(STILL, {"subscription": subscription, "conversation": conversation, "seq": seq, "key": key, "now": now, "talk": list(TALK)})
    return rows[0] if rows else None


def found(query: str, given: dict[str, Any]) -> list[Fresh]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return [Fresh(*row) for row in cursor.fetchall()]
