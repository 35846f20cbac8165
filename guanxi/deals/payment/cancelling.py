"""What cancelling an order changes, inside a turn: the order, its stages, and the money that goes back."""

from guanxi.base.db import advance, advance_all
from guanxi.deals.award import lines
from guanxi.deals.bank import matter
from guanxi.deals.bank.refunds import open_debt
from guanxi.deals.deal import panel
from guanxi.deals.order.acts import said
from guanxi.deals.order.find import Case
from guanxi.deals.order.rules import MONEY, ORDER
from guanxi.deals.order.table import Stage
from guanxi.deals.payment import escrow
from guanxi.deals.payment.escrow import Cause
from guanxi.deals.payment.rules import STAGE


def cancel(case: Case, *, reason: str, agreed: bool = False) -> None:
    """End the order; `agreed`: the supplier said yes to the buyer's wish. A payment on its way is returned when it arrives.

    What the supplier has on his own account nobody here can return: he owes it (design.md section 6).
    """
    turn, order = case.turn, case.order
    returned = escrow.return_all(turn, order, cause=Cause(order.id, "order.cancelled", case.by)) if order.money != "none" else 0
    owed = order.received
    close_stages(case)
    money = {"money": MONEY.move(order.money, "return", by=case.by)} if returned else {}
    advance(order, to=ORDER.move(order.state, "cancel", by=case.by), ended_at=turn.now, **money)
    body = said(order, side=case.by, reason=reason) | {"returned": returned, "agreed": agreed} | ({"owed": owed} if owed else {})
    turn.add("order.cancelled", body, about=case.deal.id)
    lines.free(order.id, now=turn.now)
    if owed:
        open_debt(case, owed, why="cancelled", counted=True)
        matter.show(case)
    else:
        panel.refresh(turn, case.deal, state="lapsed")


def close_stages(case: Case) -> None:
    """What was due is due no more; what was held is returned."""
    stages = list(Stage.objects.of(case.turn.conversation).filter(order=case.order))
    advance_all([stage for stage in stages if stage.state == "due"], to=STAGE.move("due", "cancel", by=case.by))
    if held := [stage for stage in stages if stage.state == "held"]:
        advance_all(held, to=STAGE.move("held", "return", by=case.by))
