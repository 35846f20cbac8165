"""Open a dispute, talk about it, settle it by agreement, take it back, take it to the operator. What follows a decision stands in following.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from guanxi.base.db import advance
from guanxi.base.errors import Invalid, Refused
from guanxi.base.ids import new_id
from guanxi.deals.dispute import evidence, matter, outcome, rules
from guanxi.deals.dispute.matter import Matter
from guanxi.deals.dispute.rules import ANSWER_WITHIN, RULE_WITHIN, Plan, plan_of
from guanxi.deals.dispute.table import Dispute, Proposal
from guanxi.deals.order.find import Case, sided_case
from guanxi.deals.order.table import OrderLine
from guanxi.deals.payment import escrow
from guanxi.deals.shipment import arrival
from guanxi.deals.shipment import rules as goods_rules
from guanxi.deals.shipment.acts import lines_of
from guanxi.deals.shipment.arrival import Arrival
from guanxi.deals.shipment.quantities import Wrong, good, text
from guanxi.talk.call import Call
from guanxi.talk.turn import turn


@dataclass(frozen=True, slots=True)
class Wish:
    """What the opener asks for; `refund` None: what is wrong is worth so much, or all that is held. `kind` empty: what fits."""

    kind: str = ""
    refund: int | None = None
    lines: dict[int, Decimal] = field(default_factory=dict)


def begin(
    call: Call, *, order_id: UUID, reason: str, text: str, wish: Wish, files: Sequence[UUID] = (), right: Mapping[int, Decimal] | None = None,
    wrong: Mapping[int, Wrong] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Open a dispute: from now on nothing about the order moves but by its outcome, and the other side has three days to answer the wish.

    `wrong`: what is short or damaged by line; then `right` is confirmed in the same act, and its money released.
    Raises NotFound, Refused (phase, window, settled before), Invalid.
    """
    with turn(call) as t:
        case = sided_case(t, order_id)
        case.may("dispute")
        earlier = check_earlier(case)
        rows = take_in(case, right, wrong or {})
        at = opened(case, earlier + 1, reason, text, wrong or {})
        plan = planned(case, rows, at.dispute, wish, wrong or {})
        rules.check(plan, matter.stakes(case, rows, at.dispute.frozen))
        at.dispute.save(force_insert=True)
        advance(case.order, field="dispute_id", to=at.dispute.id, release_at=None, cancel_asked_at=None)
        shown = evidence.keep(at, text, files, n=1)
        proposal = propose_row(at, plan, "", 1)
        body = matter.picture(at) | {
            "reason": reason, "text": text, "files": shown.files, "wrong": at.dispute.wrong, "plan": matter.plan_picture(plan, rows, matter.stake(at)),
            "proposal": str(proposal.id), "frozen": at.dispute.frozen, "due_at": proposal.due_at.isoformat(),
        }  # fmt: skip
        t.add("dispute.opened", body, about=case.deal.id)
        t.effect("dispute.lapse", {"dispute": str(at.dispute.id)}, due_at=proposal.due_at)
        matter.show(at)
        t.result |= at.ids()
    return t.result


def check_earlier(case: Case) -> int:
    """How many disputes the order had. Raises Refused when its time is over, or one ended it before."""
    order = case.order
    found = list(Dispute.objects.of(case.turn.conversation).filter(order=order).values_list("n", "outcome"))
    if order.state == "completed":
        if order.ended_at is None or case.turn.now > order.ended_at + rules.AFTER:
            raise Refused("dispute-late", _("A dispute can be opened until 15 days after completion."))
        if any(outcome in ("agreed", "ruled") for _n, outcome in found):
            raise Refused("dispute-settled", _("A dispute about this order was settled before."))
    return max((n for n, _outcome in found), default=0)


def take_in(case: Case, right: Mapping[int, Decimal] | None, wrong: Mapping[int, Wrong]) -> Sequence[OrderLine]:
    """The lines; with something wrong, what is right is received first. What is wrong stays on its way: that is what the dispute is about."""
    rows = lines_of(case)
    if not wrong:
        return rows
    if case.by != "buyer" or case.order.state != "placed":
        raise Invalid({"lines": _("Only the buyer of a running order says what arrived.")})
    left = {line.n: line.shipped - line.received for line in rows}
    found = {n: quantity for n, quantity in (good(left, right, wrong) or {}).items() if quantity}
    if found:
        arrival.confirm(case, rows, Arrival(found))
    return rows


def opened(case: Case, n: int, reason: str, words: str, wrong: Mapping[int, Wrong]) -> Matter:
    """The row, not yet stored; what is frozen and what the release clock has left are as of now."""
    t, order = case.turn, case.order
    left = None if order.release_at is None else max(0, int((order.release_at - t.now).total_seconds()))
    return Matter(case, Dispute(
        id=new_id(), conversation_id=t.conversation, order=order, deal_id=case.deal.id, n=n, opened_by=case.by, by_person=t.call.by, reason=reason,
        text=words, wrong=[{"n": n, "short": text(one.short), "damaged": text(one.damaged)} for n, one in sorted(wrong.items())], currency=order.currency,
        frozen=escrow.held(t, order) if order.state == "placed" else 0, clock_left=left, turn=matter.other(case.by), due_at=t.now + ANSWER_WITHIN,
        opened_at=t.now,
    ))  # fmt: skip


def planned(case: Case, rows: Sequence[OrderLine], dispute: Dispute, wish: Wish, wrong: Mapping[int, Wrong]) -> Plan:
    """The wish as a plan: without an amount it is what the wrong goods are worth, or everything."""
    order = case.order
    usual = "go_on" if wrong and order.goods_state == "part" else "refund"
    refund = wish.refund
    if refund is None and wrong:
        worth = sum(goods_rules.value(line.total, line.quantity, wrong[line.n].sum) for line in rows if line.n in wrong)
        refund = min(dispute.frozen + order.received, int(order.total * worth / order.goods))
    if refund is None:
        refund = order.received + (dispute.frozen if order.state == "placed" else order.released)
    return Plan(wish.kind or usual, refund, wish.lines)


def propose_row(at: Matter, plan: Plan, words: str, n: int) -> Proposal:
    """The row of a proposal that waits for the other side."""
    t = at.turn
    return Proposal.objects.create(
        id=new_id(), conversation_id=t.conversation, dispute=at.dispute, n=n, side=at.side, by_person=t.call.by, by_name=t.call.name, plan=plan.body(),
        text=words, due_at=t.now + ANSWER_WITHIN, at=t.now,
    )  # fmt: skip


def propose(call: Call, *, dispute_id: UUID, plan: Plan, text: str = "") -> dict[str, Any]:
    """Another way to end it, in place of what was proposed before; the other side has three days. Raises NotFound, Refused, Invalid."""
    with turn(call) as t:
        at = matter.get(t, dispute_id)
        to = at.move("propose")
        rows = lines_of(at.case)
        rules.check(plan, matter.stakes(at.case, rows, at.dispute.frozen))
        before = Proposal.objects.of(t.conversation).filter(dispute=at.dispute)
        n = before.aggregate(n=Max("n"))["n"] or 0
        if found := before.filter(state="open").first():
            advance(found, to="replaced")
        made = propose_row(at, plan, text, n + 1)
        body = {"proposal": str(made.id), "of": n + 1, "plan": matter.plan_picture(plan, rows, matter.stake(at)), "text": text,
                "due_at": made.due_at.isoformat()}  # fmt: skip
        t.add("dispute.proposed", matter.picture(at) | body, about=at.case.deal.id)
        matter.wait(at, to=to, side=matter.other(at.side), within=ANSWER_WITHIN)
        t.result |= {"proposal": str(made.id), **at.ids()}
    return t.result


def accept(call: Call, *, dispute_id: UUID, proposal_id: UUID | None = None) -> dict[str, Any]:
    """Agree to the standing proposal: money moves exactly so, now or when the goods are back. Raises NotFound, Refused (own, replaced)."""
    with turn(call) as t:
        at = matter.get(t, dispute_id)
        found = answered(at, "accept", proposal_id)
        plan = plan_of(found.plan)
        rows = lines_of(at.case)
        rules.check(plan, matter.stakes(at.case, rows, at.dispute.frozen))
        advance(found, to="accepted")
        body = matter.picture(at) | {"proposal": str(found.id), "of": found.n, "plan": matter.plan_picture(plan, rows, matter.stake(at))}
        outcome.conclude(at, plan, act="accept", kind="dispute.agreed", outcome="agreed", body=body)
        t.result |= at.ids()
    return t.result


def refuse(call: Call, *, dispute_id: UUID, proposal_id: UUID | None = None, text: str = "") -> dict[str, Any]:
    """No to the standing proposal; who made it has three days for another, or it goes to the operator."""
    with turn(call) as t:
        at = matter.get(t, dispute_id)
        found = answered(at, "refuse", proposal_id)
        to = at.move("refuse")
        advance(found, to="refused")
        t.add("dispute.refused", matter.picture(at) | {"proposal": str(found.id), "of": found.n, "text": text}, about=at.case.deal.id)
        matter.wait(at, to=to, side=found.side, within=ANSWER_WITHIN, name="propose")
        t.result |= at.ids()
    return t.result


def answered(at: Matter, act: str, proposal_id: UUID | None) -> Proposal:
    """The standing proposal, which the other side made and the caller saw. Raises Refused."""
    at.move(act)
    found = matter.standing(at)
    if found is None:
        raise Refused("no-proposal", _("There is no proposal to answer now."))
    if proposal_id is not None and found.id != proposal_id:
        raise Refused("stale", _("Something newer came about this deal. Look at it, then decide."))
    rules.check_own(found.side, at.side)
    return found


def show(call: Call, *, dispute_id: UUID, text: str = "", files: Sequence[UUID] = ()) -> dict[str, Any]:
    """Add evidence: words, photos, files; nobody changes or removes it later. Raises NotFound, Refused, Invalid."""
    with turn(call) as t:
        at = matter.get(t, dispute_id)
        at.move("show")
        if not text and not files:
            raise Invalid({"text": _("Write something, or add a photo or a file.")})
        kept = evidence.keep(at, text, files)
        t.add("dispute.evidence", matter.picture(at) | {"of": kept.n, "text": text, "files": kept.files}, about=at.case.deal.id)
        matter.stay(at)
        t.result |= {"evidence": str(kept.id), **at.ids()}
    return t.result


def escalate(call: Call, *, dispute_id: UUID, text: str = "") -> dict[str, Any]:
    """Have the operator decide. Who opened it waits for a first answer, or until its time is over."""
    with turn(call) as t:
        at = matter.get(t, dispute_id)
        to_operator(at, at.move("escalate"), text)
        t.result |= at.ids()
    return t.result


def to_operator(at: Matter, to: str, words: str, *, why: str = "") -> None:
    """It lies with the operator; what was proposed is void. `why`: what a side did not do in time, when the clock brings it."""
    Proposal.objects.of(at.turn.conversation).filter(dispute=at.dispute, state="open").update(state="void")
    body = matter.picture(at) | {"text": words, "why": why, "due_at": (at.turn.now + RULE_WITHIN).isoformat()}
    at.turn.add("dispute.escalated", body, about=at.case.deal.id)
    matter.wait(at, to=to, side="staff", within=RULE_WITHIN, plan=None, outcome="")


def withdraw(call: Call, *, dispute_id: UUID, text: str = "") -> dict[str, Any]:
    """Who opened it takes it back: the freeze ends, the release clock runs on."""
    with turn(call) as t:
        at = matter.get(t, dispute_id)
        to = at.move("withdraw")
        Proposal.objects.of(t.conversation).filter(dispute=at.dispute, state="open").update(state="void")
        outcome.leave(at)
        advance(at.dispute, to=to, turn="", due_at=None, closed_at=t.now, outcome="withdrawn")
        t.add("dispute.withdrawn", matter.picture(at) | {"text": text}, about=at.case.deal.id)
        outcome.pass_on(at.case)
        t.result |= at.ids()
    return t.result
