"""Nudge 催一下: once a day a deal, when it is the other side's turn."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base import limits
from guanxi.base.errors import Limited, NotFound, Refused
from guanxi.deals.deal.table import Deal
from guanxi.talk.call import Call
from guanxi.talk.notice import KIND, notice
from guanxi.talk.turn import turn

DAY = 24 * 3600


def nudge(call: Call, *, deal_id: UUID) -> dict[str, Any]:
    """Ask for the reply that is due: {deal, seq}. Raises Refused when it is not the other side's turn, and the second time a day."""
    with turn(call) as talk:
        talk.require("talk")
        deal = Deal.objects.of(talk.conversation).filter(pk=deal_id).first()
        if deal is None or deal.side_of(call.company) is None:
            raise NotFound
        if deal.state != "live" or deal.turn_company in (None, call.company):
            raise Refused("not-their-turn", _("It is not the other side's turn."))
        try:
            limits.hit(f"nudge:{deal.id}:{call.company}", limit=1, seconds=DAY, now=call.now)
        except Limited:
            raise Refused("nudged-today", _("Nudged already. You can nudge once a day.")) from None
        entry = talk.add(KIND, notice("nudge", name=call.name, title=deal.title))
        talk.result = {"deal": str(deal.id), "seq": entry.seq}
    return talk.result
