"""From the enquiry to the order: the rows, the entries, whose turn it is."""

from datetime import timedelta
from decimal import Decimal

import pytest

from guanxi.base import clock
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.deals.deal.table import Deal
from guanxi.deals.order import acts as orders
from guanxi.deals.order.table import Order, OrderLine, Stage
from guanxi.deals.quote.table import Quote
from guanxi.deals.rfq.table import Invite, Rfq, RfqLine
from guanxi.talk.run import run
from guanxi.talk.table import Entry
from tests import make, trade

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_enquiry_becomes_an_order_after_haggling():
    pair = make.pair()
    rfq_id, deal_id = trade.ask(pair)
    invite, deal = Invite.objects.get(pk=deal_id), Deal.objects.get(pk=deal_id)
    assert (invite.state, invite.conversation_id, deal.turn, deal.turn_company) == ("invited", pair.conversation, "quote", pair.supplier.company.id)
    assert Rfq.objects.get(pk=rfq_id).state == "open"
    assert RfqLine.objects.filter(rfq_id=rfq_id).count() == 2

    first = trade.quote(pair.supplier, deal_id, "472", "152")
    assert Quote.objects.get(pk=first).total == 944000 + 304000 + 32000
    assert Deal.objects.get(pk=deal_id).turn_company == pair.buyer.company.id
    second = trade.counter(pair.buyer, first, "455", "148", freight="")
    assert Quote.objects.get(pk=first).state == "countered"
    made = run(orders.place, pair.supplier.call(), quote_id=second)

    order = Order.objects.get(pk=made["order"])
    assert (order.total, order.goods, order.freight, order.state, order.money) == (1206000, 1206000, 0, "placed", "none")
    assert [(stage.amount, stage.state) for stage in Stage.objects.order_by("n")] == [(361800, "due"), (844200, "due")]
    assert [line.unit_price for line in OrderLine.objects.order_by("n")] == [Decimal(455), Decimal(148)]
    assert (Rfq.objects.get().state, Invite.objects.get().state, Quote.objects.get(pk=second).state) == ("awarded", "won", "accepted")
    deal.refresh_from_db()
    assert (deal.step, deal.turn, deal.turn_company, deal.total, deal.number) == ("pay", "pay", pair.buyer.company.id, 1206000, order.number)
    kinds = list(Entry.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds == ["rfq.sent", "quote.sent", "quote.countered", "order.placed"]
    assert set(Entry.objects.values_list("about", flat=True)) == {deal_id}
    assert deal.seq == 4


def test_nobody_accepts_his_own_or_an_answered_or_a_stranger_s_offer():
    pair = make.pair()
    _rfq, deal_id = trade.ask(pair)
    first = trade.quote(pair.supplier, deal_id, "472", None)
    with pytest.raises(Refused, match="your own"):
        run(orders.place, pair.supplier.call(), quote_id=first)
    with pytest.raises(NotFound):
        run(orders.place, make.outsider(pair.conversation).call(), quote_id=first)
    with pytest.raises(Refused) as stale:
        run(orders.place, pair.buyer.call(seen=1), quote_id=first)
    assert stale.value.code == "stale"
    trade.counter(pair.buyer, first, "455", "148")
    with pytest.raises(Refused, match="counter-offer"):
        run(orders.place, pair.buyer.call(), quote_id=first)
    assert not Order.objects.exists()


def test_an_offer_expires_by_the_hour_even_before_the_clock_comes_by():
    pair = make.pair()
    _rfq, deal_id = trade.ask(pair)
    first = trade.quote(pair.supplier, deal_id, "472", "150")
    late = clock.now() + timedelta(days=2, minutes=1)
    with pytest.raises(Refused, match="expired"):
        run(orders.place, pair.buyer.call(now=late), quote_id=first)
    assert Quote.objects.get().state == "open"


def test_an_offer_too_small_for_its_stages_is_refused_before_it_is_made():
    pair = make.pair()
    _rfq, deal = trade.ask(pair, lines=[{"name": "Washer", "quantity": "1", "unit": "pc"}])
    with pytest.raises(Invalid, match="stage"):
        trade.quote(pair.supplier, deal, "0.01", freight="")
    assert Quote.objects.count() == 0
