"""Fetch an order inside a turn, with its deal and the caller's side."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from guanxi.base.errors import NotFound
from guanxi.base.written import written
from guanxi.deals.deal import panel
from guanxi.deals.deal.table import Deal
from guanxi.deals.order.rules import LIFE, phase
from guanxi.deals.order.table import Order, Stage
from guanxi.people.roles import can
from guanxi.talk.turn import Turn


@dataclass(slots=True)
class Case:
    """One order under its conversation's lock. `by`: buyer, supplier, or the actor when no person acts."""

    turn: Turn
    order: Order
    deal: Deal
    by: str

    def may(self, act: str) -> str:
        """The phase after `act`. Raises Refused for a phase that does not know it, then for a side that may not (M6)."""
        return LIFE.move(phase(self.order), act, by=self.by)

    def ids(self) -> dict[str, str]:
        """What every act about an order answers."""
        return {"order": str(self.order.id), "deal": str(self.deal.id)}


def get(turn: Turn, order_id: UUID) -> Order:
    """The order in this conversation. Raises NotFound."""
    order = Order.objects.find(turn.conversation, order_id)
    if order is None:
        raise NotFound
    return order


@written
def stages_of(where: UUID, order: UUID) -> QuerySet[Stage]:
    """The stages an order is paid in, first one first."""
    return Stage.objects.of(where).filter(order_id=order).order_by("n")


def get_case(turn: Turn, order_id: UUID) -> Case:
    """The order, its deal and the side, after the look whether the caller saw the newest. Raises NotFound, Refused when stale."""
    order = get(turn, order_id)
    deal = panel.get(turn, order.deal_id)
    panel.fresh(turn, deal)
    by = (deal.side_of(turn.call.company) or "") if turn.call.actor == "person" else turn.call.actor
    return Case(turn, order, deal, by)


def sided_case(turn: Turn, order_id: UUID) -> Case:
    """As `get_case`, for acts of either side: the buyer's people need to buy, the supplier's to sell.

    The role comes before the order (M6), so who could do neither is refused before he learns whether there is one.
    """
    role = next((side.role for side in turn.sides if side.company and side.company == turn.call.company), None)
    if turn.call.actor == "person" and not can(role, "sell"):
        turn.require("buy")
    case = get_case(turn, order_id)
    turn.require("buy" if case.by == "buyer" else "sell")
    return case
