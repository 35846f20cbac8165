"""The line every deal ends with: whose turn, for what, until when. Each side reads its own words (ui.md, principle 1)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.base.errors import Words
from guanxi.deals.deal.table import Deal

YOURS: dict[str, Words] = {
    "quote": gettext_lazy("Your turn to quote"),
    "answer": gettext_lazy("Your turn to answer the offer"),
    "pay": gettext_lazy("Your turn to pay"),
    "ship": gettext_lazy("Your turn to ship"),
    "receive": gettext_lazy("Your turn to confirm receipt"),
    "review": gettext_lazy("Your turn to review"),
    "consent": gettext_lazy("They ask to cancel; your turn to agree or refuse"),
}
THEIRS: dict[str, Words] = {
    "quote": gettext_lazy("Waiting for their quote"),
    "answer": gettext_lazy("Waiting for their answer"),
    "pay": gettext_lazy("Waiting for their payment"),
    "ship": gettext_lazy("Waiting for their shipment"),
    "receive": gettext_lazy("Waiting for them to confirm receipt"),
    "review": gettext_lazy("Waiting for their review"),
    "consent": gettext_lazy("Waiting for their consent to cancel"),
}


@dataclass(frozen=True, slots=True)
class TurnLine:
    """`whose` is yours, theirs, done or lapsed."""

    whose: str
    words: str
    until: datetime | None = None


def turn_line(deal: Deal, company: UUID | None) -> TurnLine:
    """The line as this company reads it."""
    if deal.state == "done":
        return TurnLine("done", _("Completed"))
    if deal.state == "lapsed":
        return TurnLine("lapsed", _("Ended without an order"))
    if deal.turn_company is None:
        return TurnLine("theirs", _("Nothing to do now"), deal.due_at)
    if deal.turn_company == company:
        return TurnLine("yours", str(YOURS.get(deal.turn, _("Your turn"))), deal.due_at)
    return TurnLine("theirs", str(THEIRS.get(deal.turn, _("Their turn"))), deal.due_at)
