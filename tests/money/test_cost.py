"""What the money half of a deal costs: at most 25 statements and one commit an act; the whole deal at most 200 statements and 12 commits."""

from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.base import clock
from guanxi.base.table import Outbox
from guanxi.deals.dispute import acts as disputes
from guanxi.deals.dispute.rules import Plan
from guanxi.deals.order import acts as orders
from guanxi.deals.order.table import Order
from guanxi.deals.payment import acts as payments
from guanxi.deals.payment import events, provider
from guanxi.deals.payment.table import Payout
from guanxi.deals.quote import acts as quotes
from guanxi.deals.rfq import acts as rfqs
from guanxi.deals.shipment import acts as goods
from guanxi.deals.shipment.quantities import Wrong
from guanxi.pay.port import number_of
from guanxi.pay.providers.sandbox import payer
from guanxi.talk.run import run
from tests import make, trade
from tests.money.world import world

pytestmark = pytest.mark.django_db(transaction=True)
MOST = 25


class Meter:
    """Counts statements and commits. What the sandbox writes into its own ledger is another party's, in its own transactions."""

    def __init__(self) -> None:
        self.statements = self.commits = 0

    def __call__(self, act, *args, most: int = MOST, **kw):
        with CaptureQueriesContext(connection) as seen:
            given = act(*args, **kw)
        every = [query["sql"] for query in seen.captured_queries]
        print(getattr(args[0], "__name__", act.__name__), len(every))
        assert len([sql for sql in every if "pay_sandbox" not in sql]) <= most, (act.__name__, len(every))
        self.statements += len(every)
        self.commits += sum(sql.startswith("COMMIT") for sql in every)
        return given


def test_a_whole_deal_from_enquiry_to_released_money():
    meter, pair, now = Meter(), make.pair(), clock.now()
    lines = [{"name": f"Bolt {n}", "quantity": "20", "unit": "pc"} for n in range(5)]
    asked = meter(run, rfqs.ask, pair.buyer.call("a", 1).at(None), draft=trade.draft(pair.supplier, lines=lines))
    terms = trade.terms("460", "450", "440", "430", "420", stages=[{"percent": "100"}])
    offer = meter(run, quotes.send, pair.supplier.call("b", 1), deal_id=UUID(asked["deals"][0]["deal"]), terms=terms)["quote"]
    order = UUID(meter(run, orders.place, pair.buyer.call("c", 1), quote_id=UUID(offer))["order"])
    where, payment = pair.conversation, UUID(meter(run, payments.pay, pair.buyer.call("d", 1), order_id=order)["payment"])
    meter(provider.start, where, {"payment": str(payment)}, key="", now=now)
    notice = payer.decide(number_of(payment), "approve", now=now)[0]
    meter(events.receive, "sandbox", notice.raw, notice.headers, now=now)
    meter(run, goods.ship, pair.supplier.call("e", 1), order_id=order, carrier="SF")
    meter(run, goods.receive, pair.buyer.call("f", 1), order_id=order)
    meter(provider.payout, where, {"payout": str(Payout.objects.get(order_id=order).id)}, key="", now=now)
    assert Payout.objects.get(order_id=order).state == "done"
    assert Order.objects.get(pk=order).state == "completed"
    print(f"{meter.statements} statements, {meter.commits} commits")
    assert meter.statements <= 200
    assert meter.commits <= 12


def test_the_rarer_acts_of_money():
    meter = Meter()
    w = world().paid()
    meter(run, orders.cancel_ask, w.buyer.call("a", 1, now=w.now), order_id=w.order)
    meter(run, payments.cancel_agree, w.supplier.call("b", 1, now=w.now), order_id=w.order)
    other = world(pair=w.pair).paid()
    meter(run, goods.ship, other.supplier.call("c", 1, now=w.now), order_id=other.order, carrier="SF", lines={1: Decimal(3)})
    meter(run, goods.extend, other.buyer.call("d", 1, now=w.now), order_id=other.order)
    meter(run, goods.receive, other.buyer.call("e", 1, now=w.now), order_id=other.order)
    assert meter.commits == 5


def test_the_acts_of_a_dispute():
    meter = Meter()
    w = world().paid()
    w.ship()
    how = {"reason": "damaged", "text": "Torn.", "wish": disputes.Wish(), "wrong": {1: Wrong(Decimal(1))}}
    dispute = UUID(meter(run, disputes.begin, w.buyer.call("a", 1, now=w.now), order_id=w.order, **how, most=26)["dispute"])  # receives what is good as well
    meter(run, disputes.propose, w.supplier.call("b", 1, now=w.now), dispute_id=dispute, plan=Plan("refund", 5))
    meter(run, disputes.show, w.supplier.call("c", 1, now=w.now), dispute_id=dispute, text="Whole.")
    meter(run, disputes.refuse, w.buyer.call("d", 1, now=w.now), dispute_id=dispute)
    meter(run, disputes.propose, w.supplier.call("e", 1, now=w.now), dispute_id=dispute, plan=Plan("refund", 9))
    meter(run, disputes.accept, w.buyer.call("f", 1, now=w.now), dispute_id=dispute)
    other = world(pair=w.pair).paid()
    other.ship()
    own = UUID(meter(run, disputes.begin, w.buyer.call("g", 1, now=w.now), order_id=other.order, reason="else", text="x", wish=disputes.Wish())["dispute"])
    meter(run, disputes.withdraw, w.buyer.call("h", 1, now=w.now), dispute_id=own)
    assert meter.commits == 8


def test_an_order_of_two_thousand_lines_costs_the_same_statements():
    w = world(lines=[(Decimal(3), "0.1011")] * 2000, percents=(100,)).paid()
    meter = Meter()
    meter(run, goods.ship, w.supplier.call("a", 1, now=w.now), order_id=w.order, carrier="SF")
    meter(run, goods.receive, w.buyer.call("b", 1, now=w.now), order_id=w.order, lines=dict.fromkeys(range(1, 2001), Decimal("1.5")))
    meter(run, goods.receive, w.buyer.call("c", 1, now=w.now), order_id=w.order)
    assert (w.row().state, w.row().released) == ("completed", w.row().total)
    assert Outbox.objects.filter(effect="payment.payout").count() == 2
