"""Say something, through a door other than the gateway: the same rules, one turn."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid, Refused
from guanxi.talk.call import Call, digest
from guanxi.talk.table import Party
from guanxi.talk.text import EVERYONE, KIND, payload
from guanxi.talk.turn import Turn, turn


def say(call: Call, *, body: dict[str, Any]) -> dict[str, Any]:
    """Append a text entry: {conversation, seq}. `body` as `text.payload` takes it. Raises Invalid, NotFound, Refused for viewers, AlreadyDone, Conflict."""
    kept = payload(body)
    keyed = replace(call, hash=digest((KIND, kept))) if call.key else call
    with turn(keyed) as talk:
        require_voice(talk)
        require_answered(talk, kept)
        require_named(talk, kept.get("at", []))
        entry = talk.add(KIND, kept)
        talk.result = {"conversation": str(talk.conversation), "seq": entry.seq}
    return talk.result


def require_answered(talk: Turn, kept: dict[str, Any]) -> None:
    """Raises Invalid for an answer to what was not said yet."""
    if kept.get("reply", 0) > talk.head:
        raise Invalid({"reply": _("There is no such entry.")})


def require_named(talk: Turn, people: list[str]) -> None:
    """Raises Invalid for people who are not in this group, Refused for a member who calls everybody."""
    if not people:
        return
    inside = {str(side.person) for side in talk.sides if side.person} if talk.kind == "group" else set()
    if people == [EVERYONE] and inside:
        admins = Party.objects.of(talk.conversation).filter(person_id=talk.call.person, left_at=None, group_role__in=("owner", "admin"))
        if not admins.exists():
            raise Refused("role", _("Only the owner and the admins of the group call everybody."))
    elif not inside.issuperset(people):
        raise Invalid({"at": _("Somebody you name is not in this group.")})


def require_voice(talk: Turn) -> None:
    """Raises Refused for a role that only reads. Between people there are no roles of a company; in a group somebody may be silenced."""
    talk.require_voice()
    if talk.kind == "deal":
        talk.call.require("talk")
        return
    talk.call = replace(talk.call, company=None)
    if Party.objects.of(talk.conversation).filter(person_id=talk.call.person, left_at=None, silenced=True).exists():
        raise Refused("silenced", _("You may only read in this group for now."))
