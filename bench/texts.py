"""Texts over /ws: CPU of all server processes for a persisted and delivered message, latencies, fan-out, catch-up, idle memory."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import quantiles

import httpx

from bench.processes import below, cpu_seconds, named, pss_kib
from bench.sockets import Client, close_all, connect_all
from bench.world import Voice, crowd, pairs

PAIRS = 100
MISSED = 100


@dataclass(frozen=True)
class Server:
    """What is measured: the supervisor's process id and addresses."""

    pid: int
    base: str
    socket: str


def measure(server: Server, say: Callable[[str, float, float], None], tidy: Callable[[], None]) -> None:
    """All figures of talk; `say(name, milliseconds of CPU, goal as a ratio of A)`."""
    voices = [voice for pair in pairs(PAIRS) for voice in pair]
    for depth, goal in ((1, 1.0), (8, 0.6)):
        say(f"text, {PAIRS} pairs, {depth} on its way each", asyncio.run(closed_loop(server, voices, depth)), goal)
    p99 = asyncio.run(paced(server, voices))
    print(f"  text paced at 100/s: p99 {p99 * 1000:.1f} ms from send to delivery (goal 20)")
    for people in (50, 200, 500):
        listeners = crowd(people)
        tidy()
        say(f"delivery to {people} people of one conversation", asyncio.run(fan_out(server, listeners)), 0.08)
    tidy()
    say(f"catch-up of {MISSED} missed entries by 200 clients, an entry", asyncio.run(catch_up(server, voices)), 0.2)
    print(f"  idle connection: {asyncio.run(idle(server, voices)):.0f} KiB (goal 70)")


async def closed_loop(server: Server, voices: list[Voice], depth: int, seconds: float = 8.0) -> float:
    """CPU in ms for each text that was acknowledged and delivered, `depth` on their way for each of the first halves of the pairs."""
    clients = await connect_all(server.socket, voices)
    senders = clients[::2]
    running = True

    def again(client: Client) -> None:
        if running:
            client.say()

    for client in senders:
        client.on_ack = again
        for _n in range(depth):
            client.say()
    await asyncio.sleep(1)
    done, before = sum(client.acks for client in senders), cpu_seconds(server.pid)
    await asyncio.sleep(seconds)
    spent, done = cpu_seconds(server.pid) - before, sum(client.acks for client in senders) - done
    running = False
    await settle(clients)
    check_delivered(clients)
    close_all(clients)
    return spent * 1000 / done


def check_delivered(clients: list[Client]) -> None:
    """Each acknowledged text came to the other side; a figure for lost messages is none."""
    sent, got = sum(client.acks for client in clients), sum(client.entries for client in clients)
    if sent != got:
        raise RuntimeError(f"{sent} acknowledged, {got} delivered")


async def settle(clients: list[Client]) -> None:
    """Wait until nothing more comes, ten seconds at most."""
    for _round in range(50):
        before = sum(client.acks + client.entries for client in clients)
        await asyncio.sleep(0.2)
        if before == sum(client.acks + client.entries for client in clients):
            return


async def paced(server: Server, voices: list[Voice], rate: int = 100, seconds: int = 10) -> float:
    """p99 from send to delivery in seconds at a steady rate."""
    clients = await connect_all(server.socket, voices)
    started = time.perf_counter()
    for n in range(rate * seconds):
        clients[2 * (n % PAIRS)].say()
        await asyncio.sleep(max(0.0, started + (n + 1) / rate - time.perf_counter()))
    await settle(clients)
    found = [one for client in clients for one in client.latencies]
    close_all(clients)
    return quantiles(found, n=100)[98]


async def fan_out(server: Server, voices: list[Voice], texts: int = 60) -> float:
    """CPU in ms for each delivery, when one of a conversation writes and all others listen."""
    clients = await connect_all(server.socket, voices)
    await asyncio.sleep(1)
    before, waiting = cpu_seconds(server.pid), asyncio.Event()
    clients[0].on_ack = lambda _client: waiting.set()
    for _n in range(texts):
        waiting.clear()
        clients[0].say()
        await asyncio.wait_for(waiting.wait(), 10)
    await settle(clients)
    delivered = sum(client.entries for client in clients)
    if delivered != texts * (len(voices) - 1):
        raise RuntimeError(f"{delivered} deliveries, {texts * (len(voices) - 1)} expected")
    close_all(clients)
    return (cpu_seconds(server.pid) - before) * 1000 / delivered


async def catch_up(server: Server, voices: list[Voice]) -> float:
    """CPU in ms an entry when 200 clients fetch what they missed at once."""
    talkers = await connect_all(server.socket, voices[::2])
    for client in talkers:
        for _n in range(MISSED):
            client.say()
    await settle(talkers)
    close_all(talkers)
    before = cpu_seconds(server.pid)
    with ThreadPoolExecutor(20) as workers:
        counts = list(workers.map(lambda voice: fetch(server.base, voice), voices))
    return (cpu_seconds(server.pid) - before) * 1000 / sum(counts)


def fetch(base: str, voice: Voice) -> int:
    """The last hundred entries of a conversation; how many came."""
    url = f"{base}/api/v1/conversations/{voice.conversation}/entries"
    given = httpx.get(url, params={"limit": MISSED}, headers={"Authorization": f"Bearer {voice.token}"}, timeout=60)
    given.raise_for_status()
    return len(given.json()["items"])


async def idle(server: Server, voices: list[Voice], rounds: int = 5) -> float:
    """KiB of memory a connection that says nothing; each voice holds `rounds` sockets."""
    gateways = named(below(server.pid), "gateway")
    before = pss_kib(gateways)
    clients = await connect_all(server.socket, voices * rounds)
    await asyncio.sleep(2)
    after = pss_kib(gateways)
    close_all(clients)
    return (after - before) / len(clients)
