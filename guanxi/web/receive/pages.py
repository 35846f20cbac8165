"""Confirming receipt: everything shipped in one tap, or part by line; the sheet says what is released."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guanxi.base.errors import Refused
from guanxi.deals.order.table import Order, OrderLine
from guanxi.deals.shipment.rules import due
from guanxi.people.middleware import signed_in
from guanxi.people.roles import require
from guanxi.people.viewer import SignedIn
from guanxi.web.deal.seat import take
from guanxi.web.deal.sheet import answer
from guanxi.web.ship.pages import order_of


@require_safe
@signed_in
def receive(request: SignedIn, conversation: UUID, deal: UUID) -> HttpResponse:
    """What has come, and what confirming it releases."""
    seat = take(request.viewer, conversation, deal)
    order = order_of(seat, side="buyer")
    require(request.viewer.role, "buy")
    every = list(OrderLine.objects.of(conversation).filter(order=order).order_by("n"))
    lines = [line for line in every if line.received < line.shipped]
    if not lines:
        raise Refused("nothing-to-receive", _("Everything that was shipped has been confirmed."))
    context = {"order": order, "lines": lines, "release": released_with_all(order, every)}
    return answer(request, seat, "web/receive/form.html", context, title=_("Confirm receipt"))


def released_with_all(order: Order, lines: list[OrderLine]) -> int:
    """Minor units that leave escrow when everything shipped so far is confirmed."""
    worth = due(order.total - order.returned, order.goods, ((line.total, line.quantity, line.shipped) for line in lines))
    return max(0, worth - order.released)
