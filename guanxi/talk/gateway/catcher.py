"""What other processes appended: heads come as hints or by the sweep, entries are pulled together with who may hear them."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import psycopg

from guanxi.talk.audience import Parties
from guanxi.talk.gateway import frames
from guanxi.talk.gateway.append import Ask
from guanxi.talk.gateway.socket import Piece

if TYPE_CHECKING:
    from guanxi.talk.gateway.process import Gateway

MOST = 30  # entries pulled at once; whoever lacks more pulls them himself
PULLS = 200  # conversations in one statement
MOST_KEPT = 50_000

# One statement, so one snapshot: whoever is seen beside an entry may hear it (quality.md T11).
PULL = """
SELECT c.id::text, c.head, (
    SELECT json_agg(json_build_array(p.company_id, p.person_id, co.people_version)) FROM talk_party p
    LEFT JOIN people_company co ON co.id = p.company_id WHERE p.conversation_id = c.id AND p.left_at IS NULL
), (
    SELECT json_agg(json_build_array(e.seq, e.kind, e.by_person, e.by_company, e.by_name, CASE WHEN e.kind = ANY(%s) THEN e.body END, e.at) ORDER BY e.seq)
    FROM (SELECT * FROM talk_entry e WHERE e.conversation_id = c.id AND e.seq > a.after ORDER BY e.seq LIMIT %s) e
) FROM unnest(%s::uuid[], %s::bigint[]) AS a(id, after) JOIN talk_conversation c ON c.id = a.id
"""
CHANGED = "SELECT id::text, head FROM talk_conversation WHERE head_at > %s AND head > 0"

Row = tuple[str, int, list[list[Any]] | None, list[list[Any]] | None]


class Catcher:
    """`done` holds per conversation the last seq handed to delivery, `wanted` the heads still to be pulled."""

    def __init__(self, gateway: "Gateway") -> None:
        self.gateway = gateway
        self.done: dict[str, int] = {}
        self.wanted: dict[str, int] = {}
        self.pulling = False

    def appended(self, c: str, parties: Parties, asks: list[Ask]) -> None:
        """Our own batch wrote these, in order. What came in between from elsewhere is pulled, with them."""
        first, last = asks[0].seq, asks[-1].seq
        done = self.done.get(c, first - 1)
        if done >= last:
            return
        if done != first - 1 or c in self.wanted:
            self.hinted(c, last)
            return
        self._done(c, last)
        self.gateway.delivery.publish(c, parties, [piece(ask) for ask in asks])

    def hinted(self, c: str, head: int) -> None:
        """Somebody says that this conversation reaches to `head`."""
        if head <= self.done.get(c, 0):
            return
        self.wanted[c] = max(head, self.wanted.get(c, 0))
        self._pull()

    def forget(self, c: str) -> None:
        """It could not be delivered: the next hint or sweep begins at its head."""
        self.done.pop(c, None)

    def _done(self, c: str, seq: int) -> None:
        if len(self.done) > MOST_KEPT:
            self.done.clear()
        self.done[c] = seq

    def _pull(self) -> None:
        if self.pulling or not self.wanted:
            return
        self.pulling = True
        batch = dict(list(self.wanted.items())[:PULLS])
        after = {c: self.done.get(c, head - 1) for c, head in batch.items()}
        self.gateway.reader.ask(lambda connection: pull(connection, after), lambda rows: self._pulled(batch, rows), failed=self._failed)

    def _failed(self) -> None:
        self.pulling = False
        self.wanted.clear()  # the sweep finds them again

    def _pulled(self, batch: dict[str, int], rows: list[Row]) -> None:
        self.pulling = False
        for c, head, parties, entries in rows:
            if self.wanted.get(c, 0) <= max(head, batch[c]):  # a head that was asked for and is not there was never true
                self.wanted.pop(c, None)
            if head > self.done.get(c, 0):
                self._done(c, head)
                self.gateway.delivery.publish(c, _parties(parties), pieces_of(c, head, entries or []))
        for c in batch.keys() - {row[0] for row in rows}:
            self.wanted.pop(c, None)
        self._pull()

    def look(self, conversations: Iterable[str], then: Callable[[str, Parties, int], None]) -> None:
        """Heads and parties of these, no entries."""
        after = dict.fromkeys(conversations, 2**62)

        def each(rows: list[Row]) -> None:
            for c, head, parties, _ in rows:
                then(c, _parties(parties), head)

        self.gateway.reader.ask(lambda connection: pull(connection, after), each)


def pull(connection: psycopg.Connection, after: dict[str, int]) -> list[Row]:
    """Head, parties and the entries after the given seq, of each conversation, in one snapshot."""
    return connection.execute(PULL, (list(frames.WHOLE), MOST + 1, list(after), list(after.values())), prepare=True).fetchall()


def _parties(rows: list[list[Any]] | None) -> Parties:
    found = Parties()
    for company, person, version in rows or []:
        if company is not None:
            found.companies[company] = version or 0
        else:
            found.people.append(person)
    return found


def piece(ask: Ask) -> Piece:
    """An entry of our own batch, encoded once."""
    frame = frames.entry(ask.c, ask.seq, by=frames.by(ask.person, ask.company, ask.name), body=ask.body, at=ask.at)
    return ask.seq, frame, ask.socket


def pieces_of(c: str, head: int, entries: list[list[Any]]) -> list[Piece]:
    """Entries as they travel: whole, or as a head for cards, which differ by viewer; only the head when there are too many."""
    if len(entries) > MOST or not entries:
        return [(head, frames.head(c, head), None)]
    return [(seq, entry_frame(c, seq, *rest), None) for seq, *rest in entries]


def entry_frame(c: str, seq: int, kind: str, person: str | None, company: str | None, name: str, body: Any, at: str) -> bytes:
    """One pulled entry."""
    if kind not in frames.WHOLE:
        return frames.head(c, seq)
    return frames.entry(c, seq, kind=kind, by=frames.by(person, company, name), body=frames.encoded(body), at=at)


def by_conversation(asks: list[Ask]) -> dict[str, list[Ask]]:
    """The asks that became entries, by conversation, in order of seq."""
    found: dict[str, list[Ask]] = {}
    for ask in asks:
        if ask.outcome == "new":
            found.setdefault(ask.c, []).append(ask)
    return {c: sorted(some, key=lambda ask: ask.seq) for c, some in found.items()}


