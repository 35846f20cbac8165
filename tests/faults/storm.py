"""Eight writers over three server processes while these are killed, frozen and cut from the database; then the history is checked.

It runs in the tests, on their database; the whole product meets its storm in `tests/faults/tempest.py`.
"""

import random
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.request import urlopen

from tests.faults.history import Stored, differences
from tests.faults.processes import Gateway, Process, Web, database_url
from tests.faults.writers import ApiWriter, Listener, Log, Seat, SocketWriter

WRITERS = 8
FAULTS = ("kill", "freeze", "cut", "deaf")
WEIGHTS = (8, 1, 3, 3)
CUT = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE %s"
CUT_SOFTLY = "SELECT pg_terminate_backend(%s)"


@dataclass
class Storm:
    """What one storm is made of, and what became of it."""

    seed: int
    seconds: float
    log: Log = field(default_factory=Log)
    faults: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    entries: int = 0
    live: int = 0
    breaks: int = 0

    def run(self) -> None:
        """Start, storm, calm down, check. `wrong` says what must not be."""
        with ExitStack() as stack:
            gateways, webs = start(database_url(), stack)
            world = World()
            stop, calm = threading.Event(), threading.Event()
            writers = self._writers(world, gateways, webs, stop)
            ears = [Listener(gateways, world.ears(), pull, seed=self.seed + n, stop=calm) for n in range(2)]
            watch = HeadWatch(calm)
            for thread in (*writers, *ears, watch):
                thread.start()
            self._rage([*gateways, *webs])
            stop.set()
            for writer in writers:
                writer.join(40)
            wait_for_database()
            wait_for(ears)
            calm.set()
            self._check(ears, watch)

    def _writers(self, world: "World", gateways: list[Gateway], webs: list[Web], stop: threading.Event) -> list[SocketWriter | ApiWriter]:
        found: list[SocketWriter | ApiWriter] = []
        for n in range(WRITERS):
            if n % 3 == 2:
                found.append(ApiWriter(n, world.seat(n, api=True), self.log, seed=self.seed, stop=stop, webs=webs))
            else:
                found.append(SocketWriter(n, world.seat(n), self.log, seed=self.seed, stop=stop, gateways=gateways))
        return found

    def _rage(self, processes: list[Process]) -> None:
        """Until the time is over, one fault after the other; every process is up again at the end."""
        chance, until = random.Random(self.seed), time.monotonic() + self.seconds
        while time.monotonic() < until:
            time.sleep(0.2 + chance.random() * 0.8)
            kind = "kill" if sum(self.faults.values()) < 2 else chance.choices(FAULTS, WEIGHTS)[0]
            self.faults[kind] = self.faults.get(kind, 0) + 1
            victim = chance.choice(processes)
            match kind:
                case "kill":
                    victim.kill()
                    time.sleep(chance.random() * 0.3)
                    victim.start()
                    victim.wait()
                case "freeze":
                    victim.freeze(1.0)
                case "cut":
                    cut(chance, "%-writer")
                case "deaf":
                    cut(chance, "%-listener")

    def _check(self, ears: list[Listener], watch: "HeadWatch") -> None:
        for ear in ears:
            ear.join(10)
        stored = stored_now()
        self.wrong = [*self.log.wrong, *watch.wrong, *differences(self.log.operations, stored)]
        for n, ear in enumerate(ears):
            for conversation, now in stored.items():
                if ear.mine.get(conversation, []) != now.entries:
                    self.wrong.append(f"T6 listener {n} has {len(ear.mine.get(conversation, []))} of {len(now.entries)} entries of {conversation}, or others")
        self.entries, self.live, self.breaks = sum(len(one.entries) for one in stored.values()), sum(e.live for e in ears), sum(e.breaks for e in ears)

    def summary(self) -> str:
        """One line."""
        said = {name: sum(one.outcome == name for one in self.log.operations) for name in ("ok", "refused", "unknown")}
        again = sum(one.tries > 1 for one in self.log.operations)
        return (
            f"seed {self.seed}: {said}, entries {self.entries}, sent again {again}, repeats {self.log.repeats}, "
            f"faults {self.faults}, heard live {self.live}, breaks {self.breaks}, wrong {len(self.wrong)}"
        )


class World:
    """Three companies, each pair with its conversation; the writers' seats."""

    def __init__(self) -> None:
        from guanxi.base import clock
        from guanxi.people.table import Person
        from guanxi.people.tokens import REPLAY
        from guanxi.talk.open import pair_conversation
        from tests import make

        self.companies = [make.company(name) for name in ("Haichuan", "Minggu", "Dongyang")]
        # Programs of the demo person are not slowed down (docs/api/limits.md).
        self.program = Person.objects.filter(email=REPLAY).first() or make.person("Program", email=REPLAY, demo=True)
        ids = [one.id for one in self.companies]
        self.talks = {(a, b): str(pair_conversation(ids[a], ids[b], now=clock.now())) for a, b in ((0, 1), (1, 2), (0, 2))}
        for one in self.companies:
            make.member(one, self.program, "sales")

    def seat(self, n: int, *, api: bool = False) -> Seat:
        """The n-th writer works for one of the three and writes to both others."""
        from tests import make
        from tests.talk.client import bearer

        company = self.companies[n % 3]
        who = self.program if api else make.person(f"W{n}")
        if not api:
            make.member(company, who, "sales")
        return Seat(str(company.id), [talk for pair, talk in self.talks.items() if n % 3 in pair], bearer(who, company))

    def ears(self) -> dict[str, str]:
        """The token of somebody who hears all three."""
        from tests.talk.client import bearer

        return bearer(self.program)


class HeadWatch(threading.Thread):
    """T7: the stored heads never go back."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__(name="heads", daemon=True)
        self.stopped = stop
        self.wrong: list[str] = []

    def run(self) -> None:
        from django.db import Error, connection

        known: dict[str, int] = {}
        while not self.stopped.wait(0.1):
            try:
                now = {c: one.head for c, one in stored_now(entries=False).items()}
            except Error:
                connection.close()
                continue
            self.wrong += [f"T7 head of {c} went from {known[c]} to {head}" for c, head in now.items() if head < known.get(c, 0)]
            known = now
        connection.close()


def wait_for_database() -> None:
    """It may be recovering from the last fault; a connection from before it is of no use."""
    from django.db import Error, connection

    until = time.monotonic() + 20
    while True:
        connection.close()
        try:
            stored_now(entries=False)
        except Error:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def wait_for(ears: list[Listener]) -> None:
    """T8: whatever was lost on the way is heard within five seconds of calm."""
    until = time.monotonic() + 6
    heads = {c: one.head for c, one in stored_now(entries=False).items() if one.head}
    while time.monotonic() < until and any({c: len(mine) for c, mine in ear.mine.items() if mine} != heads for ear in ears):
        time.sleep(0.1)


def stored_now(*, entries: bool = True) -> dict[str, Stored]:
    """The conversations of this storm (the database is its own)."""
    from guanxi.talk.table import Conversation, Entry

    found = {str(row.id): Stored(row.head) for row in Conversation.objects.all()}
    if entries:
        for conversation, seq, text in Entry.objects.order_by("conversation_id", "seq").values_list("conversation_id", "seq", "body__text"):
            found[str(conversation)].entries.append((seq, text))
    return found


def pull(conversation: str, after: int) -> list[tuple[int, str]]:
    """What a client fetches by GET entries?after=."""
    from django.db import Error, connection

    from guanxi.talk.table import Entry

    try:
        return list(Entry.objects.filter(conversation_id=conversation, seq__gt=after).order_by("seq").values_list("seq", "body__text")[:200])
    except Error:
        connection.close()
        time.sleep(0.2)
        return []


def cut(chance: random.Random, name: str) -> None:
    """End one connection of a server process, by the database's own word."""
    from django.db import Error, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute(CUT, [name])
            pids = [row[0] for row in cursor.fetchall()]
            if not pids:
                return
            cursor.execute(CUT_SOFTLY, [chance.choice(pids)])
    except Error:
        connection.close()


def start(url: str, stack: ExitStack) -> tuple[list[Gateway], list[Web]]:
    """Two gateways and a web process."""
    gateways, web = [Gateway(url, TALK_RATE="100000") for _ in range(2)], Web(url)
    for one in (*gateways, web):
        stack.callback(one.stop)
        one.start()
    for one in gateways:
        one.wait()
    web.wait()
    with urlopen(f"{web.address}/api/v1/openapi.json", timeout=20) as answer:
        assert answer.status == 200
    return gateways, [web]
