"""The long storm: the whole product while everything goes wrong that we can make go wrong, then the look at what is left.

`python -m tests.faults.tempest --minutes 10 --seed 1` (`make storm MINUTES=10 SEED=1`). Traders do whole deals through the API and writers
say texts over sockets and API, all through a proxy that cuts, while processes die, freeze, lose the database, the disk and the time.
After every fault the time is taken until the service answers again: not above ten seconds, and nobody lends a hand.
At the end: nothing acknowledged is missing, twice or out of order (T), orders are worth and paid what was agreed (D, M), `guanxi check` is
clean, a backup restores, and a server that was stopped and started shows the same.
"""

import argparse
import contextlib
import json
import os
import random
import socket
import sys
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tests.faults.history import Stored, differences
from tests.faults.product import Product, pick, product
from tests.faults.proxy import Proxy
from tests.faults.traders import Notes, Program, Trader, kept
from tests.faults.writers import ApiWriter, Listener, Log, Seat, SocketWriter, open_link

HEAL = 10.0  # seconds
TRADERS, WRITERS = 9, 6
FAULTS = {
    "kill web": 8, "kill gateway": 8, "kill worker": 6, "kill zygote": 2, "kill backend": 3, "kill postgres": 3, "freeze web": 2, "freeze gateway": 2,
    "freeze worker": 2, "freeze postgres": 1, "cut clients": 6, "cut database": 4, "silence": 2, "clock back": 1, "clock forward": 1, "disk full": 2,
    "forged notices": 3, "backup killed": 2, "proof killed": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Door:
    """Where a client comes in."""

    port: int

    @property
    def address(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws"


@dataclass
class Tempest:
    """One storm over one product."""

    seed: int
    seconds: float
    only: tuple[str, ...] = ()
    log: Log = field(default_factory=Log)
    notes: Notes = field(default_factory=Notes)
    faults: Counter[str] = field(default_factory=Counter)
    heals: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    def run(self) -> None:
        """Start, storm, calm down, check. `wrong` says what must not be."""
        with product(WEB_PROCESSES="2", GATEWAY_PROCESSES="2") as self.product:
            with Proxy(("127.0.0.1", self.product.port)) as self.web, Proxy(("127.0.0.1", self.product.port + 1)) as self.sockets:
                self.world = World(self.product, self.web.port, self.notes)
                calm = self.people()
                self.rage()
                self.settle(*calm)
            self.look()

    def people(self) -> tuple[list[threading.Thread], list[Listener], threading.Event, threading.Event]:
        """Traders, writers, listeners, and readers who never read."""
        stop, calm = threading.Event(), threading.Event()
        web, gate = [Door(self.web.port)], [Door(self.sockets.port)]
        busy: list[threading.Thread] = [Trader(n, *self.world.sides(n), seed=self.seed, stop=stop) for n in range(TRADERS)]
        for n in range(WRITERS):
            options: dict[str, Any] = {"seed": self.seed, "stop": stop, "pause": 0.1}
            seat = self.world.seat(n)
            busy.append(ApiWriter(n, seat, self.log, webs=web, **options) if n % 3 == 2 else SocketWriter(n, seat, self.log, gateways=gate, **options))
        ears = [Listener(gate, self.world.head, self.world.pull, seed=self.seed + n, stop=calm) for n in range(2)]
        for one in (*busy, *ears, *(threading.Thread(target=never_reads, args=(gate[0], self.world.head, stop), daemon=True) for _ in range(3))):
            one.start()
        return busy, ears, stop, calm

    # -- what goes wrong

    def rage(self) -> None:
        """One fault after the other, and after each the time until all is well."""
        chance, until = random.Random(self.seed), time.monotonic() + self.seconds
        weights = {name: weight for name, weight in FAULTS.items() if (not self.only or name in self.only) and (name != "disk full" or self.product.alone)}
        if not self.product.alone:
            print("disk full: left out, this machine lets us mount no small disk (not root)")
        while time.monotonic() < until:
            time.sleep(0.3 + chance.random() * 1.2)
            name = pick(chance, weights)
            self.faults[name] += 1
            self.fault(name, chance)
            self.heal(name)

    def fault(self, name: str, chance: random.Random) -> None:
        """Make it, and take it back where it does not go by itself."""
        what, _, whom = name.partition(" ")
        match what:
            case "kill" | "freeze" if name != "kill backend":
                victim = f"{whom}-{chance.choice('12')}" if whom in ("web", "gateway") else whom
                self.strike(victim, what, chance.choice((0.5, 1.5, 5.0)))
            case "kill":
                for pid in self.product.backends()[:1]:
                    os.kill(pid, 9)
            case "cut":
                if whom == "database":
                    self.cut_database(chance)
                else:
                    self.web.cut()
                    self.sockets.cut()
            case "silence":
                self.web.silent = self.sockets.silent = True
                time.sleep(chance.choice((0.5, 4.0)))
                self.web.silent = self.sockets.silent = False
            case "clock":
                self.product.shift_clock(-3600 if whom == "back" else 7200)
                time.sleep(chance.choice((1.0, 5.0)))
                self.product.shift_clock(0)
            case "disk":
                self.product.fill_disk()
                time.sleep(chance.choice((1.0, 4.0)))
                self.product.free_disk()
            case "forged":
                self.forge()
            case "backup":
                self.product.command("backup", str(self.product.data / "half.tar"), kill_after=0.3 + chance.random() * 1.5)
                (self.product.data / "half.tar").unlink(missing_ok=True)
            case "proof":
                whole = self.product.data / f"{uuid.uuid4().hex}.tar"
                self.product.command("backup", str(whole))
                self.product.command("restore", "--check", str(whole), kill_after=1.0 + chance.random() * 3)
                whole.unlink(missing_ok=True)

    def strike(self, victim: str, what: str, seconds: float) -> None:
        """kill -9, or SIGSTOP for a while."""
        if what == "kill":
            self.product.send(victim, 9)
            return
        pid = self.product.processes().get(victim, 0)
        with contextlib.suppress(ProcessLookupError):
            if pid:
                os.kill(pid, 19)
                time.sleep(seconds)
                os.kill(pid, 18)

    def cut_database(self, chance: random.Random) -> None:
        with contextlib.suppress(psycopg.Error), self.world.database() as link:
            link.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < %s",
                (chance.choice((0.2, 1.0)),),
            )

    def forge(self) -> None:
        """Notices with no signature, a wrong one, an old one, and one for nobody: none may move anything."""
        from tests.faults.notices import forged

        for headers, raw in forged():
            status = post(self.product.port, "/hooks/sandbox", raw, headers)
            if status not in (0, 200, 400, 429, 503):
                self.wrong.append(f"M10 a forged notice was answered {status}")

    def heal(self, name: str) -> None:
        """Seconds until /readyz says yes, a text is acknowledged by the API and one by a socket."""
        took = self.product.heals(self.world)
        self.heals.setdefault(name, []).append(took)
        if took > HEAL:
            self.wrong.append(f"{name}: it took {took:.1f} s until all was well")

    # -- what is left

    def settle(self, busy: list[threading.Thread], ears: list[Listener], stop: threading.Event, calm: threading.Event) -> None:
        """Everybody ends what he does; listeners hear the rest (T8)."""
        stop.set()
        for one in busy:
            one.join(120)
            if one.is_alive():
                self.wrong.append(f"{one.name} did not come to an end")
        stored, until = self.world.stored(), time.monotonic() + 8
        while time.monotonic() < until and any(behind(ear, stored) for ear in ears):
            time.sleep(0.2)
        calm.set()
        for n, ear in enumerate(ears):
            ear.join(10)
            self.wrong += [f"T6 listener {n}: {words}" for words in behind(ear, stored)]
        self.figures |= {"heard live": sum(ear.live for ear in ears), "breaks": sum(ear.breaks for ear in ears)}

    def look(self) -> None:
        """The history, the orders, the check, a backup and its proof, a clean stop and a new start."""
        stored = self.world.stored()
        self.wrong += [*self.log.wrong, *self.notes.wrong, *differences(self.log.operations, stored)]
        self.figures |= {"entries": sum(one.head for one in stored.values()), "orders": len(self.notes.promised)}
        began = time.monotonic()
        while (found := self.product.command("check")).returncode and time.monotonic() - began < 90:
            time.sleep(2)
        self.figures["check"] = found.stdout.strip().splitlines()[-1] if found.stdout.strip() else found.stderr[-300:]
        self.figures["check after"] = f"{time.monotonic() - began:.0f} s"
        if found.returncode:
            self.wrong += found.stdout.splitlines()[:10]
        self.wrong += kept(self.notes, self.product.port)
        self.wrong += self.world.twice()
        self.prove()
        if code := self.product.stop():
            self.wrong.append(f"the server ended with {code}")
        self.product.start()
        if differences(self.log.operations, self.world.stored()):
            self.wrong.append("T1 after a stop and a start something is missing")

    def prove(self) -> None:
        """What was stored under the storm can be brought back."""
        whole = self.product.data / "whole.tar"
        made = self.product.command("backup", str(whole))
        proof = self.product.command("restore", "--check", str(whole))
        self.figures["proof"] = (proof.stdout.strip().splitlines() or [proof.stderr[-300:]])[-1]
        if made.returncode or proof.returncode:
            self.wrong.append(f"F19 {made.stderr[-300:]} {proof.stdout[-600:]} {proof.stderr[-300:]}")

    def summary(self) -> str:
        """For people: what was done, what was borne, what was found."""
        said = {name: sum(one.outcome == name for one in self.log.operations) for name in ("ok", "refused", "unknown")}
        lines = [
            f"seed {self.seed}, {self.seconds / 60:.1f} min: texts {said}, sent again {sum(one.tries > 1 for one in self.log.operations)}, {self.figures}",
            f"acts {sum(self.notes.acts.values())} {dict(self.notes.acts)}",
            f"asked again {self.notes.again}, repeats {self.notes.repeats}, longest wait {max(self.notes.waits, default=0):.1f} s",
            f"stories {dict(self.notes.stories)}, refused {dict(self.notes.refused)}",
            f"faults {sum(self.faults.values())}, killed {sum(n for name, n in self.faults.items() if 'kill' in name)}; healed after (times, median, longest):",
        ]
        for name, times in sorted(self.heals.items()):
            lines.append(f"  {name:<16} {len(times):>4} {sorted(times)[len(times) // 2]:6.2f} {max(times):6.2f} s")
        return "\n".join([*lines, *(f"WRONG {words[:400]}" for words in self.wrong[:30]), f"seed {self.seed}: wrong {len(self.wrong)}"])


class World:
    """Six companies of the demo person, tokens for each, and the database beside the product."""

    def __init__(self, running: Product, port: int, notes: Notes) -> None:
        self.product, self.port, self.notes = running, port, notes
        me = post_json(running.port, "/auth/tokens", {"address": "replay@guanxi.demo", "password": PASSWORD}, "")["token"]
        self.me, self.head = me, {"Authorization": f"Bearer {me}"}
        self.companies = [self.company(f"Storm {n} {uuid.uuid4().hex[:4]}") for n in range(6)]
        self.accounts()
        self.talks = {}
        for n in range(3):
            buyer, supplier = self.sides(n)
            found = Program(running.port, buyer.token, notes).sure("POST", "/conversations", {"company": supplier.company}, uuid.uuid4().hex)
            self.talks[n] = found["id"]
        self.probe = 0
        self.known = set(self.talks.values())

    def company(self, name: str) -> Program:
        made = Program(self.product.port, self.me, self.notes).sure("POST", "/companies", {"name": name, "country": "GB"}, uuid.uuid4().hex)["id"]
        return Program(self.port, post_json(self.product.port, "/auth/tokens", {"company": made}, self.me)["token"], self.notes, made)

    def accounts(self) -> None:
        """Every company has a second person and, confirmed by both, a receiving account."""
        with self.database() as link:
            link.execute(COLLEAGUE, {"who": uuid.uuid4(), "email": SECOND})
            link.execute(MEMBERS, {"email": SECOND, "companies": [one.company for one in self.companies]})
        other = post_json(self.product.port, "/auth/tokens", {"address": SECOND, "password": PASSWORD}, "")["token"]
        for n, one in enumerate(self.companies):
            one.second = post_json(self.product.port, "/auth/tokens", {"company": one.company}, other)["token"]
            account = {"holder": f"Storm {n}", "bank": "Any Bank", "number": f"12345678{n}", "currency": "GBP"}
            one.account = one.sure("POST", "/bank/accounts", account, uuid.uuid4().hex)["id"]
            one.colleague().sure("POST", f"/bank/accounts/{one.account}/confirm", {}, uuid.uuid4().hex)

    def sides(self, n: int) -> tuple[Program, Program]:
        """Buyer and supplier of the n-th pair."""
        return self.companies[2 * (n % 3)], self.companies[2 * (n % 3) + 1]

    def seat(self, n: int) -> Seat:
        """The n-th writer speaks in the pair's talk, now for one side, now for the other."""
        one = self.sides(n % 3)[n // 3 % 2]
        return Seat(one.company, [self.talks[n % 3]], {"Authorization": f"Bearer {one.token}"})

    def database(self) -> psycopg.Connection:
        return psycopg.connect((self.product.data / "postgres.url").read_text().strip(), autocommit=True, connect_timeout=5)

    def writes(self) -> bool:
        """A text through the API, by nobody who is counted."""
        self.probe += 1
        one = Program(self.product.port, self.companies[0].token, self.notes)
        return one.ask("POST", f"/conversations/{self.talks[0]}/entries", {"text": f"probe {self.probe}"}, uuid.uuid4().hex)[0] == 200

    def says(self) -> bool:
        """A text over a socket of each gateway in turn."""
        with contextlib.suppress(Exception):
            link = open_link(Door(self.product.port + 1), {"Authorization": f"Bearer {self.companies[0].token}"})
            with contextlib.closing(link):
                key = uuid.uuid4().hex
                said = {"op": "send", "c": self.talks[0], "as": self.companies[0].company, "k": key, "kind": "text", "body": {"text": f"probe {key}"}}
                link.send(json.dumps(said))
                until = time.monotonic() + 3
                while time.monotonic() < until:
                    frame = json.loads(link.recv(timeout=3))
                    if frame.get("k") == key:
                        return bool(frame["op"] == "ack")
        return False

    def stored(self) -> dict[str, Stored]:
        """The three talks as the database has them: texts of writers, and empty words for all else."""
        with self.database() as link:
            found = {str(c): Stored(head) for c, head in link.execute(HEADS, (list(self.known),))}
            rows = link.execute(ENTRIES, (list(self.known),))
            for conversation, seq, text in rows:
                found[str(conversation)].entries.append((seq, writers_words(text)))
        return found

    def pull(self, conversation: str, after: int) -> list[tuple[int, str]]:
        """What a client fetches."""
        if conversation not in self.known:
            return [(seq, "") for seq in range(after + 1, after + 10_000)]
        buyer = next(self.sides(n)[0] for n, talk in self.talks.items() if talk == conversation)
        status, said = Program(self.port, buyer.token, Notes()).ask("GET", f"/conversations/{conversation}/entries?after={after}&limit=200")
        if status != 200:
            time.sleep(0.2)
            return []
        return [(one["seq"], str((one.get("body") or {}).get("text", ""))) for one in said["items"]]

    def twice(self) -> list[str]:
        """One order an offer, one payment held a stage, and the same offer nowhere twice (M5, D2)."""
        wrong = []
        with self.database() as link:
            for name, sql in TWICE.items():
                wrong += [f"{name}: {row}" for row in link.execute(sql).fetchall()]
        return wrong


PASSWORD, SECOND = "replay the invoices", "second@guanxi.demo"
# Both made beside the product, which knows colleagues by invitation only: signing somebody in through a mailbox is no part of a storm.
COLLEAGUE = """
    INSERT INTO people_person
    SELECT (jsonb_populate_record(p, jsonb_build_object('id', %(who)s::uuid, 'email', %(email)s::text, 'name', 'Second'))).*
    FROM people_person p WHERE email = 'replay@guanxi.demo'
"""
MEMBERS = """
    INSERT INTO people_membership
    SELECT (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid(), 'person_id', p.id, 'role', 'finance'))).*
    FROM people_membership m, people_person p WHERE p.email = %(email)s AND m.role = 'owner' AND m.company_id = ANY(%(companies)s::uuid[])
"""
HEADS = "SELECT id, head FROM talk_conversation WHERE id = ANY(%s::uuid[])"
ENTRIES = "SELECT conversation_id, seq, body->>'text' FROM talk_entry WHERE conversation_id = ANY(%s::uuid[]) ORDER BY conversation_id, seq"
TWICE = {
    "two orders of one offer": "SELECT quote_id, count(*) FROM deals_order GROUP BY 1 HAVING count(*) > 1",
    "outbox rows nobody moved": "SELECT effect, count(*) FROM base_outbox WHERE moved_at IS NULL AND due_at < now() - interval '60 seconds' GROUP BY 1",
    "jobs given up": "SELECT args->>'name', count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY 1",
}


def writers_words(text: str | None) -> str:
    """What a counted writer said; empty for cards and probes."""
    return text if text and text.startswith("writer-") else ""


def behind(ear: Listener, stored: dict[str, Stored]) -> list[str]:
    """Which talks this listener does not have as they are stored; heads that came after are not asked for."""
    wrong = []
    for c, now in stored.items():
        mine = [(seq, writers_words(text)) for seq, text in ear.mine.get(c, [])[: len(now.entries)]]
        if mine != now.entries:
            first = next((a for a, b in zip(mine, now.entries, strict=False) if a != b), "")
            wrong.append(f"{len(mine)} of {len(now.entries)} entries of {c}, or others: {first}")
    return wrong


UPGRADE = (
    "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nAuthorization: {}\r\n\r\n"
)


def never_reads(door: Door, head: dict[str, str], stop: threading.Event) -> None:
    """A client that greets and then reads nothing: closed in time, to the harm of nobody."""
    while not stop.is_set():
        with contextlib.suppress(Exception):
            link = socket.create_connection(("127.0.0.1", door.port), timeout=3)
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            link.sendall(UPGRADE.format(head["Authorization"]).encode())
            stop.wait(40)
            link.close()
        stop.wait(1)


def post(port: int, path: str, raw: bytes, headers: dict[str, str]) -> int:
    from http.client import HTTPConnection, HTTPException

    link = HTTPConnection("127.0.0.1", port, timeout=8)
    try:
        link.request("POST", path, raw, headers)
        return link.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        link.close()


def post_json(port: int, path: str, body: object, token: str) -> dict[str, Any]:
    """Before the storm: it must work at once."""
    status, said = Program(port, token, Notes()).ask("POST", path, body)
    assert status == 200, (status, said)
    return said


def main() -> int:
    """From the command line."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--minutes", type=float, default=5)
    wanted.add_argument("--seed", type=int, default=1)
    wanted.add_argument("--only", nargs="*", default=(), help=f"of {', '.join(FAULTS)}")
    given = wanted.parse_args()
    storm = Tempest(seed=given.seed, seconds=given.minutes * 60, only=tuple(given.only))
    try:
        storm.run()
    finally:
        print(storm.summary(), flush=True)
    return 1 if storm.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
