"""Show an upload in a conversation, as a picture or a file."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid, NotFound
from guanxi.base.ids import new_id
from guanxi.people.companies.reads import works_for
from guanxi.talk.call import Call
from guanxi.talk.table import Upload
from guanxi.talk.text.acts import require_voice
from guanxi.talk.turn import Turn, turn

SHOW = """
    INSERT INTO talk_attachment (id, conversation_id, upload_id, seq) VALUES (%(id)s, %(conversation)s, %(upload)s, %(seq)s)
    ON CONFLICT (conversation_id, upload_id) DO UPDATE SET seq = NULL
"""


def send(call: Call, *, upload_id: UUID, kind: str = "") -> dict[str, Any]:
    """Append it: {conversation, seq, upload}. `kind` image or file, by itself when empty. Raises NotFound for an upload that is not the caller's."""
    upload = own(call, upload_id)
    kind = kind or ("image" if upload.thumb else "file")
    if kind == "image" and not upload.thumb:
        raise Invalid({"upload": _("This is not a picture.")})
    with turn(call) as talk:
        require_voice(talk)
        entry = talk.add(kind, body_of(kind, upload))
        attach(talk, upload, seq=entry.seq)
        talk.result = {"conversation": str(talk.conversation), "seq": entry.seq, "upload": str(upload.id)}
    return talk.result


def own(call: Call, upload_id: UUID) -> Upload:
    """An upload made by this person, for the company he acts for; what he made for a firm stays with the firm when he leaves it (quality.md A13)."""
    found = Upload.objects.filter(id=upload_id, person_id=call.person).first() if call.person else None
    if found is None or (call.company and found.company_id not in (None, call.company)):
        raise NotFound
    if found.company_id and not works_for(call.by, found.company_id):
        raise NotFound
    return found


def attach(talk: Turn, upload: Upload, *, seq: int | None = None) -> None:
    """From now on whoever reaches this conversation reaches the file. `seq`: the entry whose recall takes it back, if it is the only one."""
    with connection.cursor() as cursor:
        cursor.execute(SHOW, {"id": new_id(), "conversation": talk.conversation, "upload": upload.id, "seq": seq})


def body_of(kind: str, upload: Upload) -> dict[str, Any]:
    """What the entry keeps: enough to draw it without asking."""
    body = {"upload": str(upload.id), "name": upload.name, "size": upload.size, "mime": upload.mime}
    return body | {"width": upload.width, "height": upload.height} if kind == "image" else body
