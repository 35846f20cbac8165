"""Quotes side by side: one tax basis, the landed total first, and nothing called best where there is no choice."""

import pytest

from guanxi.base import clock
from guanxi.deals.deal.table import Deal
from guanxi.deals.quote import acts as quotes
from guanxi.deals.rfq.table import Rfq
from guanxi.talk.open import pair_conversation
from guanxi.web.compare.table import lay
from guanxi.web.deal.tests.test_pages import ask, quote, terms
from tests.make import Pair, actor, pair
from tests.signed import signed

pytestmark = pytest.mark.django_db


def rival(two, name):
    """Another supplier the buyer talks with."""
    firm = actor(name, name)
    room = pair_conversation(two.buyer.company.id, firm.company.id, now=clock.now())
    return type(firm)(firm.person, firm.company, firm.role, room)


def offers(two, other, **more):
    """Bo offers 460 incl. tax; the other something else."""
    ask(two, receivers=[str(two.supplier.company.id), str(other.company.id)])
    mine = Deal.objects.get(supplier_id=two.supplier.company.id)
    quote(two, mine)
    theirs = Deal.objects.get(supplier_id=other.company.id)
    quotes.send(other.call(), deal_id=theirs.id, terms=terms(theirs, **more))
    return lay(Rfq.objects.get())


def test_prices_without_tax_are_folded_and_the_original_stands_beside():
    two = pair()
    table = offers(two, rival(two, "Yongli"), price="412", tax_in="out", tax_rate="13", freight="0")
    first, second = table.columns
    assert (first.best, second.best) == (True, False)
    assert [str(column.cells[0].price) for column in (first, second)] == ["460", "465.56"]
    assert [column.cells[0].original for column in (first, second)] == [None, second.cells[0].original]
    assert str(second.cells[0].original) == "412"
    assert (first.quote.total, second.quote.total) == (1_856_000, 1_862_240)
    assert second.above == 6_240


def test_an_offer_with_gaps_is_never_the_lowest():
    two = pair()
    gaps = [{"n": 1, "price": "100"}, {"n": 2, "unavailable": "1"}]
    table = offers(two, rival(two, "Yongli"), lines=gaps)
    assert [(column.whole, column.best) for column in table.columns] == [(True, True), (False, False)]


def test_one_quote_is_not_called_best():
    two = pair()
    deal = ask(two)
    quote(two, deal)
    table = lay(Rfq.objects.get())
    assert [(column.best, column.fastest, column.cells[0].best) for column in table.columns] == [(False, False, False)]
    page = signed(two.buyer).get(f"/rfqs/{deal.rfq_id}/compare").content.decode()
    assert "lowest" not in page.split("<table")[1]
    assert f"Award {two.supplier.company.name}" in page


def test_no_quote_says_so():
    two = pair()
    deal = ask(two)
    assert "No quote yet" in signed(two.buyer).get(f"/rfqs/{deal.rfq_id}/compare").content.decode()


def test_a_colleague_who_may_not_buy_reads_why():
    two = pair()
    deal = ask(two)
    quote(two, deal)
    assert isinstance(two, Pair)
    page = signed(two.colleague(two.buyer, "finance")).get(f"/rfqs/{deal.rfq_id}/compare").content.decode()
    assert "Buying acts are for purchasers" in page
    assert "/accept" not in page
