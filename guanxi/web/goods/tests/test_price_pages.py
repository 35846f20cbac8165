"""Prices for chosen customers by the pages: make one, look at it, end it; what is wrong is said."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.base import clock
from guanxi.catalog.listing import acts, forms
from guanxi.catalog.pricelist.table import PriceList
from guanxi.talk.call import by_viewer
from guanxi.talk.open import pair_conversation
from tests.make import Actor, actor, viewer
from tests.signed import signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def bo() -> Actor:
    """A supplier with fifty goods who talks with Hengda."""
    one, mei = actor("Bo", "Minggu"), actor("Mei", "Hengda")
    pair_conversation(one.company.id, mei.company.id, now=clock.now(), responsible=one.person.id)
    for n in range(50):
        bolt = {"title": f"螺栓 {n}", "number": f"A-{n}", "unit": "件", "tiers": {"0": {"from": "1", "price": "9"}}}
        acts.make(by_viewer(viewer(one.person, one.company)), draft=forms.read(bolt))
    return one


def send(who: Actor, key: str, **more: str):
    said = {"as": str(who.company.id), "key": key, "name": "经销商", "customers": "Hengda", "lines": "A-1 100+ 4.5; 500+ 4"}
    return signed(who).post("/goods/prices/new", said | more)


def test_it_is_made_looked_at_and_ended(bo: Actor):
    where = send(bo, "key-1-1-1-1")["Location"]
    page = signed(bo).get(where).content.decode()
    assert all(words in page for words in ("经销商", "Hengda", "螺栓 1", "4.5"))
    assert "经销商" in signed(bo).get("/goods/prices").content.decode()
    assert signed(bo).post(f"{where}/end", {"as": str(bo.company.id), "key": "key-2-2-2-2"}).status_code == 302
    assert PriceList.objects.get().ended_at
    assert "End this list" not in signed(bo).get(where).content.decode()


def test_the_same_key_twice_makes_one(bo: Actor):
    assert send(bo, "key-1-1-1-1")["Location"] == send(bo, "key-1-1-1-1")["Location"]
    assert PriceList.objects.count() == 1


def test_what_cannot_be_read_is_said(bo: Actor):
    answer = send(bo, "key-1-1-1-1", lines="A-1 four")
    assert answer.status_code == 422
    assert not PriceList.objects.exists()


def test_as_many_statements_for_one_line_as_for_fifty(bo: Actor):
    one = send(bo, "key-1-1-1-1")["Location"]
    fifty = send(bo, "key-2-2-2-2", lines="\n".join(f"A-{n} 3" for n in range(50)))["Location"]

    def statements(where: str) -> int:
        browser = signed(bo)
        browser.get(where)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(where).status_code == 200
        return len(seen)

    assert statements(one) == statements(fifty)
