"""The deal's page, its pane, and the old address of an order."""

import json
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from guanxi.base import clock
from guanxi.base.errors import NotFound
from guanxi.deals.order.table import Order
from guanxi.people.middleware import signed_in
from guanxi.people.viewer import SignedIn
from guanxi.talk import sync
from guanxi.web.conversation.socket import address
from guanxi.web.deal.picture import draw
from guanxi.web.deal.seat import take
from guanxi.web.page import fragment, page


@require_safe
@signed_in
def dossier(request: SignedIn, conversation: UUID, deal: UUID) -> HttpResponse:
    """Everything about one deal."""
    seat = take(request.viewer, conversation, deal)
    line = json.dumps({"socket": address(request), "cursor": sync.start(clock.now())})
    return page(request, "web/deal/page.html", {"deal": draw(seat), "line": line})


@require_safe
@signed_in
def panel(request: SignedIn, conversation: UUID, deal: UUID) -> HttpResponse:
    """The same beside the talk."""
    return fragment(request, "web/deal/panel.html", {"deal": draw(take(request.viewer, conversation, deal), entries=12)})


@require_safe
@signed_in
def order(request: SignedIn, conversation: UUID, order: UUID) -> HttpResponse:
    """An order is shown in its deal."""
    deal = Order.objects.of(conversation).filter(pk=order).values_list("deal_id", flat=True).first()
    if deal is None:
        raise NotFound
    take(request.viewer, conversation, deal)
    return redirect(f"/c/{conversation}/deals/{deal}")
