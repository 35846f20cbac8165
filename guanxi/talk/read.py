"""Reads of talk. Fetching is the permission check: `reach` gives what this viewer may see of a conversation, or NotFound."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from guanxi.base.errors import NotFound
from guanxi.people.roles import can
from guanxi.people.viewer import Viewer
from guanxi.talk.card import EntryView
from guanxi.talk.receipts import mark
from guanxi.talk.table import Conversation, Entry, Position

MOST = 100
__all__ = ["Reach", "entries", "head", "mark", "people_of", "quoted", "reach", "rows", "seen"]

REACH = """
    SELECT c.id, c.kind, c.head, c.head_at, us.company_id, us.responsible_id, ours.name AS our_answerer,
        them.company_id AS other_company, them.person_id AS other_person, COALESCE(oc.name, op.name, g.name) AS other_name, oc.handle,
        oc.verified_at IS NOT NULL AS verified, them.responsible_id AS other_responsible, theirs.name AS other_answerer,
        COALESCE(mine.read_seq, 0) AS read_seq, COALESCE(mine.from_seq, 0) AS from_seq,
        COALESCE(mine.muted, false) AS muted, COALESCE(mine.pinned, false) AS pinned,
        us.group_role, us.silenced, COALESCE(g.announcement, '') AS announcement, COALESCE(g.announced_by, '') AS announced_by,
        CASE WHEN c.kind = 'group' THEN (SELECT count(*) FROM talk_party x WHERE x.conversation_id = c.id AND x.left_at IS NULL) ELSE 2 END AS people,
        CASE WHEN them.company_id IS NULL
            THEN (SELECT po.read_seq FROM talk_position po WHERE po.conversation_id = c.id AND po.person_id = them.person_id)
            ELSE (SELECT max(po.read_seq) FROM talk_position po JOIN people_membership pm ON pm.person_id = po.person_id
                  WHERE po.conversation_id = c.id AND pm.company_id = them.company_id AND pm.ended_at IS NULL)
        END AS other_read
    FROM talk_conversation c
    JOIN talk_party us ON us.conversation_id = c.id AND us.left_at IS NULL AND (us.person_id = %(person)s OR us.company_id = %(company)s)
    LEFT JOIN talk_party them ON them.conversation_id = c.id AND them.left_at IS NULL AND them.id <> us.id AND c.kind <> 'group'
    LEFT JOIN talk_group g ON g.conversation_id = c.id
    LEFT JOIN people_company oc ON oc.id = them.company_id
    LEFT JOIN people_person op ON op.id = them.person_id
    LEFT JOIN people_person theirs ON theirs.id = them.responsible_id
    LEFT JOIN people_person ours ON ours.id = us.responsible_id
    LEFT JOIN talk_position mine ON mine.conversation_id = c.id AND mine.person_id = %(person)s
    WHERE c.id = %(conversation)s LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Reach:
    """A conversation as its viewer stands to it. `read_seq` mine, `other_read` the furthest of the other side; `from_seq` hides what came before.

    In a group there is no other side: `other_name` is the group's, `people` how many take part.
    """

    id: UUID
    kind: str
    head: int
    head_at: datetime
    company_id: UUID | None
    responsible_id: UUID | None
    our_answerer: str | None
    other_company: UUID | None
    other_person: UUID | None
    other_name: str
    handle: str | None
    verified: bool
    other_responsible: UUID | None
    other_answerer: str | None
    read_seq: int
    from_seq: int
    muted: bool
    pinned: bool
    group_role: str
    silenced: bool
    announcement: str
    announced_by: str
    people: int
    other_read: int | None
    viewer: Viewer

    @property
    def between_companies(self) -> bool:
        return self.kind == "deal"

    @property
    def is_group(self) -> bool:
        return self.kind == "group"

    @property
    def may_write(self) -> bool:
        """A role that only reads writes nothing; between people everyone writes who is not silenced."""
        return can(self.viewer.role, "talk") if self.between_companies else not self.silenced


def reach(viewer: Viewer, conversation: UUID) -> Reach:
    """Raises NotFound for a conversation that is not there or not this viewer's; the two look alike."""
    with connection.cursor() as cursor:
        cursor.execute(REACH, {"person": viewer.person, "company": viewer.company, "conversation": conversation})
        row = cursor.fetchone()
        if row is None:
            raise NotFound
        names = [column.name for column in cursor.description]
    found = dict(zip(names, row, strict=True))
    return Reach(**(found | {"other_name": found["other_name"] or ""}), viewer=viewer)


def rows(conversation: UUID, *, person: UUID, after: int | None = None, before: int | None = None, limit: int = 50) -> list[Entry]:
    """Up to `limit` entries in order: the first after a seq, the last before one, or the newest. The caller has checked reach."""
    begin = Position.objects.of(conversation).filter(person_id=person).values_list("from_seq", flat=True).first() or 0
    return _page(conversation, begin, after=after, before=before, limit=limit)


def entries(place: Reach, *, after: int | None = None, before: int | None = None, limit: int = 50) -> list[EntryView]:
    """As `rows`, as this viewer sees them."""
    return [seen(place, row) for row in _page(place.id, place.from_seq, after=after, before=before, limit=limit)]


def quoted(place: Reach, found: Sequence[EntryView]) -> dict[int, EntryView]:
    """What these entries answer, by seq, as far as this viewer's reach goes: one statement, or none when all of it is among them."""
    known = {entry.seq: entry for entry in found}
    asked = {seq for entry in found if entry.kind == "text" and isinstance(seq := entry.body.get("reply"), int) and seq > place.from_seq}
    missing = Entry.objects.of(place.id).filter(seq__in=asked - known.keys()) if asked - known.keys() else []
    return {seq: known[seq] for seq in asked & known.keys()} | {row.seq: seen(place, row) for row in missing}


def head(conversation: UUID) -> int:
    """The seq of the last entry, 0 in an empty conversation."""
    return Conversation.objects.values_list("head", flat=True).get(id=conversation)


def _page(conversation: UUID, begin: int, *, after: int | None, before: int | None, limit: int) -> list[Entry]:
    found = Entry.objects.of(conversation).filter(seq__gt=max(begin, after or 0))
    if before is not None:
        found = found.filter(seq__lt=before)
    count = max(1, min(limit, MOST))
    page = list(found.order_by("seq" if after is not None else "-seq")[:count])
    return page if after is not None else page[::-1]


def seen(place: Reach, row: Entry) -> EntryView:
    """An entry of the log as this viewer sees it."""
    own = row.by_person == place.viewer.person
    mine = own if not place.between_companies else row.by_company is not None and row.by_company == place.company_id
    return EntryView(
        conversation=place.id, seq=row.seq, kind=row.kind, body=row.body, at=row.at, by_person=row.by_person, by_company=row.by_company,
        by_name=row.by_name, about=row.about, mine=mine, own=own,
    )  # fmt: skip


def people_of(companies: Sequence[UUID]) -> dict[UUID, list[tuple[UUID, str, str]]]:
    """Who works there now and talks: (person, name, role) by company, in the order they joined."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.company_id, p.id, p.name, m.role FROM people_membership m JOIN people_person p ON p.id = m.person_id "
            "WHERE m.company_id = ANY(%s) AND m.ended_at IS NULL AND p.closed_at IS NULL ORDER BY m.joined_at, m.id",
            [list(companies)],
        )
        people: dict[UUID, list[tuple[UUID, str, str]]] = {}
        for company, person, name, role in cursor.fetchall():
            people.setdefault(company, []).append((person, name, role))
    return people
