"""Many hands at once: one payment of a stage, one holding, one receipt, one end (A15, M12)."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from guanxi.base.errors import Invalid, Refused
from guanxi.deals.payment import acts as payments
from guanxi.deals.payment import events
from guanxi.deals.payment.table import Payment
from guanxi.deals.shipment import acts as goods
from guanxi.pay.port import number_of
from guanxi.pay.providers.sandbox import payer
from guanxi.talk.call import by_actor
from guanxi.talk.run import run
from tests.money.world import world

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works: Callable[[], object]) -> Counter[str]:
    """All at once, each in a thread with its own connection; how often what came out."""
    came: Counter[str] = Counter()
    start = threading.Barrier(len(works))

    def do(work: Callable[[], object]) -> None:
        start.wait()
        try:
            work()
            came["done"] += 1
        except (Refused, Invalid) as error:
            came[error.code] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def test_of_many_who_pay_a_stage_one_begins():
    w = world()
    came = together(*[lambda: run(payments.pay, w.buyer.call(now=w.now), order_id=w.order)] * 6)
    assert came == {"done": 1, "payment-under-way": 5}
    assert Payment.objects.count() == 1


def test_the_same_notice_many_times_at_once_holds_the_money_once():
    w = world()
    payment = w.pay()
    payer.decide(number_of(payment), "delay", now=w.now)
    notice = payer.tell(number_of(payment), now=w.now)
    together(*[lambda: events.receive("sandbox", notice.raw, notice.headers, now=w.now)] * 6)
    assert w.balance("escrow") == w.payment(payment).paid == w.payment(payment).amount
    assert w.said().count("payment.held") == 1
    assert w.differences() == []


def test_receipts_cancel_and_clock_at_once_release_everything_once():
    w = world().paid()
    w.ship()
    late = w.row().release_at
    came = together(
        *[lambda: run(goods.receive, w.buyer.call(now=late), order_id=w.order)] * 3,
        *[lambda: run(goods.confirm, by_actor("clock", w.where, now=late), order_id=w.order)] * 3,
        lambda: run(payments.cancel, w.supplier.call(now=late), order_id=w.order),
    )
    w.later(days=11).drain()
    assert w.said().count("receipt.confirmed") == 1
    assert (w.row().state, w.row().released, w.balance("clearing")) == ("completed", w.row().total, 0)
    assert came["done"] >= 3, came
    assert w.differences() == []


def test_cancel_against_money_on_its_way_ends_with_the_money_back_or_never_taken():
    w = world()
    payment = w.pay()
    payer.decide(number_of(payment), "delay", now=w.now)
    notice = payer.tell(number_of(payment), now=w.now)
    together(
        lambda: run(payments.cancel, w.supplier.call(now=w.now), order_id=w.order),
        lambda: events.receive("sandbox", notice.raw, notice.headers, now=w.now),
    )
    w.drain()
    assert w.row().state == "cancelled"
    row = w.payment(payment)
    assert (row.paid, row.returned, row.released) == (row.amount, row.amount, 0)
    assert (w.balance("escrow"), w.balance("clearing"), w.balance("refundable")) == (0, 0, 0)
    assert w.differences() == []
