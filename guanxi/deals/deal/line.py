"""The line every deal ends with: whose turn, for what, until when. Each side reads its own words (ui.md, principle 1)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Words
from guanxi.deals.deal.table import Deal


@dataclass(frozen=True, slots=True)
class Turn:
    """What one kind of turn is called: by who owes it, by who waits for it, and in a word."""

    yours: Words
    theirs: Words
    chip: Words


TURNS: dict[str, Turn] = {
    "quote": Turn(_("Your turn to quote"), _("Waiting for their quote"), _("Awaiting quote")),
    "answer": Turn(_("Your turn to answer the offer"), _("Waiting for their answer"), _("Awaiting answer")),
    "pay": Turn(_("Your turn to pay"), _("Waiting for their payment"), _("Awaiting payment")),
    "ship": Turn(_("Your turn to ship"), _("Waiting for their shipment"), _("Awaiting shipment")),
    "receive": Turn(_("Your turn to confirm receipt"), _("Waiting for them to confirm receipt"), _("On its way")),
    "review": Turn(_("Your turn to review"), _("Waiting for their review"), _("Awaiting review")),
    "consent": Turn(_("They ask to cancel; your turn to agree or refuse"), _("Waiting for their consent to cancel"), _("Cancelling")),
    "change": Turn(_("They propose a change; your turn to answer"), _("Waiting for their answer to the change"), _("Change")),
    "dispute": Turn(_("Dispute: your turn to answer"), _("Dispute: waiting for their answer"), _("In dispute")),
    "propose": Turn(_("Dispute: they refused; your turn to propose"), _("Dispute: waiting for a new proposal"), _("In dispute")),
    "send_back": Turn(_("Your turn to send the goods back"), _("Waiting for the goods to come back"), _("Goods go back")),
    "take_back": Turn(_("Your turn to confirm the goods are back"), _("Waiting for them to confirm the goods are back"), _("Goods go back")),
    "repay": Turn(_("Your turn to pay back"), _("Waiting for their repayment"), _("Repayment")),
    "repaid": Turn(_("Your turn to confirm the repayment"), _("Waiting for them to confirm the repayment"), _("Repayment")),
    "bank_check": Turn(_("Your turn to look whether their transfer arrived"), _("Waiting for them to find the transfer"), _("Transfer to check")),
    "bank_settle": Turn(_("Another amount arrived: your turn to settle it"), _("Another amount arrived: waiting for them to settle it"), _("Wrong amount")),
    "bank_repay": Turn(_("Your turn to pay back"), _("Waiting for their repayment"), _("Repayment")),
    "bank_got": Turn(_("Your turn to confirm the repayment"), _("Waiting for them to confirm the repayment"), _("Repayment")),
    "ruling": Turn(_("The operator decides the dispute"), _("The operator decides the dispute"), _("In dispute")),
}
OTHER = Turn(_("Your turn"), _("Their turn"), _("Under way"))


@dataclass(frozen=True, slots=True)
class TurnLine:
    """`whose` is yours, theirs, done or lapsed."""

    whose: str
    words: str
    until: datetime | None = None


def turn_line(deal: Deal, company: UUID | None) -> TurnLine:
    """The line as this company reads it."""
    if deal.state == "done":
        return TurnLine("done", str(_("Completed")))
    if deal.state == "lapsed":
        return TurnLine("lapsed", str(_("Order cancelled") if deal.order_id else _("Ended without an order")))
    if deal.turn == "ruling":
        return TurnLine("theirs", str(TURNS["ruling"].theirs), deal.due_at)
    if deal.turn_company is None:
        return TurnLine("theirs", str(_("Nothing to do now")), deal.due_at)
    if deal.turn_company == company:
        return TurnLine("yours", str(TURNS.get(deal.turn, OTHER).yours), deal.due_at)
    return TurnLine("theirs", str(TURNS.get(deal.turn, OTHER).theirs), deal.due_at)


def turn_chip(deal: Deal, company: UUID | None) -> tuple[str, str]:
    """The state in one word, and the colour of its chip."""
    if deal.state == "done":
        return str(_("Completed")), "ok"
    if deal.state == "lapsed":
        return str(_("Ended")), ""
    mine = company is not None and deal.turn_company == company
    return str(TURNS.get(deal.turn, OTHER).chip), "accent" if mine else ""
