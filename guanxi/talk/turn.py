"""The one way to append: lock the conversation, check reach and key, run the body, number the entries, commit, hint.

`with turn(call) as t:` is one conversation; `turns(call, ids)` several, locked in id order. Nothing slow happens inside:
no network, no rendering, no upload. `turn` never retries; `talk.run` does.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.base.db import bounded
from guanxi.base.errors import AlreadyDone, Conflict, NotFound, Refused
from guanxi.base.ids import new_id
from guanxi.base.table import Outbox
from guanxi.people.roles import require
from guanxi.talk import hints
from guanxi.talk.call import Call
from guanxi.talk.store import write
from guanxi.talk.table import Done, Entry

Answered = tuple[str, dict[str, Any]]  # hash and result of a key that was used
LOCK = "SELECT id, kind, head FROM talk_conversation WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
# Who takes part, and the key's first result. Asked after the lock is held, so that both are what they are now.
PARTIES = """
    SELECT c.id, p.company_id, p.person_id, p.responsible_id, CASE WHEN co.suspended_at IS NULL THEN m.role ELSE 'suspended' END,
        GREATEST(co.muted_until, pe.muted_until), d.hash, d.result FROM talk_conversation c
    LEFT JOIN talk_party p ON p.conversation_id = c.id AND p.left_at IS NULL
    LEFT JOIN people_membership m ON m.company_id = p.company_id AND m.person_id = %s AND m.ended_at IS NULL
    LEFT JOIN people_company co ON co.id = m.company_id
    LEFT JOIN people_person pe ON pe.id = COALESCE(m.person_id, p.person_id)
    LEFT JOIN talk_call d ON d.scope = %s AND d.key = %s
    WHERE c.id = ANY(%s)
"""


@dataclass(slots=True)
class Side:
    """A party as the turn sees it; `role` is the caller's role there, if he works for it."""

    company: UUID | None
    person: UUID | None
    responsible: UUID | None
    role: str | None
    muted_until: datetime | None = None


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

    def require_voice(self) -> None:
        """Raises Refused while the operator has muted the caller, or the company he speaks for: deals under way go on."""
        mine = [side for side in self.sides if (side.role and side.company == self.call.company) or (side.person and side.person == self.call.person)]
        if any(side.muted_until and side.muted_until > self.now for side in mine):
            raise Refused("muted", _("You may not write messages for now. Settings, Standing says why, until when, and how to appeal."))

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
        locked, done = lock(call, sorted(set(conversations))) if conversations else (Turns({}), find_done(call))
        if done:
            repeat(call, *done)
        yield locked
        store(call, locked)


def lock(call: Call, ids: list[UUID]) -> tuple[Turns, Answered | None]:
    """The rows in id order, then who takes part, and the hash and result of the key if it was used.

    Raises NotFound when a conversation is missing or not for this viewer.
    """
    done: Answered | None = None
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [ids])
        found = {row[0]: Turn(call=call.at(row[0]), conversation=row[0], kind=row[1], head=row[2], sides=[]) for row in cursor.fetchall()}
        cursor.execute(PARTIES, [call.person, call.scope if call.key else None, call.key, ids])
        for conversation, company, person, responsible, role, muted_until, hashed, result in cursor.fetchall():
            if company or person:
                found[conversation].sides.append(Side(company, person, responsible, role, muted_until))
            if hashed:
                done = (hashed, json.loads(result))
    if len(found) != len(ids) or not all(one.reached_by(call) for one in found.values()):
        raise NotFound
    return Turns(found), done


def find_done(call: Call) -> Answered | None:
    """The hash and result of the key outside any conversation. Without a lock the unique constraint makes the look safe."""
    return Done.objects.filter(scope=call.scope, key=call.key).values_list("hash", "result").first() if call.key else None


def repeat(call: Call, hashed: str, result: dict[str, Any]) -> NoReturn:
    """Raises AlreadyDone with the first result, Conflict when the key came with something else."""
    if hashed != call.hash:
        raise Conflict(_("This key was used for something else."))
    raise AlreadyDone(result)


def store(call: Call, locked: Turns) -> None:
    """All that was added, in one statement; hints after the commit."""
    turns_ = locked.by_id.values()
    heads = {one.conversation: one.head for one in turns_ if one.entries}
    effects = [row for one in turns_ for row in one.effects]
    if not (heads or effects or call.key):
        return
    result = {"heads": {str(conversation): head for conversation, head in heads.items()}, **locked.result}
    for one in turns_:
        result |= one.result
    write(call, heads, [entry for one in turns_ for entry in one.entries], effects, result)
    if heads:
        transaction.on_commit(lambda: hints.announce(heads))
    if any(row.due_at <= call.now for row in effects):
        transaction.on_commit(hints.work_waits)
