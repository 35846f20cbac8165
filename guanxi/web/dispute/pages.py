"""The dispute's page and its sheets: open one, propose, show, send back; and the acts that only ask before they are done."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guanxi.base import clock
from guanxi.base.errors import NotFound, Refused
from guanxi.base.money import CURRENCIES, plain, show
from guanxi.deals.dispute.card import REASONS
from guanxi.deals.dispute.rules import DISPUTE, by, plan_of
from guanxi.deals.order.rules import LIFE, phase
from guanxi.deals.order.table import Order, OrderLine
from guanxi.deals.payment.reads import of_order
from guanxi.people.middleware import signed_in
from guanxi.people.roles import require
from guanxi.people.viewer import SignedIn
from guanxi.talk import sync
from guanxi.web.conversation.socket import address
from guanxi.web.deal.confirm import Confirm
from guanxi.web.deal.seat import take
from guanxi.web.deal.sheet import answer
from guanxi.web.dispute.picture import WORDS, Picture, draw
from guanxi.web.page import page
from guanxi.web.ship.pages import CARRIERS

UNSENT, SENT = ("not-arrived", "late", "price", "else"), ("damaged", "short", "different", "not-arrived", "late", "price", "else")
SELLING = ("not-confirmed", "price", "else")


@require_safe
@signed_in
def dossier(request: SignedIn, conversation: UUID, deal: UUID) -> HttpResponse:
    """Everything about the newest dispute of a deal."""
    line = json.dumps({"socket": address(request), "cursor": sync.start(clock.now())})
    return page(request, "web/dispute/page.html", {"here": draw(take(request.viewer, conversation, deal)), "line": line})


@require_safe
@signed_in
def begin(request: SignedIn, conversation: UUID, deal: UUID) -> HttpResponse:
    """Why, what one asks for, what one can show."""
    seat = take(request.viewer, conversation, deal)
    order = Order.objects.of(conversation).filter(pk=seat.deal.order_id).first() if seat.deal.order_id else None
    if order is None:
        raise NotFound
    require(request.viewer.role, "buy" if seat.is_buyer else "sell")
    LIFE.move(phase(order), "dispute", by=seat.side)
    money = of_order(conversation, order.id)
    most = order.received + (money.held if order.state == "placed" else order.released)
    fitting = SELLING if not seat.is_buyer else UNSENT if order.goods_state == "none" else SENT
    reasons = [(name, REASONS[name]) for name in fitting]
    context = {"order": order, "reasons": reasons, "first": reasons[0][0], **asking(order, most, order.state == "placed")}
    return answer(request, seat, "web/dispute/open.html", context, title=_("Open a dispute"), home=seat.at("dispute"))


def asking(order: Order, most: int, runs: bool) -> dict[str, Any]:
    """What a form about an amount needs; what is shipped decides which ways there are."""
    kinds = [("refund", _("Refund"), _("the rest goes to the supplier and the order ends") if runs else _("the supplier pays it back"))]
    if order.goods_state != "none":
        kinds.append(("return", _("Return the goods, then refund"), _("the money moves when the supplier has them back")))
    if runs:
        kinds.append(("go_on", _("The order goes on"), _("after a refund, or with goods sent again")))
    return {"kinds": kinds, "most": most, "sign": CURRENCIES[order.currency][0], "currency": order.currency, "held": runs,
            "refund": plain(most, order.currency).replace(",", "")}  # fmt: skip


@require_safe
@signed_in
def propose(request: SignedIn, conversation: UUID, deal: UUID) -> HttpResponse:
    """Another way to end it, starting from what stands."""
    here = mine(request, conversation, deal, "propose")
    order, standing = here.told.order, here.told.proposals[-1]
    runs = order.state == "placed"
    plan = plan_of(standing.plan)
    context = asking(order, order.received + (here.dispute.frozen if runs else order.released), runs)
    context |= {"here": here, "refund": plain(plan.refund, order.currency).replace(",", ""), "chosen": plan.kind, "lines": parts(here.told.lines, plan.lines)}
    return answer(request, here.seat, "web/dispute/propose.html", context, title=str(WORDS["propose"]), home=here.seat.at("dispute"))


def parts(lines: list[OrderLine], chosen: dict[int, Decimal]) -> list[tuple[OrderLine, Decimal]]:
    """What was shipped, with the quantity a plan names of it."""
    return [(line, chosen.get(line.n, Decimal(0))) for line in lines if line.shipped]


@require_safe
@signed_in
def evidence(request: SignedIn, conversation: UUID, deal: UUID) -> HttpResponse:
    """Words, photos and files that stay."""
    here = mine(request, conversation, deal, "show")
    return answer(request, here.seat, "web/dispute/show.html", {"here": here}, title=str(WORDS["show"]), home=here.seat.at("dispute"))


@require_safe
@signed_in
def send_back(request: SignedIn, conversation: UUID, deal: UUID) -> HttpResponse:
    """By whom, under which number."""
    here = mine(request, conversation, deal, "send_back")
    context = {"here": here, "carriers": CARRIERS}
    return answer(request, here.seat, "web/dispute/send_back.html", context, title=str(WORDS["send_back"]), home=here.seat.at("dispute"))


def mine(request: SignedIn, conversation: UUID, deal: UUID, act: str) -> Picture:
    """The dispute, when this side may do this now. Raises NotFound, Refused with the reason."""
    seat = take(request.viewer, conversation, deal)
    here = draw(seat)
    require(request.viewer.role, "buy" if seat.is_buyer else "sell")
    DISPUTE.move(here.dispute.state, act, by=by(act, seat.side, here.dispute.opened_by))
    return here


def accept(here: Picture) -> Confirm:
    """Names what moves where."""
    found = here.told.standing
    if found is None:
        raise Refused("no-proposal", _("There is no proposal to answer now."))
    offer, plan = here.offer(found), plan_of(found.plan)
    words = [offer.words, *([found.text] if found.text else [])]
    if plan.kind == "return":
        words.append(_("First the buyer sends the goods back; the money moves when the supplier has them."))
    elif not here.dispute.frozen and plan.refund:
        words.append(_("The money was released before, so the supplier pays back himself; the buyer confirms it."))
    elif here.dispute.frozen and plan.kind == "refund":
        words.append(_("The money moves at once, and the order ends."))
    hidden: dict[str, object] = {"dispute_id": here.dispute.id, "proposal_id": found.id}
    return Confirm(_("Agree to the proposal"), "dispute/accept", here.words("accept"), words, hidden, offer.sums[1:], offer.sums[0])


def simple(act: str, words: Callable[[Picture], str], *, reason: bool = True, kind: str = "primary", must: bool = False) -> Callable[[Picture], Confirm]:
    """An act that needs no more than a yes, and words if one likes."""

    def asked(here: Picture) -> Confirm:
        hidden: dict[str, object] = {"dispute_id": here.dispute.id}
        if act == "refuse" and here.told.standing:
            hidden["proposal_id"] = here.told.standing.id
        title = str(WORDS[act])
        why = (_("Say why") if must else _("Reason (optional)")) if reason else ""
        return Confirm(title, f"dispute/{act}", title, [words(here)], hidden, reason=why, kind=kind)

    return asked


CONFIRMS: dict[str, Callable[[Picture], Confirm]] = {
    "accept": accept,
    "refuse": simple("refuse", lambda here: _("%(company)s has 3 days for another proposal; then the operator decides.") % {"company": here.seat.other_name}),
    "escalate": simple("escalate", lambda _here: _("The operator reads the whole deal and decides within 7 days. Nothing moves until then.")),
    "withdraw": simple("withdraw", lambda _here: _("The dispute ends without a result. The order goes on, and its release clock runs again."), kind="danger"),
    "take_back": simple("take_back", lambda here: _("The goods are complete. Now follows what was decided: %(what)s.") % {"what": here.decided}, reason=False),
    "contest": simple("contest", lambda _here: _("What was decided was not kept. The operator decides."), must=True, kind="danger"),
    "repay": simple("repay", lambda here: _("You have paid %(sum)s to %(company)s outside escrow.") % owed(here)),
    "got_back": simple("got_back", lambda here: _("You have %(sum)s from %(company)s. The dispute is closed.") % owed(here), reason=False),
}  # fmt: skip


def owed(here: Picture) -> dict[str, str]:
    """The repayment and the other side."""
    refund = plan_of(here.dispute.plan).refund if here.dispute.plan else 0
    return {"sum": show(refund, here.dispute.currency), "company": here.seat.other_name}


@require_safe
@signed_in
def ask(request: SignedIn, conversation: UUID, deal: UUID, act: str) -> HttpResponse:
    """The sheet before an act."""
    here = mine(request, conversation, deal, act)
    asked = CONFIRMS[act](here)
    return answer(request, here.seat, "web/deal/confirm.html", {"ask": asked}, title=asked.title, home=here.seat.at("dispute"))
