"""What the database itself refuses, tried with raw SQL (quality.md D2-D4, M3)."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests import make, trade

pytestmark = pytest.mark.django_db
REFUSED = [
    "UPDATE deals_quote SET terms = '{}'",
    "UPDATE deals_quote SET total = total + 1, goods = goods + 1",
    "UPDATE deals_quote SET valid_until = valid_until + interval '1 day'",
    "UPDATE deals_order SET terms = '{}'",
    "UPDATE deals_order SET total = 1, goods = 1, freight = 0, tax = 0",
    "UPDATE deals_order SET supplier_id = buyer_id",
    "UPDATE deals_order SET released = total + 1",
    "UPDATE deals_order SET released = -1",
    "UPDATE deals_order SET state = 'done'",
    "UPDATE deals_order SET money = 'lost'",
    "UPDATE deals_orderline SET quantity = quantity + 1",
    "UPDATE deals_orderline SET unit_price = 1",
    "UPDATE deals_orderline SET shipped = quantity + 0.0001",
    "UPDATE deals_orderline SET received = 0.0001",
    "UPDATE deals_orderline SET shipped = -1",
    "UPDATE deals_stage SET amount = amount + 1",
    "UPDATE deals_stage SET state = 'paid'",
    "UPDATE deals_invite SET body = '{}'",
    "UPDATE deals_invite SET state = 'seen'",
    "UPDATE deals_deal SET supplier_id = buyer_id",
    "UPDATE deals_deal SET step = 'later'",
    "UPDATE deals_rfq SET state = 'seen'",
    "UPDATE deals_rfq SET deadline_at = NULL",
    "UPDATE deals_rfqline SET quantity = 0",
    """INSERT INTO deals_quote (id, conversation_id, deal_id, version, side, by_person, by_name, state, terms, currency, goods, freight, tax, total,
       valid_until, seq, at) SELECT gen_random_uuid(), conversation_id, deal_id, version, side, by_person, by_name, 'declined', terms, currency, goods,
       freight, tax, total, valid_until, seq, at FROM deals_quote""",
    "UPDATE talk_entry SET body = '{}'",
    "DELETE FROM talk_entry",
]
ALLOWED = ["UPDATE deals_quote SET state = 'declined' WHERE state = 'open'", "UPDATE deals_order SET money = 'part'", "UPDATE deals_stage SET state = 'held'"]


def test_frozen_and_impossible_rows_are_refused_by_the_database():
    pair = make.pair()
    trade.ordered(pair)
    for statement in REFUSED:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    for statement in ALLOWED:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_deal_has_one_open_offer():
    pair = make.pair()
    _rfq, deal = trade.ask(pair)
    first = trade.quote(pair.supplier, deal)
    trade.quote(pair.supplier, deal, "470", "150")
    with pytest.raises(DatabaseError, match="one_open_offer"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE deals_quote SET state = 'open' WHERE id = %s", [first])
