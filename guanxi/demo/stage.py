"""How the demo world acts: every step is a real act by one of the cast, at its own time, read by the same forms as the doors."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from guanxi.base import clock
from guanxi.base.ids import new_id
from guanxi.base.outbox.drain import drain
from guanxi.deals.bank import accounts
from guanxi.deals.bank.forms import ACTS as BANK
from guanxi.deals.bank.forms import read_account
from guanxi.deals.dispute.forms import ACTS as DISPUTE
from guanxi.deals.order.forms import ACTS as ORDER
from guanxi.deals.payment.events import play
from guanxi.deals.payment.forms import ACTS as PAYMENT
from guanxi.deals.quote.forms import ACTS as QUOTE
from guanxi.deals.review.forms import ACTS as REVIEW
from guanxi.deals.rfq.forms import ACTS as RFQ
from guanxi.deals.shipment.forms import ACTS as SHIPMENT
from guanxi.people.table import Device
from guanxi.people.viewer import Viewer
from guanxi.talk.call import Call, by_viewer
from guanxi.talk.file.store import store
from guanxi.talk.open import pair_conversation
from guanxi.talk.run import once
from guanxi.talk.text import acts as texts

NEWEST = 2**62


@dataclass
class Stage:
    """The cast on it, and what time it is: minutes and days before `today`."""

    people: dict[str, Viewer]
    today: datetime
    moment: datetime = field(init=False)
    kept: dict[str, Any] = field(default_factory=dict)  # what a later story takes up again

    def __post_init__(self) -> None:
        self.moment = self.today

    @contextmanager
    def at(self, days_ago: float, hour: int = 9, minute: int = 0) -> Iterator[None]:
        """The clock stands there; what falls due until then happens first."""
        day = self.today.astimezone(clock.HOME) - timedelta(days=days_ago)
        self.moment = min(day.replace(hour=hour, minute=minute, second=0, microsecond=0), self.today)
        with clock.use(lambda: self.moment):
            drain(self.moment)
            yield
            drain(self.moment)

    def later(self, minutes: int) -> None:
        """Time goes on within one scene."""
        self.moment = min(self.moment + timedelta(minutes=minutes), self.today)

    def call(self, who: str, conversation: UUID | None = None) -> Call:
        return by_viewer(self.people[who], conversation=conversation, seen=NEWEST)

    def talk(self, one: str, other: str) -> UUID:
        """The conversation of two people's companies; who is named first answers for his."""
        mine, theirs = self.people[one], self.people[other]
        if mine.company is None or theirs.company is None:
            raise ValueError(f"{one} or {other} has no company")
        return pair_conversation(mine.company, theirs.company, now=clock.now(), responsible=mine.person)

    def say(self, who: str, conversation: UUID, *lines: str) -> None:
        """Texts, two minutes apart."""
        for line in lines:
            once(texts.say, self.call(who, conversation), body={"text": line})
            self.later(2)

    def do(self, form: Any, who: str, conversation: UUID | None, **data: Any) -> dict[str, Any]:
        """One act through its form; then what it set off happens."""
        call = self.call(who, conversation)
        made = once(form.act, call, **form.read(data, call))
        drain(clock.now())
        self.later(3)
        return made

    def ask(self, who: str, suppliers: list[str], **draft: Any) -> dict[str, UUID]:
        """An enquiry to the companies of these people; the deal's id by supplier."""
        companies = {str(self.people[name].company): name for name in suppliers}
        made = self.do(RFQ["ask"], who, None, receivers=list(companies), **draft)
        return {companies[one["supplier"]]: UUID(one["deal"]) for one in made["deals"]} | {"rfq": UUID(made["rfq"])}

    def quote(self, who: str, conversation: UUID, deal: UUID, **terms: Any) -> UUID:
        return UUID(self.do(QUOTE["send"], who, conversation, deal_id=deal, **terms)["quote"])

    def counter(self, who: str, conversation: UUID, quote: UUID, **terms: Any) -> UUID:
        return UUID(self.do(QUOTE["counter"], who, conversation, quote_id=quote, **terms)["quote"])

    def accept(self, who: str, conversation: UUID, quote: UUID) -> UUID:
        return UUID(self.do(ORDER["place"], who, conversation, quote_id=quote)["order"])

    def pay(self, who: str, conversation: UUID, order: UUID) -> None:
        """The stage that is due, approved at the sandbox at once."""
        payment = UUID(self.do(PAYMENT["pay"], who, conversation, order_id=order)["payment"])
        play(conversation, payment, "approve", now=clock.now())
        drain(clock.now())

    def ship(self, who: str, conversation: UUID, order: UUID, **how: Any) -> None:
        self.do(SHIPMENT["ship"], who, conversation, order_id=order, **how)

    def receive(self, who: str, conversation: UUID, order: UUID, **what: Any) -> None:
        self.do(SHIPMENT["receive"], who, conversation, order_id=order, **what)

    def dispute(self, act: str, who: str, conversation: UUID, order: UUID, **what: Any) -> None:
        self.do(DISPUTE[act], who, conversation, order_id=order, **what)

    @contextmanager
    def factor(self, who: str) -> Iterator[None]:
        """He acts from a device on which he has just shown his second factor."""
        before, own = self.people[who], new_id()
        Device.objects.create(id=own, person_id=before.person, session_key=own.hex, label="", signed_in_at=self.moment, seen_at=self.moment,
                              factor_at=self.moment)  # fmt: skip
        self.people[who] = replace(before, device=own)
        yield
        self.people[who] = before
        Device.objects.filter(pk=own).delete()

    def account(self, who: str, **given: str) -> None:
        """A receiving account of his company, at once in force."""
        made = once(accounts.add, self.call(who), draft=read_account({"currency": "CNY", **given}))
        self.kept["account"] = made["account"]

    def bank(self, act: str, who: str, conversation: UUID, **what: Any) -> None:
        """An act about the last account and the last transfer."""
        about = {"account_id": self.kept.get("account"), "transfer_id": self.kept.get("transfer")}
        made = self.do(BANK[act], who, conversation, **about | what)
        self.kept["transfer"] = made.get("transfer", self.kept.get("transfer"))

    def transfer(self, who: str, conversation: UUID, order: UUID, amount: str) -> None:
        """The buyer transferred, and shows the bank's slip."""
        mine, text = self.people[who], f"%PDF-1.4\n% transfer slip {order} {amount}\n%%EOF\n"
        slip = store(mine.person, mine.company, SimpleUploadedFile("回单.pdf", text.encode(), content_type="application/pdf"))
        paid_on = self.moment.astimezone(clock.HOME).date().isoformat()
        self.bank("say", who, conversation, order_id=order, amount=amount, currency="CNY", paid_on=paid_on, payer=mine.company_name, voucher=str(slip.id))

    def review(self, who: str, conversation: UUID, order: UUID, stars: int, text: str) -> None:
        self.do(REVIEW["give"], who, conversation, order_id=order, stars=stars, text=text)
