"""What the database refuses by itself, tried with raw SQL: a hold that ends twice, more shipped than ordered (M7, M8, D4); what the check finds."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from guanxi.base.ids import new_id
from guanxi.deals.dispute import acts as disputes
from guanxi.deals.payment import check as deal_check
from guanxi.pay import check
from guanxi.pay.providers.sandbox.table import SandboxCharge, SandboxMove
from tests.money.world import world

pytestmark = pytest.mark.django_db


SECOND_HOLD = """
    INSERT INTO deals_payment (id, conversation_id, order_id, stage_id, provider, reference, amount, currency, state, paid, released, returned,
                               next_step, payer_id, payer_name, started_at, expires_at)
    SELECT gen_random_uuid(), conversation_id, order_id, stage_id, provider, '', amount, currency, 'held', amount, 0, 0, '{}', payer_id, '',
           started_at, expires_at FROM deals_payment WHERE state = 'held' LIMIT 1
"""


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE deals_payment SET released = paid + 1",
        "UPDATE deals_payment SET released = paid, returned = 1",
        "UPDATE deals_payment SET returned = -1",
        "UPDATE deals_payment SET paid = amount - 1",
        "UPDATE deals_payment SET state = 'gone'",
        "UPDATE deals_order SET released = total + 1",
        "UPDATE deals_order SET total = total + 1",
        "UPDATE deals_order SET money = 'lent'",
        "UPDATE deals_stage SET amount = 0",
        "UPDATE deals_stage SET amount = amount + 1",
        "UPDATE deals_orderline SET shipped = quantity + 1",
        "UPDATE deals_orderline SET received = shipped + 1",
        "UPDATE deals_orderline SET shipped = -1",
        "UPDATE deals_payout SET amount = 0",
        "UPDATE deals_payout SET state = 'done', done_at = NULL",
        "UPDATE pay_account SET balance = -1",
        "UPDATE pay_sandbox_charge SET released = paid + 1",
        SECOND_HOLD,
    ],
)
def test_the_database_refuses(statement):
    w = world().paid()
    w.ship(lines={1: Decimal(5)})
    w.receive(lines={1: Decimal(2)})
    with pytest.raises(IntegrityError), transaction.atomic():
        execute(statement)
    assert w.differences() == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE pay_account SET balance = balance + 1 WHERE code LIKE 'escrow:%'", "stored"),
        ("UPDATE pay_account SET balance = balance + 1 WHERE code LIKE 'clearing:%'", "differ by 1"),
        ("UPDATE deals_order SET released = released + 1", "receipts and disputes say"),
        ("UPDATE deals_payment SET released = released + 1 WHERE state = 'held' AND released < paid", "escrow is not"),
        ("UPDATE deals_order SET state = 'cancelled', money = 'refunded'", "has ended"),
        ("UPDATE deals_orderline SET shipped = shipped + 1 WHERE n = 1", "shipments do not sum"),
        ("UPDATE deals_orderline SET received = received + 1 WHERE n = 1", "receipts do not sum"),
        ("UPDATE pay_sandbox_move SET amount = amount + 1 WHERE kind = 'capture'", "theirs"),
        ("DELETE FROM pay_sandbox_move WHERE kind = 'release'", "ours"),
    ],
)
def test_the_check_finds_every_kind_of_difference(statement, words):
    w = world().paid()
    w.ship(lines={1: Decimal(5)})
    w.receive(lines={1: Decimal(2)})
    assert w.differences() == []
    execute(statement)
    found = check.differences(now=w.now) + deal_check.differences()
    assert any(words in one for one in found), found
    assert sorted(found) == sorted(w.differences()), "all conversations, or this one: the same"
    assert check.differences([new_id()]) + deal_check.differences([new_id()]) == []


FROZEN = [
    "UPDATE deals_evidence SET text = 'other'", "DELETE FROM deals_evidence", "UPDATE deals_proposal SET plan = '{}'",
    "UPDATE deals_proposal SET side = 'buyer'",
    "UPDATE deals_dispute SET frozen = frozen + 1", "UPDATE deals_dispute SET text = 'other'", "UPDATE deals_dispute SET refunded = frozen + 1",
    "UPDATE deals_dispute SET released = frozen, refunded = 1", "UPDATE deals_dispute SET state = 'gone'", "UPDATE deals_dispute SET state = 'closed'",
    "UPDATE deals_dispute SET turn = 'clock'", "UPDATE deals_dispute SET outcome = 'won'", "UPDATE deals_order SET release_at = now()",
    "UPDATE deals_order SET returned = total + 1", "UPDATE deals_orderline SET returned = shipped + 1", "UPDATE deals_orderline SET lost = -1",
    "UPDATE deals_proposal SET state = 'open'",
    "INSERT INTO deals_dispute SELECT (jsonb_populate_record(d, '{\"id\": \"00000000-0000-0000-0000-000000000001\", \"n\": 2}')).* FROM deals_dispute d",
]  # fmt: skip


@pytest.mark.parametrize("statement", FROZEN)
def test_the_database_keeps_disputes_as_they_were(statement):
    w = world().paid()
    w.ship(lines={1: Decimal(5)})
    w.dispute()
    w.propose(w.supplier, 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        execute(statement)
    assert w.differences() == []


def test_a_closed_dispute_changes_no_more():
    w = world().paid()
    w.ship()
    w.dispute(kind="refund", refund=1)
    w.about(disputes.accept, w.supplier)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        execute("UPDATE deals_dispute SET refunded = 0")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE deals_order SET dispute_id = NULL", "do not know each other"),
        ("UPDATE deals_payment SET released = released + 1 WHERE state = 'held' AND released < paid", "does not freeze"),
        ("UPDATE deals_order SET returned = 1", "what went back is not"),
    ],
)
def test_the_check_finds_a_dispute_that_was_passed_by(statement, words):
    w = world().paid()
    w.ship()
    w.dispute()
    execute(statement)
    assert any(words in one for one in w.differences()), w.differences()


def test_news_on_their_way_are_no_difference_until_an_hour_has_passed_and_suspense_is_none():
    w = world()
    w.play(w.pay(), "delay")
    assert w.differences() == []
    assert [one for one in check.differences(now=w.now + timedelta(hours=2)) if "capture" in one]
    other = world()
    other.play(other.pay(), "wrong_amount")
    assert check.differences([other.where], now=other.now + timedelta(days=2)) == []
    assert [(reason, days) for reason, _amount, _currency, days in check.suspended(other.now + timedelta(days=2))] == [("amount", 2)]
    assert SandboxCharge.objects.filter(state="paid").count() == SandboxMove.objects.count() == 2
