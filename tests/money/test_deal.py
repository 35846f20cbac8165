"""The story of the money of one order: paid by stages, shipped, received in parts, reviewed."""

from decimal import Decimal

import pytest

from guanxi.deals.payment import reads
from guanxi.deals.payment.table import Payment, Payout
from guanxi.deals.review import acts as reviews
from guanxi.deals.review import reads as review_reads
from guanxi.deals.shipment import reads as goods_reads
from guanxi.pay.providers.sandbox.table import SandboxMove
from guanxi.talk.table import Entry
from tests.money.world import world

pytestmark = pytest.mark.django_db


def test_an_order_is_paid_in_two_stages_shipped_twice_received_in_parts_and_released_to_the_last_minor_unit():
    w = world()
    total = w.row().total
    assert total == 920000 + 480000 + 30 + 16000

    w.play(w.pay(), "approve")
    assert (w.row().money, w.balance("escrow"), w.panel().turn) == ("part", 424809, "pay")
    w.play(w.pay(), "approve")
    assert (w.row().money, w.balance("escrow"), w.balance("clearing")) == ("held", total, total)
    assert (w.panel().turn, w.panel().turn_company) == ("ship", w.supplier.company.id)

    w.ship(lines={1: Decimal(10), 3: Decimal(3)}, waybill="SF1")
    assert (w.row().goods_state, w.panel().turn) == ("part", "ship")
    w.receive()
    part = w.row().released
    assert part == total * (460000 + 30) // 1400030
    assert (w.balance("escrow"), w.balance("payable"), w.balance("clearing")) == (total - part, 0, total - part)
    assert w.row().release_at is None, "nothing is on its way"

    w.later(days=1).ship()
    assert (w.row().goods_state, w.panel().turn, w.panel().due_at) == ("sent", "receive", w.row().release_at)
    w.receive(note="all well")
    order = w.row()
    assert (order.state, order.money, order.goods_state, order.released) == ("completed", "released", "arrived", total)
    assert [w.balance(kind) for kind in ("escrow", "payable", "clearing", "refundable")] == [0, 0, 0, 0]
    assert sum(SandboxMove.objects.filter(kind="release").values_list("amount", flat=True)) == total
    assert set(Payment.objects.values_list("state", flat=True)) == {"closed"}
    assert set(Payout.objects.values_list("state", "kind")) == {("done", "release")}
    assert w.said() == ["order.placed", "payment.held", "payment.held", "shipment.sent", "receipt.confirmed", "shipment.sent", "receipt.confirmed"]
    assert (w.panel().state, w.panel().turn) == ("done", "review")

    reviews.review(w.buyer.call(now=w.now), order_id=w.order, stars=5, text="Good")
    assert w.panel().turn_company == w.supplier.company.id
    reviews.review(w.supplier.call(now=w.now), order_id=w.order, stars=4)
    assert (w.panel().turn, w.panel().seq) == ("", 9)
    assert review_reads.figures(w.supplier.company.id).average == 5
    assert w.differences() == []


def test_the_reads_show_what_the_book_says():
    w = world().paid()
    w.ship(lines={1: Decimal(20)})
    w.receive()
    picture = reads.of_order(w.where, w.order)
    assert (picture.paid, picture.held, picture.released, picture.returned) == (w.row().total, w.balance("escrow"), w.row().released, 0)
    assert [stage.payment.held for stage in picture.stages] == [0, w.balance("escrow")], "the first stage is released first"
    ours, theirs = reads.figures(w.buyer.company.id, w.now)[0], reads.figures(w.supplier.company.id, w.now)[0]
    assert (ours.held_by_us, theirs.held_for_us, theirs.released_month, ours.to_pay) == (w.balance("escrow"), w.balance("escrow"), w.row().released, 0)
    assert [line.left_to_ship for line in goods_reads.of_order(w.where, w.order).lines] == [0, Decimal("12.5"), 3]
    assert len(reads.book_of_company(w.buyer.company.id)) == len(reads.book_entries([w.where])) == 2 + 1 + 2
    entry = Entry.objects.filter(conversation_id=w.where, kind="receipt.confirmed").get()
    assert entry.body["released"] == w.row().released == picture.released
    assert w.differences() == []
