"""Fold the entries of one deal with its rules into what its rows must say (quality.md D1). Never the way anything is read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from guanxi.deals.bank.rules import REFUND, TRANSFER
from guanxi.deals.change.rules import CHANGE
from guanxi.deals.dispute.rules import DISPUTE
from guanxi.deals.dispute.rules import by as disputing
from guanxi.deals.order.rules import GOODS, MONEY, ORDER
from guanxi.deals.payment.escrow import way
from guanxi.deals.payment.rules import STAGE
from guanxi.deals.quote.rules import QUOTE
from guanxi.deals.rfq.rules import INVITE

Body = dict[str, Any]


@dataclass
class Folded:
    """What the entries say a deal is now; amounts in minor units, quantities by line number."""

    invite: str = ""
    quotes: dict[str, str] = field(default_factory=dict)
    order: str = ""
    life: str = ""
    money: str = ""
    goods: str = ""
    released: int = 0
    returned: int = 0
    stages: dict[int, str] = field(default_factory=dict)
    shipped: dict[int, Decimal] = field(default_factory=dict)
    received: dict[int, Decimal] = field(default_factory=dict)
    lost: dict[int, Decimal] = field(default_factory=dict)
    back: dict[int, Decimal] = field(default_factory=dict)
    disputes: dict[str, str] = field(default_factory=dict)
    openers: dict[str, str] = field(default_factory=dict)
    bank: int = 0  # received on the supplier's own account and counted, less what he owes back of it
    transfers: dict[str, str] = field(default_factory=dict)
    refunds: dict[str, str] = field(default_factory=dict)
    changes: dict[str, str] = field(default_factory=dict)
    reviews: int = 0
    seq: int = 0

    def open_quote(self) -> str | None:
        return next((own for own, state in self.quotes.items() if state == "open"), None)


def fold(entries: list[tuple[int, str, Body]]) -> Folded:
    """Entries of one deal as (seq, kind, body), in order. Raises what a rule raises when the log does what its rules forbid."""
    folded = Folded()
    for seq, kind, body in entries:
        if step := STEPS.get(kind):
            step(folded, body)
        folded.seq = seq
    return folded


def sent(folded: Folded, body: Body) -> None:
    folded.invite = INVITE.start


def declined(folded: Folded, body: Body) -> None:
    folded.invite = INVITE.move(folded.invite, "decline", by="supplier")


def ended(act: str) -> Callable[[Folded, Body], None]:
    """The enquiry ended for this supplier; an open offer is void."""

    def step(folded: Folded, body: Body) -> None:
        folded.invite = INVITE.move(folded.invite, act, by="clock")
        if own := folded.open_quote():
            folded.quotes[own] = QUOTE.move("open", "lose", by="clock")

    return step


def longer(folded: Folded, body: Body) -> None:
    """The enquiry takes quotes until later; a copy that had expired lives again."""
    if folded.invite == "expired":
        folded.invite = INVITE.move(folded.invite, "reopen", by="buyer")


def quoted(folded: Folded, body: Body) -> None:
    folded.invite = INVITE.move(folded.invite, "quote", by="supplier")
    if own := folded.open_quote():
        folded.quotes[own] = QUOTE.move("open", "revise", by="maker")
    folded.quotes[body["quote"]] = QUOTE.start


def countered(folded: Folded, body: Body) -> None:
    answered = body["was"]["quote"]
    folded.quotes[answered] = QUOTE.move(folded.quotes[answered], "counter", by="mover")
    folded.quotes[body["quote"]] = QUOTE.start


def rested(act: str, by: str) -> Callable[[Folded, Body], None]:
    """The open offer ended by `act`."""

    def step(folded: Folded, body: Body) -> None:
        folded.quotes[body["quote"]] = QUOTE.move(folded.quotes[body["quote"]], act, by=by)

    return step


def placed(folded: Folded, body: Body) -> None:
    folded.quotes[body["quote"]] = QUOTE.move(folded.quotes[body["quote"]], "accept", by="mover")
    folded.invite = INVITE.move(folded.invite, "win", by="buyer")
    folded.order, folded.life, folded.money, folded.goods = body["order"], ORDER.start, MONEY.start, GOODS.start
    folded.stages = {stage["n"]: STAGE.start for stage in body["stages"]}


def held(folded: Folded, body: Body) -> None:
    n = body["stage"]["n"]
    folded.stages[n] = STAGE.move(folded.stages[n], "hold", by="provider")
    folded.money = MONEY.move(folded.money, "fill" if body["all"] else "hold", by="provider")


def shipped(folded: Folded, body: Body) -> None:
    add(folded.shipped, body["lines"])
    folded.goods = GOODS.move(folded.goods, "send" if body["all"] else "send_part", by="supplier")


def received(folded: Folded, body: Body) -> None:
    add(folded.received, body["lines"])
    for one in body.get("wrong", []):
        lose(folded, one["n"], Decimal(one["short"]) + Decimal(one["damaged"]))
    if body.get("missed"):
        folded.goods = GOODS.move(folded.goods, "miss", by="buyer")
    folded.released += body["released"]
    folded.returned += body.get("returned", 0)
    if body["all"]:
        folded.life = ORDER.move(folded.life, "complete", by="buyer")
        folded.goods = GOODS.move(folded.goods, "arrive", by="buyer")
        divide(folded)


def divide(folded: Folded) -> None:
    """Nothing is held any more: money and stages say where it went."""
    act = way(folded.released, folded.returned)
    if folded.released or folded.returned:
        folded.money = MONEY.move(folded.money, act, by="buyer")
    for n, state in folded.stages.items():
        if state in ("due", "held"):
            folded.stages[n] = STAGE.move(state, "cancel" if state == "due" else act, by="buyer")


def lose(folded: Folded, n: int, quantity: Decimal) -> None:
    folded.lost[n] = folded.lost.get(n, Decimal(0)) + quantity
    folded.shipped[n] -= quantity
    if not folded.shipped[n]:
        del folded.shipped[n]


def opened(folded: Folded, body: Body) -> None:
    if any(state != "closed" for state in folded.disputes.values()):
        raise ValueError("two open disputes")
    folded.disputes[body["dispute"]], folded.openers[body["dispute"]] = DISPUTE.start, body["side"]


def disputed(act: str) -> Callable[[Folded, Body], None]:
    """The dispute moved by `act`; when it ended, money and goods as its entry says."""

    def step(folded: Folded, body: Body) -> None:
        own = body["dispute"]
        suffix = {"return": "_return", "repay": "_debt"}.get(body.get("next", ""), "")
        word = "contest" if act == "escalate" and folded.disputes[own] in ("returning", "sent_back", "owing") else act + suffix
        folded.disputes[own] = DISPUTE.move(folded.disputes[own], word, by=disputing(word, body["side"], folded.openers[own]))
        if word.startswith("take_back"):
            add(folded.back, body["lines"])
        if moved := body.get("moved"):
            finish(folded, body, moved)

    return step


def finish(folded: Folded, body: Body, moved: Body) -> None:
    """What was frozen went where the entry says; the order ended or goes on."""
    folded.released += moved["release"]
    folded.returned += moved["refund"]
    if moved["ends"]:
        folded.life = ORDER.move(folded.life, moved.get("act", "settle" if folded.released else "settle_back"), by="buyer")
        divide(folded)
    elif lines := body["plan"]["lines"]:
        folded.goods = GOODS.move(folded.goods, "miss", by="buyer")
        for one in lines:
            lose(folded, one["n"], Decimal(one["quantity"]))


def cancelled(folded: Folded, body: Body) -> None:
    folded.life = ORDER.move(folded.life, "cancel", by="supplier")
    if body["returned"]:
        folded.money = MONEY.move(folded.money, "return", by="supplier")
    close_stages(folded)


def expired(folded: Folded, body: Body) -> None:
    folded.life = ORDER.move(folded.life, "expire", by="clock")
    close_stages(folded)


def close_stages(folded: Folded) -> None:
    for n, state in folded.stages.items():
        if state in ("due", "held"):
            folded.stages[n] = STAGE.move(state, "return" if state == "held" else "cancel", by="supplier")


def told(folded: Folded, body: Body) -> None:
    folded.transfers[body["transfer"]] = TRANSFER.start


def transferred(act: str, by: str) -> Callable[[Folded, Body], None]:
    """A bank transfer moved by `act`."""

    def step(folded: Folded, body: Body) -> None:
        folded.transfers[body["transfer"]] = TRANSFER.move(folded.transfers[body["transfer"]], act, by=by)

    return step


def arrived(folded: Folded, body: Body) -> None:
    act = {"counted": "match", "short": "fall_short", "over": "exceed", "back": "be_late"}[body["outcome"]]
    transferred(act, "supplier")(folded, body)
    counted(folded, body)


def squared(folded: Folded, body: Body) -> None:
    transferred(body["how"], body["side"])(folded, body)
    counted(folded, body)


def counted(folded: Folded, body: Body) -> None:
    """What of a transfer went towards which stages, and what the order's money is now."""
    parts = body.get("counted", [])
    for part in parts:
        folded.bank += part["amount"]
        if part["whole"]:
            folded.stages[part["n"]] = STAGE.move(folded.stages[part["n"]], "receive", by="supplier")
    if parts:
        folded.money = MONEY.move(folded.money, body["money"], by="supplier")


def owing(folded: Folded, body: Body) -> None:
    folded.refunds[body["refund"]] = REFUND.start
    folded.bank -= body["amount"] if body["counted"] else 0


def repaying(act: str, by: str) -> Callable[[Folded, Body], None]:
    """What is owed back moved by `act`; a part of it that came leaves the rest owed."""

    def step(folded: Folded, body: Body) -> None:
        word = act if body.get("whole", True) else "got_part"
        folded.refunds[body["refund"]] = REFUND.move(folded.refunds[body["refund"]], word, by=by)
        for n in body.get("stages", []):
            folded.stages[n] = STAGE.move(folded.stages[n], "repay", by=by)

    return step


def proposed(folded: Folded, body: Body) -> None:
    for own, state in folded.changes.items():
        folded.changes[own] = CHANGE.move(state, "replace", by="maker") if state == "open" else state
    folded.changes[body["change"]] = CHANGE.start


def answered(act: str, by: str) -> Callable[[Folded, Body], None]:
    """A proposed change ended; when both agree, stages, money and goods are as its entry says."""

    def step(folded: Folded, body: Body) -> None:
        own = body["change"]
        folded.changes[own] = CHANGE.move(folded.changes[own], act, by=by)
        if act == "accept":
            change_order(folded, body)

    return step


def change_order(folded: Folded, body: Body) -> None:
    for stage in body["stages"]:
        before = folded.stages.get(stage["n"], STAGE.start)
        folded.stages[stage["n"]] = before if before == stage["state"] else STAGE.move(before, "cancel", by="buyer")
    if act := body.get("money"):
        folded.money = MONEY.move(folded.money, act, by="buyer")
    if body.get("all"):
        folded.goods = GOODS.move(folded.goods, "send", by="supplier")


def reviewed(folded: Folded, body: Body) -> None:
    folded.reviews += 1


def add(into: dict[int, Decimal], lines: list[Body]) -> None:
    for line in lines:
        into[line["n"]] = into.get(line["n"], Decimal(0)) + Decimal(line["quantity"])


STEPS: dict[str, Callable[[Folded, Body], None]] = {
    "rfq.sent": sent,
    "rfq.declined": declined,
    "rfq.lost": ended("lose"),
    "rfq.cancelled": ended("cancel"),
    "rfq.closed": ended("expire"),
    "rfq.expired": ended("expire"),
    "rfq.reopened": longer,
    "quote.sent": quoted,
    "quote.countered": countered,
    "quote.declined": rested("decline", "mover"),
    "quote.withdrawn": rested("withdraw", "maker"),
    "quote.expired": rested("expire", "clock"),
    "order.placed": placed,
    "order.cancelled": cancelled,
    "order.expired": expired,
    "change.proposed": proposed,
    "change.accepted": answered("accept", "other"),
    "change.declined": answered("decline", "other"),
    "change.withdrawn": answered("withdraw", "maker"),
    "change.expired": answered("expire", "clock"),
    "payment.held": held,
    "bank.sent": told,
    "bank.half": transferred("confirm", "supplier"),
    "bank.received": arrived,
    "bank.absent": transferred("deny", "supplier"),
    "bank.withdrawn": transferred("withdraw", "buyer"),
    "bank.settled": squared,
    "bank.owed": owing,
    "bank.repaid": repaying("repay", "supplier"),
    "bank.refunded": repaying("got", "buyer"),
    "bank.missing": repaying("miss", "buyer"),
    "shipment.sent": shipped,
    "receipt.confirmed": received,
    "review.given": reviewed,
    "dispute.opened": opened,
    "dispute.proposed": disputed("propose"),
    "dispute.refused": disputed("refuse"),
    "dispute.agreed": disputed("accept"),
    "dispute.evidence": disputed("show"),
    "dispute.escalated": disputed("escalate"),
    "dispute.ruled": disputed("rule"),
    "dispute.withdrawn": disputed("withdraw"),
    "dispute.sent_back": disputed("send_back"),
    "dispute.taken_back": disputed("take_back"),
    "dispute.repaid": disputed("repay"),
    "dispute.got_back": disputed("got_back"),
}
