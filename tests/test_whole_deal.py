"""A whole deal by its acts, from the enquiry to the released money: what it says, what it leaves, what it costs (issue: speed)."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.base import clock
from guanxi.base.outbox.drain import drain
from guanxi.deals.deal.table import Deal
from guanxi.deals.order.table import Order
from guanxi.deals.payment import acts as payments
from guanxi.deals.payment import events
from guanxi.deals.shipment import acts as goods
from guanxi.talk.run import run
from guanxi.talk.table import Entry
from tests import make, trade

pytestmark = pytest.mark.django_db(transaction=True)
LINES = [{"name": f"Bolt {n}", "spec": f"M{n}", "quantity": "20", "unit": "k"} for n in range(4, 9)]


def whole(pair):
    """Five lines, one stage: asked, offered, accepted, paid, shipped, received, released."""
    _rfq, deal = trade.ask(pair, lines=LINES)
    offer = trade.quote(pair.supplier, deal, "1", "2", "3", "4", "5", stages=[])
    order = trade.place(pair.buyer, offer)
    payment = UUID(run(payments.pay, pair.buyer.call(), order_id=order)["payment"])
    drain(clock.now())
    events.play(pair.conversation, payment, "approve", now=clock.now())
    drain(clock.now())
    run(goods.ship, pair.supplier.call(), order_id=order, carrier="SF", waybill="SF1")
    run(goods.receive, pair.buyer.call(), order_id=order)
    drain(clock.now())
    return deal, order


@pytest.fixture(autouse=True)
def _the_sandbox_is_on(settings):
    settings.PROVIDERS = ("sandbox",)


def test_a_whole_deal():
    pair = make.pair()
    with CaptureQueriesContext(connection) as seen:
        deal, order_id = whole(pair)
    order = Order.objects.get(pk=order_id)
    assert (order.state, order.money, order.goods_state, order.released, order.total) == ("completed", "released", "arrived", order.total, 62000)
    assert Deal.objects.get(pk=deal).state == "done"
    kinds = list(Entry.objects.filter(about=deal).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["rfq.sent", "quote.sent", "order.placed", "payment.held", "shipment.sent", "receipt.confirmed"]
    ours = [query["sql"] for query in seen.captured_queries if "base_outbox" not in query["sql"] or query["sql"].startswith("INSERT")]
    assert len(ours) <= 200, len(ours)  # the queue's own looking about is not the deal's; the sandbox's statements count
    assert len(commits(ours)) <= 12, commits(ours)


def commits(statements):
    """What each of our transactions wrote. The sandbox plays a provider elsewhere: what it commits in its own ledger is not a commit of ours."""
    done, inside = [], []
    for sql in statements:
        if sql.startswith("BEGIN"):
            inside = []
        elif sql.startswith("COMMIT"):
            done.append(inside)
        else:
            inside.append(sql)
    return [writes for writes in done if not all("pay_sandbox" in sql or sql.startswith(("SELECT", "SET")) for sql in writes)]
