"""An order between Ana and Bo, ready to be paid, made by rows; and short words for what happens to it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from guanxi.base import money
from guanxi.base.ids import claim_number, new_id
from guanxi.base.outbox.drain import drain
from guanxi.deals.deal.table import Deal
from guanxi.deals.dispute import acts as disputes
from guanxi.deals.dispute import following
from guanxi.deals.dispute.rules import Plan
from guanxi.deals.dispute.table import Dispute
from guanxi.deals.order.table import Order, OrderLine, Stage
from guanxi.deals.payment import acts as payments
from guanxi.deals.payment import check as deal_check
from guanxi.deals.payment import events
from guanxi.deals.payment.table import Payment
from guanxi.deals.quote.table import Quote
from guanxi.deals.shipment import acts as goods
from guanxi.pay import book, check
from guanxi.pay.port import number_of
from guanxi.pay.providers.sandbox import payer
from guanxi.talk.call import by_actor
from guanxi.talk.table import Conversation, Entry
from tests import make
from tests.make import NOON, Actor, Pair

LINES = ((Decimal(20), "460"), (Decimal("12.5"), "384"), (Decimal(3), "0.1011"))


@dataclass
class World:
    """One order under way; `now` moves by `later`."""

    pair: Pair
    order: UUID
    deal: UUID
    now: datetime = NOON
    keys: list[str] = field(default_factory=list)

    @property
    def where(self) -> UUID:
        return self.pair.conversation

    @property
    def buyer(self) -> Actor:
        return self.pair.buyer

    @property
    def supplier(self) -> Actor:
        return self.pair.supplier

    def row(self) -> Order:
        return Order.objects.get(pk=self.order)

    def panel(self) -> Deal:
        return Deal.objects.get(pk=self.deal)

    def later(self, **how: float) -> "World":
        self.now += timedelta(**how)
        return self

    def drain(self) -> int:
        return drain(self.now)

    def pay(self, who: Actor | None = None, **how: Any) -> UUID:
        """The buyer begins to pay; the worker has started it at the provider."""
        made = payments.pay((who or self.buyer).call(now=self.now), order_id=self.order, **how)
        self.drain()
        return UUID(made["payment"])

    def play(self, payment: UUID, outcome: str) -> list[int]:
        answers = events.play(self.where, payment, outcome, now=self.now)["answers"]
        self.drain()
        return answers

    def paid(self) -> "World":
        """Every open stage paid."""
        while Stage.objects.filter(order_id=self.order, state="due").exists():
            self.play(self.pay(), "approve")
        return self

    def tell(self, payment: UUID) -> int:
        """The sandbox's notice of a payment, now, through the door."""
        notice = payer.tell(number_of(payment), now=self.now)
        answer = events.receive("sandbox", notice.raw, notice.headers, now=self.now).status
        self.drain()
        return answer

    def ship(self, who: Actor | None = None, **how: Any) -> dict[str, Any]:
        return goods.ship((who or self.supplier).call(now=self.now), order_id=self.order, **({"carrier": "SF"} | how))

    def receive(self, who: Actor | None = None, **how: Any) -> dict[str, Any]:
        made = goods.receive((who or self.buyer).call(now=self.now), order_id=self.order, **how)
        self.drain()
        return made

    def extend(self, who: Actor | None = None) -> dict[str, Any]:
        return goods.extend((who or self.buyer).call(now=self.now), order_id=self.order)

    def cancel(self, who: Actor, reason: str = "") -> dict[str, Any]:
        made = payments.cancel(who.call(now=self.now), order_id=self.order, reason=reason)
        self.drain()
        return made

    def dispute(self, who: Actor | None = None, kind: str = "", refund: int | None = None, lines: dict[int, Decimal] | None = None, **how: Any) -> UUID:
        """Opened; the dispute's id."""
        wish = disputes.Wish(kind, refund, lines or {})
        given = {"reason": "damaged", "text": "Two boxes are torn.", "wish": wish} | how
        return UUID(disputes.begin((who or self.buyer).call(now=self.now), order_id=self.order, **given)["dispute"])

    def matter(self) -> Dispute:
        """The newest."""
        return Dispute.objects.filter(order_id=self.order).order_by("-n")[0]

    def propose(self, who: Actor, refund: int, kind: str = "refund", lines: dict[int, Decimal] | None = None) -> dict[str, Any]:
        return disputes.propose(who.call(now=self.now), dispute_id=self.matter().id, plan=Plan(kind, refund, lines or {}))

    def about(self, act: Any, who: Actor, **how: Any) -> dict[str, Any]:
        """Any other act about the newest dispute."""
        made = act(who.call(now=self.now), dispute_id=self.matter().id, **how)
        self.drain()
        return made

    def rule(self, refund: int, kind: str = "refund", **how: Any) -> dict[str, Any]:
        """The operator decides."""
        call = by_actor("staff", self.where, now=self.now)
        made = following.rule(call, dispute_id=self.matter().id, plan=Plan(kind, refund), **({"reason": "The photos are clear."} | how))
        self.drain()
        return made

    def payment(self, payment: UUID) -> Payment:
        return Payment.objects.get(pk=payment)

    def said(self) -> list[str]:
        """The kinds of the entries, in their order."""
        return list(Entry.objects.filter(conversation_id=self.where).order_by("seq").values_list("kind", flat=True))

    def last(self) -> dict[str, Any]:
        return Entry.objects.filter(conversation_id=self.where).order_by("-seq")[0].body

    def balance(self, kind: str) -> int:
        codes = {"escrow": book.escrow(self.order), "payable": book.payable(self.supplier.company.id), "clearing": "clearing:sandbox",
                 "refundable": book.refundable(self.buyer.company.id)}  # fmt: skip
        return book.balance(self.where, codes[kind], self.row().currency)

    def differences(self) -> list[str]:
        return check.differences([self.where], now=self.now) + deal_check.differences([self.where])


def world(
    *, lines=LINES, percents=(30, 70), freight: int = 16_000, tax: int = 0, currency: str = "CNY", now: datetime = NOON, pair: Pair | None = None,
    tolerance: int = 0,
) -> World:  # fmt: skip
    """An order placed at `now`, nothing paid. `lines`: (quantity, unit price); `tolerance` in percent."""
    pair = pair or make.pair()
    where, deal_id, order_id, head = pair.conversation, new_id(), new_id(), head_of(pair.conversation) + 1
    priced = [(Decimal(quantity), Decimal(price)) for quantity, price in lines]
    totals = [money.line_total(price, quantity, currency) for quantity, price in priced]
    sums = {"goods": sum(totals), "freight": freight, "tax": tax, "total": sum(totals) + freight + tax}
    sides = {"buyer_id": pair.buyer.company.id, "supplier_id": pair.supplier.company.id}
    Entry.objects.create(
        conversation_id=where, seq=head, kind="order.placed", about=deal_id, by_company=pair.buyer.company.id, body={"v": 1, "order": str(order_id)}, at=now
    )
    Conversation.objects.filter(pk=where).update(head=head)
    quote = Quote.objects.create(
        conversation_id=where, deal_id=deal_id, version=1, side="supplier", by_person=pair.supplier.person.id, by_name="Bo", state="accepted",
        terms={}, currency=currency, valid_until=now + timedelta(days=9), seq=head, at=now, **sums,
    )  # fmt: skip
    Deal.objects.create(
        id=deal_id, conversation_id=where, order_id=order_id, title="Bolts", currency=currency, total=sums["total"], step="pay", turn="pay",
        turn_company=pair.buyer.company.id, seq=head, created_at=now, updated_at=now, **sides,
    )  # fmt: skip
    order = Order.objects.create(
        id=order_id, conversation_id=where, deal_id=deal_id, quote_id=quote.id, number=claim_number("DD", now), title="Bolts", terms={},
        currency=currency, ship_by=now + timedelta(days=7), placed_at=now, seq=head, **sides, **sums,
    )  # fmt: skip
    for n, ((quantity, price), total) in enumerate(zip(priced, totals, strict=True), 1):
        spare = quantity * tolerance / 100
        OrderLine.objects.create(conversation_id=where, order=order, n=n, name=f"Bolt {n}", unit="pc", quantity=quantity, unit_price=price, total=total,
                                 over=spare, under=spare)  # fmt: skip
    for n, (percent, amount) in enumerate(zip(percents, money.split(sums["total"], list(percents)), strict=True), 1):
        Stage.objects.create(conversation_id=where, order=order, n=n, name="part", percent=percent, amount=amount, due_at=now + timedelta(days=3 * n))
    return World(pair, order_id, deal_id, now)


def head_of(where: UUID) -> int:
    """The conversation's head."""
    return Conversation.objects.get(pk=where).head
