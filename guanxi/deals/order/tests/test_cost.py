"""What an act costs: one commit and at most 25 statements, whatever it does (issue: speed; both counts do not depend on the machine)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.deals.deal.table import Deal
from guanxi.deals.order import acts as orders
from guanxi.deals.quote import acts as quotes
from guanxi.deals.rfq import acts as rfqs
from guanxi.talk.run import run
from tests import make, trade

pytestmark = pytest.mark.django_db(transaction=True)
MOST = 25


def cost(act, call, **kwargs):
    """Statements and commits of one act."""
    with CaptureQueriesContext(connection) as seen:
        given = run(act, call, **kwargs)
    words = [query["sql"].split(None, 1)[0].upper() for query in seen.captured_queries]
    return given, len(words), words.count("COMMIT")


def test_each_act_of_a_deal():
    pair = make.pair()
    made, asked, commits = cost(rfqs.ask, pair.buyer.call("a", 1).at(None), draft=trade.draft(pair.supplier))
    assert (asked <= MOST, commits) == (True, 1), asked
    deal = made["deals"][0]["deal"]
    made, quoted, commits = cost(quotes.send, pair.supplier.call("b", 1), deal_id=deal, terms=trade.terms())
    assert (quoted <= MOST, commits) == (True, 1), quoted
    made, answered, commits = cost(quotes.counter, pair.buyer.call("c", 1), quote_id=made["quote"], terms=trade.terms("450", "140"))
    assert (answered <= MOST, commits) == (True, 1), answered
    made, placed, commits = cost(orders.place, pair.supplier.call("d", 1), quote_id=made["quote"])
    assert (placed <= MOST, commits) == (True, 1), placed


def test_ten_suppliers_cost_no_more_statements_than_two():
    pair = make.pair()
    others = [make.actor(f"Bo{n}", f"Works{n}") for n in range(9)]
    for other in others:
        make.pair_conversation(pair.buyer.company.id, other.company.id, now=make.clock.now())
    _made, asked, _commits = cost(rfqs.ask, pair.buyer.call("a", 1).at(None), draft=trade.draft(pair.supplier, *others))
    assert asked <= MOST, asked
    for row in Deal.objects.exclude(supplier_id=pair.supplier.company.id):
        other = next(one for one in others if one.company.id == row.supplier_id)
        trade.quote(make.Actor(other.person, other.company, "owner", row.conversation_id), row.id)
    mine = trade.quote(pair.supplier, Deal.objects.get(supplier_id=pair.supplier.company.id).id)
    _made, placed, commits = cost(orders.place, pair.buyer.call("b", 1), quote_id=mine)
    assert (placed <= MOST, commits) == (True, 1), placed


def test_two_thousand_lines_cost_the_same_statements():
    pair = make.pair()
    lines = [{"name": f"Bolt {n}", "quantity": "3", "unit": "pc"} for n in range(2000)]
    made, asked, _commits = cost(rfqs.ask, pair.buyer.call().at(None), draft=trade.draft(pair.supplier, lines=lines))
    prices = ["0.1011"] * 2000
    deal = made["deals"][0]["deal"]
    made, quoted, _commits = cost(quotes.send, pair.supplier.call(), deal_id=deal, terms=trade.terms(*prices))
    made, placed, _commits = cost(orders.place, pair.buyer.call(), quote_id=made["quote"])
    assert max(asked, quoted, placed) <= MOST, (asked, quoted, placed)
