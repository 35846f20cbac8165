"""What is due, by clock: mine, and what the other side owes; the same statements for one deal and for fifty."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.base import clock
from guanxi.deals.deal.table import Deal
from guanxi.notify import work
from tests import make

pytestmark = pytest.mark.django_db


def deals(pair: make.Pair, many: int, **more: object) -> list[Deal]:
    """Deals of the pair; the later ones are due earlier."""
    now = clock.now()
    fields = {"buyer_id": pair.buyer.company.id, "supplier_id": pair.supplier.company.id, "currency": "CNY", "turn": "answer", "created_at": now} | more
    return Deal.objects.bulk_create(
        Deal(conversation_id=pair.conversation, title=f"Deal {n}", due_at=now + timedelta(days=many - n), updated_at=now, **fields) for n in range(many)
    )


def test_mine_and_theirs_by_clock_on_either_side() -> None:
    pair = make.pair()
    buyer, supplier = pair.buyer.company.id, pair.supplier.company.id
    ours, asked = deals(pair, 2, turn_company=buyer), deals(pair, 2, turn_company=supplier)
    deals(pair, 1, turn_company=supplier, state="done")
    deals(pair, 1, turn_company=None)
    mine, theirs = work.duties(buyer)
    assert [one.deal.id for one in mine] == [one.id for one in reversed(ours)]
    assert [one.deal.id for one in theirs] == [one.id for one in reversed(asked)]
    mine, theirs = work.duties(supplier)
    assert {one.deal.id for one in mine} == {one.id for one in asked}
    assert {one.deal.id for one in theirs} == {one.id for one in ours}
    assert {(one.other, one.other_name) for one in theirs} == {(buyer, pair.buyer.company.name)}


@pytest.mark.parametrize("many", [1, 50])
def test_three_statements_however_many_there_are(many: int) -> None:
    pair = make.pair()
    deals(pair, many, turn_company=pair.buyer.company.id)
    deals(pair, many, turn_company=pair.supplier.company.id)
    with CaptureQueriesContext(connection) as seen:
        mine, theirs = work.duties(pair.buyer.company.id)
    assert (len(mine), len(theirs), len(seen)) == (many, many, 3)


@pytest.mark.parametrize(("ours", "theirs", "index"), [("buyer_id", "supplier_id", "deal_waits_supplier"), ("supplier_id", "buyer_id", "deal_waits_buyer")])
def test_what_others_owe_is_read_off_an_index(ours: str, theirs: str, index: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
    assert index in work.waiting(ours, make.pair().buyer.company.id, theirs).explain()
