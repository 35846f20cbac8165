"""Paying a stage into escrow: exactly how much, to whom, until when it can come back; then the provider's own page."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guanxi.base.errors import NotFound, Refused
from guanxi.deals.order.table import Order, Stage
from guanxi.deals.payment.table import Payment
from guanxi.people.middleware import signed_in
from guanxi.people.roles import LACKING
from guanxi.people.viewer import SignedIn
from guanxi.web.deal.seat import Seat, take
from guanxi.web.deal.words import stage_name
from guanxi.web.page import page


@dataclass(frozen=True, slots=True)
class Due:
    """The order with its stages; `stage` is the one to pay now, `waiting` a try that is under way."""

    order: Order
    stages: list[Stage]
    stage: Stage
    waiting: Payment | None

    @property
    def parts(self) -> list[tuple[str, int, str]]:
        """Of the price: what is in escrow, what this payment adds, what comes later."""
        held = sum(stage.amount for stage in self.stages if stage.state in ("held", "received", "released"))
        later = sum(stage.amount for stage in self.stages if stage.state == "due") - self.stage.amount
        named = (("held", held, _("paid")), ("due", self.stage.amount, _("this payment")), ("rest", later, _("later")))
        return [part for part in named if part[1]]


@require_safe
@signed_in
def pay(request: SignedIn, conversation: UUID, deal: UUID) -> HttpResponse:
    """The page before the money; a payment under way leads to its own page."""
    seat = take(request.viewer, conversation, deal)
    found = due(seat)
    if found.stage.received or seat.deal.turn in ("bank_check", "bank_settle"):
        return redirect(seat.at("bank"))
    name = stage_name(found.stage.name).lower()
    off = "" if seat.can("pay") else str(LACKING["pay"])
    by_bank = found.stage.bank_offers.filter(state="open").exists()
    context = {"seat": seat, "due": found, "by_bank": by_bank, "name": name, "off": off, "asks": "ask" in request.GET}
    context["after"] = f"/c/{conversation}/payments/{{payment}}"
    return page(request, "web/pay/page.html", context)


def due(seat: Seat) -> Due:
    """What the buyer has to pay now. Raises NotFound for the supplier, Refused when nothing is open."""
    if not seat.is_buyer or seat.deal.order_id is None:
        raise NotFound
    stages = list(Stage.objects.of(seat.deal.conversation_id).filter(order_id=seat.deal.order_id).select_related("order").order_by("n"))
    stage = next((one for one in stages if one.state == "due"), None)
    if stage is None or stages[0].order.state != "placed":
        raise Refused("nothing-to-pay", _("Nothing is open to pay in this order."))
    waiting = Payment.objects.of(seat.deal.conversation_id).filter(stage=stage, state__in=("starting", "pending")).first()
    return Due(stages[0].order, stages, stage, waiting)


@require_safe
@signed_in
def checking(request: SignedIn, conversation: UUID, payment: UUID) -> HttpResponse:
    """What became of a payment; looks again by itself until it is decided."""
    found = Payment.objects.of(conversation).filter(pk=payment).select_related("order").first()
    if found is None:
        raise NotFound
    return page(request, "web/pay/checking.html", {"seat": take(request.viewer, conversation, found.order.deal_id), "payment": found})
