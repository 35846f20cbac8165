"""Replay real wholesale invoices through the public API: each sale becomes enquiry, quote, order, payment, shipment, receipt, release.

    .venv/bin/python bench/replay.py FILE --base URL [--workers N] [--limit N]

FILE has the columns of UCI Online Retail (InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country).
Prints one JSON line; exits non-zero on any error, any difference `check` finds, or when released plus held is not the accepted sum.
"""

import argparse
import csv
import json
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx

WHO = {"address": "replay@guanxi.demo", "password": "replay the invoices"}
PENNY = Decimal("0.01")
WAIT_SECONDS = 120
AGAIN = (429, 502, 503, 504)


@dataclass(frozen=True)
class Line:
    """One row of an invoice; `price` in pounds a piece."""

    code: str
    name: str
    quantity: int
    price: Decimal

    @property
    def exact(self) -> bool:
        return self.price == self.price.quantize(PENNY)

    @property
    def pence(self) -> int:
        return int(self.quantity * self.price * 100)


@dataclass
class Sale:
    """An invoice whose number is all digits."""

    number: str
    customer: str
    lines: list[Line] = field(default_factory=list)


@dataclass
class Figures:
    """What this run did; amounts in pence."""

    invoices: int = 0
    orders: int = 0
    lines: int = 0
    amount_minor: int = 0
    released_minor: int = 0
    held_minor: int = 0
    errors: int = 0
    refused: Counter = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, **more: int) -> None:
        with self.lock:
            for name, value in more.items():
                setattr(self, name, getattr(self, name) + value)

    def refuse(self, reason: str) -> None:
        with self.lock:
            self.refused[reason] += 1


def read_sales(path: str) -> list[Sale]:
    """The sales of a file in the order of their first line."""
    sales: dict[str, Sale] = {}
    with open(path, encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            number = row["InvoiceNo"].strip()
            if number.isdigit():
                sale = sales.setdefault(number, Sale(number, row["CustomerID"].strip().removesuffix(".0")))
                sale.lines.append(read_line(row))
    return list(sales.values())


def read_line(row: dict[str, str]) -> Line:
    """One row; a description may be empty, then the stock code names the thing."""
    code = row["StockCode"].strip()
    name = " ".join(row["Description"].split()) or code
    return Line(code=code, name=name, quantity=int(row["Quantity"]), price=Decimal(row["UnitPrice"].strip()))


class Caller:
    """The public API for one company: every POST has a key, and a lost answer is asked for again under the same key."""

    def __init__(self, client: httpx.Client, token: str, run: str) -> None:
        self.client, self.run = client, run
        self.head = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **query: str) -> dict:
        return self._send(lambda: self.client.get(path, params=query, headers=self.head))

    def post(self, path: str, key: str, body: dict) -> dict:
        given = self.try_post(path, key, body)
        if given.is_error:
            raise RuntimeError(f"POST {path}: {given.status_code} {given.text[:500]}")
        return given.json()

    def try_post(self, path: str, key: str, body: dict) -> httpx.Response:
        head = self.head | {"Idempotency-Key": uuid.uuid5(uuid.NAMESPACE_URL, f"{self.run}/{key}").hex}
        return again(lambda: self.client.post(path, json=body, headers=head))

    def _send(self, ask: Callable[[], httpx.Response]) -> dict:
        given = again(ask)
        if given.is_error:
            raise RuntimeError(f"{given.request.url.path}: {given.status_code} {given.text[:500]}")
        return given.json()


def again(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """Ask until there is an answer that is not "later"; at most six times."""
    for wait in (0.2, 0.5, 1, 2, 4, 0):
        try:
            given = ask()
        except httpx.TransportError:
            if not wait:
                raise
        else:
            if given.status_code not in AGAIN or not wait:
                return given
        time.sleep(wait)
    raise AssertionError("unreachable")


class Replay:
    """One run: the supplier, a buyer company a customer, and the sales one by one."""

    def __init__(self, base: str, run: str) -> None:
        self.client = httpx.Client(base_url=base.rstrip("/") + "/api/v1", timeout=60)
        self.run, self.figures = run, Figures()
        self.buyers: dict[str, Caller] = {}
        self.lock = threading.Lock()
        person = self.client.post("/auth/tokens", json=WHO)
        person.raise_for_status()
        self.person = Caller(self.client, person.json()["token"], "companies")
        self.mine = {one["name"]: one["id"] for one in pages(self.person, "/companies", mine="true")}
        self.supplier = self.caller("Replay Wholesale")
        self.supplier_id = self.mine["Replay Wholesale"]

    def caller(self, name: str) -> Caller:
        """The API for the company of this name, made when it is new."""
        with self.lock:
            if name not in self.mine:
                self.mine[name] = self.person.post("/companies", f"company/{name}", {"name": name, "country": "GB"})["id"]
        given = again(lambda: self.client.post("/auth/tokens", json={"company": self.mine[name]}, headers=self.person.head))
        given.raise_for_status()
        return Caller(self.client, given.json()["token"], self.run)

    def buyer(self, customer: str) -> Caller:
        """The customer's company; sales without a customer go to one walk-in buyer."""
        name = f"Replay customer {customer}" if customer else "Replay walk-in buyer"
        found = self.buyers.get(name)
        if found is None:
            found = self.buyers[name] = self.caller(name)
        return found

    def sale(self, sale: Sale) -> None:
        """One invoice from the enquiry to the released money."""
        self.figures.add(invoices=1)
        try:
            self._trade(sale)
        except Exception as error:
            self.figures.add(errors=1)
            print(f"invoice {sale.number}: {error}", file=sys.stderr)

    def _trade(self, sale: Sale) -> None:
        buyer = self.buyer(sale.customer)
        rfq, lines = self._ask(buyer, sale)
        if rfq is None:
            return
        self.supplier.post(f"/rfqs/{rfq['id']}/quotes", f"{sale.number}/quote", quote_of(rfq, lines))
        offer = buyer.get(f"/rfqs/{rfq['id']}/quotes")["items"][0]
        order = buyer.post(f"/quotes/{offer['id']}/accept", f"{sale.number}/accept", {})
        self._pay(buyer, order, sale)
        self.supplier.post(f"/orders/{order['id']}/ship", f"{sale.number}/ship", {"carrier": "Royal Mail", "waybill": sale.number})
        buyer.post(f"/orders/{order['id']}/receive", f"{sale.number}/receive", {})
        self._count(buyer.get(f"/orders/{order['id']}"), lines)

    def _ask(self, buyer: Caller, sale: Sale) -> tuple[dict | None, list[Line]]:
        """Send the enquiry; what the product refuses is left out and counted, then the rest is sent."""
        lines = list(self._exact(sale))
        while lines:
            given = buyer.try_post("/rfqs", f"{sale.number}/rfq/{len(lines)}", rfq_of(sale, lines, self.supplier_id))
            if given.status_code != 422:
                if given.is_error:
                    raise RuntimeError(f"POST /rfqs: {given.status_code} {given.text[:500]}")
                return given.json(), lines
            lines = self._without_refused(given.json()["fields"], lines)
        return None, []

    def _exact(self, sale: Sale) -> Iterator[Line]:
        for line in sale.lines:
            if line.exact or line.price <= 0 or line.quantity <= 0:
                yield line
            else:
                self.figures.refuse("not_exact")

    def _without_refused(self, fields: dict[str, str], lines: list[Line]) -> list[Line]:
        """The lines the product said nothing against; each refused one counts once, its price before its quantity."""
        wrong: dict[int, set[str]] = {}
        for name in fields:
            part = name.split(".")
            if len(part) != 3 or part[0] != "lines":
                raise RuntimeError(f"refused: {fields}")
            wrong.setdefault(int(part[1]), set()).add(part[2])
        for what in wrong.values():
            self.figures.refuse("price" if "target_price" in what else "quantity")
        return [line for n, line in enumerate(lines) if n not in wrong]

    def _pay(self, buyer: Caller, order: dict, sale: Sale) -> None:
        payment = buyer.post(f"/orders/{order['id']}/pay", f"{sale.number}/pay", {"provider": "sandbox"})
        buyer.post(f"/payments/{payment['id']}/sandbox", f"{sale.number}/approve", {"outcome": "approve"})
        wait_until(lambda: buyer.get(f"/payments/{payment['id']}")["state"] == "held")

    def _count(self, order: dict, lines: list[Line]) -> None:
        if order["total"]["amount"] != sum(line.pence for line in lines):
            raise RuntimeError(f"order {order['number']} totals {order['total']['amount']} pence, its lines {sum(line.pence for line in lines)}")
        self.figures.add(
            orders=1, lines=len(lines), amount_minor=order["total"]["amount"],
            released_minor=order["released"]["amount"], held_minor=order["held"]["amount"],
        )  # fmt: skip

    def differences(self) -> int:
        """What `guanxi check` would report for these companies, once payments under way have landed."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            found = sum(caller.get("/check")["count"] for caller in (self.supplier, *self.buyers.values()))
            if found == 0 or time.monotonic() > deadline:
                return found
            time.sleep(1)


def pages(caller: Caller, path: str, **query: str) -> Iterator[dict]:
    """Every item of a paged list."""
    cursor = ""
    while True:
        page = caller.get(path, limit="200", cursor=cursor, **query)
        yield from page["items"]
        cursor = page["next"] or ""
        if not cursor:
            return


def wait_until(done: Callable[[], bool]) -> None:
    """Ask until it is so, a bounded time."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise RuntimeError("the payment did not arrive")
        time.sleep(0.05)


def rfq_of(sale: Sale, lines: list[Line], supplier: str) -> dict:
    """The enquiry for these lines; the price wished is the invoice's."""
    return {
        "title": f"Invoice {sale.number}", "currency": "GBP", "receivers": [supplier], "send": True,
        "deadline": (datetime.now(UTC) + timedelta(days=7)).isoformat(),
        "lines": [
            {"name": line.name[:200], "spec": line.code, "quantity": str(line.quantity), "unit": "pc", "target_price": f"{line.price:f}"} for line in lines
        ],
    }  # fmt: skip


def quote_of(rfq: dict, lines: list[Line]) -> dict:
    """The invoice's prices, tax within, nothing for carriage: postage is a line of its own."""
    return {
        "lines": [{"n": n + 1, "price": f"{line.price:f}"} for n, line in enumerate(lines)],
        "freight": 0, "tax_rate": "0", "tax_in": True, "lead_days": 1, "note": "",
        "valid_until": (datetime.now(UTC) + timedelta(days=7)).isoformat(),
        "stages": [{"name": "full", "percent": "100"}],
    }  # fmt: skip


def main() -> int:
    """Replay one file."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file")
    arguments.add_argument("--base", required=True)
    arguments.add_argument("--workers", type=int, default=4)
    arguments.add_argument("--limit", type=int, default=0, help="only the first N sales")
    given = arguments.parse_args()
    started = time.monotonic()
    replay = Replay(given.base, uuid.uuid4().hex)
    sales = read_sales(given.file)
    with ThreadPoolExecutor(given.workers) as workers:
        list(workers.map(replay.sale, sales[: given.limit] if given.limit else sales))
    figures, check = replay.figures, replay.differences()
    print(json.dumps({
        "invoices": figures.invoices, "orders": figures.orders, "lines": figures.lines, "refused_lines": dict(sorted(figures.refused.items())),
        "amount_minor": figures.amount_minor, "released_minor": figures.released_minor, "held_minor": figures.held_minor,
        "check": check, "errors": figures.errors, "seconds": round(time.monotonic() - started, 1),
    }))  # fmt: skip
    whole = figures.released_minor + figures.held_minor == figures.amount_minor
    return 0 if whole and not figures.errors and not check else 1


if __name__ == "__main__":
    sys.exit(main())
