"""An offer as it is typed: kept for the company, so that another device or colleague goes on where it was left. Nobody else sees it."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Refused
from guanxi.base.ids import new_id
from guanxi.deals.deal import panel
from guanxi.deals.deal.table import Deal
from guanxi.deals.quote.acts import newest
from guanxi.deals.quote.table import QuoteDraft
from guanxi.deals.rfq.acts import person_of
from guanxi.talk.call import Call, found
from guanxi.talk.turn import Turn, turn


def keep(call: Call, *, deal_id: UUID, version: int, typed: dict[str, Any]) -> dict[str, Any]:
    """The draft of version `version` as it stands now; the last one who types counts. Gives {deal}. Refused once there is that version."""
    with turn(call) as here:
        deal = mine(here, deal_id)
        last = newest(here, deal.id)
        if deal.state != "live" or deal.order_id or (last and last.version >= version):
            raise Refused("stale", _("Something newer came about this deal. Look at it, then decide."))
        row = QuoteDraft(
            id=new_id(), conversation_id=here.conversation, deal_id=deal.id, company_id=found(call.company), basis=version - 1, typed=typed,
            by_person=person_of(call), by_name=call.name, at=call.now,
        )  # fmt: skip
        QuoteDraft.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["conversation_id", "deal_id", "company_id"],
            update_fields=["basis", "typed", "by_person", "by_name", "at"],
        )  # fmt: skip
        here.result = {"deal": str(deal.id)}
    return here.result


def drop(call: Call, *, deal_id: UUID) -> dict[str, Any]:
    """Throw the draft away. Gives {deal}."""
    with turn(call) as here:
        deal = mine(here, deal_id)
        QuoteDraft.objects.of(here.conversation).filter(deal_id=deal.id, company_id=found(call.company)).delete()
        here.result = {"deal": str(deal.id)}
    return here.result


def mine(here: Turn, deal_id: UUID) -> Deal:
    """The deal, for a role that may offer on this side. Raises NotFound, Refused."""
    here.require("talk")
    deal = panel.get(here, deal_id)
    here.require("buy" if deal.side_of(here.call.company) == "buyer" else "sell")
    return deal
