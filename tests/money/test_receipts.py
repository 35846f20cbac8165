"""What arrives short, damaged, a little more or less: who gets what, and who owes what next."""

from datetime import timedelta
from decimal import Decimal

import pytest

from guanxi.base.errors import Invalid, Refused
from guanxi.deals.order.table import OrderLine
from guanxi.deals.shipment.quantities import Wrong
from guanxi.deals.shipment.table import Receipt
from tests.money.test_dispute import agrees, upload
from tests.money.world import world

pytestmark = pytest.mark.django_db
LINES = ((Decimal(100), "10"),)  # 1,000.00


def test_what_is_short_or_damaged_is_not_paid_and_is_sent_again():
    w = world(lines=LINES, freight=0).paid()
    w.ship()
    photo = upload(w.buyer)
    w.receive(lines={1: Decimal(95)}, wrong={1: Wrong(Decimal(2), Decimal(3))}, photos=[photo.id], note="Wet")
    row, line = w.row(), OrderLine.objects.get()
    assert (row.state, row.released, row.goods_state, row.release_at) == ("placed", 95_000, "part", None)
    assert (line.shipped, line.received, line.lost) == (95, 95, 5)
    assert (w.panel().turn, w.panel().turn_company) == ("ship", w.supplier.company.id)
    assert w.panel().due_at >= w.now + timedelta(days=3), "what is sent again has a time of its own"
    assert w.last()["wrong"] == [{"n": 1, "short": "2", "damaged": "3", "name": "Bolt 1", "spec": "", "unit": "pc"}]
    assert Receipt.objects.get().photos == [str(photo.id)]
    agrees(w)
    w.ship()
    w.receive()
    assert (w.row().state, w.row().released, w.row().money) == ("completed", 100_000, "released")
    agrees(w)


def test_only_bad_goods_release_nothing_and_more_bad_than_sent_is_refused():
    w = world(lines=LINES, freight=0).paid()
    w.ship(lines={1: Decimal(10)})
    for wrong in ({1: Wrong(Decimal(11))}, {2: Wrong(Decimal(1))}, {1: Wrong(Decimal(6), Decimal(6))}):
        with pytest.raises(Invalid):
            w.receive(wrong=wrong)
    with pytest.raises(Invalid):
        w.receive(lines={1: Decimal(9)}, wrong={1: Wrong(Decimal(2))})
    w.receive(wrong={1: Wrong(Decimal(10))})
    assert (w.row().released, OrderLine.objects.get().shipped, w.panel().turn) == (0, 0, "ship")
    with pytest.raises(Refused):
        w.receive()
    agrees(w)


def test_all_good_but_what_is_named_wrong():
    w = world(lines=LINES, freight=0).paid()
    w.ship()
    w.receive(lines={1: Decimal(100)}, wrong={1: Wrong(Decimal(0), Decimal(1))})  # the form was left as it was filled in
    assert (OrderLine.objects.get().received, w.row().released) == (99, 99_000)
    agrees(w)


def test_a_dispute_from_the_receipt_releases_what_is_good_and_asks_for_the_rest():
    w = world(lines=LINES, freight=0).paid()
    w.ship()
    w.dispute(wrong={1: Wrong(Decimal(0), Decimal(4))}, right=None)
    assert w.said()[-2:] == ["receipt.confirmed", "dispute.opened"]
    found = w.matter()
    assert (w.row().released, found.frozen, found.wrong) == (96_000, 4_000, [{"n": 1, "short": "0", "damaged": "4"}])
    assert w.last()["plan"]["refund"] == 4_000
    agrees(w)


def test_a_little_less_within_the_tolerance_completes_and_its_money_goes_back():
    w = world(lines=LINES, freight=0, tolerance=5).paid()
    with pytest.raises(Invalid):
        w.ship(lines={1: Decimal(94)}, final=True)
    w.ship(lines={1: Decimal(96)}, final=True)
    assert (w.row().goods_state, w.panel().turn) == ("sent", "receive")
    w.receive()
    row = w.row()
    assert (row.state, row.money, row.released, row.returned) == ("completed", "settled", 96_000, 4_000)
    assert (w.balance("escrow"), w.balance("clearing")) == (0, 0)
    assert w.last()["returned"] == 4_000
    agrees(w)


def test_a_shortage_within_the_tolerance_found_on_receipt_is_all_there_is():
    w = world(lines=LINES, freight=0, tolerance=5).paid()
    w.ship()
    w.receive(wrong={1: Wrong(Decimal(5))})
    assert (w.row().state, w.row().released, w.row().returned) == ("completed", 95_000, 5_000)
    agrees(w)


def test_a_little_more_is_not_charged_and_too_much_is_refused():
    w = world(lines=LINES, freight=0, tolerance=5).paid()
    with pytest.raises(Invalid):
        w.ship(lines={1: Decimal("105.0001")})
    w.ship(lines={1: Decimal(105)})
    w.receive()
    assert (w.row().state, w.row().money, w.row().released) == ("completed", "released", 100_000)
    agrees(w)
    without = world(lines=LINES, freight=0, pair=w.pair).paid()
    with pytest.raises(Invalid):
        without.ship(lines={1: Decimal(101)})


def test_by_the_clock_too_what_is_final_counts_as_all():
    w = world(lines=LINES, freight=0, tolerance=5).paid()
    w.ship(lines={1: Decimal(99)}, final=True)
    w.later(days=10, seconds=1).drain()
    assert (w.row().state, w.row().released, w.row().returned) == ("completed", 99_000, 1_000)
    agrees(w)
