"""Traders of a storm: whole deals through the API, step by step, under keys; an answer that was lost is asked for again.

What they were told is kept, so that at the end everything acknowledged can be looked for: an order, its money and its goods.
"""

import json
import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from typing import Any

PATIENCE = 90.0  # seconds a trader keeps asking one thing
LATER = (0, 429, 502, 503, 504)
FORM, CUT = "multipart/form-data; boundary=slip", b"--slip"
WAITS = 150.0  # seconds until a payment is held: a notice that never came is asked for after a while


class Over(Exception):
    """The deal ends here: refused for a reason that may be, while clocks jump."""


@dataclass
class Notes:
    """What all traders did and were told."""

    acts: Counter[str] = field(default_factory=Counter)
    again: int = 0
    repeats: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    stories: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)  # the longest an act had to be asked for
    wrong: list[str] = field(default_factory=list)
    promised: dict[str, dict[str, Any]] = field(default_factory=dict)  # order -> what was acknowledged of it


@dataclass
class Program:
    """The API for one company, over a port that may be a proxy's."""

    port: int
    token: str
    notes: Notes
    company: str = ""
    second: str = ""  # token of a colleague, for what two people confirm
    account: str = ""  # where the company receives money by bank

    def ask(self, method: str, path: str, body: object = None, key: str = "") -> tuple[int, dict[str, Any]]:
        """Status (0: no answer came) and body. Bytes are sent as the file of a form."""
        link = HTTPConnection("127.0.0.1", self.port, timeout=8)
        kind, raw = (FORM, form_of(body)) if isinstance(body, bytes) else ("application/json", None if body is None else json.dumps(body).encode())
        head = {"Authorization": f"Bearer {self.token}", "Content-Type": kind} | ({"Idempotency-Key": key} if key else {})
        try:
            link.request(method, f"/api/v1{path}", raw, head)
            answer = link.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        except (OSError, HTTPException, ValueError):
            return 0, {}
        finally:
            link.close()

    def sure(self, method: str, path: str, body: object = None, key: str = "") -> dict[str, Any]:
        """Ask until there is an answer. Raises Over for a refusal; a 500 and a server that stays away are noted as wrong."""
        began = time.monotonic()
        while True:
            status, said = self.ask(method, path, body, key)
            if status not in LATER:
                break
            self.notes.again += 1
            if time.monotonic() - began > PATIENCE:
                self.notes.wrong.append(f"{method} {path}: no answer for {PATIENCE:.0f} s, at last {status}")
                raise Over
            time.sleep(0.1)
        self.notes.waits.append(time.monotonic() - began)
        if status == 200:
            return said
        if status >= 500 or status in (400, 401, 404, 422):
            self.notes.wrong.append(f"{method} {path}: {status} {said}")
        self.notes.refused[str(said.get("code", status))] += 1
        raise Over

    def get(self, path: str) -> dict[str, Any]:
        return self.sure("GET", path)

    def colleague(self) -> "Program":
        """The same company by its second person."""
        return replace(self, token=self.second)

    def act(self, name: str, path: str, body: object, chance: random.Random) -> dict[str, Any]:
        """An act under a key of its own; sometimes the same once more, which must give the same."""
        key = uuid.uuid4().hex
        first = self.sure("POST", path, body, key)
        self.notes.acts[name] += 1
        if chance.random() < 0.1:
            second = self.sure("POST", path, body, key)
            self.notes.repeats += 1
            if made(second) != made(first):
                self.notes.wrong.append(f"{name}: {key} gave {made(first)} and then {made(second)}")
        return first


class Trader(threading.Thread):
    """Both sides of one deal after the other."""

    def __init__(self, number: int, buyer: Program, supplier: Program, *, seed: int, stop: threading.Event) -> None:
        super().__init__(name=f"trader-{number}", daemon=True)
        self.number, self.buyer, self.supplier, self.notes, self.stopped = number, buyer, supplier, buyer.notes, stop
        self.chance = random.Random(seed * 77 + number)

    def run(self) -> None:
        while not self.stopped.is_set():
            story = self.chance.choice(("whole", "parts", "dispute", "cancel", "cancel_unpaid", "change", "bank", "bank_cancel"))
            try:
                order = self.until_order()
                getattr(self, story)(order)
                self.notes.stories[story] += 1
            except Over:
                self.notes.stories["given up"] += 1

    def by(self, who: Program, name: str, path: str, body: object) -> dict[str, Any]:
        return who.act(name, path, body, self.chance)

    # -- up to the order

    def until_order(self) -> str:
        """Enquiry, offer, perhaps a counter-offer, acceptance; the order's id."""
        self.buyer.notes.acts["deal begun"] += 1
        rfq = self.by(self.buyer, "ask", "/rfqs", self.enquiry())["id"]
        quote = self.by(self.supplier, "quote", f"/rfqs/{rfq}/quotes", terms("0.06"))["id"]
        who = self.buyer
        for price in ("0.05", "0.055")[: self.chance.randrange(3)]:
            quote = self.by(who, "counter", f"/quotes/{quote}/counter", terms(price))["id"]
            who = self.supplier if who is self.buyer else self.buyer
        order = self.by(who, "accept", f"/quotes/{quote}/accept", {})
        self.notes.promised[order["id"]] = {"total": order["total"]["amount"], "by": self.buyer, "quote": quote}
        return str(order["id"])

    def enquiry(self) -> dict[str, Any]:
        lines = [{"name": "Hex bolt", "spec": "M8x30", "quantity": "2000", "unit": "pc"}, {"name": "Hex nut", "spec": "M8", "quantity": "2000", "unit": "pc"}]
        return {"title": "Bolts and nuts", "currency": "GBP", "send": True, "deadline": in_days(20), "receivers": [self.supplier.company], "lines": lines}

    # -- the ways on

    def pay(self, order: str, *, stages: int = 2) -> None:
        for _stage in range(stages):
            self.pay_stage(order)

    def pay_stage(self, order: str) -> None:
        """Paid in one of the provider's ways; after a failure or a wrong amount paid anew."""
        for _try in range(4):
            payment = self.by(self.buyer, "pay", f"/orders/{order}/pay", {"provider": "sandbox"})["id"]
            outcome = self.chance.choice(("approve", "approve", "duplicate", "delay", "fail", "wrong_amount"))
            status, _said = self.buyer.ask("POST", f"/payments/{payment}/sandbox", {"outcome": outcome}, uuid.uuid4().hex)
            if status in LATER:
                self.buyer.ask("POST", f"/payments/{payment}/sandbox", {"outcome": "approve"}, uuid.uuid4().hex)
            if self.landed(payment) == "held":
                self.notes.promised[order]["paid"] = self.notes.promised[order].get("paid", 0) + 1
                return
        raise Over

    def landed(self, payment: str) -> str:
        """The payment's state once it is decided."""
        until = time.monotonic() + WAITS
        while time.monotonic() < until and not self.stopped.is_set():
            state = str(self.buyer.get(f"/payments/{payment}")["state"])
            if state not in ("starting", "pending"):
                return state
            time.sleep(0.2)
            if self.chance.random() < 0.05:
                self.buyer.ask("POST", f"/payments/{payment}/sandbox", {"outcome": "approve"}, uuid.uuid4().hex)
        raise Over

    def whole(self, order: str) -> None:
        self.pay(order)
        self.by(self.supplier, "ship", f"/orders/{order}/ship", {"carrier": "DPD", "waybill": "1"})
        self.by(self.buyer, "receive", f"/orders/{order}/receive", {})
        self.notes.promised[order]["end"] = "received"
        self.by(self.buyer, "review", f"/orders/{order}/review", {"stars": 5, "text": "As agreed."})

    def parts(self, order: str) -> None:
        self.pay(order)
        self.by(self.supplier, "ship part", f"/orders/{order}/ship", {"carrier": "DPD", "lines": [{"n": 1, "quantity": "700"}]})
        self.by(self.buyer, "receive part", f"/orders/{order}/receive", {"lines": [{"n": 1, "quantity": "700"}]})
        self.by(self.supplier, "ship", f"/orders/{order}/ship", {"carrier": "DPD"})
        self.by(self.buyer, "receive", f"/orders/{order}/receive", {})
        self.notes.promised[order]["end"] = "received"

    def dispute(self, order: str) -> None:
        self.pay(order)
        self.by(self.supplier, "ship", f"/orders/{order}/ship", {"carrier": "DPD"})
        back = self.notes.promised[order]["total"] // 3
        self.by(self.buyer, "dispute", f"/orders/{order}/dispute", {"reason": "damaged", "text": "Torn.", "kind": "refund", "refund": back})
        if self.chance.random() < 0.5:
            back = back // 2
            self.by(self.supplier, "propose", f"/orders/{order}/dispute/propose", {"kind": "refund", "refund": back, "text": "Half."})
            self.by(self.buyer, "agree", f"/orders/{order}/dispute/accept", {})
        else:
            self.by(self.supplier, "agree", f"/orders/{order}/dispute/accept", {})
        self.notes.promised[order] |= {"end": "settled", "back": back}

    def cancel(self, order: str) -> None:
        self.pay(order, stages=self.chance.choice((1, 2)))
        self.cancel_agreed(order)

    def cancel_unpaid(self, order: str) -> None:
        self.by(self.buyer, "cancel", f"/orders/{order}/cancel", {"reason": "Cheaper elsewhere."})
        self.notes.promised[order]["end"] = "cancelled"

    def change(self, order: str) -> None:
        """Another quantity by consent, before anything is paid; sometimes only the second proposal is accepted."""
        proposed = self.propose(order, "1500")
        if self.chance.random() < 0.3:
            self.by(self.supplier, "decline", f"/changes/{proposed['id']}/decline", {"reason": "Too few."})
            proposed = self.propose(order, "1800")
        self.by(self.supplier, "accept change", f"/changes/{proposed['id']}/accept", {})
        self.notes.promised[order]["total"] = proposed["total"]["amount"]
        self.whole(order)

    def propose(self, order: str, quantity: str) -> dict[str, Any]:
        return self.by(self.buyer, "propose change", f"/orders/{order}/changes", {"lines": [{"n": 1, "quantity": quantity}]})

    def bank(self, order: str) -> None:
        """The deposit to the supplier's own account, the balance in escrow."""
        self.deposit(order)
        self.pay_stage(order)
        self.by(self.supplier, "ship", f"/orders/{order}/ship", {"carrier": "DPD"})
        self.by(self.buyer, "receive", f"/orders/{order}/receive", {})
        self.notes.promised[order]["end"] = "received"

    def bank_cancel(self, order: str) -> None:
        """A deposit by bank, then no deal: the supplier pays it back himself, in two parts."""
        self.deposit(order)
        self.cancel_agreed(order)
        owed = self.buyer.get(f"/orders/{order}/bank")["refunds"][0]
        half = owed["amount"]["amount"] // 2
        for part in ({"amount": pence(half)}, {}):
            self.by(self.supplier, "repay", f"/orders/{order}/bank/repay", {"refund_id": owed["id"], **part})
            self.by(self.buyer, "got", f"/orders/{order}/bank/got", {"refund_id": owed["id"]})
        self.notes.promised[order]["repaid"] = owed["amount"]["amount"]

    def deposit(self, order: str) -> None:
        """The first stage by bank: at once, or with less than asked for and then the rest."""
        self.by(self.supplier, "offer account", f"/orders/{order}/bank/offer", {"stage": 1, "account_id": self.supplier.account})
        due = self.buyer.get(f"/orders/{order}/bank")["instructions"][0]["amount"]["amount"]
        parts = self.chance.choice(((due,), (due - 100, 100)))
        for amount in parts:
            transfer = self.transfer(order, amount)
            if amount != parts[-1]:
                self.by(self.supplier, "settle", f"/orders/{order}/bank/settle", {"transfer_id": transfer, "how": "count"})
        self.notes.promised[order]["bank"] = due

    def transfer(self, order: str, amount: int) -> str:
        """The buyer says it with a slip, two people of the supplier confirm it; its id."""
        slip = self.by(self.buyer, "upload", "/uploads", b"%PDF-1.4\n% slip " + uuid.uuid4().hex.encode() + b"\n%%EOF\n")["id"]
        said = {"stage": 1, "amount": pence(amount), "paid_on": in_days(-1)[:10], "voucher": slip}
        transfer = self.by(self.buyer, "say", f"/orders/{order}/bank/say", said)["transfer"]
        for who in (self.supplier, self.supplier.colleague()):
            self.by(who, "confirm transfer", f"/orders/{order}/bank/receive", {"transfer_id": transfer, "amount": pence(amount)})
        return str(transfer)

    def cancel_agreed(self, order: str) -> None:
        self.by(self.buyer, "ask to cancel", f"/orders/{order}/cancel_ask", {"reason": "No longer needed."})
        self.by(self.supplier, "agree to cancel", f"/orders/{order}/cancel_agree", {})
        self.notes.promised[order]["end"] = "cancelled"


def made(said: dict[str, Any]) -> list[Any]:
    """What an answer says was made."""
    return [said.get(name) for name in ("id", "transfer", "refund", "offer")]


def form_of(raw: bytes) -> bytes:
    """One PDF as a form sends it."""
    head = b'\r\nContent-Disposition: form-data; name="file"; filename="slip.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    return CUT + head + raw + b"\r\n" + CUT + b"--\r\n"


def pence(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "GBP"}


def terms(price: str) -> dict[str, Any]:
    """An offer in two stages."""
    stages = [{"name": "deposit", "percent": "30"}, {"name": "balance", "percent": "70"}]
    lines = [{"n": 1, "price": price}, {"n": 2, "price": "0.02"}]
    return {"lines": lines, "freight": 1500, "tax_rate": "0", "lead_days": 3, "valid_until": in_days(20), "stages": stages}


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def kept(notes: Notes, port: int) -> list[str]:
    """What was acknowledged of each order, against what stands: `port` is the server's own."""
    wrong = []
    for order, told in notes.promised.items():
        who: Program = told["by"]
        now = Program(port, who.token, Notes()).get(f"/orders/{order}")
        money = {name: now[name]["amount"] for name in ("held", "released", "returned")}
        if now["total"]["amount"] != told["total"]:
            wrong.append(f"D3 order {order} is worth {now['total']['amount']}, agreed {told['total']}")
        bank = now_by_bank(Program(port, who.token, Notes()), order) if "bank" in told else (0, 0)
        if "bank" in told and bank != (told["bank"], told.get("repaid", 0)):
            wrong.append(f"order {order}: by bank {told['bank']} arrived and {told.get('repaid', 0)} went back; stored {bank}")
        if told.get("end") == "received" and (now["state"], money["released"]) != ("completed", told["total"] - told.get("bank", 0)):
            wrong.append(f"order {order} was received whole; it is {now['state']} {now['goods_state']}, {money}")
        if told.get("end") == "settled" and (money["returned"], money["released"]) != (told["back"], told["total"] - told["back"]):
            wrong.append(f"M14 order {order} was settled with {told['back']} back; {money}")
        if told.get("end") == "cancelled" and (now["state"], money["held"], money["released"]) != ("cancelled", 0, 0):
            wrong.append(f"order {order} was cancelled; it is {now['state']}, {money}")
    return wrong


def now_by_bank(who: Program, order: str) -> tuple[int, int]:
    """What arrived on the supplier's account for an order, and what he paid back of it."""
    said = who.get(f"/orders/{order}/bank")
    return sum(one["counted"]["amount"] for one in said["transfers"]), sum(one["done"]["amount"] for one in said["refunds"])
