"""A dispute as one side sees it: what is frozen, what was proposed and shown, whose turn it is, and what one may do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.base.errors import Words
from guanxi.base.money import show
from guanxi.deals.deal.line import TurnLine, turn_line
from guanxi.deals.dispute import reads
from guanxi.deals.dispute.card import REASONS, plan_words
from guanxi.deals.dispute.rules import DISPUTE, by, plan_of
from guanxi.deals.dispute.table import Dispute, Evidence, Proposal
from guanxi.people.roles import LACKING
from guanxi.talk.table import Entry
from guanxi.web.deal.moves import Move
from guanxi.web.deal.picture import Happened, told
from guanxi.web.deal.seat import Seat

STATES: dict[str, tuple[Words, str]] = {
    "open": (gettext_lazy("Waits for an answer"), "bad"),
    "answered": (gettext_lazy("Being talked about"), "bad"),
    "escalated": (gettext_lazy("With the operator"), "warn"),
    "returning": (gettext_lazy("Goods go back"), "accent"),
    "sent_back": (gettext_lazy("Goods go back"), "accent"),
    "owing": (gettext_lazy("Repayment"), "accent"),
    "repaid": (gettext_lazy("Repayment"), "accent"),
    "closed": (gettext_lazy("Over"), "ok"),
}
PROPOSALS: dict[str, tuple[Words, str]] = {
    "open": (gettext_lazy("waits for an answer"), "accent"),
    "accepted": (gettext_lazy("agreed"), "ok"),
    "refused": (gettext_lazy("refused"), ""),
    "replaced": (gettext_lazy("replaced"), ""),
    "void": (gettext_lazy("void"), ""),
}
WORDS: dict[str, Words] = {
    "accept": gettext_lazy("Agree"),
    "propose": gettext_lazy("Propose something else"),
    "refuse": gettext_lazy("Refuse"),
    "show": gettext_lazy("Add evidence"),
    "escalate": gettext_lazy("Ask the operator to decide"),
    "withdraw": gettext_lazy("Take the dispute back"),
    "send_back": gettext_lazy("Goods sent back"),
    "take_back": gettext_lazy("Goods are back"),
    "contest": gettext_lazy("Not as agreed"),
    "repay": gettext_lazy("I have paid back"),
    "got_back": gettext_lazy("Repayment arrived"),
}
ICONS = {"accept": "check", "propose": "counter", "refuse": "close", "show": "camera", "escalate": "people", "withdraw": "leave", "send_back": "ship"}
FIRST = ("accept", "send_back", "take_back", "repay", "got_back", "propose")  # what the bar offers first, when it is this side's turn


@dataclass(frozen=True, slots=True)
class Offer:
    """A proposal as it is read: who, what in words, and what each side would get (minor units)."""

    row: Proposal
    who: str
    words: str
    chip: tuple[Words, str]
    sums: list[tuple[str, str]]


@dataclass(slots=True)
class Picture:
    """What page and sheets draw."""

    seat: Seat
    told: reads.Told
    happened: list[Happened]

    @property
    def dispute(self) -> Dispute:
        return self.told.dispute

    @property
    def chip(self) -> tuple[Words, str]:
        return STATES[self.dispute.state]

    @property
    def reason(self) -> str:
        return str(REASONS.get(self.dispute.reason, REASONS["else"]))

    @property
    def who(self) -> str:
        return self.name(self.dispute.opened_by)

    @property
    def turn(self) -> TurnLine:
        """As everywhere; once it is closed, what came of it."""
        if self.dispute.state != "closed":
            return turn_line(self.seat.deal, self.seat.viewer.company)
        words = {"withdrawn": _("Taken back"), "agreed": _("Settled by agreement"), "ruled": _("Settled by the operator's ruling")}
        return TurnLine("done", words.get(self.dispute.outcome, _("Over")))

    @property
    def due(self) -> datetime | None:
        return self.dispute.due_at

    @property
    def sums(self) -> list[tuple[str, str]]:
        """What is frozen; when it is over, where it went."""
        row = self.dispute
        if row.state != "closed":
            return [(_("Frozen until it is settled"), show(row.frozen, row.currency))] if row.frozen else []
        moved = ((_("Back to the buyer"), row.refunded), (_("Released to the supplier"), row.released))
        return [(words, show(amount, row.currency)) for words, amount in moved if amount]

    @property
    def stake(self) -> int:
        """What plans divide: frozen money, and what the supplier has on his own account while the order runs."""
        order = self.told.order
        return self.dispute.frozen + (order.received if order.state == "placed" else 0)

    @property
    def wrong(self) -> list[dict[str, Any]]:
        """What the buyer found short or damaged, by line."""
        lines = {line.n: line for line in self.told.lines}
        return [{"name": lines[one["n"]].name, "spec": lines[one["n"]].spec, "cells": [one["short"], one["damaged"]]} for one in self.dispute.wrong]

    @property
    def decided(self) -> str:
        """What was agreed or ruled and is not yet carried out."""
        row = self.dispute
        return plan_words({**row.plan, "frozen": self.stake}, row.currency) if row.plan and row.state != "closed" else ""

    @property
    def offers(self) -> list[Offer]:
        """Newest first."""
        return [self.offer(row) for row in reversed(self.told.proposals)]

    def offer(self, row: Proposal) -> Offer:
        words = plan_words({**row.plan, "frozen": self.stake}, self.dispute.currency)
        return Offer(row, self.name(row.side), words[:1].upper() + words[1:], PROPOSALS[row.state], self.split(row))

    def split(self, row: Proposal) -> list[tuple[str, str]]:
        """Who would get what of the frozen money."""
        plan, frozen, currency = plan_of(row.plan), self.stake, self.dispute.currency
        if not frozen:
            return [(_("Repayment"), show(plan.refund, currency))]
        rest = _("Stays in escrow") if plan.kind == "go_on" else _("For the supplier")
        return [(_("Back to the buyer"), show(plan.refund, currency)), (rest, show(max(0, frozen - plan.refund), currency))]

    @property
    def evidence(self) -> list[tuple[Evidence, str]]:
        """Oldest first, each with who showed it."""
        return [(row, self.name(row.side)) for row in self.told.evidence]

    def name(self, side: str) -> str:
        """The company of a side, or the operator."""
        if side == "staff":
            return _("The operator")
        return self.seat.viewer.company_name if side == self.seat.side else self.seat.other_name

    @property
    def moves(self) -> list[Move]:
        """What this side may do, the act that is waited for first."""
        seat, row, standing = self.seat, self.dispute, self.told.standing
        off = "" if seat.can("buy" if seat.is_buyer else "sell") else str(LACKING["buy" if seat.is_buyer else "sell"])
        may = [act for act in WORDS if DISPUTE.find(row.state, act, by(act, seat.side, row.opened_by))]
        if standing is None or standing.side == seat.side:
            may = [act for act in may if act not in ("accept", "refuse")]
        mine = row.turn == seat.side
        order = sorted(may, key=lambda act: (not (mine and act in FIRST), list(WORDS).index(act)))
        return [Move(act, self.words(act), seat.at(f"dispute/{act}"), off=off) for act in order]

    def words(self, act: str) -> str:
        """The button names the amount when money moves by it."""
        standing = self.told.standing
        if act == "accept" and standing:
            refund = plan_of(standing.plan).refund
            return _("Agree: refund %(sum)s") % {"sum": show(refund, self.dispute.currency)} if refund else _("Agree: no refund")
        return str(WORDS[act])

    @property
    def main_move(self) -> Move | None:
        moves = self.moves
        return moves[0] if moves and self.dispute.turn == self.seat.side and moves[0].act in FIRST else None


def draw(seat: Seat) -> Picture:
    """The newest dispute of the deal's order. Raises NotFound. Five statements."""
    found = reads.newest(seat.deal.conversation_id, seat.deal.order_id or seat.deal.id)
    entries = Entry.objects.of(seat.deal.conversation_id).filter(about=seat.deal.id, kind__startswith="dispute.")
    return Picture(seat, found, told(seat, list(entries.order_by("-seq")[:200])))
