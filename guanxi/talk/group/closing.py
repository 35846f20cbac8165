"""Somebody closes his account: his groups go on without him, and what he was asked into or asked others into is withdrawn."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q

from guanxi.people.table import Person
from guanxi.talk import hints
from guanxi.talk.call import Call
from guanxi.talk.group import OWNER
from guanxi.talk.group.table import GroupInvitation
from guanxi.talk.notice import KIND, notice
from guanxi.talk.table import Conversation, Party
from guanxi.talk.turn import turns

# Who owns a group after its owner: the admin who came first, or else whoever came first.
HEIRS = """
    SELECT DISTINCT ON (pt.conversation_id) pt.conversation_id, pt.id, p.name FROM talk_party pt JOIN people_person p ON p.id = pt.person_id
    WHERE pt.conversation_id = ANY(%s) AND pt.left_at IS NULL AND pt.person_id <> %s
    ORDER BY pt.conversation_id, pt.group_role <> 'admin', pt.joined_at, pt.id
"""


def account_closed(person: UUID, *, now: datetime) -> int:
    """Inside the transaction that closes the account, while its name stands; how many groups he was in."""
    GroupInvitation.objects.filter(Q(person_id=person) | Q(by_person=person), answer="open").update(answer="withdrawn", answered_at=now)
    places = Party.objects.filter(person_id=person, left_at=None, conversation__kind="group")
    mine: dict[UUID, str] = dict(places.values_list("conversation_id", "group_role"))
    if not mine:
        return 0
    name = Person.objects.values_list("name", flat=True).get(pk=person)
    with turns(Call(now=now, person=person, name=name), list(mine)) as held:
        heirs = pass_on([talk for talk, role in mine.items() if role == OWNER], person)
        Party.objects.filter(person_id=person, conversation_id__in=mine, left_at=None).update(left_at=now, group_role="member", silenced=False)
        Conversation.objects.filter(id__in=mine).update(audience=F("audience") + 1)
        for talk, one in held.by_id.items():
            if talk in heirs:
                one.add(KIND, notice("group-owner", name=name, person=heirs[talk]))
            one.add(KIND, notice("group-left", name=name))
    transaction.on_commit(lambda: tell_gone(list(mine), person))
    return len(mine)


def tell_gone(groups: list[UUID], person: UUID) -> None:
    """His sockets let go of the groups."""
    for talk in groups:
        hints.passing(["gone", str(talk), str(person)])


def pass_on(groups: list[UUID], person: UUID) -> dict[UUID, str]:
    """New owners of the groups he owned, where anybody is left: their names by group."""
    with connection.cursor() as cursor:
        cursor.execute(HEIRS, [groups, person])
        found = cursor.fetchall()
    Party.objects.filter(id__in=[party for _talk, party, _name in found]).update(group_role=OWNER, silenced=False)
    return {talk: name for talk, _party, name in found}
