"""Every five seconds: heads whose hint was lost, sign-ins that ended, people who left, clients that are gone."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

import psycopg
import structlog

from guanxi.base import clock
from guanxi.talk.gateway import frames, signin
from guanxi.talk.gateway.catcher import CHANGED
from guanxi.talk.gateway.limits import PING_SECONDS, SILENT_SECONDS

if TYPE_CHECKING:
    from guanxi.talk.gateway.process import Gateway
    from guanxi.talk.gateway.socket import Socket

EVERY_SECONDS = 4.0  # so that, with the work itself, nothing is later than five
log = structlog.get_logger(__name__)
LOOK_BACK = timedelta(seconds=60)
MOST_GONE = 1000  # conversations named to somebody who left a company; beyond, his client finds out by asking

VERSIONS = "SELECT id::text, people_version FROM people_company WHERE id = ANY(%s::uuid[])"
STAFF_HERE = """
SELECT m.person_id::text, CASE WHEN c.suspended_at IS NULL THEN m.role ELSE 'suspended' END
FROM people_membership m JOIN people_company c ON c.id = m.company_id
WHERE m.company_id = %s AND m.person_id = ANY(%s::uuid[]) AND m.ended_at IS NULL
"""
OUT_OF_REACH = """
SELECT p.conversation_id::text FROM talk_party p WHERE p.company_id = %(company)s AND p.left_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM talk_party o LEFT JOIN people_membership m ON m.company_id = o.company_id AND m.person_id = %(person)s AND m.ended_at IS NULL
    WHERE o.conversation_id = p.conversation_id AND o.left_at IS NULL AND (m.id IS NOT NULL OR o.person_id = %(person)s))
ORDER BY p.active_at DESC LIMIT %(most)s
"""


class Sweep:
    """`versions` are the companies' people versions that the open sockets' memberships were read at."""

    def __init__(self, gateway: "Gateway") -> None:
        self.gateway = gateway
        self.versions: dict[str, int] = {}

    async def run(self) -> None:
        """For ever."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            for look in (self.heads, self.sign_ins, self.companies, self.silence):
                try:
                    look()
                except Exception:  # one that fails must not end the others: nothing else finds what they find
                    log.exception("sweep.failed", look=look.__name__)

    def heads(self) -> None:
        """Conversations that changed within the last minute: what is behind is delivered (quality.md T8)."""
        since = clock.now() - LOOK_BACK

        def then(rows: list[tuple[str, int]]) -> None:
            for c, head in rows:
                self.gateway.catcher.hinted(c, head)

        self.gateway.reader.ask(lambda connection: connection.execute(CHANGED, (since,), prepare=True).fetchall(), then)

    def sign_ins(self, only: Iterable[str] | None = None) -> None:
        """Close the sockets of devices and tokens that ended, and see which company the others act for; `only` looks at these alone."""
        here = {who.device or who.token: who for socket in self.gateway.sockets if (who := socket.who)}
        looked = here.keys() if only is None else here.keys() & set(only)
        devices = [who.device for one in looked if (who := here[one]).device]
        tokens = [who.token for one in looked if (who := here[one]).token]
        if not devices and not tokens:
            return

        looked_at = {*devices, *tokens}

        def then(left: dict[str, str | None]) -> None:
            for socket in list(self.gateway.sockets):
                who = socket.who
                if who is None or (one := who.device or who.token) not in looked_at:
                    continue
                if one in left:
                    who.acting = left[one]
                else:
                    socket.close(4401, "signed out")

        self.gateway.reader.ask(lambda connection: signin.left(connection, devices, tokens), then)

    def companies(self) -> None:
        """Companies whose people changed without our hearing of it."""
        here = list({company for socket in self.gateway.sockets if socket.who for company in socket.who.roles})
        if not here:
            self.versions.clear()
            return

        def then(rows: list[tuple[str, int]]) -> None:
            known, self.versions = self.versions, dict(rows)
            self.people_changed([company for company, version in rows if known.get(company, version) != version or company not in known])

        self.gateway.reader.ask(lambda connection: connection.execute(VERSIONS, (here,), prepare=True).fetchall(), then)

    def people_changed(self, companies: Iterable[str]) -> None:
        """Look again who of the people here works for these companies; tell those who left."""
        people = list(self.gateway.people)
        for company in companies:
            self._look(company, people)

    def _look(self, company: str, people: list[str]) -> None:
        self.gateway.reader.ask(lambda connection: staff_here(connection, company, people), lambda now: self._compare(company, people, now))

    def _compare(self, company: str, asked: list[str], now: dict[str, str]) -> None:
        for person in asked:
            sockets = [socket for socket in self.gateway.people.get(person, ()) if socket.who]
            if person in now:
                self._stays(company, sockets, now[person])
            elif losing := [socket for socket in sockets if socket.who and company in socket.who.roles]:
                self._left(company, person, losing)

    def _stays(self, company: str, sockets: "list[Socket]", role: str) -> None:
        """A new colleague listens from now on; one with another role comes again: the old role ends with its socket (quality.md A50)."""
        for socket in sockets:
            if socket.who is not None and socket.who.roles.setdefault(company, role) != role:
                socket.close(1012, "role changed")

    def _left(self, company: str, person: str, sockets: "list[Socket]") -> None:
        for socket in sockets:
            if socket.who is not None:
                socket.who.roles.pop(company, None)

        def work(connection: psycopg.Connection) -> list[str]:
            rows = connection.execute(OUT_OF_REACH, {"company": company, "person": person, "most": MOST_GONE}, prepare=True).fetchall()
            return [row[0] for row in rows]

        def then(conversations: list[str]) -> None:
            for socket in sockets:
                for c in conversations:
                    socket.say(frames.frame("gone", c=c))

        self.gateway.reader.ask(work, then)
        self.sign_ins(only=[socket.who.token for socket in sockets if socket.who and socket.who.token])

    def silence(self) -> None:
        """Ask silent clients whether they live; close those that do not answer, and those that never read."""
        now = self.gateway.loop.time()
        for socket in list(self.gateway.sockets):
            quiet = now - socket.heard_at
            if socket.too_long_behind(now):
                socket.close(1013, "too slow")
            elif quiet > SILENT_SECONDS and not socket.behind_since:
                socket.close(1001, "no answer")
            elif quiet > PING_SECONDS and socket.transport is not None and not socket.behind_since:
                socket.transport.send_ping()


def staff_here(connection: psycopg.Connection, company: str, people: list[str]) -> dict[str, str]:
    """Who of these works for the company now, and as what."""
    return dict(connection.execute(STAFF_HERE, (company, people), prepare=True).fetchall())
