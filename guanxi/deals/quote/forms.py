"""What pages and programs send to the acts of an offer, and to the ending of an enquiry."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from guanxi.base.reading import Reading
from guanxi.deals.deal.table import Deal
from guanxi.deals.quote import acts, drafts, ending
from guanxi.deals.quote.table import Quote
from guanxi.deals.quote.terms import read as read_terms
from guanxi.deals.rfq.draft import kept
from guanxi.deals.rfq.forms import just_rfq, one, reason
from guanxi.talk.call import Call
from guanxi.talk.form import Form

Data = Mapping[str, Any]
TYPED = ("lines", "freight", "tax_rate", "tax_in", "lead_days", "valid_until", "preset", "stages", "tolerance", "sample", "files", "note")


def send(data: Data, call: Call) -> dict[str, Any]:
    deal = one(data, "deal_id")
    currency = Deal.objects.of(call.conversation).filter(pk=deal).values_list("currency", flat=True).first()
    return {"deal_id": deal, "terms": read_terms(data, now=call.now, currency=currency or "CNY")}


def counter(data: Data, call: Call) -> dict[str, Any]:
    quote = one(data, "quote_id")
    currency = Quote.objects.of(call.conversation).filter(pk=quote).values_list("currency", flat=True).first()
    return {"quote_id": quote, "terms": read_terms(data, now=call.now, currency=currency or "CNY")}


def decline(data: Data, call: Call) -> dict[str, Any]:
    return {"quote_id": one(data, "quote_id"), "reason": reason(data)}


def just_quote(data: Data, call: Call) -> dict[str, UUID]:
    return {"quote_id": one(data, "quote_id")}


def keep(data: Data, call: Call) -> dict[str, Any]:
    """Whatever stands in the form, small and storable; it is checked when it is sent."""
    form = Reading(data)
    version = form.whole("version", least=1, most=100_000)
    form.done()
    typed = {name: value for name, value in data.items() if name in TYPED}
    return {"deal_id": one(data, "deal"), "version": version, "typed": kept(typed)}


def just_deal(data: Data, call: Call) -> dict[str, UUID]:
    return {"deal_id": one(data, "deal")}


ACTS = {
    "draft": Form(drafts.keep, keep),
    "drop": Form(drafts.drop, just_deal),
    "send": Form(acts.send, send),
    "counter": Form(acts.counter, counter),
    "decline": Form(acts.decline, decline),
    "withdraw": Form(acts.withdraw, just_quote),
    "cancel_rfq": Form(ending.cancel, just_rfq),
}
