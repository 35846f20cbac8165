"""Sending goods: the whole rest in one go, or part by line."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from guanxi.base.errors import NotFound, Refused, Words
from guanxi.deals.order.table import Order, OrderLine
from guanxi.people.middleware import signed_in
from guanxi.people.roles import require
from guanxi.people.viewer import SignedIn
from guanxi.web.deal.seat import Seat, take
from guanxi.web.deal.sheet import answer

CARRIERS: list[Words] = [
    _("SF Express"), _("Deppon"), _("ZTO"), _("YTO"), _("Yunda"), _("JD Logistics"), _("EMS"), _("Freight line"), _("Own truck"), _("Buyer collects"),
]  # fmt: skip


@require_safe
@signed_in
def ship(request: SignedIn, conversation: UUID, deal: UUID) -> HttpResponse:
    """Carrier, waybill, photos, and how much of each line."""
    seat = take(request.viewer, conversation, deal)
    order = order_of(seat, side="supplier")
    require(request.viewer.role, "sell")
    lines = [line for line in OrderLine.objects.of(conversation).filter(order=order).order_by("n") if line.shipped < line.quantity]
    if order.money not in ("held", "released"):
        raise Refused("not-paid", _("Shipping starts when every stage is paid into escrow."))
    if not lines:
        raise Refused("all-shipped", _("Everything has been shipped."))
    context = {"order": order, "lines": lines, "carriers": CARRIERS, "tolerance": order.terms.get("tolerance")}
    return answer(request, seat, "web/ship/form.html", context, title=str(_("Ship")))


def order_of(seat: Seat, *, side: str) -> Order:
    """The deal's order, for one side. Raises NotFound for the other, Refused when it is no longer running."""
    found = Order.objects.of(seat.deal.conversation_id).filter(pk=seat.deal.order_id).first() if seat.deal.order_id else None
    if found is None or seat.side != side:
        raise NotFound
    if found.state != "placed":
        raise Refused(f"order-{found.state}", _("This order is no longer running."))
    return found
