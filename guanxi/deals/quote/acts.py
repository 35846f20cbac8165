"""What the two sides do with offers. Accepting one is placing the order: order/acts.py."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base.db import advance
from guanxi.base.errors import Invalid, NotFound
from guanxi.base.ids import new_id
from guanxi.deals.deal import panel
from guanxi.deals.deal.table import Deal
from guanxi.deals.quote import rules
from guanxi.deals.quote.extras import extras_of
from guanxi.deals.quote.table import Quote, QuoteDraft
from guanxi.deals.quote.terms import Terms, carry, freeze, price
from guanxi.deals.rfq.acts import copy_of, person_of
from guanxi.deals.rfq.copies import files_of
from guanxi.deals.rfq.rules import INVITE, RFQ
from guanxi.deals.rfq.table import Invite, Rfq
from guanxi.talk.call import Call
from guanxi.talk.table import Attachment, Upload
from guanxi.talk.turn import Turn, turn


def send(call: Call, *, deal_id: UUID, terms: Terms) -> dict[str, Any]:
    """The supplier's offer: his first, a revision of his open one, or anew after the last one ended. Gives {deal, quote}."""
    with turn(call) as here:
        here.require("sell")
        deal = panel.get(here, deal_id)
        copy = copy_of(here, deal.id)
        last = newest(here, deal.id)
        panel.fresh(here, deal)
        quoted = INVITE.move(copy.state, "quote", by=deal.side_of(call.company) or "")
        rules.start(copy.state, _rfq_state(copy), (last.state, last.side) if last else None)
        if last and last.state == "open":
            advance(last, to=rules.move(last.state, "revise", by="maker"))
        if copy.state != quoted:
            advance(copy, to=quoted)
        _offer(here, deal, copy, terms, last=last, kind="quote.sent")
    return here.result


def counter(call: Call, *, quote_id: UUID, terms: Terms) -> dict[str, Any]:
    """The side to move answers an offer with its own. Gives {deal, quote}: the new one."""
    with turn(call) as here:
        quote, deal = reach(here, quote_id)
        after = _answer(here, quote, deal, "counter")
        rules.check_time(quote.valid_until, call.now)
        copy = copy_of(here, deal.id)
        live(copy)
        advance(quote, to=after)
        _offer(here, deal, copy, terms, last=quote, kind="quote.countered")
    return here.result


def decline(call: Call, *, quote_id: UUID, reason: str = "") -> dict[str, Any]:
    """The side to move says no. The supplier may offer anew. Gives {deal}."""
    with turn(call) as here:
        quote, deal = reach(here, quote_id)
        advance(quote, to=_answer(here, quote, deal, "decline"))
        _rest(here, quote, deal, "quote.declined", reason=reason)
    return here.result


def withdraw(call: Call, *, quote_id: UUID) -> dict[str, Any]:
    """The side that made the offer takes it back. Gives {deal}."""
    with turn(call) as here:
        quote, deal = reach(here, quote_id)
        advance(quote, to=_answer(here, quote, deal, "withdraw"))
        _rest(here, quote, deal, "quote.withdrawn")
    return here.result


def expire(call: Call, *, quote_id: UUID) -> dict[str, Any]:
    """By the clock, when the validity has run out; nothing when it has not, or the offer ended before (quality.md M21)."""
    with turn(call) as here:
        quote, deal = reach(here, quote_id)
        if quote.state != "open" or quote.valid_until > call.now:
            return {}
        advance(quote, to=rules.move(quote.state, "expire", by="clock"))
        _rest(here, quote, deal, "quote.expired")
    return here.result


def reach(here: Turn, quote_id: UUID) -> tuple[Quote, Deal]:
    """The offer and its deal in this conversation, for a role that may act on this side. Raises NotFound, Refused."""
    if here.call.actor == "person":
        here.require("talk")
    quote = Quote.objects.find(here.conversation, quote_id)
    if quote is None:
        raise NotFound
    deal = panel.get(here, quote.deal_id)
    here.require("buy" if deal.side_of(here.call.company) == "buyer" else "sell")
    return quote, deal


def newest(here: Turn, deal_id: UUID) -> Quote | None:
    """The last version; when any offer is open it is this one."""
    return Quote.objects.of(here.conversation).filter(deal_id=deal_id).order_by("-version").first()


def live(copy: Invite) -> None:
    """Raises Refused when the enquiry of this copy has ended."""
    state = _rfq_state(copy)
    if state not in ("open", "closed", "part"):
        RFQ.move(state, "award", by="buyer")


def _rfq_state(copy: Invite) -> str:
    return Rfq.objects.values_list("state", flat=True).get(pk=copy.rfq_id)


def _answer(here: Turn, quote: Quote, deal: Deal, act: str) -> str:
    """The state after `act`. Raises Refused: stale first, then state, then side (quality.md M6)."""
    panel.fresh(here, deal)
    return rules.move(quote.state, act, by=rules.by(quote.side, deal.side_of(here.call.company)))


def _offer(here: Turn, deal: Deal, copy: Invite, terms: Terms, *, last: Quote | None, kind: str) -> None:
    """Open the next version: priced, frozen, said, and the other side's turn."""
    side = deal.side_of(here.call.company) or ""
    if side == "buyer" and last:
        terms = carry(terms, last.terms)
    files = show(here, terms.files) if side == "supplier" else (last.terms.get("files", []) if last else [])
    priced = price(terms, copy.body["lines"], currency=deal.currency)
    frozen = freeze(terms, priced) | ({"files": files} if files else {})
    offer = Quote(
        id=new_id(), conversation_id=here.conversation, deal_id=deal.id, version=last.version + 1 if last else 1, side=side,
        by_person=person_of(here.call), by_name=here.call.name, terms=frozen, currency=deal.currency, goods=priced.goods,
        freight=priced.freight, tax=priced.tax, total=priced.total, valid_until=terms.valid_until, seq=here.head + 1, at=here.now,
    )  # fmt: skip
    offer.save(force_insert=True)
    QuoteDraft.objects.of(here.conversation).filter(deal_id=deal.id, company_id=deal.supplier_id if side == "supplier" else deal.buyer_id).delete()
    here.add(kind, picture(offer, deal, last), about=deal.id)
    here.effect("quote.expire", {"quote": str(offer.id)}, due_at=offer.valid_until)
    other = deal.supplier_id if side == "buyer" else deal.buyer_id
    panel.refresh(here, deal, step="quote", total=offer.total, turn_name="answer", turn_company=other, due_at=offer.valid_until)
    here.result = {"deal": str(deal.id), "quote": str(offer.id)}


def picture(offer: Quote, deal: Deal, last: Quote | None) -> dict[str, Any]:
    """The frozen body of an offer's entry; `was` is what the version before said, for what changed."""
    return offer.terms | {
        "quote": str(offer.id), "version": offer.version, "side": offer.side, "title": deal.title, "currency": offer.currency, "goods": offer.goods,
        "freight": offer.freight, "tax": offer.tax, "total": offer.total, "valid_until": offer.valid_until.isoformat(), "was": _was(last),
    }  # fmt: skip


def _was(last: Quote | None) -> dict[str, Any] | None:
    if last is None:
        return None
    prices = {str(line["n"]): line["price"] for line in last.terms["lines"]}
    return {
        "version": last.version, "side": last.side, "prices": prices, "freight": last.freight, "total": last.total,
        "lead_days": last.terms["lead_days"], "quote": str(last.id),
        "extras": {str(line["n"]): told for line in last.terms["lines"] if (told := extras_of(line))},
    }  # fmt: skip


def show(here: Turn, ids: tuple[UUID, ...]) -> list[dict[str, Any]]:
    """The company's own uploads, from now on seen by both sides; their pictures. Raises Invalid for another's (quality.md A9)."""
    if not ids:
        return []
    own = set(Upload.objects.filter(id__in=ids, company_id=here.call.company).values_list("id", flat=True))
    if len(own) != len(ids):
        raise Invalid({"files": _("One of these files is not there any more.")})
    Attachment.objects.bulk_create((Attachment(conversation_id=here.conversation, upload_id=one) for one in ids), ignore_conflicts=True)
    return files_of(list(ids))


def _rest(here: Turn, quote: Quote, deal: Deal, kind: str, **more: str) -> None:
    """The negotiation rests: nobody has to move, the supplier may offer anew."""
    body = {"v": 1, "quote": str(quote.id), "version": quote.version, "side": quote.side, "title": deal.title, "total": quote.total,
            "currency": quote.currency} | more  # fmt: skip
    here.add(kind, body, about=deal.id)
    panel.refresh(here, deal)
    here.result = {"deal": str(deal.id)}
