"""Many hands at once: one payment of a stage, one holding, one receipt, one end (A15, M12)."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from guanxi.base.errors import Invalid, Refused
from guanxi.deals.dispute import acts as disputes
from guanxi.deals.dispute import following
from guanxi.deals.dispute.rules import Plan
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


def test_a_dispute_against_receipts_and_the_clock_leaves_one_winner():
    w = world().paid()
    w.ship()
    late = w.row().release_at
    wish = {"reason": "damaged", "text": "Torn.", "wish": disputes.Wish()}
    came = together(
        *[lambda: run(disputes.begin, w.buyer.call(now=late), order_id=w.order, **wish)] * 2,
        *[lambda: run(goods.receive, w.buyer.call(now=late), order_id=w.order)] * 2,
        *[lambda: run(goods.confirm, by_actor("clock", w.where, now=late), order_id=w.order)] * 2,
        lambda: run(payments.cancel, w.supplier.call(now=late), order_id=w.order),
    )
    w.now = late
    w.drain()
    row, opened = w.row(), w.said().count("dispute.opened")
    if row.state == "placed":  # the dispute was first: nothing was released
        assert (opened, row.released, row.release_at, w.balance("escrow")) == (1, 0, None, row.total)
        assert (row.dispute_id, w.said().count("receipt.confirmed")) == (w.matter().id, 0)
    else:  # released once; a dispute of what is released freezes nothing
        assert (row.state, row.released, w.balance("escrow"), w.said().count("receipt.confirmed")) == ("completed", row.total, 0, 1)
        assert not opened or w.matter().frozen == 0
    assert came["done"] >= 1, came
    assert w.differences() == []


def test_answer_ruling_withdrawal_and_clock_at_once_move_the_money_once():
    w = world().paid()
    w.ship()
    w.dispute(kind="refund", refund=30_000)
    dispute, late = w.matter().id, w.matter().due_at
    staff = by_actor("staff", w.where, now=late)
    came = together(
        *[lambda: run(disputes.accept, w.supplier.call(now=late), dispute_id=dispute)] * 2,
        lambda: run(disputes.withdraw, w.buyer.call(now=late), dispute_id=dispute),
        *[lambda: run(following.lapse, by_actor("clock", w.where, now=late), dispute_id=dispute)] * 2,
        *[lambda: run(following.rule, staff, dispute_id=dispute, plan=Plan("refund", 40_000), reason="So.")] * 2,
    )
    w.now = late
    w.drain()
    row, found = w.row(), w.matter()
    moved = {"agreed": 30_000, "ruled": 40_000}.get(found.outcome, 0)
    if found.state == "closed" and moved:
        assert (row.returned, row.released, w.balance("clearing")) == (moved, row.total - moved, 0)
    else:
        assert (row.returned, row.released, w.balance("escrow")) == (0, 0, row.total)
        assert (row.dispute_id is None) is (found.state == "closed")
    assert came["done"] >= 1, came
    assert w.differences() == []


def test_money_that_arrives_while_a_dispute_opens_is_frozen_or_goes_back():
    w = world()
    w.play(w.pay(), "approve")
    payment = w.pay()
    payer.decide(number_of(payment), "delay", now=w.now)
    notice = payer.tell(number_of(payment), now=w.now)
    wish = {"reason": "late", "text": "Late.", "wish": disputes.Wish()}
    together(
        lambda: run(disputes.begin, w.buyer.call(now=w.now), order_id=w.order, **wish),
        lambda: events.receive("sandbox", notice.raw, notice.headers, now=w.now),
    )
    w.drain()
    row = w.payment(payment)
    assert (row.state, row.returned) in (("held", 0), ("closed", row.paid))
    assert w.matter().frozen == w.balance("escrow") == w.balance("clearing")
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
