"""The check finds nothing in a world made by acts, and says what was changed behind their back."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from guanxi.base import clock
from guanxi.base.outbox.drain import drain
from guanxi.check import differences, record
from guanxi.check.fold import STEPS, fold
from guanxi.deals.payment import acts as payments
from guanxi.deals.payment import events
from guanxi.deals.rfq import acts as rfqs
from guanxi.deals.rfq import longer
from guanxi.deals.shipment import acts as goods
from guanxi.kinds import KINDS
from guanxi.talk.run import run
from guanxi.talk.table import Entry, Position
from tests import make, trade

pytestmark = pytest.mark.django_db
# They move no row the fold compares.
QUIET = {
    "bank.offered", "bank.changed", "rfq.extended", "rfq.reminded", "review.answered", "order.cancel_asked", "order.cancel_refused", "payment.failed",
    "payment.returned", "receipt.extended",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _the_sandbox_is_on(settings) -> None:
    settings.PROVIDERS = ("sandbox",)


def traded() -> tuple[make.Pair, UUID]:
    """Two versions, an order, paid, half of it received."""
    pair = make.pair()
    _rfq, deal = trade.ask(pair)
    offer = trade.counter(pair.buyer, trade.quote(pair.supplier, deal))
    order = trade.place(pair.supplier, offer)
    while drain(clock.now()):
        pass
    while (due := first_due(order)) is not None:
        payment = UUID(run(payments.pay, pair.buyer.call(), order_id=order, stage=due)["payment"])
        events.play(pair.conversation, payment, "approve", now=clock.now())
    run(goods.ship, pair.supplier.call(), order_id=order, carrier="SF", waybill="1")
    run(goods.receive, pair.buyer.call(), order_id=order)
    drain(clock.now())
    return pair, order


def first_due(order: UUID) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(n) FROM deals_stage WHERE order_id = %s AND state = 'due'", [order])
        return cursor.fetchone()[0]


def tamper(sql: str, *values: object) -> None:
    """Behind the acts' back; state columns may change, the triggers guard only what is frozen."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_world_made_by_acts_agrees() -> None:
    pair, _order = traded()
    assert differences() == []
    assert differences([pair.conversation]) == []


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("UPDATE deals_quote SET state = 'declined' WHERE state = 'accepted'", "quotes"),
        ("UPDATE deals_invite SET state = 'lost'", "invite"),
        ("UPDATE deals_order SET goods_state = 'sent'", "goods"),
        ("UPDATE deals_order SET state = 'placed'", "life"),
        ("UPDATE deals_order SET released = released - 1", "released"),
        ("UPDATE deals_orderline SET received = 0 WHERE n = 1", "received"),
        ("UPDATE deals_stage SET state = 'held' WHERE n = 1", "stages"),
        ("UPDATE deals_deal SET seq = seq - 1", "seq"),
        ("UPDATE talk_conversation SET head = head + 1", "head"),
        ("UPDATE pay_account SET balance = balance + 1", "stored"),
    ],
)
def test_what_was_changed_behind_the_acts_back_is_said(sql: str, word: str) -> None:
    traded()
    tamper(sql)
    found = differences()
    assert found
    assert any(word in one for one in found), found


def test_a_position_beyond_the_head_is_said() -> None:
    pair, _order = traded()
    Position.objects.create(conversation_id=pair.conversation, person_id=pair.buyer.person.id, read_seq=999)
    assert any("has read 999" in one for one in differences())


def test_the_fold_knows_every_kind_of_a_deal() -> None:
    kinds = {kind for kind in KINDS if kind.split(".")[0] in ("rfq", "quote", "order", "payment", "shipment", "receipt", "review", "dispute", "bank")}
    assert kinds - set(STEPS) - QUIET - {"payment.returned"} == set()


def test_a_log_that_breaks_its_rules_is_said_not_raised() -> None:
    with pytest.raises(KeyError):
        fold([(1, "quote.declined", {"quote": "x"})])


def test_an_enquiry_that_goes_on_and_an_offer_with_everything_fold_clean():
    pair, other = make.pair(), make.actor("Cy", "Elsewhere")
    rfq, deal = trade.ask(pair, other)
    rich = [{"n": 1, "price": "480", "breaks": [{"quantity": "20", "price": "472"}], "minimum": "25", "name": "Stud"}, {"n": 2, "price": "152"}]
    offer = trade.quote(pair.supplier, deal, lines=rich, sample="30", valid_until=(clock.now() + timedelta(days=30)).isoformat())
    buyer = pair.buyer.call().at(None)
    run(longer.extend, buyer, rfq_id=rfq, deadline=clock.now() + timedelta(days=5))
    run(rfqs.close, buyer, rfq_id=rfq)
    run(longer.reopen, buyer, rfq_id=rfq, deadline=clock.now() + timedelta(days=6))
    drain(clock.now() + timedelta(days=5, hours=1))
    assert Entry.objects.filter(kind="rfq.reminded").count() == 1
    assert record.differences(None) == []
    trade.place(pair.buyer, trade.counter(pair.supplier, trade.counter(pair.buyer, offer, "450", "150"), lines=rich))
    assert record.differences(None) == []
