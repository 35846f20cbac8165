"""The book: what it adds up to, what it refuses, and what the database refuses by itself."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.base import money
from guanxi.base.ids import new_id
from guanxi.pay import book
from guanxi.pay.book import Move, Movement, Overdrawn
from guanxi.pay.table import Account, Transfer

T0 = datetime(2026, 11, 1, 4, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def post(where: UUID, *moves: Move, currency: str = "CNY", at: datetime = T0, recorded_at: datetime | None = None, about: UUID | None = None) -> UUID:
    movement = Movement(new_id(), currency, "test", about or new_id(), at, recorded_at)
    book.post(where, moves, movement=movement)
    return movement.id


def test_money_that_comes_in_is_held_then_owed_then_paid_out_and_the_clearing_account_returns_to_zero():
    where, order, supplier = new_id(), new_id(), new_id()
    hold, owed, clearing = book.escrow(order), book.payable(supplier), book.clearing("sandbox")
    post(where, Move(clearing, hold, 1000))
    assert book.balances(where) == {(clearing, "CNY"): 1000, (hold, "CNY"): 1000}
    post(where, Move(hold, owed, 400))
    post(where, Move(owed, clearing, 400))
    assert book.balances(where) == {(clearing, "CNY"): 600, (hold, "CNY"): 600, (owed, "CNY"): 0}
    post(where, Move(hold, owed, 600), Move(owed, clearing, 600))
    assert set(book.balances(where).values()) == {0}
    assert book.fold(where) == book.balances(where)


def test_an_account_never_goes_below_zero_and_a_refused_posting_leaves_nothing_behind():
    where, order, supplier = new_id(), new_id(), new_id()
    post(where, Move(book.clearing("sandbox"), book.escrow(order), 1000))
    before = book.balances(where)
    with pytest.raises(Overdrawn):
        post(where, Move(book.escrow(order), book.payable(supplier), 1001))
    with pytest.raises(Overdrawn):
        post(where, Move(book.clearing("sandbox"), book.escrow(order), 5), Move(book.payable(supplier), book.clearing("sandbox"), 6))
    assert book.balances(where) == before
    assert Transfer.objects.of(where).count() == 1


@pytest.mark.parametrize("amount", [0, -1, True, 1.5, "7", None])
def test_only_positive_whole_numbers_are_amounts(amount):
    with pytest.raises(ValueError):
        post(new_id(), Move("clearing:sandbox", "escrow:x", amount))


def test_currencies_do_not_mix():
    where, order = new_id(), new_id()
    post(where, Move("clearing:sandbox", book.escrow(order), 700), currency="CNY")
    with pytest.raises(Overdrawn):
        post(where, Move(book.escrow(order), "payable:x", 700), currency="GBP")
    assert book.trial_by_balances(where) == book.trial_by_transfers(where) == {"CNY": 0}


def test_the_balance_at_a_time_is_the_fold_up_to_it_for_business_and_for_recording_time():
    where, order = new_id(), new_id()
    code = (book.escrow(order), "CNY")
    for day in range(3):
        post(where, Move("clearing:sandbox", book.escrow(order), 100), at=T0 + timedelta(days=day))
    post(where, Move("clearing:sandbox", book.escrow(order), 50), at=T0, recorded_at=T0 + timedelta(days=9))  # back-dated
    assert book.fold(where, until=T0)[code] == 150
    assert book.fold(where, until=T0 + timedelta(days=1))[code] == 250
    assert book.fold(where, recorded_until=T0 + timedelta(days=2))[code] == 300, "what was known then does not change"
    assert book.fold(where)[code] == book.balance(where, *code) == 350
    assert book.fold(where, until=T0 - timedelta(seconds=1)) == {}


def test_a_correction_is_the_opposite_transfer_and_there_is_one_only():
    where, order = new_id(), new_id()
    post(where, Move("clearing:sandbox", book.escrow(order), 100))
    wrong = Transfer.objects.of(where).get()
    back = book.reverse(where, wrong, movement=new_id(), act="repair", at=T0)
    assert (back.debit, back.credit, back.amount, back.reverses) == (wrong.credit, wrong.debit, 100, wrong.id)
    assert set(book.balances(where).values()) == {0}
    post(where, Move("clearing:sandbox", book.escrow(order), 100))
    with pytest.raises(IntegrityError), transaction.atomic():
        book.reverse(where, wrong, movement=new_id(), act="repair", at=T0)
    assert book.fold(where) == book.balances(where)


def insert_transfer(**changes):
    row = {"id": uuid4(), "conversation_id": uuid4(), "movement_id": uuid4(), "debit": "a", "credit": "b", "amount": 5, "currency": "CNY",
           "act": "x", "about": uuid4(), "reverses": None, "at": T0, "recorded_at": T0} | changes  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO pay_transfer ({','.join(row)}) VALUES ({','.join(['%s'] * len(row))})", list(row.values()))
    return row


@pytest.mark.parametrize("changes", [{"amount": 0}, {"amount": -5}, {"credit": "a"}, {"currency": None}, {"about": None}])
def test_the_database_refuses_a_transfer_that_is_none(changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_transfer(**changes)


def test_the_database_refuses_a_second_reversal_and_a_second_movement():
    first = insert_transfer()
    same = {name: first[name] for name in ("conversation_id", "movement_id")}
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_transfer(**same)
    insert_transfer(conversation_id=first["conversation_id"], reverses=first["id"])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_transfer(conversation_id=first["conversation_id"], reverses=first["id"])


@pytest.mark.parametrize("statement", ["UPDATE pay_transfer SET amount = 6", "UPDATE pay_transfer SET act = 'y'", "DELETE FROM pay_transfer"])
def test_the_database_refuses_to_change_or_delete_a_transfer(statement):
    insert_transfer()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Transfer.objects.get().amount == 5


def test_the_database_refuses_a_balance_below_zero_and_a_second_account_of_one_name():
    row = Account.objects.create(conversation_id=new_id(), code="escrow:x", currency="CNY", balance=3)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE pay_account SET balance = balance - 4")
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(conversation_id=row.conversation_id, code="escrow:x", currency="CNY")


CODES = ["clearing:sandbox", "clearing:other", "escrow:1", "escrow:2", "payable:s", "refundable:b"]
PAIRS = st.tuples(st.sampled_from(CODES), st.sampled_from(CODES)).filter(lambda pair: pair[0] != pair[1])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(PAIRS, st.integers(1, 10**12), st.sampled_from(["CNY", "GBP"])), max_size=12))
def test_stored_balances_always_equal_the_fold_and_both_trial_balances_are_zero(moves):
    where = new_id()
    for (debit, credit), amount, currency in moves:
        try:
            post(where, Move(debit, credit, amount), currency=currency)
        except Overdrawn:
            continue
    assert book.fold(where) == book.balances(where)
    assert all(total == 0 for total in (*book.trial_by_balances(where).values(), *book.trial_by_transfers(where).values()))
    assert all(amount >= 0 for amount in book.balances(where).values())


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**6), min_size=1, max_size=6).filter(any))
def test_parts_always_sum_to_the_whole(total, weights):
    parts = money.split(total, weights)
    assert sum(parts) == total
    assert all(abs(part - total * weight / sum(weights)) <= 1 for part, weight in zip(parts, weights, strict=True) if total < 10**12)
