"""Forward within reach: the caller must see the entry where it stands and may speak where it goes."""

import json
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import NotFound, Refused
from guanxi.talk.call import Call
from guanxi.talk.file.acts import attach
from guanxi.talk.forward import KIND
from guanxi.talk.table import Upload
from guanxi.talk.text.acts import require_voice
from guanxi.talk.turn import Turn, turn

MOST_ITEMS = 10
# An entry the caller sees: for the company he acts for, or as the person he is; not from before his reach began.
SEEN = """
    SELECT e.kind, e.body, e.about FROM talk_entry e
    JOIN talk_party p ON p.conversation_id = e.conversation_id AND p.left_at IS NULL
    LEFT JOIN people_membership m ON m.company_id = p.company_id AND m.person_id = %(person)s AND m.ended_at IS NULL
    LEFT JOIN talk_position po ON po.conversation_id = e.conversation_id AND po.person_id = %(person)s
    WHERE e.conversation_id = %(talk)s AND e.seq = %(seq)s AND e.seq > COALESCE(po.from_seq, 0)
        AND (p.person_id = %(person)s OR (p.company_id = %(company)s AND m.id IS NOT NULL)) LIMIT 1
"""


def forward(call: Call, *, source: UUID, seq: int) -> dict[str, Any]:
    """Say entry `seq` of `source` again in the call's conversation: {conversation, seq}.

    Raises NotFound for what the caller does not see there, Refused for what says nothing by itself.
    """
    with turn(call) as talk:
        with connection.cursor() as cursor:
            cursor.execute(SEEN, {"person": call.by, "company": call.company, "talk": source, "seq": seq})
            row = cursor.fetchone()
        if row is None or row[0] == "recalled":
            raise NotFound
        require_voice(talk)
        kind, body = said_again(row[0], json.loads(row[1]), trade=row[2] is not None)
        entry = talk.add(kind, body)
        if "upload" in body:
            show(talk, body["upload"], entry.seq)
        talk.result = {"conversation": str(talk.conversation), "seq": entry.seq}
    return talk.result


def show(talk: Turn, upload_id: str, seq: int) -> None:
    """The file goes along. Raises NotFound when it is no more."""
    upload = Upload.objects.filter(id=upload_id).first()
    if upload is None:
        raise NotFound
    attach(talk, upload, seq=seq)


def said_again(kind: str, body: dict[str, Any], *, trade: bool) -> tuple[str, dict[str, Any]]:
    """What goes along: words, files, and of a deal only what the goods are. No prices, quantities, terms, numbers or names of anybody."""
    if trade:
        return KIND, goods(body)
    if kind == "text":
        return KIND, {"text": body["text"]}
    if kind in (KIND, "image", "file", "voice"):
        return kind, body
    raise Refused("not-forwardable", _("This cannot be forwarded."))


def goods(body: dict[str, Any]) -> dict[str, Any]:
    """The title and the names of the goods of a trade card."""
    lines = [line for line in body.get("lines", []) if isinstance(line, dict)] if isinstance(body.get("lines"), list) else []
    items = [" ".join(str(line[name]) for name in ("name", "spec") if line.get(name)) for line in lines[:MOST_ITEMS]]
    title = str(body.get("title") or "") or ", ".join(items[:3])
    if not title:
        raise Refused("not-forwardable", _("This cannot be forwarded."))
    return {"title": title, "items": [item for item in items if item], "more": max(0, len(lines) - MOST_ITEMS)}
