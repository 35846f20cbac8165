"""Placing an order, which is accepting an offer; asking to cancel a paid one; the end of one nobody paid. Cancelling itself moves money: payment/acts.py."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base.db import advance
from guanxi.base.errors import NotFound, Refused
from guanxi.deals.award import lines
from guanxi.deals.deal import panel
from guanxi.deals.deal.table import Deal
from guanxi.deals.order.find import get_case
from guanxi.deals.order.placing import UNPAID_DAYS, draw_up, picture
from guanxi.deals.order.rules import ORDER, TRANSFER_OPEN, TRANSFER_WITHIN
from guanxi.deals.order.table import Order, Stage
from guanxi.deals.quote import ending
from guanxi.deals.quote.acts import reach
from guanxi.deals.quote.rules import by, check_time, move
from guanxi.deals.quote.table import Quote
from guanxi.deals.rfq import copies
from guanxi.deals.rfq.acts import award
from guanxi.deals.rfq.rules import INVITE
from guanxi.deals.rfq.table import Invite
from guanxi.talk.call import Call
from guanxi.talk.turn import Turn, Turns, turn, turns


def place(call: Call, *, quote_id: UUID, reason: str = "") -> dict[str, Any]:
    """The side to move accepts: the enquiry is awarded, the terms are an order, the others have lost. Gives {deal, order}.

    The others read the reason, if there is one. Refused when a line of the offer went to another supplier before (award/acts.py).

    Conversations are locked first, the enquiry's row after them, so that of two colleagues one wins.
    """
    if call.conversation is None:
        raise NotFound
    others, near = _others(call, quote_id)
    with turns(call, [call.conversation, *near]) as at:
        here = at[call.conversation]
        quote, deal = reach(here, quote_id)
        panel.fresh(here, deal)
        side, asked = deal.side_of(call.company) or "", deal.number
        after = move(quote.state, "accept", by=by(quote.side, side))
        check_time(quote.valid_until, call.now)
        if deal.rfq_id:
            award(deal.rfq_id, by=side, call=call)
            _win(here, deal)
        advance(quote, to=after)
        drawn = draw_up(here, quote, deal)
        order, stages = drawn.order, drawn.stages
        if deal.rfq_id:
            lines.claim(deal.rfq_id, {order.id: drawn.order_lines}, now=call.now)
        here.add("order.placed", picture(order, quote, stages), about=deal.id)
        here.effect("order.expire", {"order": str(order.id)}, due_at=stages[0].due_at + timedelta(days=UNPAID_DAYS))
        panel.refresh(here, deal, step="pay", turn_name="pay", turn_company=deal.buyer_id, due_at=stages[0].due_at, total=order.total,
                      order_id=order.id, number=order.number)  # fmt: skip
        _lose(at, deal, asked=asked, near=near, left=others[len(near) :], reason=reason if side == "buyer" else "")
        here.result = {"deal": str(deal.id), "order": str(order.id)}
    return here.result


def _others(call: Call, quote_id: UUID) -> tuple[list[UUID], list[UUID]]:
    """Conversations of the suppliers who lose when this offer wins, and those of them locked in this act: only the buyer reaches them."""
    deal = Quote.objects.of(call.conversation).filter(pk=quote_id).values("deal_id")[:1]
    asked = Deal.objects.filter(pk=deal).values("rfq_id")[:1]
    live = Invite.objects.filter(rfq_id=asked, state__in=("invited", "quoted"))
    found = list(live.exclude(conversation_id__in=[call.conversation]).order_by("id").values_list("conversation_id", "buyer_id"))
    every = [room for room, _buyer in found]
    return every, [room for room, buyer in found[: copies.TOGETHER - 1] if buyer == call.company]


def _win(here: Turn, deal: Deal) -> None:
    """The copy of this deal has won. Conditional, as every move."""
    rule = next(rule for rule in INVITE.rules if rule.act == "win")
    if Invite.objects.of(here.conversation).filter(pk=deal.id, state__in=rule.frm).update(state=rule.to) != 1:
        raise Refused("rfq-ended", INVITE.refusals["lost"])


def _lose(at: Turns, deal: Deal, *, asked: str, near: list[UUID], left: list[UUID], reason: str) -> None:
    word = {"v": 1, "rfq": str(deal.rfq_id), "number": asked, "title": deal.title} | ({"reason": reason} if reason else {})
    if near and deal.rfq_id:
        ending.end(at, deal.rfq_id, word, state="awarded", by="buyer", but=deal.id)
    if left and deal.rfq_id:
        copies.spill(at, deal.rfq_id, left, reason=reason)


def cancel_ask(call: Call, *, order_id: UUID, reason: str = "") -> dict[str, Any]:
    """The buyer has paid and asks the supplier to agree to cancelling. Gives {deal, order}."""
    with turn(call) as here:
        here.require("buy")
        case = get_case(here, order_id)
        case.may("cancel_ask")
        if case.order.cancel_asked_at is not None:
            raise Refused("asked-already", _("You have asked already; the supplier has to answer."))
        entry = here.add("order.cancel_asked", said(case.order, side=case.by, reason=reason), about=case.deal.id)
        advance(case.order, to=ORDER.move(case.order.state, "cancel_ask", by=case.by), cancel_asked_at=here.now, seq=entry.seq)
        panel.refresh(here, case.deal, turn_name="consent", turn_company=case.deal.supplier_id)
        here.result = case.ids()
    return here.result


def cancel_refuse(call: Call, *, order_id: UUID, reason: str = "") -> dict[str, Any]:
    """The supplier does not agree; the order goes on. Gives {deal, order}."""
    with turn(call) as here:
        here.require("sell")
        case = get_case(here, order_id)
        case.may("cancel_refuse")
        if case.order.cancel_asked_at is None:
            raise Refused("not-asked", _("Nobody asked to cancel this order."))
        entry = here.add("order.cancel_refused", said(case.order, side=case.by, reason=reason), about=case.deal.id)
        advance(case.order, to=ORDER.move(case.order.state, "cancel_refuse", by=case.by), cancel_asked_at=None, seq=entry.seq)
        owed(here, case.order, case.deal)
        here.result = case.ids()
    return here.result


def expire(call: Call, *, order_id: UUID) -> dict[str, Any]:
    """By the clock: nothing was paid a week after the first stage was due. Nothing when it is too early or money came (quality.md M12, M21)."""
    with turn(call) as here:
        case = get_case(here, order_id)
        order = case.order
        first = Stage.objects.of(here.conversation).filter(order=order).order_by("n").first()
        late = first is not None and first.due_at + timedelta(days=UNPAID_DAYS) <= call.now
        if order.state != "placed" or order.money != "none" or not late or order.transfers.filter(state__in=TRANSFER_OPEN).exists():
            return {}
        case.may("expire")
        entry = here.add("order.expired", said(order, side="clock", reason=""), about=case.deal.id)
        advance(order, to=ORDER.move(order.state, "expire", by="clock"), ended_at=here.now, seq=entry.seq)
        Stage.objects.of(here.conversation).filter(order=order, state="due").update(state="cancelled")
        lines.free(order.id, now=here.now)
        panel.refresh(here, case.deal, state="lapsed")
        here.result = case.ids()
    return here.result


def owed(here: Turn, order: Order, deal: Deal) -> None:
    """Whose turn it is while nothing is shipped: who looks at a bank transfer under way, the buyer to pay the next stage, or the supplier to ship."""
    due = Stage.objects.of(here.conversation).filter(order=order, state="due").order_by("n").first()
    if waits := order.transfers.filter(state__in=TRANSFER_OPEN).first():
        name, side = TRANSFER_OPEN[waits.state]
        company = order.buyer_id if side == "buyer" else order.supplier_id
        panel.refresh(here, deal, step="pay", turn_name=name, turn_company=company, due_at=(waits.received_at or waits.at) + TRANSFER_WITHIN)
        return
    due = Stage.objects.of(here.conversation).filter(order=order, state="due").order_by("n").first()
    if due is not None:
        panel.refresh(here, deal, step="pay", turn_name="pay", turn_company=order.buyer_id, due_at=due.due_at)
    else:
        panel.refresh(here, deal, step="ship", turn_name="ship", turn_company=order.supplier_id, due_at=order.ship_by)


def said(order: Order, *, side: str, reason: str) -> dict[str, Any]:
    """What an entry about cancelling shows."""
    return {
        "v": 1, "order": str(order.id), "number": order.number, "title": order.title, "total": order.total, "currency": order.currency, "side": side,
        "reason": reason,
    }  # fmt: skip
