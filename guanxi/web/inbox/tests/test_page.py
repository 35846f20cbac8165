"""The message list's page: rows, filters, paging, and the same statements for few and many."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.base.ids import new_id
from guanxi.deals.deal.table import Deal
from guanxi.talk.open import pair_conversation
from guanxi.talk.text.acts import say
from tests.make import NOON, actor, company, outsider, pair
from tests.signed import signed

pytestmark = pytest.mark.django_db


def firms(of, count):
    for n in range(count):
        talk = pair_conversation(of.company.id, company(f"Firm {n}").id, now=NOON)
        say(replace(of.call(), conversation=talk, now=NOON + timedelta(minutes=2 * n)), body={"text": f"hello {n}"})
        deal(talk, of.company.id)


def deal(talk, buyer, **columns):
    row = {"buyer_id": buyer, "supplier_id": new_id(), "title": "Bolts", "currency": "CNY", "created_at": NOON, "updated_at": NOON, "turn": "answer"}
    return Deal.objects.create(conversation_id=talk, **(row | {"turn_company": buyer, "due_at": NOON + timedelta(days=3)} | columns))


def test_rows_show_name_words_unread_and_whose_turn():
    two = pair()
    say(two.supplier.call(), body={"text": "460 it is"})
    deal(two.conversation, two.buyer.company.id)
    page = signed(two.buyer).get("/m").content.decode()
    assert "Minggu" in page
    assert "460 it is" in page
    assert "Your turn to answer the offer" in page
    assert "Waiting for their answer" in signed(two.supplier).get("/m").content.decode()


def test_the_list_takes_the_same_statements_for_fifty_rows_as_for_five():
    ana = actor("Ana", "Haichuan")
    client = signed(ana)
    counts = []
    for more in (5, 50):
        firms(ana, more)
        client.get("/m")
        with CaptureQueriesContext(connection) as queries:
            client.get("/m")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_every_filter_and_the_next_page():
    ana = actor("Ana", "Haichuan")
    firms(ana, 33)
    client = signed(ana)
    first = client.get("/m").content.decode()
    assert first.count("data-row=") == 30
    following = first.split('data-more-rows="')[1].split('"')[0].replace("&amp;", "&")
    rest = client.get(following).content.decode()
    assert rest.count("data-row=") == 3
    assert client.get("/m?view=mine").content.decode().count("data-row=") == 33
    assert "Everything is read" in client.get("/m?view=unread").content.decode()
    assert "No talk with a colleague yet" in client.get("/m?view=colleagues").content.decode()


def test_your_turn_is_ordered_by_the_clock():
    ana = actor("Ana", "Haichuan")
    for name, days in (("Later", 5), ("Sooner", 1), ("Soon", 2)):
        talk = pair_conversation(ana.company.id, company(name).id, now=NOON)
        deal(talk, ana.company.id, due_at=NOON + timedelta(days=days))
    page = signed(ana).get("/m?view=mine").content.decode()
    assert page.index("Sooner") < page.index("Soon<") < page.index("Later")


@pytest.mark.parametrize("query", ["view=%00", "cursor=%00", "cursor=x~y", "view[]=1", "cursor=" + "9" * 3000, "cursor=2026-01-01T00:00:00~%F0"])
def test_bad_addresses_are_no_error(query):
    assert signed(pair().buyer).get(f"/m?{query}").status_code == 200


def test_an_empty_list_says_what_to_do():
    cy = outsider(new_id())
    assert "/rfqs/new" in signed(cy).get("/m").content.decode()


def test_heads_come_without_a_socket_and_only_mine():
    two = pair()
    say(two.supplier.call(), body={"text": "hello"})
    assert signed(two.buyer).get("/m/sync?cursor=").json()["heads"] == {str(two.conversation): 1}
    assert signed(outsider(two.conversation)).get("/m/sync?cursor=").json()["heads"] == {}
