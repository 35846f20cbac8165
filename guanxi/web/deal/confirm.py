"""Sheets that ask before an act: what it does, what it costs, who is told; the button says the act and its object."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guanxi.base.errors import Refused
from guanxi.base.money import show
from guanxi.deals.order.placing import amounts
from guanxi.deals.quote.table import Quote
from guanxi.people.middleware import signed_in
from guanxi.people.viewer import SignedIn
from guanxi.web.deal.picture import Picture, draw
from guanxi.web.deal.seat import take
from guanxi.web.deal.sheet import answer
from guanxi.web.moments import until_day

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Confirm:
    """`act` is `noun/verb` of the POST door, `hidden` its fields. `reason` names the field that asks why."""

    title: str
    act: str
    button: str
    words: list[str]
    hidden: dict[str, object] = field(default_factory=dict)
    sums: list[tuple[str, str]] = field(default_factory=list)
    total: tuple[str, str] | None = None
    reason: str = ""
    kind: str = "primary"
    other: tuple[str, str] | None = None  # a second answer: act, words
    onward: tuple[str, str] | None = None  # the same act, and on to where the next one is asked about: its address, words


def accept(deal: Picture) -> Confirm:
    """Take the open offer: the handshake."""
    offer = need(deal.open_offer, deal)
    cur = offer.currency
    rows = [(_("Goods"), show(offer.goods, cur)), (_("Tax"), show(offer.tax, cur)), (_("Freight"), show(offer.freight, cur))]
    words = [_("The terms are locked and an order is placed with %(company)s.") % {"company": deal.seat.other_name}]
    said = {"version": offer.version, "sum": show(offer.total, cur), "company": deal.seat.other_name}
    title, button = _("Accept version %(version)s") % said, _("Accept %(sum)s") % said
    if deal.seat.is_buyer and deal.seat.deal.rfq_id:
        title, button = _("Award %(company)s, version %(version)s") % said, _("Award %(company)s %(sum)s") % said
        words.append(_("Other suppliers of this RFQ are told that it went to somebody else, without names and prices."))
    why = _("Reason for those not chosen (optional)") if deal.seat.is_buyer and deal.seat.deal.rfq_id else ""
    return Confirm(
        title, "order/place", button, words, {"quote_id": offer.id}, rows, (_("Landed total"), show(offer.total, cur)), reason=why,
        onward=paying(deal, offer),
    )  # fmt: skip


def paying(deal: Picture, offer: Quote) -> tuple[str, str] | None:
    """Accept and go on to the sheet that asks about the first payment, for a buyer who may pay; its amount stands on the button."""
    if not (deal.seat.is_buyer and deal.seat.can("pay")):
        return None
    sum_ = show(amounts(offer.total, offer.terms["stages"])[0], offer.currency)
    words = _("Award, then pay %(sum)s") if deal.seat.deal.rfq_id else _("Accept, then pay %(sum)s")
    return deal.seat.at("pay") + "?ask=1", words % {"sum": sum_}


def decline(deal: Picture) -> Confirm:
    """Turn the open offer down."""
    offer = need(deal.open_offer, deal)
    said = {"sum": show(offer.total, offer.currency), "company": deal.seat.other_name}
    words = [_("The offer of %(sum)s ends. %(company)s may send another one.") % said]
    title = _("Decline the offer")
    return Confirm(title, "quote/decline", title, words, {"quote_id": offer.id}, reason=_("Reason (optional)"), kind="danger")


def withdraw(deal: Picture) -> Confirm:
    """Take my own open offer back."""
    offer = need(deal.open_offer, deal)
    words = [_("%(company)s can no longer accept it.") % {"company": deal.seat.other_name}]
    title = _("Withdraw version %(version)s") % {"version": offer.version}
    return Confirm(title, "quote/withdraw", _("Withdraw"), words, {"quote_id": offer.id}, kind="danger")


def pass_by(deal: Picture) -> Confirm:
    """Not quote at all."""
    words = [_("%(company)s is told that you do not quote.") % {"company": deal.seat.other_name}]
    title = _("Decline to quote")
    return Confirm(title, "rfq/decline", title, words, {"deal_id": deal.seat.deal.id}, reason=_("Reason (optional)"), kind="danger")


def extend(deal: Picture) -> Confirm:
    """Three more days before the money is released by itself."""
    order = need(deal.order, deal)
    until = until_day(order.release_at) if order.release_at else ""
    words = [_("The money would be released by itself on %(day)s; this moves it by 3 days, once.") % {"day": until}]
    return Confirm(_("3 more days"), "shipment/extend", _("Take 3 more days"), words, {"order_id": order.id})


def cancel(deal: Picture) -> Confirm:
    """Leave the order, or ask the supplier to let me."""
    order = need(deal.order, deal)
    if deal.seat.is_buyer and order.money != "none":
        words = [_("%(company)s has to agree. Then everything paid comes back in full.") % {"company": deal.seat.other_name}]
        return Confirm(_("Ask to cancel"), "order/cancel_ask", _("Ask to cancel"), words, {"order_id": order.id}, reason=_("Reason"), kind="danger")
    back = _("Everything paid goes back to the buyer in full.") if order.money != "none" else _("Nothing has been paid.")
    if order.received:
        back = _("What lies in escrow goes back at once; %(sum)s that came to your account you pay back yourself.") % {
            "sum": show(order.received, order.currency)
        }
    return Confirm(_("Cancel order"), "order/cancel", _("Cancel order %(sum)s") % {"sum": show(order.total, order.currency)}, [back],
                   {"order_id": order.id}, reason=_("Reason (optional)"), kind="danger")  # fmt: skip


def consent(deal: Picture) -> Confirm:
    """Answer the buyer's wish to cancel."""
    order = need(deal.order, deal)
    paid = sum(stage.amount - stage.surplus for stage in deal.stages if stage.state == "held") + order.received
    sum_ = show(paid, order.currency)
    words = [_("If you agree, %(sum)s goes back to %(company)s and the order ends.") % {"sum": sum_, "company": deal.seat.other_name}]
    if order.received:
        words.append(_("%(sum)s of it came to your own account: you pay that back yourself.") % {"sum": show(order.received, order.currency)})
    return Confirm(_("They ask to cancel"), "order/cancel_agree", _("Agree, return %(sum)s") % {"sum": sum_}, words, {"order_id": order.id},
                   other=("order/cancel_refuse", _("Refuse")), kind="danger")  # fmt: skip


def review_answer(deal: Picture) -> Confirm:
    """A word below the other side's review."""
    order, title = need(deal.order, deal), _("Answer their review")
    words = [_("It stands below the review on your company's page, once and for good.")]
    return Confirm(title, "review/answer", title, words, {"order_id": order.id}, reason=_("Your answer"))


def review_report(deal: Picture) -> Confirm:
    """Tell the operator."""
    order, title = need(deal.order, deal), _("Report their review")
    words = [_("The operator looks at it; %(company)s is not told.") % {"company": deal.seat.other_name}]
    return Confirm(title, "review/report", title, words, {"order_id": order.id}, reason=_("What is wrong with it"), kind="danger")


CONFIRMS: dict[str, Callable[[Picture], Confirm]] = {
    "accept": accept, "decline": decline, "withdraw": withdraw, "pass": pass_by, "extend": extend, "cancel": cancel, "consent": consent,
    "review_answer": review_answer, "review_report": review_report,
}  # fmt: skip


def need(thing: T | None, deal: Picture) -> T:
    """The thing the act is about; refused when it is gone meanwhile, with what stands now."""
    if thing is None:
        raise Refused("nothing-to-do", _("There is nothing to do about this any more: {stands}."), stands=deal.turn.words)
    return thing


@require_safe
@signed_in
def ask(request: SignedIn, conversation: UUID, deal: UUID, act: str) -> HttpResponse:
    """The sheet before the act; a page without script."""
    seat = take(request.viewer, conversation, deal)
    picture = draw(seat, entries=1)
    asked = CONFIRMS[act](picture)
    return answer(request, seat, "web/deal/confirm.html", {"ask": asked}, title=asked.title)
