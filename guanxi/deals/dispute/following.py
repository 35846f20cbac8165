"""After it is decided, or when it cannot be among the two: the operator's ruling, goods that go back, money paid back, and the clock."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid, NotFound
from guanxi.deals.dispute import matter, outcome, rules
from guanxi.deals.dispute.acts import to_operator
from guanxi.deals.dispute.matter import Matter
from guanxi.deals.dispute.rules import CONFIRM_WITHIN, REPAY_WITHIN, TAKE_BACK_WITHIN, Plan, plan_of
from guanxi.deals.shipment.acts import lines_of
from guanxi.talk.call import Call
from guanxi.talk.turn import turn


def rule(call: Call, *, dispute_id: UUID, plan: Plan, release: int | None = None, reason: str) -> dict[str, Any]:
    """The operator decides (actor `staff` only): the plan's refund to the buyer, the rest to the supplier, goods back first or the order going on.

    `release`, when given, is what the operator thinks the supplier gets: refund and release must be all that is frozen (quality.md M14).
    Raises NotFound, Refused (not escalated), Invalid.
    """
    if call.actor != "staff":
        raise NotFound
    with turn(call) as t:
        at = matter.get(t, dispute_id)
        at.move("rule")
        if not reason.strip():
            raise Invalid({"reason": _("Say why.")})
        rows = lines_of(at.case)
        rules.check(plan, matter.stakes(at.case, rows, at.dispute.frozen))
        if release is not None and plan.kind != "go_on" and at.case.order.state == "placed" and release + plan.refund != matter.stake(at):
            raise Invalid({"release": _("Both parts together must be what is frozen.")})
        body = matter.picture(at) | {"plan": matter.plan_picture(plan, rows, matter.stake(at)), "text": reason}
        outcome.conclude(at, plan, act="rule", kind="dispute.ruled", outcome="ruled", body=body, ruling=reason)
        t.result |= at.ids()
    return t.result


def send_back(call: Call, *, dispute_id: UUID, carrier: str, waybill: str = "") -> dict[str, Any]:
    """The buyer has sent the goods back; the supplier has ten days to confirm."""
    with turn(call) as t:
        at = matter.get(t, dispute_id)
        to = at.move("send_back")
        body = {"carrier": carrier, "waybill": waybill, "lines": decided(at), "due_at": (t.now + TAKE_BACK_WITHIN).isoformat()}
        t.add("dispute.sent_back", matter.picture(at) | body, about=at.case.deal.id)
        matter.wait(at, to=to, side="supplier", within=TAKE_BACK_WITHIN, carrier=carrier, waybill=waybill)
        t.result |= at.ids()
    return t.result


def take_back(call: Call, *, dispute_id: UUID) -> dict[str, Any]:
    """The supplier has the goods back: money moves as it was decided."""
    with turn(call) as t:
        at = matter.get(t, dispute_id)
        taken_back(at)
        t.result |= at.ids()
    return t.result


def taken_back(at: Matter) -> None:
    """By the supplier, or by the clock ten days after they were sent."""
    to = at.move("take_back")
    plan = plan_of(at.dispute.plan or {})
    debt = outcome.is_debt(at, plan)
    to = at.move("take_back_debt") if debt else to
    body = matter.picture(at) | {"lines": decided(at)}
    outcome.take_in(at, plan)
    if debt:
        at.turn.add("dispute.taken_back", body | {"next": "repay", "refund": plan.refund}, about=at.case.deal.id)
        matter.wait(at, to=to, side="supplier", within=REPAY_WITHIN)
    else:
        outcome.end(at, plan, to=to, kind="dispute.taken_back", body=body)


def contest(call: Call, *, dispute_id: UUID, text: str) -> dict[str, Any]:
    """What was decided was not kept: the supplier got back other goods, or the buyer no money. The operator decides."""
    with turn(call) as t:
        at = matter.get(t, dispute_id)
        to = at.move("contest")
        if not text.strip():
            raise Invalid({"text": _("Say why.")})
        to_operator(at, to, text)
        t.result |= at.ids()
    return t.result


def repay(call: Call, *, dispute_id: UUID, text: str = "") -> dict[str, Any]:
    """The supplier has paid back, outside escrow; the buyer has a week to confirm."""
    with turn(call) as t:
        at = matter.get(t, dispute_id)
        to = at.move("repay")
        refund = plan_of(at.dispute.plan or {}).refund
        body = {"refund": refund, "text": text, "due_at": (t.now + CONFIRM_WITHIN).isoformat()}
        t.add("dispute.repaid", matter.picture(at) | body, about=at.case.deal.id)
        matter.wait(at, to=to, side="buyer", within=CONFIRM_WITHIN)
        t.result |= at.ids()
    return t.result


def got_back(call: Call, *, dispute_id: UUID) -> dict[str, Any]:
    """The buyer has the money that the supplier paid back."""
    with turn(call) as t:
        at = matter.get(t, dispute_id)
        got(at)
        t.result |= at.ids()
    return t.result


def got(at: Matter) -> None:
    """By the buyer, or by the clock a week after the supplier's word."""
    to = at.move("got_back")
    plan = plan_of(at.dispute.plan or {})
    outcome.end(at, plan, to=to, kind="dispute.got_back", body=matter.picture(at) | {"refund": plan.refund})


def decided(at: Matter) -> list[dict[str, Any]]:
    """The lines that go back, as entries show them."""
    rows = lines_of(at.case)
    plan = plan_of(at.dispute.plan or {})
    return matter.lines(rows, plan.lines or {line.n: line.shipped - line.returned for line in rows if line.shipped > line.returned})


def lapse(call: Call, *, dispute_id: UUID) -> dict[str, Any]:
    """By the clock: who owed a move did not make it. Early, late or again, it does nothing (quality.md M21)."""
    with turn(call) as t:
        at = matter.get(t, dispute_id)
        due, state = at.dispute.due_at, at.dispute.state
        if due is None or due > call.now or state in ("escalated", "closed"):
            return {}
        if state == "sent_back":
            taken_back(at)
        elif state == "repaid":
            got(at)
        else:
            to_operator(at, at.move("escalate" if state in ("open", "answered") else "contest"), "", why=state)
        t.result |= at.ids()
    return t.result
