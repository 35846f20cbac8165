"""The one way to append: lock the conversation, check reach and key, run the body, number the entries, commit, hint.

`with turn(call) as t:` is one conversation; `turns(call, ids)` several, locked in id order. Nothing slow happens inside:
no network, no rendering, no upload. `turn` never retries; `talk.run` does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.base.db import bounded
from guanxi.base.errors import AlreadyDone, Conflict, NotFound
from guanxi.base.ids import new_id
from guanxi.base.table import Outbox
from guanxi.people.roles import require
from guanxi.talk import hints
from guanxi.talk.call import Call
from guanxi.talk.table import Done, Entry

LOCK = "SELECT id, kind, head FROM talk_conversation WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
PARTIES = """
    SELECT p.conversation_id, p.company_id, p.person_id, p.responsible_id, m.role FROM talk_party p
    LEFT JOIN people_membership m ON m.company_id = p.company_id AND m.person_id = %s AND m.ended_at IS NULL
    WHERE p.conversation_id = ANY(%s) AND p.left_at IS NULL
"""
STORE_HEADS = """
    UPDATE talk_conversation c SET head = v.head, head_at = GREATEST(c.head_at, %s)
    FROM unnest(%s::uuid[], %s::bigint[]) AS v(id, head) WHERE c.id = v.id
"""
# To the minute, for lists; and whoever acts first for his company answers for it until a colleague takes over.
STORE_ACTIVITY = """
    UPDATE talk_party SET active_at = GREATEST(active_at, %(now)s),
        responsible_id = CASE WHEN company_id = %(company)s THEN COALESCE(responsible_id, %(person)s) ELSE responsible_id END
    WHERE conversation_id = ANY(%(ids)s)
        AND (active_at < %(now)s - interval '1 minute' OR (company_id = %(company)s AND responsible_id IS NULL AND %(person)s::uuid IS NOT NULL))
"""


@dataclass(slots=True)
class Side:
    """A party as the turn sees it; `role` is the caller's role there, if he works for it."""

    company: UUID | None
    person: UUID | None
    responsible: UUID | None
    role: str | None


@dataclass(slots=True)
class Turn:
    """One conversation under its lock. `result` is kept with the key and answers a repeat."""

    call: Call
    conversation: UUID
    kind: str
    head: int
    sides: list[Side]
    entries: list[Entry] = field(default_factory=list)
    effects: list[Outbox] = field(default_factory=list)
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.call.now

    @property
    def other(self) -> UUID | None:
        """The company across the table, in a conversation of two companies."""
        return next((side.company for side in self.sides if side.company and side.company != self.call.company), None)

    def add(self, kind: str, body: dict[str, Any], *, about: UUID | None = None) -> Entry:
        """Append an entry; its seq is final, since the head is locked."""
        self.head += 1
        entry = Entry(
            conversation_id=self.conversation, seq=self.head, kind=kind, body=body, about=about, at=self.call.now,
            by_person=self.call.person, by_company=self.call.company, by_name=self.call.name,
        )  # fmt: skip
        self.entries.append(entry)
        return entry

    def effect(self, name: str, body: dict[str, Any], *, due_at: datetime | None = None) -> None:
        """Ask for work after the commit, at `due_at` or at once: a row of the outbox, keyed by (conversation, n)."""
        row = Outbox(id=new_id(), conversation_id=self.conversation, n=self.head, effect=name, body=body, due_at=due_at or self.call.now)
        self.effects.append(row)

    def require(self, power: str) -> None:
        """Raises Refused when the caller's role, as the database knows it now, lacks `power`; clock, provider and staff have none."""
        if self.call.actor == "person":
            require(next((side.role for side in self.sides if side.company and side.company == self.call.company), None), power)

    def reached_by(self, call: Call) -> bool:
        """Whether this viewer, for this company, has a party here."""
        if call.actor != "person":
            return True
        return any(side.role and side.company == call.company for side in self.sides) or any(side.person == call.person for side in self.sides if side.person)


@dataclass(slots=True)
class Turns:
    """Several conversations under their locks, by id."""

    by_id: dict[UUID, Turn]
    result: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, conversation: UUID) -> Turn:
        return self.by_id[conversation]


@contextmanager
def turn(call: Call) -> Iterator[Turn]:
    """One act in `call.conversation`. Raises NotFound without reach, AlreadyDone or Conflict for a used key."""
    if call.conversation is None:
        raise NotFound
    with turns(call, [call.conversation]) as all_turns:
        yield all_turns[call.conversation]


@contextmanager
def turns(call: Call, conversations: list[UUID]) -> Iterator[Turns]:
    """One act over several conversations, or over none: then only the company's key is held."""
    with bounded():
        locked = lock(call, sorted(set(conversations)))
        raise_when_done(call)
        yield locked
        store(call, locked)


def lock(call: Call, ids: list[UUID]) -> Turns:
    """The rows in id order, then who takes part. Raises NotFound when one is missing or not for this viewer."""
    if not ids:
        return Turns({})
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [ids])
        found = {row[0]: Turn(call=call.at(row[0]), conversation=row[0], kind=row[1], head=row[2], sides=[]) for row in cursor.fetchall()}
        cursor.execute(PARTIES, [call.person, ids])
        for conversation, company, person, responsible, role in cursor.fetchall():
            found[conversation].sides.append(Side(company, person, responsible, role))
    if len(found) != len(ids) or not all(one.reached_by(call) for one in found.values()):
        raise NotFound
    return Turns(found)


def raise_when_done(call: Call) -> None:
    """The key's first result, if it has one. The lock makes the look safe; without a lock the unique constraint does."""
    if not call.key:
        return
    done = Done.objects.filter(scope=call.scope, key=call.key).values_list("hash", "result").first()
    if done is None:
        return
    if done[0] != call.hash:
        raise Conflict(_("This key was used for something else."))
    raise AlreadyDone(done[1])


def store(call: Call, locked: Turns) -> None:
    """Entries, heads, effects and the key, in one statement each whatever their number."""
    changed = [one for one in locked.by_id.values() if one.entries]
    if changed:
        ids = [one.conversation for one in changed]
        Entry.objects.bulk_create([entry for one in changed for entry in one.entries])
        with connection.cursor() as cursor:
            cursor.execute(STORE_HEADS, [call.now, ids, [one.head for one in changed]])
            cursor.execute(STORE_ACTIVITY, {"now": call.now, "ids": ids, "company": call.company, "person": call.person})
        heads = {one.conversation: one.head for one in changed}
        transaction.on_commit(lambda: hints.announce(heads))
    if effects := [row for one in locked.by_id.values() for row in one.effects]:
        Outbox.objects.bulk_create(effects)
        transaction.on_commit(hints.work_waits)
    if call.key:
        result = {"heads": {str(one.conversation): one.head for one in changed}, **locked.result}
        for one in locked.by_id.values():
            result |= one.result
        Done.objects.create(scope=call.scope, key=call.key, hash=call.hash, result=result, at=call.now)
