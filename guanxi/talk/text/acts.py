"""Say something, through a door other than the gateway: the same rules, one turn."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid
from guanxi.talk.call import Call, digest
from guanxi.talk.text import KIND, payload
from guanxi.talk.turn import Turn, turn


def say(call: Call, *, body: dict[str, Any]) -> dict[str, Any]:
    """Append a text entry: {conversation, seq}. `body` as `text.payload` takes it. Raises Invalid, NotFound, Refused for viewers, AlreadyDone, Conflict."""
    kept = payload(body)
    keyed = replace(call, hash=digest((KIND, kept))) if call.key else call
    with turn(keyed) as talk:
        require_voice(talk)
        require_answered(talk, kept)
        entry = talk.add(KIND, kept)
        talk.result = {"conversation": str(talk.conversation), "seq": entry.seq}
    return talk.result


def require_answered(talk: Turn, kept: dict[str, Any]) -> None:
    """Raises Invalid for an answer to what was not said yet."""
    if kept.get("reply", 0) > talk.head:
        raise Invalid({"reply": _("There is no such entry.")})


def require_voice(talk: Turn) -> None:
    """Raises Refused for a role that only reads. A talk between two people has no roles, and nobody speaks there for a company."""
    talk.require_voice()
    if talk.kind == "direct":
        talk.call = replace(talk.call, company=None)
    else:
        talk.call.require("talk")
