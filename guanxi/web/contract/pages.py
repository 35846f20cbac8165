"""The contract of an order: draw it up, read it, confirm it, take it away as PDF."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guanxi.base.errors import NotFound, Refused
from guanxi.deals.contract import paper as papers
from guanxi.deals.contract.reads import newest
from guanxi.deals.contract.table import Contract
from guanxi.people.middleware import signed_in
from guanxi.people.viewer import SignedIn
from guanxi.web.deal.picture import Line
from guanxi.web.deal.seat import Seat, take
from guanxi.web.deal.sheet import answer
from guanxi.web.deal.words import contract_chip
from guanxi.web.page import page


@require_safe
@signed_in
def draw(request: SignedIn, conversation: UUID, deal: UUID) -> HttpResponse:
    """Draw one up; leads to the one that is there, unless it was declined or `again` asks for another."""
    seat = take(request.viewer, conversation, deal)
    if seat.deal.order_id is None:
        raise Refused("no-order", _("A contract is drawn up from an order; there is none yet."))
    before = newest(conversation, seat.deal.order_id)
    if before is not None and (before.state == "agreed" or (before.state == "offered" and "again" not in request.GET)):
        return redirect(f"/c/{conversation}/contracts/{before.id}")
    return answer(request, seat, "web/contract/draw.html", {"before": before}, title=_("Draw up the contract"))


@require_safe
@signed_in
def show(request: SignedIn, conversation: UUID, contract: UUID) -> HttpResponse:
    """The text in the viewer's language, who confirmed it, and what he may do."""
    found, seat = find(request, conversation, contract)
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    signed = [(side, found.text[side]["name"], *papers.who(found, side)) for side in ("supplier", "buyer")]
    context = {
        "contract": found, "seat": seat, "mine": found.by_company == request.viewer.company, "chip": contract_chip(found.state), "signed": signed,
        "lines": [Line.of(line) for line in found.text["lines"]], "clauses": papers.clauses(found.text, language),
        "can": seat.can("buy" if seat.is_buyer else "sell"),
    }  # fmt: skip
    return page(request, "web/contract/page.html", context)


@require_safe
@signed_in
def paper(request: SignedIn, conversation: UUID, contract: UUID, language: str) -> HttpResponse:
    """The PDF, in `zh` or `en`."""
    found, _seat = find(request, conversation, contract)
    if language not in papers.WORDS:
        raise NotFound
    name = f"{found.text['number']}-v{found.version}-{language}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(papers.paper(found, language=language), content_type="application/pdf", headers=headers)


def find(request: SignedIn, conversation: UUID, contract: UUID) -> tuple[Contract, Seat]:
    """The contract and the viewer's seat at its deal. Raises NotFound without reach."""
    found = Contract.objects.of(conversation).filter(pk=contract).select_related("order").first()
    if found is None:
        raise NotFound
    return found, take(request.viewer, conversation, found.order.deal_id)
