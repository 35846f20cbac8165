"""Changing an order: the form that proposes, or the proposal that waits, with what it would mean."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guanxi.base.clock import HOME
from guanxi.base.errors import NotFound, Refused
from guanxi.base.money import exponent, plain
from guanxi.deals.change.card import differing
from guanxi.deals.change.table import Change
from guanxi.deals.order.rules import LIFE, phase
from guanxi.deals.order.table import Order, OrderLine, Stage
from guanxi.people.middleware import signed_in
from guanxi.people.roles import LACKING
from guanxi.people.viewer import SignedIn
from guanxi.web.deal.seat import take
from guanxi.web.deal.sheet import answer


@dataclass(frozen=True, slots=True)
class Means:
    """What an accepted change would do with the money, minor units: more to pay, or back to the buyer."""

    to_pay: int
    back: int


@require_safe
@signed_in
def change(request: SignedIn, conversation: UUID, deal: UUID) -> HttpResponse:
    """The open proposal, or the form for one."""
    seat = take(request.viewer, conversation, deal)
    order = Order.objects.of(conversation).filter(pk=seat.deal.order_id).first() if seat.deal.order_id else None
    if order is None:
        raise NotFound
    if order.change_id is None:
        LIFE.move(phase(order), "change", by=seat.side)
    power = "buy" if seat.is_buyer else "sell"
    if order.change_id is None and not seat.can(power):
        raise Refused("role", LACKING[power])
    context = {"order": order, "off": "" if seat.can(power) else LACKING[power]}
    if order.change_id is not None:
        found = Change.objects.of(conversation).get(pk=order.change_id)
        body = {"lines": found.terms["lines"], "was": found.terms["was"], "currency": order.currency}
        more = {"change": found, "mine": found.side == seat.side, "rows": differing(body), "means": means(order, found)}
        return answer(request, seat, "web/change/answer.html", context | more, title=_("Proposed change"))
    lines = list(OrderLine.objects.of(conversation).filter(order=order).order_by("n"))
    more = {
        "lines": lines, "freight": plain(order.freight, order.currency).replace(",", ""), "ship_by": order.ship_by.astimezone(HOME).date().isoformat(),
        "step": Decimal(1).scaleb(-exponent(order.currency)),
    }  # fmt: skip
    return answer(request, seat, "web/change/form.html", context | more, title=_("Change the order"))


def means(order: Order, change: Change) -> Means:
    """Beside what is held or received now."""
    stages = Stage.objects.of(order.conversation_id).filter(order=order, state__in=("held", "received"))
    paid = sum(stage.amount - stage.surplus for stage in stages)
    return Means(max(change.total - paid, 0), max(paid - change.total, 0))
