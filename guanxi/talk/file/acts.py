"""Show an upload in a conversation, as a picture or a file."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid, NotFound
from guanxi.talk.call import Call
from guanxi.talk.table import Attachment, Upload
from guanxi.talk.text.acts import require_voice
from guanxi.talk.turn import Turn, turn


def send(call: Call, *, upload_id: UUID, kind: str = "") -> dict[str, Any]:
    """Append it: {conversation, seq, upload}. `kind` image or file, by itself when empty. Raises NotFound for an upload that is not the caller's."""
    upload = own(call, upload_id)
    kind = kind or ("image" if upload.thumb else "file")
    if kind == "image" and not upload.thumb:
        raise Invalid({"upload": _("This is not a picture.")})
    with turn(call) as talk:
        require_voice(talk)
        attach(talk, upload)
        entry = talk.add(kind, body_of(kind, upload))
        talk.result = {"conversation": str(talk.conversation), "seq": entry.seq, "upload": str(upload.id)}
    return talk.result


def own(call: Call, upload_id: UUID) -> Upload:
    """An upload made by this person."""
    found = Upload.objects.filter(id=upload_id, person_id=call.person).first() if call.person else None
    if found is None:
        raise NotFound
    return found


def attach(talk: Turn, upload: Upload) -> None:
    """From now on whoever reaches this conversation reaches the file."""
    Attachment.objects.bulk_create([Attachment(conversation_id=talk.conversation, upload_id=upload.id)], ignore_conflicts=True)


def body_of(kind: str, upload: Upload) -> dict[str, Any]:
    """What the entry keeps: enough to draw it without asking."""
    body = {"upload": str(upload.id), "name": upload.name, "size": upload.size, "mime": upload.mime}
    return body | {"width": upload.width, "height": upload.height} if kind == "image" else body
