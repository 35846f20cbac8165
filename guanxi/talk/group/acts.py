"""A group comes to be and is looked after: name, announcement, roles, silence. Who comes and goes stands in coming.py."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base import text
from guanxi.base.errors import Invalid, Refused
from guanxi.base.ids import new_id
from guanxi.talk.call import Call
from guanxi.talk.group import ADMIN, ANNOUNCEMENT, MEMBER, NAME, OWNER
from guanxi.talk.group.coming import ask
from guanxi.talk.group.standing import below, inside, name_of, say
from guanxi.talk.group.table import Group
from guanxi.talk.notice import KIND, notice
from guanxi.talk.table import Conversation, Party
from guanxi.talk.turn import turns


def create(call: Call, *, name: str, people: Sequence[UUID]) -> dict[str, Any]:
    """A new group of the caller, who asks `people` to come: {conversation, invited}. Raises Invalid for the name, Refused for people he does not know."""
    name, made, call = named(name), new_id(), replace(call, company=call.company or call.person)
    with turns(call, []) as held:
        Conversation.objects.create(id=made, kind="group", head_at=call.now, created_at=call.now)
        Group.objects.create(conversation_id=made, name=name)
        Party.objects.create(conversation_id=made, person_id=call.by, group_role=OWNER, active_at=call.now, joined_at=call.now)
        with inside(replace(call, conversation=made, key=""), by=OWNER) as (talk, _mine):
            talk.add(KIND, notice("group-made", name=call.name, group=name))
            invited = ask(talk, people, company=call.company) if people else 0
        held.result = {"conversation": str(made), "invited": invited}
    return held.result


def rename(call: Call, *, name: str) -> dict[str, Any]:
    """Another name: {conversation, seq}. Owner and admins."""
    name = named(name)
    with inside(call, by=ADMIN) as (talk, _mine):
        Group.objects.of(talk.conversation).update(name=name)
        say(talk, "group-renamed", group=name)
    return talk.result


def announce(call: Call, *, announcement: str) -> dict[str, Any]:
    """Words that stand at the head of the talk until others do; empty takes them away: {conversation, seq}. Owner and admins."""
    words = text.clean(announcement, field="announcement", most=ANNOUNCEMENT, multiline=True) if announcement.strip() else ""
    with inside(call, by=ADMIN) as (talk, _mine):
        by, at = (call.name, call.now) if words else ("", None)
        Group.objects.of(talk.conversation).update(announcement=words, announced_by=by, announced_at=at)
        say(talk, "group-announced" if words else "group-unannounced")
    return talk.result


def open_history(call: Call, *, on: bool) -> dict[str, Any]:
    """Whether those who join from now on read what was said before: {conversation, seq}. The owner alone."""
    with inside(call, by=OWNER) as (talk, _mine):
        Group.objects.of(talk.conversation).update(open_history=on)
        say(talk, "group-opened" if on else "group-closed")
    return talk.result


def set_role(call: Call, *, person: UUID, role: str) -> dict[str, Any]:
    """Make somebody admin or member: {conversation, seq}. The owner alone; nobody gives a role above his own (quality.md A7)."""
    if role not in (ADMIN, MEMBER):
        raise Invalid({"role": _("Choose admin or member.")})
    with inside(call, by=OWNER) as (talk, mine):
        other = below(talk, mine, person)
        if other.group_role == role:
            raise Refused("same-role", _("That is the role already."))
        Party.objects.of(talk.conversation).filter(id=other.id).update(group_role=role)
        say(talk, "group-admin" if role == ADMIN else "group-no-admin", person=name_of(person))
    return talk.result


def hand_over(call: Call, *, person: UUID) -> dict[str, Any]:
    """The group gets another owner; who owned it stays as admin: {conversation, seq}."""
    with inside(call, by=OWNER) as (talk, mine):
        other = below(talk, mine, person)
        Party.objects.of(talk.conversation).filter(id=mine.id).update(group_role=ADMIN)
        Party.objects.of(talk.conversation).filter(id=other.id).update(group_role=OWNER)
        say(talk, "group-owner", person=name_of(person))
    return talk.result


def silence(call: Call, *, person: UUID, on: bool) -> dict[str, Any]:
    """Somebody of lower rank may only read, or writes again: {conversation, seq}. Owner and admins."""
    with inside(call, by=ADMIN) as (talk, mine):
        other = below(talk, mine, person)
        if other.silenced == on:
            raise Refused("same-state", _("That is so already."))
        Party.objects.of(talk.conversation).filter(id=other.id).update(silenced=on)
        say(talk, "group-silenced" if on else "group-unsilenced", person=name_of(person))
    return talk.result


def named(name: str) -> str:
    """A name of a group. Raises Invalid."""
    return text.clean(name, field="name", most=NAME, least=1)
