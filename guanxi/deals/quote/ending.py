"""How an enquiry ends for its offers: cancelled by the buyer, or awarded to somebody else."""

from typing import Any
from uuid import UUID

from guanxi.base.db import advance
from guanxi.deals.quote.table import Quote
from guanxi.deals.rfq import copies
from guanxi.deals.rfq.acts import get, locked
from guanxi.deals.rfq.rules import RFQ
from guanxi.talk.call import Call
from guanxi.talk.turn import Turns, turns

ENDS = {"awarded": ("lose", "rfq.lost"), "cancelled": ("cancel", "rfq.cancelled"), "closed": ("expire", "rfq.closed"), "expired": ("expire", "rfq.expired")}


def cancel(call: Call, *, rfq_id: UUID) -> dict[str, Any]:
    """The buyer wants nothing any more; every supplier hears it, open offers are void. A draft just goes. Gives {rfq}."""
    get(call, rfq_id)
    every = copies.rooms(rfq_id)
    with turns(call, every[: copies.TOGETHER]) as at:
        call.require("buy")
        rfq = locked(call, rfq_id)
        advance(rfq, to=RFQ.move(rfq.state, "cancel", by="buyer"), updated_at=call.now)
        end(at, rfq_id, copies.word(rfq), state=rfq.state, by="buyer")
        copies.spill(at, rfq_id, every[copies.TOGETHER :])
        at.result = {"rfq": str(rfq_id)}
    return at.result


def lose(call: Call, *, rfq_id: UUID, reason: str = "") -> dict[str, Any]:
    """By the clock: one copy that was not reached by the act that ended its enquiry follows; nothing when it has ended."""
    with turns(call, [call.conversation] if call.conversation else []) as at:
        rfq = locked(call, rfq_id)
        if rfq.state in ENDS:
            end(at, rfq_id, copies.word(rfq) | ({"reason": reason} if reason else {}), state=rfq.state, by="clock")
    return at.result


def end(at: Turns, rfq_id: UUID, word: dict[str, Any], *, state: str, by: str, but: UUID | None = None) -> None:
    """Copies and open offers in these conversations, as the enquiry's new `state` says; the deal `but` won."""
    act, kind = ENDS[state]
    ended = copies.end(at, rfq_id, word, act=act, kind=kind, by=by, but=but)
    if ended:
        Quote.objects.filter(conversation_id__in=list(at.by_id), deal_id__in=ended, state="open").update(state="lost")
