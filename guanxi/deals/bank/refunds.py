"""What the supplier owes back of money on his own account. We cannot return it: he pays, in whole or in parts, and the buyer confirms each."""

from typing import Any
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from guanxi.base.db import advance, advance_all, rewrite
from guanxi.base.errors import Invalid, Refused
from guanxi.base.ids import new_id
from guanxi.deals.bank import matter
from guanxi.deals.bank.matter import NOBODY, picture
from guanxi.deals.bank.rules import REFUND, REPAY_WITHIN
from guanxi.deals.bank.table import BankRefund
from guanxi.deals.order.find import Case, get_case
from guanxi.deals.order.rules import STAGE
from guanxi.deals.order.table import Stage
from guanxi.pay import book
from guanxi.pay.book import Move
from guanxi.talk.call import Call
from guanxi.talk.turn import Turn, turn


def open_debt(case: Case, amount: int, *, why: str, counted: bool) -> BankRefund:
    """From now on the supplier owes `amount` minor units back. `counted`: it had counted towards the price, and does no more.

    Inside a turn; the caller refreshes the panel. Money that had not counted stands in the book as repayable already.
    """
    turn, order = case.turn, case.order
    if counted:
        spend(case, amount)
    last = BankRefund.objects.of(turn.conversation).filter(order=order).aggregate(n=Max("n"))["n"]
    row = BankRefund.objects.create(
        id=new_id(), conversation_id=turn.conversation, order=order, n=(last or 0) + 1, buyer_id=order.buyer_id, supplier_id=order.supplier_id, why=why,
        counted=counted, amount=amount, currency=order.currency, due_at=turn.now + REPAY_WITHIN, opened_at=turn.now,
    )  # fmt: skip
    if counted:
        matter.post(turn, order, Move(book.received(order.id), book.repayable(order.id), amount), movement=row.id, act="bank.owed")
    turn.add("bank.owed", told(case, row) | {"why": why, "counted": counted, "due_at": row.due_at.isoformat()}, about=case.deal.id)
    return row


def spend(case: Case, amount: int) -> None:
    """Less of the order's price lies with the supplier."""
    order, left = case.order, case.order.received - amount
    if rewrite(order, {"received": left}, {"pk": order.pk, "conversation_id": case.turn.conversation, "received": order.received}) != 1:
        raise Refused("changed-meanwhile", _("This has just changed. Look again, then decide."))
    order.received = left


def told(case: Case, row: BankRefund) -> dict[str, Any]:
    """What every entry about a refund holds."""
    return picture(case.order) | {"refund": str(row.id), "n": row.n, "amount": row.amount}


def get(turn: Turn, refund_id: UUID) -> tuple[Case, BankRefund]:
    """The refund in this conversation. Raises NotFound, Refused when stale."""
    found = BankRefund.objects.find(turn.conversation, refund_id)
    case = get_case(turn, found.order_id if found else NOBODY)
    assert found is not None, "there is no order without an id"
    return case, found


def waiting(company: UUID) -> list[BankRefund]:
    """What this company has to pay back, or to confirm, the shortest clock first: one statement. Deals that wait for it alone stand there themselves."""
    mine = Q(supplier_id=company, state="owed") | Q(buyer_id=company, state="repaid")
    return list(BankRefund.objects.filter(mine).exclude(order__state="cancelled").select_related("order").order_by("due_at")[:50])


def repay(call: Call, *, refund_id: UUID, amount: int | None = None, currency: str = "", note: str = "") -> dict[str, Any]:
    """The supplier says that he paid back: all that is open, or `amount` of it, minor units. Raises NotFound, Refused, Invalid."""
    with turn(call) as t:
        t.require("money")
        case, row = get(t, refund_id)
        to, open_ = REFUND.move(row.state, "repay", by=case.by), row.amount - row.done
        sent = open_ if amount is None else amount
        if not 0 < sent <= open_ or (currency and currency != row.currency):
            raise Invalid({"amount": _("This is more than is owed, or another currency.")})
        advance(row, to=to, claimed=sent, due_at=t.now + REPAY_WITHIN)
        t.add("bank.repaid", told(case, row) | {"claimed": sent, "note": note, "due_at": row.due_at.isoformat()}, about=case.deal.id)
        matter.show(case)
        t.result |= {"refund": str(row.id), **case.ids()}
    return t.result


def got(call: Call, *, refund_id: UUID) -> dict[str, Any]:
    """The buyer has what the supplier says he paid back; when it was a part, the rest stays owed. Raises NotFound, Refused."""
    with turn(call) as t:
        t.require("money")
        case, row = get(t, refund_id)
        part, whole = row.claimed, row.done + row.claimed == row.amount
        to = REFUND.move(row.state, "got" if whole else "got_part", by=case.by)
        matter.post(t, case.order, Move(book.repayable(case.order.id), book.bank(case.order.supplier_id), part), movement=new_id(), act="bank.refunded")
        advance(row, to=to, done=row.done + part, claimed=0, due_at=t.now + REPAY_WITHIN, closed_at=t.now if whole else None)
        body = told(case, row) | {"got": part, "left": row.amount - row.done, "whole": whole, "stages": give_back(case) if whole else []}
        t.add("bank.refunded", body, about=case.deal.id)
        matter.show(case)
        t.result |= {"refund": str(row.id), **case.ids()}
    return t.result


def give_back(case: Case) -> list[int]:
    """The stages of a cancelled order whose money is back: refunded now; their numbers."""
    if case.order.state != "cancelled" or case.order.received or case.order.bank_refunds.exclude(state="closed").exists():
        return []
    stages = list(Stage.objects.of(case.turn.conversation).filter(order=case.order, state="received").order_by("n"))
    advance_all(stages, to=STAGE.move("received", "repay", by=case.by))
    return [stage.n for stage in stages]


def miss(call: Call, *, refund_id: UUID, reason: str = "") -> dict[str, Any]:
    """The buyer looked and the repayment is not there: it is owed as before."""
    with turn(call) as t:
        t.require("money")
        case, row = get(t, refund_id)
        advance(row, to=REFUND.move(row.state, "miss", by=case.by), claimed=0, due_at=t.now + REPAY_WITHIN)
        t.add("bank.missing", told(case, row) | {"reason": reason, "due_at": row.due_at.isoformat()}, about=case.deal.id)
        matter.show(case)
        t.result |= {"refund": str(row.id), **case.ids()}
    return t.result
