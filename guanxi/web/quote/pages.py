"""The quote editor: the first quote, a new version, or a counter-offer of either side."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from guanxi.people.middleware import signed_in
from guanxi.people.roles import require
from guanxi.people.viewer import SignedIn
from guanxi.web.deal.asked import asked
from guanxi.web.deal.seat import take
from guanxi.web.page import page
from guanxi.web.quote.editor import edit


@require_safe
@signed_in
def editor(request: SignedIn, conversation: UUID, deal: UUID) -> HttpResponse:
    """Line by line, with the landed total as the other side will see it."""
    seat = take(request.viewer, conversation, deal)
    require(request.viewer.role, "buy" if seat.is_buyer else "sell")
    shown = edit(seat)
    wishes = asked(shown.invite.body, shown.invite.deadline_at)
    return page(request, "web/quote/page.html", {"edit": shown, "seat": seat, "after": f"/c/{conversation}", "asked": wishes})
