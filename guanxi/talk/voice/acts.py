"""Say something by voice."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid, NotFound
from guanxi.talk.call import Call
from guanxi.talk.file.acts import attach, own
from guanxi.talk.file.store import full_path
from guanxi.talk.table import Upload
from guanxi.talk.text.acts import require_voice
from guanxi.talk.turn import turn
from guanxi.talk.voice import KIND, MOST_BYTES, MOST_SECONDS, mime_of


def speak(call: Call, *, upload_id: UUID, seconds: int) -> dict[str, Any]:
    """Append a recording: {conversation, seq}. `seconds` is what the recorder says, 1 to MOST_SECONDS.

    Raises NotFound for another's upload, Invalid for what is too long, too big or no recording.
    """
    upload = own(call, upload_id)
    mime = checked(upload, seconds)
    with turn(call) as talk:
        require_voice(talk)
        Upload.objects.filter(id=upload.id).update(mime=mime)
        entry = talk.add(KIND, {"upload": str(upload.id), "size": upload.size, "mime": mime, "seconds": seconds})
        attach(talk, upload, seq=entry.seq)
        talk.result = {"conversation": str(talk.conversation), "seq": entry.seq}
    return talk.result


def checked(upload: Upload, seconds: int) -> str:
    """The type of a recording we play."""
    if type(seconds) is not int or not 0 < seconds <= MOST_SECONDS:
        raise Invalid({"seconds": _("A voice message has 1 to {most} seconds.").format(most=MOST_SECONDS)})
    if upload.size > MOST_BYTES:
        raise Invalid({"file": _("This recording is too big.")})
    try:
        with full_path(upload.path).open("rb") as file:
            mime = mime_of(file.read(12))
    except OSError:
        raise NotFound from None
    if not mime or upload.thumb:
        raise Invalid({"file": _("This is no recording that can be played.")})
    return mime
