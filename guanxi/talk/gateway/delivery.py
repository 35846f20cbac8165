"""From a committed entry to every socket that may hear it: in order per conversation, in slices, encoded once.

Nothing is told by memory alone: each delivery comes with the parties as a snapshot after the commit saw them, and a company's people
are read again when their version moved (talk.audience).
"""

from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import psycopg

from guanxi.talk import hints
from guanxi.talk.audience import MEMBERS, Parties, Staff, parties_from, sides_of, staff_from, unknown
from guanxi.talk.gateway import frames
from guanxi.talk.gateway.append import WHO
from guanxi.talk.gateway.socket import Piece, Socket

if TYPE_CHECKING:
    from guanxi.talk.gateway.process import Gateway

SLICE = 64  # sockets of one conversation before others have their turn
BUDGET = 256  # sockets before the loop has its turn
MOST_KEPT = 50_000

Action = Callable[[Parties], None]


class Fan:
    """Pieces of one conversation on their way to these sockets."""

    __slots__ = ("at", "pieces", "sockets")

    def __init__(self, sockets: list[Socket], pieces: list[Piece]) -> None:
        self.sockets, self.pieces, self.at = sockets, pieces, 0

    def give(self, c: str) -> int:
        """The next slice; how many were served."""
        part = self.sockets[self.at : self.at + SLICE]
        self.at += len(part)
        for socket in part:
            socket.give(c, self.pieces)
        return len(part)


class Delivery:
    """`staff` are the companies' people as last read, `held` what waits for a newer reading, `lines` what is being fanned out."""

    def __init__(self, gateway: "Gateway") -> None:
        self.gateway = gateway
        self.staff: dict[str, Staff] = {}
        self.held: dict[str, deque[tuple[Parties, Action]]] = {}
        self.lines: dict[str, deque[Fan]] = {}
        self.ready: deque[str] = deque()
        self.pumping = False

    # -- who hears it

    def with_audience(self, c: str, parties: Parties, action: Action) -> None:
        """Do `action` once the people of these parties are known as fresh as `parties`; in order per conversation."""
        if c not in self.held and not unknown(parties, self.staff):
            action(parties)
            return
        line = self.held.setdefault(c, deque())
        line.append((parties, action))
        if len(line) == 1:
            self._load(c, parties)

    def _load(self, c: str, parties: Parties) -> None:
        wanted = unknown(parties, self.staff)

        def work(connection: psycopg.Connection) -> dict[str, Staff]:
            return staff_from(connection.execute(MEMBERS, (wanted,), prepare=True).fetchall())

        self.gateway.reader.ask(work, lambda found: self._loaded(c, found), failed=lambda: self._dropped(c))

    def _loaded(self, c: str, found: dict[str, Staff]) -> None:
        for company, staff in found.items():
            if company not in self.staff or self.staff[company].version <= staff.version:
                self.staff[company] = staff
        line = self.held[c]
        if unknown(line[0][0], self.staff):  # a company that is no more: nobody is left to be told
            self._dropped(c)
            return
        while line and not unknown(line[0][0], self.staff):
            parties, action = line.popleft()
            action(parties)
        if line:
            self._load(c, line[0][0])
        else:
            del self.held[c]

    def _dropped(self, c: str) -> None:
        """The database stayed away: the sweep will find it."""
        self.held.pop(c, None)
        self.gateway.catcher.forget(c)

    def sockets(self, parties: Parties) -> list[Socket]:
        """The open sockets of everybody who takes part, each once; a token hears only its own company's talk."""
        here = self.gateway.people
        found: dict[Socket, None] = {}
        for company in parties.companies:
            people = self.staff[company].people
            for person in people if len(people) <= len(here) else [one for one in here if one in people]:
                for socket in here.get(person, ()):
                    if socket.who is not None and socket.who.may_speak_for(company):
                        found[socket] = None
        for person in parties.people:
            for socket in here.get(person, ()):
                if socket.who is not None and socket.who.may_speak_for(None):
                    found[socket] = None
        return list(found)

    # -- entries

    def publish(self, c: str, parties: Parties, pieces: list[Piece]) -> None:
        """Entries of a conversation, in order, to all who may hear them."""
        self.with_audience(c, parties, lambda seen: self._line_up(c, self.sockets(seen), pieces))

    def _line_up(self, c: str, sockets: list[Socket], pieces: list[Piece]) -> None:
        if not sockets:
            return
        line = self.lines.get(c)
        if line is None:
            self.lines[c] = deque([Fan(sockets, pieces)])
            self.ready.append(c)
        else:
            line.append(Fan(sockets, pieces))
        if not self.pumping:
            self._pump()

    def _pump(self) -> None:
        """Conversations in turn, a slice each; the loop gets its turn after every budget."""
        self.pumping, budget = True, BUDGET
        while self.ready and budget > 0:
            c = self.ready.popleft()
            line = self.lines[c]
            budget -= 1 + line[0].give(c)
            if line[0].at >= len(line[0].sockets):
                line.popleft()
            if line:
                self.ready.append(c)
            else:
                del self.lines[c]
        self.pumping = bool(self.ready)
        if self.pumping:
            self.gateway.loop.call_soon(self._pump)

    def catch_up(self, socket: Socket, missed: Iterable[str]) -> None:
        """A slow client reads again: tell it the heads of what it missed, if it may still hear them."""
        for c in missed:
            if socket.sent is not None:
                socket.sent.pop(c, None)
        self.gateway.catcher.look(missed, lambda c, parties, head: self._tell_head(socket, c, parties, head))

    def _tell_head(self, socket: Socket, c: str, parties: Parties, head: int) -> None:
        def tell(seen: Parties) -> None:
            if socket in self.sockets(seen):
                socket.give(c, [(head, frames.head(c, head), None)])

        self.with_audience(c, parties, tell)

    # -- what is not kept

    def typing(self, c: str, person: str, name: str, *, company: str | None, here: bool) -> None:
        """Somebody writes: tell everyone else who takes part, in this process and, when it began `here`, in the others."""
        frame = frames.frame("typing", c=c, person=person, name=name)

        def tell(parties: Parties) -> None:
            if not self._takes_part(person, parties, company):
                return
            for socket in self.sockets(parties):
                if socket.who is not None and socket.who.person != person:
                    socket.say_lightly(frame)
            if here:
                hints.passing(["typing", c, person, name, company])

        self._with_parties(c, tell)

    def moved(self, c: str, person: str, seq: int, *, here: bool) -> None:
        """Somebody has read up to `seq`: tell the other side, and his own other devices; never his colleagues."""
        frame = frames.frame("read", c=c, person=person, seq=seq)

        def tell(parties: Parties) -> None:
            mine = sides_of(person, parties, self.staff)
            alone = len(parties.people) > 2  # in a group nobody is told who has read: that would be members times members
            for socket in self.gateway.people.get(person, ()) if alone else self.sockets(parties):
                if socket.who is not None and (socket.who.person == person or not mine & sides_of(socket.who.person, parties, self.staff)):
                    socket.say_lightly(frame)
            if here:
                hints.passing(["read", c, person, seq])

        self._with_parties(c, tell)

    def _takes_part(self, person: str, parties: Parties, company: str | None) -> bool:
        sides = sides_of(person, parties, self.staff)
        return company in sides if company else bool(sides) or person in parties.people

    def _with_parties(self, c: str, action: Action) -> None:
        def work(connection: psycopg.Connection) -> dict[str, Parties]:
            return parties_from(connection.execute(WHO, ([c],), prepare=True).fetchall())

        def then(found: dict[str, Parties]) -> None:
            if c in found:
                self.with_audience(c, found[c], action)

        self.gateway.reader.ask(work, then)
