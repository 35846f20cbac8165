"""A dispute inside a turn: the row with its order, what stands at stake, whose turn it is, what an entry shows of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from guanxi.base.db import advance
from guanxi.deals.deal import panel
from guanxi.deals.dispute import rules
from guanxi.deals.dispute.rules import Plan, Stakes
from guanxi.deals.dispute.table import Dispute, Proposal
from guanxi.deals.order.find import Case, sided_case
from guanxi.deals.order.table import OrderLine
from guanxi.deals.shipment import arrival
from guanxi.talk.turn import Turn

NOBODY = UUID(int=0)
TURNS = {"returning": "send_back", "sent_back": "take_back", "owing": "repay", "repaid": "repaid", "escalated": "ruling"}  # the panel's names


@dataclass(slots=True)
class Matter:
    """One dispute under its conversation's lock."""

    case: Case
    dispute: Dispute

    @property
    def turn(self) -> Turn:
        return self.case.turn

    @property
    def side(self) -> str:
        """buyer, supplier, staff or clock."""
        return self.case.by

    def move(self, act: str) -> str:
        """The state after `act`. Raises Refused."""
        return rules.move(self.dispute.state, act, side=self.side, opened_by=self.dispute.opened_by)

    def ids(self) -> dict[str, str]:
        return {"dispute": str(self.dispute.id), **self.case.ids()}


def get(turn: Turn, dispute_id: UUID) -> Matter:
    """The dispute in this conversation, for a side whose role may act. Raises Refused, NotFound, Refused when stale: in this order."""
    found = Dispute.objects.of(turn.conversation).filter(pk=dispute_id).first()
    case = sided_case(turn, found.order_id if found else NOBODY)
    assert found is not None, "there is no order without an id"
    return Matter(case, found)


def other(side: str) -> str:
    return "supplier" if side == "buyer" else "buyer"


def company(case: Case, side: str) -> UUID | None:
    """Who a side is; None for the operator."""
    return {"buyer": case.order.buyer_id, "supplier": case.order.supplier_id}.get(side)


def standing(matter: Matter) -> Proposal | None:
    """The proposal that waits for an answer."""
    return Proposal.objects.of(matter.turn.conversation).filter(dispute=matter.dispute, state="open").first()


def wait(matter: Matter, *, to: str, side: str, within: timedelta, name: str = "", **changes: Any) -> None:
    """The next move is `side`'s; its clock starts. `name` is what the panel calls it."""
    turn, due = matter.turn, matter.turn.now + within
    advance(matter.dispute, to=to, turn=side, due_at=due, **changes)
    turn.effect("dispute.lapse", {"dispute": str(matter.dispute.id)}, due_at=due)
    show(matter, name)


def show(matter: Matter, name: str = "") -> None:
    """The deal's panel: whose turn, for what, until when. After the act's entries."""
    dispute, case = matter.dispute, matter.case
    name = name or TURNS.get(dispute.state, "dispute")
    panel.refresh(matter.turn, case.deal, state="live", turn_name=name, turn_company=company(case, dispute.turn), due_at=dispute.due_at)


def stay(matter: Matter) -> None:
    """An entry more, and nothing else: the same side stays at turn."""
    deal = matter.case.deal
    panel.refresh(matter.turn, deal, turn_name=deal.turn, turn_company=deal.turn_company, due_at=deal.due_at)


def stakes(case: Case, rows: Sequence[OrderLine], frozen: int) -> Stakes:
    """What plans about this order may speak of."""
    shipped = {line.n: line.shipped - line.returned for line in rows}
    order = case.order
    way = {line.n: line.shipped - line.received for line in rows}
    return Stakes(frozen + order.received, order.released + order.received, order.state == "placed", shipped, way)


def stake(matter: Matter) -> int:
    """What a plan divides while the order runs: frozen money, and what the supplier has on his own account."""
    return matter.dispute.frozen + (matter.case.order.received if matter.case.order.state == "placed" else 0)


def lines(rows: Sequence[OrderLine], quantities: dict[int, Decimal]) -> list[dict[str, Any]]:
    """Lines of a plan as entries show them."""
    by_n = {line.n: line for line in rows}
    return [{"n": n, "name": by_n[n].name, "spec": by_n[n].spec, "unit": by_n[n].unit, "quantity": f"{q.normalize():f}"} for n, q in quantities.items()]


def plan_picture(plan: Plan, rows: Sequence[OrderLine], frozen: int) -> dict[str, Any]:
    """A plan as entries show it: with the names of its lines and what would be the supplier's."""
    return {"kind": plan.kind, "refund": plan.refund, "lines": lines(rows, plan.lines), "frozen": frozen}


def picture(matter: Matter) -> dict[str, Any]:
    """What every entry about a dispute holds."""
    return arrival.picture(matter.case.order) | {"dispute": str(matter.dispute.id), "n": matter.dispute.n, "side": matter.side}
