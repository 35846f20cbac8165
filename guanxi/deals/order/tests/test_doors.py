"""The forms of enquiries, offers and orders: what a page posts and what a program sends do the same act."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from guanxi.base import clock
from guanxi.base.errors import NotFound
from guanxi.base.nested import nest
from guanxi.deals.order.forms import ACTS as ORDER
from guanxi.deals.order.table import Order
from guanxi.deals.quote.forms import ACTS as QUOTE
from guanxi.deals.rfq.forms import ACTS as RFQ
from guanxi.deals.rfq.table import Rfq
from guanxi.talk.run import run
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def do(form, call, data):
    return run(form.act, call, **form.read(data, call))


def posted(**fields):
    post = QueryDict(mutable=True)
    for name, value in fields.items():
        post.setlist(name.replace("__", "."), value if isinstance(value, list) else [value])
    return nest(post)


def test_a_deal_by_pages():
    pair = make.pair()
    soon = clock.today() + timedelta(days=2)
    asked = do(RFQ["ask"], pair.buyer.call().at(None), posted(
        title="Bolts", lines__0__name="Bolt", lines__0__quantity="2,000", lines__0__unit="pc", lines__4__name="Nut", lines__4__quantity="10",
        lines__4__unit="pc", lines__9__name="", receivers=[str(pair.supplier.company.id)], deadline=soon.isoformat(), tax_rate="13", tax_in="in",
    ))  # fmt: skip
    assert [line.name for line in Rfq.objects.get().lines.order_by("n")] == ["Bolt", "Nut"]
    assert Rfq.objects.get().deadline_at == clock.end_of_day(soon)
    deal = asked["deals"][0]["deal"]
    offered = do(QUOTE["send"], pair.supplier.call(), posted(
        deal_id=deal, lines__0__n="1", lines__0__price="0.1011", lines__1__n="2", lines__1__unavailable="on", lead_days="5", freight="12.50",
        valid_until=soon.isoformat(), tax_in="out", tax_rate="13",
    ))  # fmt: skip
    do(ORDER["place"], pair.buyer.call(), posted(quote_id=offered["quote"]))
    order = Order.objects.get()
    assert (order.goods, order.freight, order.tax, order.total) == (20220, 1250, 2791, 24261)
    assert order.lines.count() == 1


def test_ids_that_are_none_lead_nowhere():
    pair = make.pair()
    for form in (QUOTE["decline"], QUOTE["withdraw"], ORDER["place"], ORDER["cancel_ask"], RFQ["close"], RFQ["decline"]):
        for bad in ("", "x", "1' OR 1=1", None, ["a"]):
            with pytest.raises(NotFound):
                do(form, pair.buyer.call(), dict.fromkeys(("quote_id", "order_id", "rfq_id", "deal_id"), bad))
