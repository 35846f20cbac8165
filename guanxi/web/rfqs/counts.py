"""How far the suppliers of enquiries are: asked, seen, quoted, declined. Seen is read off their people's positions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

SEEN = """EXISTS (
    SELECT 1 FROM talk_position p JOIN people_membership m ON m.person_id = p.person_id AND m.company_id = i.supplier_id AND m.ended_at IS NULL
    WHERE p.conversation_id = i.conversation_id AND p.read_seq >= i.seq)"""
QUOTED = """EXISTS (
    SELECT 1 FROM deals_quote q WHERE q.conversation_id = i.conversation_id AND q.deal_id = i.id AND q.side = 'supplier')"""
COUNTS = f"""
    SELECT rfq_id, count(*), count(*) FILTER (WHERE seen), count(*) FILTER (WHERE quoted), count(*) FILTER (WHERE state = 'declined')
    FROM (SELECT i.rfq_id, i.state, {SEEN} OR {QUOTED} AS seen, {QUOTED} AS quoted FROM deals_invite i WHERE i.rfq_id = ANY(%s)) AS one GROUP BY rfq_id
"""  # noqa: S608 constants
INVITED = f"""
    SELECT i.id, i.conversation_id, i.supplier_id, c.name, c.verified_at IS NOT NULL, i.state, {SEEN} OR {QUOTED}, {QUOTED}, d.total, d.currency, i.sent_at
    FROM deals_invite i JOIN deals_deal d ON d.id = i.id AND d.conversation_id = i.conversation_id JOIN people_company c ON c.id = i.supplier_id
    WHERE i.rfq_id = %s ORDER BY i.sent_at, i.id
"""  # noqa: S608 constants


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of suppliers of one enquiry."""

    asked: int = 0
    seen: int = 0
    quoted: int = 0
    declined: int = 0


@dataclass(frozen=True, slots=True)
class Invited:
    """One supplier asked. `total` in minor units of what was offered last, 0 before."""

    deal: UUID
    conversation: UUID
    supplier: UUID
    name: str
    verified: bool
    state: str
    seen: bool
    quoted: bool
    total: int
    currency: str
    at: Any

    @property
    def step(self) -> str:
        """What the buyer wants to know: invited, seen, quoted, or how it ended."""
        if self.state == "invited":
            return "seen" if self.seen else "invited"
        return self.state


def counts(rfqs: Sequence[UUID]) -> dict[UUID, Counts]:
    """One statement for a page of enquiries."""
    if not rfqs:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, [list(rfqs)])
        return {row[0]: Counts(*row[1:]) for row in cursor.fetchall()}


def invited(rfq: UUID) -> list[Invited]:
    """The suppliers of one enquiry, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(INVITED, [rfq])
        return [Invited(*row) for row in cursor.fetchall()]
