"""Changing an order by mutual consent: one side proposes, the other accepts or declines; until then the order stands as it is."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base.db import advance
from guanxi.base.errors import NotFound, Refused
from guanxi.base.ids import new_id
from guanxi.deals.change import applying
from guanxi.deals.change.plan import Plan, Wish, freeze, wish_of, work_out
from guanxi.deals.change.rules import ANSWER_WITHIN, CHANGE
from guanxi.deals.change.stages import quiet
from guanxi.deals.change.table import Change
from guanxi.deals.deal import panel
from guanxi.deals.order.find import Case, get_case, sided_case
from guanxi.deals.order.table import Order, OrderLine
from guanxi.talk.call import Call
from guanxi.talk.turn import Turn, turn

CANCELLING = Refused("cancel-asked", _("The buyer asked to cancel this order. Answer that first."))


def propose(call: Call, *, order_id: UUID, wish: Wish) -> dict[str, Any]:
    """Say what shall be otherwise; a newer proposal of the same side comes instead of its open one. Gives {change, order, deal}.

    Raises NotFound, Refused, Invalid (less than was shipped, more money once goods are on their way, or nothing changed).
    """
    with turn(call) as here:
        case = sided_case(here, order_id)
        case.may("change")
        if case.order.cancel_asked_at:
            raise CANCELLING
        before = Change.objects.of(here.conversation).filter(order=case.order).order_by("-n").first()
        if before is not None and before.state == "open":
            if before.side != case.by:
                raise Refused("answer-first", _("The other side proposed a change: answer that one."))
            advance(before, to=CHANGE.move(before.state, "replace", by="maker"))
        rows = lines_of(case)
        plan = work_out(case.order, rows, wish)
        quiet(case, plan.total)
        made = store(case, rows, plan, wish, n=before.n + 1 if before else 1)
        advance(case.order, field="change_id", to=made.id)
        here.effect("change.expire", {"change": str(made.id)}, due_at=made.expires_at)
        said(case, "change.proposed", made)
        other = case.order.supplier_id if case.by == "buyer" else case.order.buyer_id
        panel.refresh(here, case.deal, turn_name="change", turn_company=other, due_at=made.expires_at)
    return here.result


def accept(call: Call, *, change_id: UUID) -> dict[str, Any]:
    """The other side agrees: the order has its next version, stages and held money follow, a contract that stood is drawn up anew.

    Raises NotFound, Refused, and Invalid when the change fits the order no more.
    """
    with turn(call) as here:
        change, case = reach(here, change_id)
        after = CHANGE.move(change.state, "accept", by=seat(case, change))
        case.may("change")
        if case.order.cancel_asked_at:
            raise CANCELLING
        if change.expires_at <= call.now:
            raise Refused("change-expired", CHANGE.refusals["expired"])
        rows = lines_of(case)
        plan = work_out(case.order, rows, wish_of(change.terms, change.freight, change.ship_by))
        payments = quiet(case, plan.total)
        advance(change, to=after)
        moved, shown = applying.apply(case, rows, change, plan, payments)
        said(case, "change.accepted", change, **shown)
        applying.tell_turn(case, moved)
    return here.result


def decline(call: Call, *, change_id: UUID, reason: str = "") -> dict[str, Any]:
    """The other side does not agree; the order stands as it is."""
    return end(call, change_id, "decline", "change.declined", reason=reason)


def withdraw(call: Call, *, change_id: UUID) -> dict[str, Any]:
    """The side that proposed it takes it back."""
    return end(call, change_id, "withdraw", "change.withdrawn")


def expire(call: Call, *, change_id: UUID) -> dict[str, Any]:
    """By the clock: nobody answered in time. Early, late or again, it does nothing (quality.md M21)."""
    with turn(call) as here:
        change = find(here, change_id)
        if change.state != "open" or change.expires_at > call.now:
            return {}
        close(get_case(here, change.order_id), change, "expire", "change.expired", by="clock")
    return here.result


def end(call: Call, change_id: UUID, act: str, kind: str, *, reason: str = "") -> dict[str, Any]:
    """A proposal ends and changes nothing."""
    with turn(call) as here:
        change, case = reach(here, change_id)
        close(case, change, act, kind, by=seat(case, change), reason=reason)
    return here.result


def close(case: Case, change: Change, act: str, kind: str, *, by: str, reason: str = "") -> None:
    """The proposal's end, its entry, and whose turn it is again."""
    advance(change, to=CHANGE.move(change.state, act, by=by))
    advance(case.order, field="change_id", to=None)
    said(case, kind, change, reason=reason)
    if case.deal.turn == "change":
        applying.pass_turn(case, lines_of(case))
    else:
        panel.touch(case.turn, case.deal)


def reach(here: Turn, change_id: UUID) -> tuple[Change, Case]:
    """The proposal and its order, for a role that may act on this side. Raises NotFound, Refused."""
    here.require("talk")
    change = find(here, change_id)
    return change, sided_case(here, change.order_id)


def find(here: Turn, change_id: UUID) -> Change:
    """The proposal in this conversation. Raises NotFound."""
    change = Change.objects.find(here.conversation, change_id)
    if change is None:
        raise NotFound
    return change


def seat(case: Case, change: Change) -> str:
    return "maker" if case.by == change.side else "other"


def lines_of(case: Case) -> list[OrderLine]:
    """The order's lines by number."""
    return list(OrderLine.objects.of(case.turn.conversation).filter(order=case.order).order_by("n"))


def store(case: Case, rows: Sequence[OrderLine], plan: Plan, wish: Wish, *, n: int) -> Change:
    """The row of a proposal."""
    here, order = case.turn, case.order
    return Change.objects.create(
        id=new_id(), conversation_id=here.conversation, order=order, n=n, side=case.by, by_person=here.call.by, by_name=here.call.name,
        terms=freeze(order, rows, plan, wish), goods=plan.goods, freight=plan.freight, tax=plan.tax, total=plan.total, ship_by=plan.ship_by, note=wish.note,
        expires_at=here.now + ANSWER_WITHIN, at=here.now,
    )  # fmt: skip


def said(case: Case, kind: str, change: Change, **more: Any) -> None:
    """The entry about a proposal, with everything its card shows."""
    order: Order = case.order
    body = {
        "v": 1, **case.ids(), "change": str(change.id), "n": change.n, "number": order.number, "title": order.title, "currency": order.currency,
        "lines": change.terms["lines"], "was": change.terms["was"], "freight": change.freight, "total": change.total,
        "ship_by": change.ship_by.isoformat(), "note": change.note, "side": change.side,
    }  # fmt: skip
    case.turn.add(kind, body | {name: value for name, value in more.items() if value not in ("", None)}, about=case.deal.id)
    case.turn.result |= {"change": str(change.id), **case.ids()}
