"""Everything one deal shows: how far, what money, what happened, which papers. Six statements whatever its length."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import DateTimeField, OuterRef, Subquery
from django.utils.translation import gettext as _

from guanxi.base import clock
from guanxi.base.money import show
from guanxi.deals.contract.reads import newest
from guanxi.deals.contract.table import Contract
from guanxi.deals.deal.line import TurnLine, turn_chip, turn_line
from guanxi.deals.deal.table import STEPS
from guanxi.deals.order.table import Order, Stage
from guanxi.deals.payment.table import Payment
from guanxi.deals.quote.card import extras
from guanxi.deals.quote.table import Quote
from guanxi.deals.rfq.table import Invite
from guanxi.talk import card
from guanxi.talk.table import Entry
from guanxi.web.deal.asked import Asked, asked
from guanxi.web.deal.moves import Move, lacks, moves
from guanxi.web.deal.seat import Seat
from guanxi.web.deal.words import STEP_WORDS, contract_chip, offer_chip, offer_name, stage_name, stage_words
from guanxi.web.moments import short_day, when

MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class StageRow:
    """One line of the money panel; `state` as ui.stage draws it."""

    state: str
    words: str
    note: str
    amount: int


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the progress; `seq` leads to the entry in the talk."""

    words: str
    at: datetime
    note: str
    seq: int


@dataclass(frozen=True, slots=True)
class Line:
    """One of the goods; no price yet, or not available, is None."""

    n: int
    name: str
    spec: str
    unit: str
    quantity: Decimal
    price: Decimal | None
    total: int = 0
    more: str = ""

    @classmethod
    def of(cls, row: dict[str, Any], currency: str = "") -> "Line":
        price = row.get("price")
        return cls(
            int(row["n"]), row["name"], row.get("spec", ""), row["unit"], Decimal(row["quantity"]), Decimal(price) if price else None, row.get("total") or 0,
            " · ".join(extras(row, currency)),
        )


@dataclass(slots=True)
class Picture:
    """What page and side pane draw."""

    seat: Seat
    now: datetime
    quotes: list[Quote]
    invite: Invite | None = None
    order: Order | None = None
    stages: list[Stage] = field(default_factory=list)
    happened: list[Happened] = field(default_factory=list)
    reviewed: bool = False
    contract: Contract | None = None
    judged: bool = False  # they said what they think of us
    answered: bool = False

    @property
    def open_offer(self) -> Quote | None:
        return next((quote for quote in self.quotes if quote.state == "open"), None)

    @property
    def terms(self) -> dict[str, Any]:
        """The frozen terms of the order, or of the newest offer."""
        return self.order.terms if self.order else self.quotes[0].terms if self.quotes else {}

    @property
    def priced(self) -> Order | Quote | None:
        """What the sums come from."""
        return self.order or (self.quotes[0] if self.quotes else None)

    @property
    def lines(self) -> list[Line]:
        """The goods, with prices as soon as somebody named them."""
        rows = self.terms.get("lines") or (self.invite.body.get("lines", []) if self.invite else [])
        return [Line.of(row, self.seat.deal.currency) for row in rows]

    @property
    def contract_chip(self) -> tuple[str, str] | None:
        return contract_chip(self.contract.state) if self.contract else None

    @property
    def asked(self) -> Asked | None:
        """What the buyer wished beside the goods."""
        return asked(self.invite.body, self.invite.deadline_at) if self.invite else None

    @property
    def offers(self) -> list[tuple[Quote, str, tuple[str, str]]]:
        """The versions, oldest first: each with its name and its state as a chip."""
        return [(quote, offer_name(quote.version, quote.side), offer_chip(quote.state)) for quote in reversed(self.quotes)]

    @property
    def steps(self) -> list[str]:
        return [str(words) for words in STEP_WORDS]

    @property
    def step(self) -> int:
        """Which of the six is now; past the last when all is done."""
        return len(STEPS) if self.seat.deal.state == "done" else STEPS.index(self.seat.deal.step)

    @property
    def turn(self) -> TurnLine:
        return turn_line(self.seat.deal, self.seat.viewer.company)

    @property
    def chip(self) -> tuple[str, str]:
        return turn_chip(self.seat.deal, self.seat.viewer.company)

    @property
    def due(self) -> Stage | None:
        """The stage to pay next."""
        return next((stage for stage in self.stages if stage.state == "due"), None)

    @property
    def moves(self) -> list[Move]:
        due = (stage_name(self.due.name), show(self.due.amount - self.due.received, self.seat.deal.currency)) if self.due else None
        return [*moves(self.seat, quote=self.open_offer, order=self.order, to_pay=due, now=self.now, reviewed=self.reviewed), *self.about_review]

    @property
    def about_review(self) -> list[Move]:
        """What one may say to the other side's review."""
        off = lacks(self.seat, "buy" if self.seat.is_buyer else "sell")
        answer = [] if self.answered else [Move("review_answer", _("Answer their review"), self.seat.at("review_answer"), off=off)]
        return [*answer, Move("review_report", _("Report their review"), self.seat.at("review_report"), off=off)] if self.judged else []

    @property
    def main_move(self) -> Move | None:
        """The act of the bar: mine and waited for."""
        return self.moves[0] if self.moves and (self.seat.is_mine or self.moves[0].act == "review") else None

    @property
    def parts(self) -> list[tuple[str, int, str]]:
        """Of the price: released, held, still to pay."""
        names = (("received", "held", _("received")), ("released", "held", _("released")),
                 ("held", "held", _("in escrow")), ("due", "due", _("to pay")), ("refunded", "rest", _("paid back")))
        sums = {state: sum(stage.amount - stage.surplus for stage in self.stages if stage.state == state) for state, _kind, _words in names}
        if self.order and "settled" in {stage.state for stage in self.stages}:
            sums |= {"released": self.order.released, "refunded": self.order.returned}
        elif self.order and sums["held"]:
            sums |= {"held": sums["held"] - self.order.returned, "refunded": sums["refunded"] + self.order.returned}
        part = sum(stage.received for stage in self.stages if stage.state == "due")
        sums |= {"received": sums["received"] + part, "due": sums["due"] - part}
        early = max(0, (self.order.released if self.order else 0) - sums["released"])  # for goods received in part, while the stages are still held
        sums |= {"released": sums["released"] + early, "held": sums["held"] - early}
        return [(kind, sums[state], words) for state, kind, words in names if sums[state]]

    @property
    def stage_rows(self) -> list[StageRow]:
        rows = [self._stage(stage) for stage in self.stages if stage.amount > stage.surplus] if self.order else self._planned()
        return [*rows, *self._release()]

    def _stage(self, stage: Stage) -> StageRow:
        first = self.due is not None and stage.n == self.due.n
        state = "waiting" if stage.state == "cancelled" or (stage.state == "due" and not first) else stage.state
        return StageRow(state, stage_words(stage.name, stage.percent), self._stage_note(stage), stage.amount - stage.surplus)

    def _stage_note(self, stage: Stage) -> str:
        if stage.state == "due" and stage.received:
            return _("%(sum)s received by bank, %(rest)s to pay") % {
                "sum": show(stage.received, self.seat.deal.currency), "rest": show(stage.amount - stage.received, self.seat.deal.currency),
            }  # fmt: skip
        if stage.state == "due":
            return _("to pay by %(day)s") % {"day": short_day(stage.due_at)}
        known = {"received": _("received by bank transfer"), "held": _("in escrow"),
                 "released": _("released"), "refunded": _("paid back"), "settled": _("divided"), "cancelled": _("cancelled")}
        words = known[stage.state]
        paid_at = getattr(stage, "paid_at", None)
        return f"{words} · {when(paid_at)}" if paid_at and stage.state in ("held", "released") else words

    def _planned(self) -> list[StageRow]:
        return [StageRow("waiting", stage_words(one["name"], one["percent"]), _("after the handshake, into escrow"), 0) for one in self.terms.get("stages", [])]

    def _release(self) -> list[StageRow]:
        if self.order is None or self.order.state == "cancelled":
            return []
        name = self.seat.other_name if self.seat.is_buyer else self.seat.viewer.company_name
        done = self.order.state == "completed"
        amount = self.order.released if done else self.order.total - self.order.returned - self.order.received
        if self.order.dispute_id:
            amount -= self.order.released  # what went before is not frozen
        if not amount and self.order.received:
            return []
        return [StageRow("released" if done else "waiting", _("Release to %(company)s") % {"company": name}, self._release_note(done), amount)]

    def _release_note(self, done: bool) -> str:
        if self.order and self.order.dispute_id and not done:
            return _("frozen until the dispute is settled")
        if done:
            return _("receipt confirmed") if self.order and self.order.goods_state == "arrived" else _("settled")
        if self.order and self.order.released:
            return _("%(sum)s released so far") % {"sum": show(self.order.released, self.order.currency)}
        if self.order and self.order.release_at:
            return _("by itself on %(day)s, or when receipt is confirmed") % {"day": short_day(self.order.release_at)}
        return _("on receipt, or by itself 10 days after shipping")


def draw(seat: Seat, *, entries: int = MOST_ENTRIES) -> Picture:
    """The deal as this seat sees it."""
    deal = seat.deal
    quotes = list(Quote.objects.of(deal.conversation_id).filter(deal_id=deal.id).order_by("-version"))
    invite = Invite.objects.of(deal.conversation_id).filter(pk=deal.id).first() if deal.rfq_id else None
    stages = with_orders(seat) if deal.order_id else []
    order = stages[0].order if stages else None
    found = list(Entry.objects.of(deal.conversation_id).filter(about=deal.id).order_by("-seq")[:entries])
    theirs = [entry.kind for entry in found if entry.kind == "review.given" and entry.by_company != seat.viewer.company]
    answered = any(entry.kind == "review.answered" and entry.by_company == seat.viewer.company for entry in found)
    reviewed = any(entry.kind == "review.given" and entry.by_company == seat.viewer.company for entry in found)
    return Picture(seat, clock.now(), quotes, invite, order, stages, told(seat, found), reviewed, newest(deal.conversation_id, order.id) if order else None,
                   bool(theirs), answered)  # fmt: skip


def with_orders(seat: Seat) -> list[Stage]:
    """The stages with their order and when each was paid, in one statement."""
    paid = Payment.objects.filter(stage=OuterRef("pk"), state="held").values("paid_at")[:1]
    stages = Stage.objects.of(seat.deal.conversation_id).filter(order__deal_id=seat.deal.id).select_related("order")
    return list(stages.annotate(paid_at=Subquery(paid, output_field=DateTimeField())).order_by("n"))


def told(seat: Seat, entries: Sequence[Entry]) -> list[Happened]:
    """Oldest first, each in the words of its card."""
    names = {seat.viewer.company: seat.viewer.company_name, seat.other.id if seat.other else None: seat.other_name}
    rows = []
    for entry in reversed(entries):
        mine = entry.by_company == seat.viewer.company
        staff = entry.body.get("side") == "staff"
        nobody = _("payment provider") if entry.kind.startswith("payment.") else _("the operator") if staff else _("by the clock")
        note = " · ".join(words for words in (entry.by_name, names.get(entry.by_company, "")) if words) or nobody
        rows.append(Happened(card.line(entry.kind, entry.body, mine=mine), entry.at, note, entry.seq))
    return rows
