"""Recall one's own words within two minutes."""

from datetime import timedelta
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import NotFound, Refused
from guanxi.talk.call import Call
from guanxi.talk.recall import EMPTIED, KIND, RECALLABLE, SECONDS
from guanxi.talk.search.table import Indexed
from guanxi.talk.table import Attachment, Entry
from guanxi.talk.text.acts import require_voice
from guanxi.talk.turn import Turn, turn


def recall(call: Call, *, seq: int) -> dict[str, Any]:
    """Empty the caller's entry `seq`: {conversation, seq of the telling entry, recalled}.

    Raises NotFound when there is none, Refused for others', trade and old ones.
    """
    with turn(call) as talk:
        require_voice(talk)
        row = Entry.objects.of(talk.conversation).filter(seq=seq).first()
        if row is None:
            raise NotFound
        require_recallable(talk, row)
        Entry.objects.of(talk.conversation).filter(seq=seq).update(kind=EMPTIED, body={})
        Indexed.objects.filter(conversation_id=talk.conversation, seq=seq).delete()
        take_back(talk, seq, row.body)
        entry = talk.add(KIND, {"seq": seq})
        talk.result = {"conversation": str(talk.conversation), "seq": entry.seq, "recalled": seq}
    return talk.result


def take_back(talk: Turn, seq: int, body: dict[str, Any]) -> None:
    """The file goes out of reach, unless something said or done since then shows it as well (two minutes hold few entries)."""
    upload = str(body.get("upload", ""))
    later = Entry.objects.of(talk.conversation).filter(seq__gt=seq).annotate(words=Cast("body", TextField()))
    if upload and not later.filter(words__contains=upload).exists():
        Attachment.objects.of(talk.conversation).filter(seq=seq).delete()


def require_recallable(talk: Turn, row: Entry) -> None:
    """Raises Refused with the reason."""
    if row.by_person != talk.call.person:
        raise Refused("not-yours", _("Only whoever wrote it can recall it."))
    if row.kind == EMPTIED:
        raise Refused("already-recalled", _("This is recalled already."))
    if row.kind not in RECALLABLE or row.about is not None:
        raise Refused("on-record", _("What companies do in a deal stays on record. Use the acts of the deal instead."))
    if talk.now - row.at > timedelta(seconds=SECONDS):
        raise Refused("too-late", _("Recalling is possible within 2 minutes."))
