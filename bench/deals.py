"""A deal of five lines through the public API, step by step over many deals: CPU of all server processes an act, beside B."""

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median

import httpx

from bench.processes import cpu_seconds
from bench.texts import Server
from bench.world import Voice, pairs

DEALS = 60
LINES = [{"name": f"Bolt {n}", "spec": f"M8x{n}0", "quantity": "1000", "unit": "pc", "target_price": "0.5"} for n in range(1, 6)]
TERMS = {
    "lines": [{"n": n, "price": "0.46"} for n in range(1, 6)], "freight": 1600, "tax_rate": "0", "tax_in": True, "lead_days": 3,
    "stages": [{"name": "full", "percent": "100"}], "valid_until": (datetime.now(UTC) + timedelta(days=5)).isoformat(),
}  # fmt: skip
Say = Callable[[str, float, float], None]


class Side:
    """The API for one of the two companies, on one kept connection."""

    def __init__(self, base: str, voice: Voice) -> None:
        self.voice = voice
        self.client = httpx.Client(base_url=base + "/api/v1", headers={"Authorization": f"Bearer {voice.token}"}, timeout=60)

    def post(self, path: str, body: dict) -> dict:
        given = self.client.post(path, json=body, headers={"Idempotency-Key": uuid.uuid4().hex})
        if given.is_error:
            raise RuntimeError(f"POST {path}: {given.status_code} {given.text[:300]}")
        return given.json()


def measure(server: Server, say: Say) -> None:
    """Each act's CPU as a ratio of B, and the whole deal's."""
    buyer_voice, supplier_voice = pairs(1)[0]
    buyer, supplier = Side(server.base, buyer_voice), Side(server.base, supplier_voice)
    deals: list[dict] = [{} for _n in range(DEALS)]
    whole = 0.0
    for name, step in steps(buyer, supplier):
        cpu, wall = timed(server, step, deals)
        whole += cpu
        say(f"{name}, p50 {wall:.1f} ms", cpu, 5)
    say("whole deal, enquiry to release", whole, 40)


def steps(buyer: Side, supplier: Side) -> list[tuple[str, Callable[[dict], None]]]:
    """The acts of a deal in their order; each reads and fills the deal's notes."""

    def ask(deal: dict) -> None:
        deadline = (datetime.now(UTC) + timedelta(days=7)).isoformat()
        receivers = [str(supplier.voice.company)]
        deal["rfq"] = buyer.post("/rfqs", {"title": "Bench", "receivers": receivers, "send": True, "lines": LINES, "deadline": deadline})["id"]

    def quote(deal: dict) -> None:
        deal["quote"] = supplier.post(f"/rfqs/{deal['rfq']}/quotes", TERMS)["id"]

    def counter(deal: dict) -> None:
        deal["quote"] = buyer.post(f"/quotes/{deal['quote']}/counter", TERMS | {"freight": 0})["id"]

    def accept(deal: dict) -> None:
        deal["order"] = supplier.post(f"/quotes/{deal['quote']}/accept", {})["id"]

    def pay(deal: dict) -> None:
        deal["payment"] = buyer.post(f"/orders/{deal['order']}/pay", {"provider": "sandbox"})["id"]

    def approve(deal: dict) -> None:
        buyer.post(f"/payments/{deal['payment']}/sandbox", {"outcome": "approve"})

    def ship(deal: dict) -> None:
        supplier.post(f"/orders/{deal['order']}/ship", {"carrier": "DPD", "waybill": "1"})

    def receive(deal: dict) -> None:
        buyer.post(f"/orders/{deal['order']}/receive", {})

    return [
        ("act: send an enquiry", ask), ("act: quote", quote), ("act: counter", counter), ("act: accept", accept), ("act: pay", pay),
        ("act: approve at the provider and settle", approve), ("act: ship", ship), ("act: receive and release", receive),
    ]  # fmt: skip


def timed(server: Server, step: Callable[[dict], None], deals: list[dict]) -> tuple[float, float]:
    """CPU in ms an act over all deals, and the median time of one."""
    before, walls = cpu_seconds(server.pid), []
    for deal in deals:
        started = time.perf_counter()
        step(deal)
        walls.append((time.perf_counter() - started) * 1000)
    time.sleep(1)  # what the acts set off belongs to them
    return (cpu_seconds(server.pid) - before) * 1000 / len(deals), median(walls)
