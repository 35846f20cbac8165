"""Obligations leave the house too, by SMS or mail: to the colleague who answers, once a conversation until he has read it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from guanxi.base.errors import Busy
from guanxi.base.ids import new_id
from guanxi.deals.deal.line import turn_line
from guanxi.deals.deal.table import Deal
from guanxi.notify.choice.acts import wishes
from guanxi.notify.choice.rules import Wish, may_leave
from guanxi.notify.table import Told
from guanxi.people import sender

# Conversations that have been quiet for a little, with a deal that waits for somebody who has neither read of it nor been told:
# the responsible colleague while he works there, else the owner. Demo people have no mailbox.
OWED = """
    SELECT DISTINCT ON (d.conversation_id, d.turn_company) d.id, p.id, COALESCE(p.phone, p.email), p.language, COALESCE(po.read_seq, 0), other.name
    FROM talk_conversation c
    JOIN deals_deal d ON d.conversation_id = c.id AND d.state = 'live' AND d.turn_company IS NOT NULL
    JOIN talk_party us ON us.conversation_id = c.id AND us.company_id = d.turn_company AND us.left_at IS NULL
    JOIN people_membership m ON m.company_id = us.company_id AND m.ended_at IS NULL AND (m.person_id = us.responsible_id OR m.role = 'owner')
    JOIN people_person p ON p.id = m.person_id AND p.closed_at IS NULL AND NOT p.demo AND COALESCE(p.phone, p.email) IS NOT NULL
    JOIN people_company other ON other.id = CASE WHEN d.buyer_id = d.turn_company THEN d.supplier_id ELSE d.buyer_id END
    LEFT JOIN talk_position po ON po.conversation_id = c.id AND po.person_id = p.id
    LEFT JOIN notify_told t ON t.conversation_id = c.id AND t.person_id = p.id
    WHERE c.head_at > %s AND c.head_at <= %s AND d.seq > COALESCE(po.read_seq, 0) AND (t.seq IS NULL OR t.seq <= COALESCE(po.read_seq, 0))
    ORDER BY d.conversation_id, d.turn_company, (m.person_id = us.responsible_id) DESC NULLS LAST, d.due_at LIMIT %s
"""
QUIET = timedelta(minutes=2)  # who is looking reads it himself
LOOKED_BACK = timedelta(hours=14)  # longer than a night of quiet hours
MOST = 200
CLAIM = """
    INSERT INTO notify_told (id, conversation_id, person_id, seq, at) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (conversation_id, person_id) DO UPDATE SET seq = EXCLUDED.seq, at = EXCLUDED.at WHERE notify_told.seq <= %s RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is told, where, in which language, and how far he has read."""

    person: UUID
    address: str
    language: str
    read_seq: int
    other_name: str


def tell_all(*, now: datetime) -> int:
    """Everyone who owes something since two minutes and has not seen it; how many were told."""
    with connection.cursor() as cursor:
        cursor.execute(OWED, [now - LOOKED_BACK, now - QUIET, MOST])
        found = {row[0]: Reader(*row[1:]) for row in cursor.fetchall()}
    deals = Deal.objects.filter(id__in=found)  # every conversation once, by the list above
    wished = wishes({reader.person for reader in found.values()})
    return sum(
        tell(deal, reader, now=now) for deal in deals
        if (reader := found[deal.id]) and may_leave(wished.get(reader.person, Wish()), deal.turn, deal.due_at, now)
    )  # fmt: skip


def tell(deal: Deal, reader: Reader, *, now: datetime) -> bool:
    """Claim, then send; what could not be sent is tried again with the next round."""
    if not claim(deal.conversation_id, reader, deal.seq, now):
        return False
    try:
        with translation.override(reader.language):
            sender.send(reader.address, _("Guanxi: {name}").format(name=reader.other_name), words(deal, reader))
    except Busy:
        Told.objects.of(deal.conversation_id).filter(person_id=reader.person, seq=deal.seq).delete()
        return False
    return True


def claim(conversation: UUID, reader: Reader, seq: int, now: datetime) -> bool:
    """Whether this message is his to get: the first since he last read."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [new_id(), conversation, reader.person, seq, now, reader.read_seq])
        return cursor.fetchone() is not None


def words(deal: Deal, reader: Reader) -> str:
    """What is owed, to whom, and where: no price and no private word leaves by SMS."""
    line = turn_line(deal, deal.turn_company)
    return _("{name}: {turn}. {title}. {address}").format(
        name=reader.other_name, turn=line.words, title=deal.title, address=f"{settings.PUBLIC_URL}/c/{deal.conversation_id}"
    )
