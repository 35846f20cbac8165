"""Moves of one offer. `maker` is the side whose offer it is, `mover` the other: it is his turn."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Refused
from guanxi.base.rules import Machine, Rule

QUOTE = Machine(
    "quote",
    start="open",
    ends=("countered", "accepted", "declined", "withdrawn", "expired", "superseded", "lost"),
    rules=[
        Rule("accept", ("open",), "accepted", ("mover",)),
        Rule("counter", ("open",), "countered", ("mover",)),
        Rule("decline", ("open",), "declined", ("mover",)),
        Rule("revise", ("open",), "superseded", ("maker",)),
        Rule("withdraw", ("open",), "withdrawn", ("maker",)),
        Rule("expire", ("open",), "expired", ("clock",)),
        Rule("lose", ("open",), "lost", ("clock",)),
    ],
    refusals={
        "open": _("This offer is open."),
        "countered": _("This offer has been answered by a counter-offer. Look at the newest one."),
        "accepted": _("This offer has been accepted."),
        "declined": _("This offer has been declined."),
        "withdrawn": _("This offer has been withdrawn."),
        "expired": _("This offer has expired."),
        "superseded": _("There is a newer version of this offer."),
        "lost": _("The RFQ of this offer has ended."),
    },
    wrong=_("This offer is your own: the other side answers it."),
)
OWN_ONLY = _("Only the side that made this offer may do this.")
AGAIN = ("declined", "withdrawn", "expired")  # after these the supplier may offer anew


def by(side: str, company_side: str | None) -> str:
    """`maker` or `mover`, for a side looking at an offer of `side`."""
    return "maker" if side == company_side else "mover"


def move(state: str, act: str, *, by: str) -> str:
    """As the machine, with words that fit who asks."""
    if by == "mover" and act in ("revise", "withdraw") and state == "open":
        raise Refused("quote-not-yours", OWN_ONLY)
    return QUOTE.move(state, act, by=by)


def check_time(valid_until: datetime, now: datetime) -> None:
    """Raises Refused once the validity has run out, whether or not the clock came by."""
    if valid_until <= now:
        raise Refused("quote-expired", QUOTE.refusals["expired"])


def start(invite: str, rfq: str, last: tuple[str, str] | None) -> None:
    """Whether the supplier may send an offer now: `last` is (state, side) of the newest one. Raises Refused with the reason."""
    if last is None and rfq != "open":
        raise Refused(f"rfq-{rfq}", _("This RFQ takes no new quotes any more."))
    if rfq not in ("open", "closed", "part"):
        raise Refused(f"rfq-{rfq}", _("This RFQ has ended."))
    if last == ("open", "buyer"):
        raise Refused("answer-first", _("The buyer made a counter-offer: answer that one."))
    if last and last[0] not in ("open", *AGAIN):
        raise Refused(f"quote-{last[0]}", QUOTE.refusals[last[0]])
