"""Who comes into a group and who goes: asked by somebody who knows him, in by his own yes, out at once (quality.md T11, A12)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid, Limited, NotFound, Refused
from guanxi.base.ids import new_id
from guanxi.talk import hints
from guanxi.talk.call import Call
from guanxi.talk.group import ADMIN, INVITED_A_DAY, MEMBER, MOST, MOST_AT_ONCE, OWNER
from guanxi.talk.group.people import known
from guanxi.talk.group.standing import below, inside, name_of, say
from guanxi.talk.group.table import Group, GroupInvitation
from guanxi.talk.table import Conversation, Party
from guanxi.talk.turn import Turn, turn

BEGIN = """
    INSERT INTO talk_position (id, conversation_id, person_id, read_seq, from_seq, muted, pinned)
    VALUES (%(id)s, %(talk)s, %(person)s, %(seq)s, %(seq)s, false, false)
    ON CONFLICT (conversation_id, person_id) DO UPDATE SET from_seq = EXCLUDED.from_seq, read_seq = GREATEST(talk_position.read_seq, EXCLUDED.read_seq)
"""


def invite(call: Call, *, people: Sequence[UUID]) -> dict[str, Any]:
    """Ask people to come: {conversation, invited}; who is in or asked already is left out. Any member asks, of those he knows.

    Raises Refused for people he does not know and above MOST, Limited above INVITED_A_DAY.
    """
    with inside(call) as (talk, _mine):
        talk.result = {"conversation": str(talk.conversation), "invited": ask(talk, people, company=call.company)}
    return talk.result


def ask(talk: Turn, people: Sequence[UUID], *, company: UUID | None) -> int:
    """Open invitations in this turn; how many."""
    wanted = list(dict.fromkeys(people))
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise Invalid({"people": _("Choose 1 to {most} people.").format(most=MOST_AT_ONCE)})
    if set(wanted) - known(talk.call.by, company, wanted).keys():
        raise Refused("not-known", _("You can invite colleagues and people you already talk with."))
    inside = set(Party.objects.of(talk.conversation).filter(left_at=None).values_list("person_id", flat=True))
    asked = set(GroupInvitation.objects.of(talk.conversation).filter(answer="open").values_list("person_id", flat=True))
    fresh = [person for person in wanted if person not in inside | asked]
    if len(inside) + len(asked) + len(fresh) > MOST:
        raise Refused("group-full", _("A group holds at most {most} people."), most=MOST)
    today = GroupInvitation.objects.filter(by_person=talk.call.by, at__gt=talk.now - timedelta(days=1)).count()
    if today + len(fresh) > INVITED_A_DAY:
        raise Limited(_("Too many invitations today. Invite more tomorrow."), retry_after=86400)
    GroupInvitation.objects.bulk_create(
        GroupInvitation(conversation_id=talk.conversation, person_id=person, by_person=talk.call.by, by_name=talk.call.name, at=talk.now) for person in fresh
    )
    return len(fresh)


def accept(call: Call) -> dict[str, Any]:
    """Come in: {conversation, seq}. What was said before stays unseen unless the group opens it. Raises NotFound without an open invitation."""
    with turn(replace(call, actor="guest", company=None)) as talk:
        answer(talk, call.by, "yes")
        group = Group.objects.of(talk.conversation).get()
        Party.objects.create(conversation_id=talk.conversation, person_id=call.by, group_role=MEMBER, active_at=talk.now, joined_at=talk.now)
        begin(talk, call.by, 0 if group.open_history else talk.head)
        audience_changed(talk)
        say(talk, "group-joined")
    return talk.result


def decline(call: Call) -> dict[str, Any]:
    """Stay out: {conversation}. Nobody is told. Raises NotFound without an open invitation."""
    with turn(replace(call, actor="guest", company=None)) as talk:
        answer(talk, call.by, "no")
        talk.result = {"conversation": str(talk.conversation)}
    return talk.result


def leave(call: Call) -> dict[str, Any]:
    """Go: {conversation, seq}. Raises Refused for an owner who leaves others behind."""
    with inside(call) as (talk, mine):
        if mine.group_role == OWNER and len(talk.sides) > 1:
            raise Refused("owner-stays", _("Hand the group over to somebody first."))
        out(talk, mine, "group-left")
    return talk.result


def remove(call: Call, *, person: UUID) -> dict[str, Any]:
    """Take somebody of lower rank out, or his invitation back: {conversation, seq}. He receives nothing committed after this."""
    with inside(call, by=ADMIN) as (talk, mine):
        if withdrawn(talk, person):
            talk.result = {"conversation": str(talk.conversation)}
        else:
            out(talk, below(talk, mine, person), "group-removed", person=name_of(person))
    return talk.result


def out(talk: Turn, party: Party, code: str, **params: str) -> None:
    """End a place in the group and say so to those who stay; the leaver's sockets are told that it is gone."""
    Party.objects.of(talk.conversation).filter(id=party.id).update(left_at=talk.now, group_role=MEMBER, silenced=False)
    audience_changed(talk)
    say(talk, code, **params)
    gone = ["gone", str(talk.conversation), str(party.person_id)]
    transaction.on_commit(lambda: hints.passing(gone))


def answer(talk: Turn, person: UUID, word: str) -> None:
    """Close the open invitation. Raises NotFound when there is none."""
    if not GroupInvitation.objects.of(talk.conversation).filter(person_id=person, answer="open").update(answer=word, answered_at=talk.now):
        raise NotFound


def withdrawn(talk: Turn, person: UUID) -> bool:
    """Whether there was an open invitation to take back."""
    found = GroupInvitation.objects.of(talk.conversation).filter(person_id=person, answer="open")
    return bool(found.update(answer="withdrawn", answered_at=talk.now))


def begin(talk: Turn, person: UUID, seq: int) -> None:
    """His reach begins after `seq`."""
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, {"id": new_id(), "talk": talk.conversation, "person": person, "seq": seq})


def audience_changed(talk: Turn) -> None:
    """Somebody came or went."""
    Conversation.objects.filter(id=talk.conversation).update(audience=F("audience") + 1)
