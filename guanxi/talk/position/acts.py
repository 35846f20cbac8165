"""How one person wants to hear of a conversation: his own row, seen by nobody else, so no entry and no lock."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import NotFound, Refused
from guanxi.base.ids import new_id
from guanxi.talk.call import Call, found
from guanxi.talk.table import Position

MOST_PINNED = 30
SET = """
    INSERT INTO talk_position (id, conversation_id, person_id, read_seq, from_seq, muted, pinned)
    SELECT %(id)s, c.id, %(person)s, 0, 0, COALESCE(%(muted)s, false), COALESCE(%(pinned)s, false) FROM talk_conversation c
    WHERE c.id = %(conversation)s AND EXISTS (
        SELECT 1 FROM talk_party p LEFT JOIN people_membership m ON m.company_id = p.company_id AND m.person_id = %(person)s AND m.ended_at IS NULL
        WHERE p.conversation_id = c.id AND p.left_at IS NULL AND (p.person_id = %(person)s OR m.id IS NOT NULL))
    ON CONFLICT (conversation_id, person_id) DO UPDATE
        SET muted = COALESCE(%(muted)s, talk_position.muted), pinned = COALESCE(%(pinned)s, talk_position.pinned)
    RETURNING muted, pinned
"""


def hear(call: Call, *, muted: bool | None = None, pinned: bool | None = None) -> dict[str, Any]:
    """Mute or pin for the caller alone; None leaves it: {conversation, muted, pinned}. Raises NotFound without reach, Refused above MOST_PINNED pins."""
    if pinned and Position.objects.filter(person_id=call.by, pinned=True).exclude(conversation_id=found(call.conversation)).count() >= MOST_PINNED:
        raise Refused("too-many-pins", _("You have pinned {most} conversations. Unpin one first."), most=MOST_PINNED)
    with connection.cursor() as cursor:
        cursor.execute(SET, {"id": new_id(), "person": call.by, "conversation": call.conversation, "muted": muted, "pinned": pinned})
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return {"conversation": str(call.conversation), "muted": row[0], "pinned": row[1]}
