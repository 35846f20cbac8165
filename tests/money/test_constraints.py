"""What the database refuses by itself, tried with raw SQL: a hold that ends twice, more shipped than ordered (M7, M8, D4); what the check finds."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from guanxi.base.ids import new_id
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
        ("UPDATE deals_order SET released = released + 1", "receipts say"),
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
