"""The conversation's page and parts: what stands on it, for whom, and with how many statements."""

from dataclasses import replace
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanxi.base.ids import new_id
from guanxi.deals.order import acts as orders
from guanxi.talk.run import run
from guanxi.talk.table import Entry, Position
from guanxi.talk.text.acts import say
from tests import trade
from tests.make import outsider, pair
from tests.signed import signed

pytestmark = pytest.mark.django_db


def speak(actor, *texts):
    for text in texts:
        say(actor.call(), body={"text": text})


def statements(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    return answer, len(queries)


def test_the_talk_stands_in_order_with_names_and_sides():
    two = pair()
    speak(two.buyer, "hello", "are you there?")
    speak(two.supplier, "yes")
    page = signed(two.buyer).get(f"/c/{two.conversation}").content.decode()
    assert page.index("hello") < page.index("are you there?") < page.index(">yes<")
    assert page.count('class="entry is-mine"') == 2
    assert "Minggu" in page


def test_script_in_a_text_is_shown_not_run():
    two = pair()
    speak(two.supplier, "<script>alert(1)</script><img src=x onerror=alert(2)>")
    for address in (f"/c/{two.conversation}", f"/c/{two.conversation}/entries?after=0", "/m"):
        page = signed(two.buyer).get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;" in page


def test_every_address_is_not_found_for_a_stranger_and_a_former_member():
    two = pair()
    speak(two.buyer, "hello")
    left = two.colleague(two.buyer, "sales")
    left.person.memberships.update(ended_at=left.person.created_at)
    for someone in (outsider(two.conversation), replace(left, company=outsider(two.conversation).company)):
        client = signed(someone)
        for tail in ("", "/entries?after=0", "/live", "/about"):
            assert client.get(f"/c/{two.conversation}{tail}").status_code == 404
        assert client.get(f"/m/row/{two.conversation}").status_code == 404
        assert client.post(f"/c/{two.conversation}/read", {"seq": 1}).status_code == 404
        said = client.post(f"/c/{two.conversation}/text/say", {"text": "hi", "as": str(someone.company.id), "key": new_id().hex})
        assert said.status_code in (404, 409)
    assert Entry.objects.of(two.conversation).count() == 1
    assert Client().get(f"/c/{two.conversation}").status_code == 302


def test_the_page_takes_as_many_statements_for_fifty_entries_as_for_five():
    two = pair()
    client = signed(two.buyer)
    speak(two.supplier, *"abcde")
    few = statements(client, f"/c/{two.conversation}")[1]
    speak(two.supplier, *(str(n) for n in range(60)))
    many = statements(client, f"/c/{two.conversation}")[1]
    assert many == few <= 12


def test_a_long_talk_opens_at_the_first_unread_entry():
    two = pair()
    speak(two.supplier, *(f"text {n}" for n in range(1, 131)))
    Position.objects.create(conversation_id=two.conversation, person_id=two.buyer.person.id, read_seq=40)
    page = signed(two.buyer).get(f"/c/{two.conversation}").content.decode()
    assert 'id="e41"' in page
    assert 'id="e131"' not in page
    assert page.index('id="unread"') < page.index('id="e41"')
    assert page.index('id="e40"') < page.index('id="unread"')
    assert "data-more-above" in page
    assert "data-more-below" in page


def test_history_pages_both_ways_and_says_whether_more_follows():
    two = pair()
    speak(two.supplier, *(f"text {n}" for n in range(1, 131)))
    client = signed(two.buyer)
    up = client.get(f"/c/{two.conversation}/entries?before=81")
    assert ('id="e31"' in up.content.decode(), 'id="e80"' in up.content.decode(), up["X-More"], up["X-Head"]) == (True, True, "1", "130")
    down = client.get(f"/c/{two.conversation}/entries?after=100")
    assert ('id="e101"' in down.content.decode(), 'id="e130"' in down.content.decode(), down["X-More"]) == (True, True, "")


@pytest.mark.parametrize("bad", ["x", "-1", "9" * 40, "1e9", "\x00", "１２"])
def test_a_bad_seq_in_the_address_is_no_error(bad):
    two = pair()
    speak(two.buyer, "hello")
    for name in ("after", "before", "at"):
        assert signed(two.buyer).get(f"/c/{two.conversation}/entries", {name: bad}).status_code == 200


def test_an_entry_of_an_unknown_kind_is_kept_and_shown_as_such():
    two = pair()
    speak(two.buyer, "hello")
    Entry.objects.create(conversation_id=two.conversation, seq=2, kind="quote.sealed", body={"v": 9}, at=two.buyer.call().now)
    Entry.objects.create(conversation_id=two.conversation, seq=3, kind="text", body={"markdown": "?"}, at=two.buyer.call().now)
    page = signed(two.buyer).get(f"/c/{two.conversation}").content.decode()
    assert page.count("An entry this version cannot show") >= 2


def test_a_text_by_the_form_is_said_once_also_when_sent_twice():
    two = pair()
    client = signed(two.buyer)
    form = {"text": "hello", "key": new_id().hex, "as": str(two.buyer.company.id)}
    first, again = (client.post(f"/c/{two.conversation}/text/say", form) for _ in range(2))
    assert (first["Location"], again["Location"]) == (f"/c/{two.conversation}#e1", f"/c/{two.conversation}#e1")
    assert Entry.objects.of(two.conversation).count() == 1
    assert client.post(f"/c/{two.conversation}/text/say", form | {"text": "other"}).status_code == 409


def test_an_old_tab_of_another_company_and_a_form_without_company_are_refused():
    two = pair()
    client = signed(two.buyer)
    for company in (str(two.supplier.company.id), None, ""):
        form = {"text": "hello", "key": new_id().hex} | ({} if company is None else {"as": company})
        assert client.post(f"/c/{two.conversation}/text/say", form).status_code in (404, 409)
    assert Entry.objects.of(two.conversation).count() == 0


def test_a_viewer_reads_but_does_not_write():
    two = pair()
    reader = two.colleague(two.buyer, "viewer")
    client = signed(reader)
    assert 'id="text"' not in client.get(f"/c/{two.conversation}").content.decode()
    answer = client.post(f"/c/{two.conversation}/text/say", {"text": "hello", "as": str(reader.company.id)})
    assert answer.status_code == 409
    assert Entry.objects.of(two.conversation).count() == 0


@pytest.mark.parametrize("text", ["", "   ", "\x00", "x" * 5001])
def test_a_text_that_cannot_be_kept_changes_nothing(text):
    two = pair()
    body = f"as={two.buyer.company.id}&text={quote(text.encode('utf-8', 'surrogatepass'))}"
    answer = signed(two.buyer).post(f"/c/{two.conversation}/text/say", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert Entry.objects.of(two.conversation).count() == 0


@pytest.mark.parametrize("tail", ["text/shout", "nothing/say", "text/__init__", "order/x"])
def test_an_act_there_is_none_of_is_not_found(tail):
    two = pair()
    assert signed(two.buyer).post(f"/c/{two.conversation}/{tail}", {"as": str(two.buyer.company.id)}).status_code == 404


def test_every_post_needs_its_token():
    two = pair()
    client = signed(two.buyer, Client(enforce_csrf_checks=True))
    for tail in ("text/say", "file/send", "party/take", "read"):
        assert client.post(f"/c/{two.conversation}/{tail}", {"text": "hello", "as": str(two.buyer.company.id)}).status_code == 403
    assert Entry.objects.of(two.conversation).count() == 0


@pytest.mark.parametrize("address", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "evil", "/a\nb"])
def test_next_leads_nowhere_else(address):
    two = pair()
    answer = signed(two.buyer).post(f"/c/{two.conversation}/text/say", {"text": "hello", "as": str(two.buyer.company.id), "next": address})
    assert answer["Location"] == f"/c/{two.conversation}#e1"


def test_a_colleague_takes_over_and_both_sides_read_it():
    two = pair()
    wu = two.colleague(two.buyer, "sales", "Wu Min")
    client = signed(wu)
    assert client.post(f"/c/{two.conversation}/party/take", {"as": str(wu.company.id)}).status_code == 302
    entry = Entry.objects.of(two.conversation).get()
    assert (entry.kind, entry.body) == ("notice", {"code": "took-over", "name": "Wu Min", "company": "Haichuan"})
    assert "Wu Min now answers for Haichuan" in signed(two.supplier).get(f"/c/{two.conversation}").content.decode()
    assert client.post(f"/c/{two.conversation}/party/take", {"as": str(wu.company.id)}).status_code == 409


def test_reading_goes_forward_only_and_never_past_the_head():
    two = pair()
    speak(two.supplier, "a", "b", "c")
    client = signed(two.buyer)
    for seq, stands in ((2, 2), (1, 2), (99, 3), ("x", 3)):
        assert client.post(f"/c/{two.conversation}/read", {"seq": seq}).status_code == 204
        assert Position.objects.of(two.conversation).get(person_id=two.buyer.person.id).read_seq == stands


def test_cards_of_many_deals_take_no_more_statements_than_those_of_one():
    two = pair()
    client = signed(two.buyer)
    counts = []
    for deals in (1, 8):
        for _ in range(deals):
            _rfq, deal = trade.ask(two)
            first = trade.quote(two.supplier, deal, "472", "152")
            run(orders.place, two.buyer.call(), quote_id=first)
        for address in (f"/c/{two.conversation}", f"/c/{two.conversation}/entries?after=0"):
            page, count = statements(client, address)
            assert "trade-card" in page.content.decode()
            counts.append(count)
    assert counts[0] == counts[2] <= 12
    assert counts[1] == counts[3] <= 12


def test_only_the_newest_card_of_a_deal_offers_its_moves():
    two = pair()
    _rfq, deal = trade.ask(two)
    page = signed(two.supplier).get(f"/c/{two.conversation}").content.decode()
    assert f"/deals/{deal}/quote" in page.split('id="e1"')[1].split("</article>")[0]
    first = trade.quote(two.supplier, deal, "472", "152")
    page = signed(two.buyer).get(f"/c/{two.conversation}").content.decode()
    assert f"/deals/{deal}/accept" in page.split('id="e2"')[1].split("</article>")[0]
    assert "is-past" in page.split('id="e1"')[1].split("</article>")[0]
    run(orders.place, two.buyer.call(), quote_id=first)
    page = signed(two.buyer).get(f"/c/{two.conversation}").content.decode()
    assert "/accept" not in page
