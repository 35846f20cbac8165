"""What a group shows: its words, its people, and the invitations one has."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from guanxi.talk.group import ADMIN, OWNER, RANK
from guanxi.talk.group.table import Group, GroupInvitation

PEOPLE = """
    SELECT pt.person_id, p.name, pt.group_role, pt.silenced, COALESCE((
        SELECT co.name FROM people_membership m JOIN people_company co ON co.id = m.company_id
        WHERE m.person_id = p.id AND m.ended_at IS NULL ORDER BY m.joined_at LIMIT 1), '') FROM talk_party pt JOIN people_person p ON p.id = pt.person_id
    WHERE pt.conversation_id = %s AND pt.left_at IS NULL
    ORDER BY CASE pt.group_role WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 ELSE 2 END, pt.joined_at, pt.id
"""
ASKED = """
    SELECT i.person_id, p.name FROM talk_groupinvitation i JOIN people_person p ON p.id = i.person_id
    WHERE i.conversation_id = %s AND i.answer = 'open' ORDER BY i.at, i.id
"""
INVITATIONS = """
    SELECT i.conversation_id, g.name, i.by_name, i.at,
        (SELECT count(*) FROM talk_party p WHERE p.conversation_id = i.conversation_id AND p.left_at IS NULL)
    FROM talk_groupinvitation i JOIN talk_group g ON g.conversation_id = i.conversation_id
    WHERE i.person_id = %s AND i.answer = 'open' ORDER BY i.at DESC LIMIT 100
"""
MINE = """
    SELECT g.conversation_id, g.name, p.group_role, (SELECT count(*) FROM talk_party o WHERE o.conversation_id = g.conversation_id AND o.left_at IS NULL)
    FROM talk_party p JOIN talk_group g ON g.conversation_id = p.conversation_id
    WHERE p.person_id = %s AND p.left_at IS NULL ORDER BY p.active_at DESC LIMIT 500
"""


@dataclass(frozen=True, slots=True)
class Someone:
    """A person in a group."""

    person: UUID
    name: str
    role: str
    silenced: bool
    company: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A group as one of its people sees it."""

    group: Group
    people: list[Someone]
    asked: list[tuple[UUID, str]]
    me: Someone

    @property
    def looks_after(self) -> bool:
        return self.me.role in (OWNER, ADMIN)

    @property
    def owns(self) -> bool:
        return self.me.role == OWNER

    def above(self, other: Someone) -> bool:
        """Whether I rank above him."""
        return RANK[self.me.role] > RANK[other.role]


@dataclass(frozen=True, slots=True)
class Invited:
    """An open invitation as the invited sees it: nothing of what is said inside."""

    conversation: UUID
    name: str
    by_name: str
    at: datetime
    people: int


@dataclass(frozen=True, slots=True)
class Mine:
    """A group in a list."""

    conversation: UUID
    name: str
    role: str
    people: int


def picture(conversation: UUID, person: UUID) -> Picture:
    """Three statements whatever its size. The caller has checked reach."""
    people = everyone(conversation)
    return Picture(Group.objects.of(conversation).get(), people, _rows(ASKED, conversation), next(one for one in people if one.person == person))


def everyone(conversation: UUID) -> list[Someone]:
    """Owner, admins, members, each in the order they came."""
    return [Someone(*row) for row in _rows(PEOPLE, conversation)]


def invitations(person: UUID) -> list[Invited]:
    """The newest first."""
    return [Invited(*row) for row in _rows(INVITATIONS, person)]


def count_invitations(person: UUID) -> int:
    """How many wait for an answer."""
    return GroupInvitation.objects.filter(person_id=person, answer="open").count()


def mine(person: UUID) -> list[Mine]:
    """The liveliest first."""
    return [Mine(*row) for row in _rows(MINE, person)]


def _rows(sql: str, given: UUID) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [given])
        return cursor.fetchall()
