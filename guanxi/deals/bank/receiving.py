"""The supplier confirms what arrived on his account: two people, or one with a second factor; what fits a stage counts, the rest is settled by an act.

Money moves in the book here and nowhere else about bank transfers, on the supplier's word alone (quality.md M10): it lies on his own account.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.base.db import advance, advance_all
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.deals.bank import matter, refunds
from guanxi.deals.bank.acts import begin, check_claim, free_number
from guanxi.deals.bank.matter import Matter, first_due, stages_of, still, told
from guanxi.deals.bank.rules import SETTLING, TRANSFER, arrived
from guanxi.deals.order.find import get_case
from guanxi.deals.order.rules import MONEY, STAGE
from guanxi.deals.order.table import Stage
from guanxi.pay import book
from guanxi.pay.book import Move
from guanxi.talk.call import Call
from guanxi.talk.turn import turn

COUNT = """
    UPDATE deals_stage s SET received = s.received + v.part FROM unnest(%s::uuid[], %s::bigint[]) AS v(id, part)
    WHERE s.conversation_id = %s AND s.id = v.id AND s.state = 'due'
"""
SECOND = _("A second person of your company has to confirm this, or you yourself after showing your second factor.")


def receive(call: Call, *, transfer_id: UUID, amount: int, currency: str = "") -> dict[str, Any]:
    """`amount` minor units of this transfer lie on our account. The first person's word is kept; a second one's, or a second factor, counts it.

    Raises NotFound, Refused (state, the same person twice, two people who saw different amounts), Invalid.
    """
    with turn(call) as t:
        t.require("money")
        at = matter.get(t, transfer_id)
        TRANSFER.move(at.transfer.state, "match", by=at.case.by)
        if currency and currency != at.case.order.currency:
            raise Invalid({"amount": _("This is another currency.")})
        stand_for(at, amount)
        t.result |= at.ids()
    return t.result


def found(call: Call, *, order_id: UUID, amount: int, paid_on: date, payer: str = "", note: str = "", currency: str = "") -> dict[str, Any]:
    """The supplier found money on his account that nobody had told of, and lays it to this order; then it is settled like any other.

    Raises NotFound, Refused, Invalid.
    """
    with turn(call) as t:
        t.require("money")
        case = get_case(t, order_id)
        if case.by != "supplier":
            raise Refused("order-not-yours", TRANSFER.wrong)
        number = free_number(case)
        check_claim(case, amount, currency, paid_on)
        stages = stages_of(case)
        if not stages:
            raise NotFound
        row = begin(case, first_due(stages) or stages[-1], "supplier", n=number, claimed=amount, paid_on=paid_on, payer=payer, note=note)
        at = Matter(case, row, stages)
        t.add("bank.sent", told(at) | {"side": "supplier", "paid_on": paid_on.isoformat(), "payer": payer, "note": note}, about=case.deal.id)
        stand_for(at, amount)
        t.result |= at.ids()
    return t.result


def stand_for(at: Matter, amount: int) -> None:
    """One person says that so much arrived: with a second factor, or as the second one, it did."""
    row, call = at.transfer, at.turn.call
    alone = matter.is_one_enough(at.turn)
    if row.first_by is None and not alone:
        advance(row, to=TRANSFER.move(row.state, "confirm", by=at.case.by), first_by=call.by, first_name=call.name, first_amount=amount)
        at.turn.add("bank.half", told(at) | {"got": amount}, about=at.case.deal.id)
        matter.show(at.case)
        return
    if row.first_by == call.by and not alone:
        raise Refused("second-person", SECOND)
    if row.first_by is not None and row.first_amount != amount:
        raise Refused("amounts-differ", _("Your colleague saw another amount. Talk to each other; whoever was wrong says that nothing arrived."))
    take(at, amount, alone=alone and (row.first_by in (None, call.by)))


def take(at: Matter, got: int, *, alone: bool) -> None:
    """The money is there: what fits counts, what does not waits, what comes after the order's end goes back."""
    row, order, turn = at.transfer, at.case.order, at.turn
    call, into = turn.call, book.bank(order.supplier_id)
    act = "be_late" if order.state != "placed" else "fall_short" if order.dispute_id and got <= still(at.stage) else arrived(got, still(at.stage))
    to = TRANSFER.move(row.state, act, by=at.case.by)
    fits = got if act == "match" else 0
    advance(row, to=to, got=got, counted=fits, received_by=call.by, received_name=call.name, received_at=turn.now, factor=alone)
    target = {"match": book.received, "be_late": book.repayable}.get(act, book.unsettled)
    matter.post(turn, order, Move(into, target(order.id), got), movement=row.id, act="bank.received")
    names = [name for name in (row.first_name, call.name) if name]
    body = told(at) | {"got": got, "still": still(at.stage), "outcome": row.state, "by": names, "factor": alone}
    if act == "match":
        body |= count(at, got)
    turn.add("bank.received", body, about=at.case.deal.id)
    if act == "be_late":
        refunds.open_debt(at.case, got, why="late", counted=False)
    matter.show(at.case)


def count(at: Matter, amount: int) -> dict[str, Any]:
    """`amount` goes towards the stages that are due, from this transfer's on; order and stages, and what the entry says of it.

    Raises Refused when the stages do not ask for so much.
    """
    order, by = at.case.order, at.case.by
    parts = spread([at.stage, *(stage for stage in at.stages if stage.id != at.stage.id)], amount)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [[stage.id for stage, _part in parts], [part for _stage, part in parts], at.turn.conversation])
        if cursor.rowcount != len(parts):
            raise Refused("changed-meanwhile", _("This has just changed. Look again, then decide."))
    for stage, part in parts:
        stage.received += part
    advance_all([stage for stage, _part in parts if stage.received == stage.amount], to=STAGE.move("due", "receive", by=by))
    act = fills(at.stages)
    advance(order, field="money", to=MONEY.move(order.money, act, by=by), received=order.received + amount)
    counted = [{"n": stage.n, "amount": part, "whole": stage.state == "received"} for stage, part in parts]
    return {"counted": counted, "money": act, "received": order.received, "all": act != "receive"}


def spread(stages: Sequence[Stage], amount: int) -> list[tuple[Stage, int]]:
    """`amount` over what these stages still ask for, in their order. Raises Refused when that is less."""
    parts = []
    for stage in stages:
        if part := min(amount, still(stage)):
            parts.append((stage, part))
            amount -= part
    if amount:
        raise Refused("too-much", _("No open stage of this order asks for so much; the surplus has to go back."))
    return parts


def fills(stages: Sequence[Stage]) -> str:
    """The act of the order's money: everything is paid, with escrow in it or without, or a part of it."""
    if any(stage.state == "due" for stage in stages):
        return "receive"
    return "fill" if any(stage.state == "held" for stage in stages) else "receive_all"


def settle(call: Call, *, transfer_id: UUID, how: str) -> dict[str, Any]:
    """Another amount arrived than was asked for. `how`: count it as a part and ask for the rest; credit the surplus to the next stages; pay the
    surplus back; pay all of it back. Raises NotFound, Refused (state, side, dispute), Invalid."""
    with turn(call) as t:
        t.require("money")
        if how not in SETTLING:
            raise Invalid({"how": _("Choose one of the list.")})
        at = matter.get(t, transfer_id)
        row, order = at.transfer, at.case.order
        to = TRANSFER.move(row.state, how, by=at.case.by)
        check_running(at, how)
        counted = {"count": row.got, "credit": row.got, "surplus": min(row.got, still(at.stage)), "back": 0}[how]
        advance(row, to=to, counted=counted)
        body = told(at) | {"how": how, "got": row.got, "side": at.case.by, "surplus": row.got - counted}
        from_ = book.unsettled(order.id)
        moves = (Move(from_, book.received(order.id), counted), Move(from_, book.repayable(order.id), row.got - counted))
        matter.post(t, order, *moves, movement=settled_movement(at), act="bank.settled")
        t.add("bank.settled", body | (count(at, counted) if counted else {}), about=at.case.deal.id)
        if row.got > counted:
            refunds.open_debt(at.case, row.got - counted, why="unwanted" if how == "back" else "surplus", counted=False)
        matter.show(at.case)
        t.result |= at.ids()
    return t.result


def settled_movement(at: Matter) -> UUID:
    """The movement's own id, always the same for one transfer: the book takes it once."""
    return UUID(int=at.transfer.id.int ^ 1)


def check_running(at: Matter, how: str) -> None:
    """Raises Refused when the money is to count for an order that has ended, or that a dispute froze."""
    order = at.case.order
    if how != "back" and order.state != "placed":
        raise Refused("order-ended", _("This order has ended; the money has to go back."))
    if order.dispute_id:
        raise Refused("order-disputed", _("There is a dispute about this order: nothing moves until it is settled."))
