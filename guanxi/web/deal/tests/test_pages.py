"""The pages of a deal, drawn from real acts: what each side reads, and that foreigners find nothing."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find

from guanxi.base import clock
from guanxi.deals.deal.table import Deal
from guanxi.deals.order import acts as orders
from guanxi.deals.quote import acts as quotes
from guanxi.deals.quote.table import Quote
from guanxi.deals.quote.terms import read as read_terms
from guanxi.deals.rfq import acts as rfqs
from guanxi.deals.rfq.draft import read as read_draft
from guanxi.web.deal.confirm import CONFIRMS
from tests.make import outsider, pair
from tests.signed import signed

pytestmark = pytest.mark.django_db


def ask(two, *, lines=2, **more):
    """Ana asks Bo for the prices of so many lines; the deal."""
    day = (clock.today() + timedelta(days=3)).isoformat()
    goods = [{"name": f"Bolt {n}", "spec": "M8*30", "quantity": "20", "unit": "box", "target_price": "450"} for n in range(lines)]
    data = {"title": "Fasteners", "lines": goods, "deadline": day, "tax_rate": "13", "receivers": [str(two.supplier.company.id)], **more}
    draft = read_draft(data, now=clock.now())
    made = rfqs.ask(two.buyer.call(), draft=draft)
    return Deal.objects.get(pk=made["deals"][0]["deal"])


def terms(deal, price="460", **more):
    """Terms with one price for every line."""
    lines = [{"n": n, "price": price} for n in range(1, deal_lines(deal) + 1)]
    day = (clock.today() + timedelta(days=7)).isoformat()
    stages = [{"percent": "30"}, {"percent": "70"}]
    return read_terms({"lines": lines, "freight": "160.00", "lead_days": "7", "valid_until": day, "stages": stages, **more}, now=clock.now(), currency="CNY")


def deal_lines(deal):
    from guanxi.deals.rfq.table import Invite

    return len(Invite.objects.get(pk=deal.id).body["lines"])


def quote(two, deal, **more):
    quotes.send(two.supplier.call(), deal_id=deal.id, terms=terms(deal, **more))
    return Quote.objects.get(deal_id=deal.id, state="open")


def at(deal, page=""):
    return f"/c/{deal.conversation_id}/deals/{deal.id}{page}"


def test_each_side_reads_its_own_words_of_one_deal():
    two = pair()
    deal = ask(two)
    seller, buyer = signed(two.supplier).get(at(deal)), signed(two.buyer).get(at(deal))
    assert (seller.status_code, buyer.status_code) == (200, 200)
    assert "Your turn to quote" in seller.content.decode()
    assert "Waiting for their quote" in buyer.content.decode()
    assert f'href="{at(deal, "/quote")}"' in seller.content.decode()
    assert f'href="{at(deal, "/quote")}"' not in buyer.content.decode()


def test_every_part_that_is_drawn_again_when_something_new_comes_is_on_both_sides_pages():
    two = pair()
    deal = ask(two)
    script = Path(find("js/deals/live.js")).read_text(encoding="utf-8")
    parts = re.findall(r'"([\w-]+)"', re.search(r"const PARTS = \[(.*?)\]", script)[1])
    assert "deal-more-open" in parts
    for who in (two.supplier, two.buyer):  # one of them has nothing to do now, and will have later
        page = signed(who).get(at(deal)).content.decode()
        assert [part for part in parts if f'id="{part}"' not in page] == []


def test_the_editor_of_a_first_quote_and_of_a_counter_offer():
    two = pair()
    deal = ask(two)
    first = signed(two.supplier).get(at(deal, "/quote")).content.decode()
    assert "Send v1" in first
    assert 'action="/c/' + str(deal.conversation_id) + '/quote/send"' in first
    quote(two, deal)
    counter = signed(two.buyer).get(at(deal, "/quote")).content.decode()
    assert "Send v2" in counter
    assert '/quote/counter"' in counter
    assert 'value="460.00"' in counter


def test_the_sheets_name_the_amount():
    two = pair()
    deal = ask(two)
    offer = quote(two, deal)
    sheet = signed(two.buyer).get(at(deal, "/accept"), headers={"X-Part": "sheet"}).content.decode()
    assert "<dialog" in sheet
    assert "<html" not in sheet
    assert "¥18,560.00" in sheet
    assert offer.total == 1_856_000
    own = signed(two.supplier).get(at(deal, "/withdraw")).content.decode()
    assert "<html" in own


def test_an_order_shows_its_stages_and_the_purchaser_reads_why_he_cannot_pay():
    two = pair()
    deal = ask(two)
    orders.place(two.buyer.call(), quote_id=quote(two, deal).id)
    page = signed(two.buyer).get(at(deal, "/pay")).content.decode()
    assert "¥5,568.00" in page
    purchaser = signed(two.colleague(two.buyer, "purchaser"))
    assert "Paying is for finance" in purchaser.get(at(deal)).content.decode()
    assert 'data-open="confirm-pay"' not in purchaser.get(at(deal, "/pay")).content.decode()
    assert "Deposit 30%" in signed(two.supplier).get(at(deal)).content.decode()


@pytest.mark.parametrize("page", ["", *(f"/{act}" for act in ("panel", "quote", "pay", "ship", "receive", "review", *CONFIRMS))])
def test_a_foreigner_finds_no_page_of_a_deal(page):
    two = pair()
    deal = ask(two)
    quote(two, deal)
    assert signed(outsider(two.conversation)).get(at(deal, page)).status_code == 404


@pytest.mark.parametrize("lines", [5, 50])
def test_a_page_asks_the_database_as_often_whatever_its_length(lines, django_assert_max_num_queries):
    two = pair()
    deal = ask(two, lines=lines)
    orders.place(two.buyer.call(), quote_id=quote(two, deal).id)
    client = signed(two.buyer)
    for page in (at(deal), at(deal, "/pay"), f"/rfqs/{deal.rfq_id}", f"/rfqs/{deal.rfq_id}/compare", "/rfqs", "/rfqs/new"):
        with django_assert_max_num_queries(14):  # the comparison: two of them for how suppliers answer and deliver
            assert client.get(page).status_code == 200
