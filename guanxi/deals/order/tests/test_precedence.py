"""The fixed order of refusals, as a table: reach, key, existence, role, staleness, state, side, time (quality.md M6)."""

from datetime import timedelta
from uuid import UUID

import pytest

from guanxi.base import clock
from guanxi.base.errors import ActError, AlreadyDone, Conflict
from guanxi.base.ids import new_id
from guanxi.deals.order import acts as orders
from guanxi.deals.quote import acts as quotes
from guanxi.talk.run import run
from tests import make, trade

pytestmark = pytest.mark.django_db(transaction=True)


def outcome(call, quote_id):
    try:
        run(orders.place, call, quote_id=quote_id)
    except AlreadyDone:
        return "already-done"
    except ActError as error:
        return error.code
    return "done"


def test_what_is_told_first():
    pair = make.pair()
    _rfq, deal = trade.ask(pair)
    gone = trade.quote(pair.supplier, deal)
    offer = trade.counter(pair.buyer, gone, "450", "140")
    used = pair.supplier.call("key", 1)
    run(quotes.withdraw, pair.buyer.call("own", 1), quote_id=offer)
    fresh = UUID(run(quotes.send, used, deal_id=deal, terms=trade.terms())["quote"])
    viewer, sales = pair.colleague(pair.buyer, "viewer"), pair.colleague(pair.supplier, "sales")
    late = clock.now() + timedelta(days=3)
    table = [
        ("not-found", make.outsider(pair.conversation).call("key", 2, seen=1, now=late), gone),
        ("key-reused", pair.supplier.call("key", 2, seen=1, now=late), gone),
        ("already-done", pair.supplier.call("key", 1, seen=1, now=late), gone),
        ("role-cannot-talk", viewer.call(seen=1, now=late), new_id()),
        ("not-found", pair.buyer.call(seen=1, now=late), new_id()),
        ("role-cannot-buy", pair.colleague(pair.buyer, "finance").call(seen=1, now=late), gone),
        ("stale", pair.buyer.call(seen=1, now=late), gone),
        ("quote-countered", pair.supplier.call(now=late), gone),
        ("quote-not-yours", sales.call(now=late), fresh),
        ("quote-expired", pair.buyer.call(now=late), fresh),
        ("done", pair.buyer.call(), fresh),
    ]
    for expected, call, quote_id in table:
        assert outcome(call, quote_id) == expected
    assert issubclass(Conflict, ActError)
