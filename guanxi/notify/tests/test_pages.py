"""Workbench, notices and the nudge: what stands on them, for whom, and how often one may nudge."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.base import clock
from guanxi.base.ids import new_id
from guanxi.deals.deal.table import Deal
from guanxi.notify.nudge.acts import nudge
from guanxi.talk.notice import notice
from guanxi.talk.run import run
from guanxi.talk.table import Entry
from guanxi.talk.turn import turn
from tests.make import NOON, outsider, pair
from tests.signed import signed

pytestmark = pytest.mark.django_db


def deal(two, waits, **columns):
    row = {"buyer_id": two.buyer.company.id, "supplier_id": two.supplier.company.id, "title": "Bolts", "currency": "CNY",
           "created_at": NOON, "updated_at": NOON, "turn": "quote", "turn_company": waits.company.id, "due_at": NOON + timedelta(days=2)}  # fmt: skip
    return Deal.objects.create(conversation_id=two.conversation, **(row | columns))


def test_the_workbench_lists_mine_and_theirs():
    two = pair()
    deal(two, two.supplier)
    buyer, supplier = (signed(one).get("/work").content.decode() for one in (two.buyer, two.supplier))
    assert "Waiting for their quote" in buyer
    assert "/nudge/ask" in buyer
    assert "Your turn to quote" in supplier
    assert "/nudge/ask" not in supplier
    assert "Bolts" not in signed(outsider(two.conversation)).get("/work").content.decode()


def test_the_workbench_takes_the_same_statements_for_fifty_as_for_five():
    two = pair()
    client = signed(two.buyer)
    counts = []
    for more in (5, 45):
        for n in range(more):
            deal(two, two.buyer if n % 2 else two.supplier)
        client.get("/work")
        with CaptureQueriesContext(connection) as queries:
            client.get("/work")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_a_viewer_sees_no_buttons():
    two = pair()
    deal(two, two.supplier)
    assert "/nudge/ask" not in signed(two.colleague(two.buyer, "viewer")).get("/work").content.decode()


def test_a_nudge_is_an_entry_once_a_day():
    two = pair()
    one = deal(two, two.supplier)
    form = {"deal": str(one.id), "as": str(two.buyer.company.id), "next": "/work"}
    client = signed(two.buyer)
    with clock.use(NOON):
        assert client.post(f"/c/{two.conversation}/nudge/ask", form)["Location"] == "/work"
        assert client.post(f"/c/{two.conversation}/nudge/ask", form).status_code == 409
    assert Entry.objects.of(two.conversation).get().body == {"code": "nudge", "name": "Ana", "title": "Bolts"}
    run(nudge, two.buyer.call(now=NOON + timedelta(days=1)), deal_id=one.id)
    assert Entry.objects.of(two.conversation).count() == 2


def test_only_the_side_that_waits_nudges_about_its_own_deal():
    two = pair()
    one = deal(two, two.supplier)
    for who, given, status in ((two.supplier, one.id, 409), (two.buyer, new_id(), 404), (outsider(two.conversation), one.id, 404), (two.buyer, "x", 404)):
        form = {"deal": str(given), "as": str(who.company.id)}
        assert signed(who).post(f"/c/{two.conversation}/nudge/ask", form).status_code == status
    assert Entry.objects.of(two.conversation).count() == 0


def test_notices_tell_what_others_did_and_not_what_we_did():
    two = pair()
    for who in (two.buyer, two.supplier):
        with turn(who.call()) as talk:
            talk.add("notice", notice("nudge", name=who.person.name, title="Bolts"))
    page = signed(two.buyer).get("/notices").content.decode()
    assert "Bo asks for a reply: Bolts" in page
    assert "Ana asks" not in page
    assert "Bo asks" not in signed(outsider(two.conversation)).get("/notices").content.decode()
