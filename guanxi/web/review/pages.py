"""What one says of the other when the deal is done."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guanxi.base.errors import NotFound, Refused
from guanxi.deals.order.table import Order
from guanxi.deals.review.table import Review
from guanxi.people.middleware import signed_in
from guanxi.people.roles import require
from guanxi.people.viewer import SignedIn
from guanxi.web.deal.seat import take
from guanxi.web.deal.sheet import answer


@require_safe
@signed_in
def review(request: SignedIn, conversation: UUID, deal: UUID) -> HttpResponse:
    """Stars and words, once a side."""
    seat = take(request.viewer, conversation, deal)
    require(request.viewer.role, "buy" if seat.is_buyer else "sell")
    order = Order.objects.of(conversation).filter(pk=seat.deal.order_id).first() if seat.deal.order_id else None
    if order is None:
        raise NotFound
    if order.state != "completed":
        raise Refused("not-completed", _("A review can be given once everything is received."))
    if Review.objects.of(conversation).filter(order=order, side=seat.side).exists():
        raise Refused("reviewed", _("Your company has reviewed this order already."))
    return answer(
        request, seat, "web/review/form.html", {"order": order, "stars": chosen(request)}, title=_("Review %(company)s") % {"company": seat.other_name}
    )


def chosen(request: SignedIn) -> int:
    """The stars tapped on the card, 0 for none."""
    asked = request.GET.get("stars", "")
    return int(asked) if asked in ("1", "2", "3", "4", "5") else 0
