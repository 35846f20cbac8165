"""An offer survives a reload, a restart, another device and another colleague, and nobody across the table sees it."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.deals.quote.table import Quote, QuoteDraft
from guanxi.talk.table import Entry
from tests import make, trade
from tests.signed import signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    pair = make.pair()
    _rfq, deal = trade.ask(pair)
    return pair, deal


def typed(who, deal, version=1, **more):
    return {
        "as": str(who.company.id), "deal": str(deal), "deal_id": str(deal), "version": str(version), "lines.0.n": "1", "lines.0.price": "47x",
        "lines.0.breaks.0.quantity": "20", "lines.0.breaks.0.price": "4", "lines.0.minimum": "7", "lines.0.name": "Stud", "lines.1.n": "2",
        "lines.1.unavailable": "1", "freight": "32.5", "tax_rate": "6", "tax_in": "out", "lead_days": "9", "preset": "50-50", "stages.0.percent": "50",
        "stages.1.percent": "50", "tolerance": "3", "sample": "5", "note": "half a thought", "valid_until": "2027-01-05", **more,
    }  # fmt: skip


def keep(who, deal, **more):
    return signed(who).post(f"/c/{who.conversation}/quote/draft", typed(who, deal, **more), headers={"X-Stay": "1"})


def editor(who, deal):
    return signed(who).get(f"/c/{who.conversation}/deals/{deal}/quote").content.decode()


def test_it_comes_back_as_it_was_typed_to_every_colleague_who_may_quote(asked):
    pair, deal = asked
    before = Entry.objects.count()
    assert json.loads(keep(pair.supplier, deal).content)["deal"] == str(deal)
    keep(pair.supplier, deal, note="a whole thought")
    page = editor(pair.colleague(pair.supplier, "sales"), deal)
    for words in ('value="47x"', 'value="7"', 'value="Stud"', 'value="32.5"', 'value="2027-01-05"', "a whole thought", pair.supplier.person.name):
        assert words in page, words
    assert (QuoteDraft.objects.count(), Entry.objects.count()) == (1, before)
    row = QuoteDraft.objects.get()
    assert (row.basis, row.typed["lines"]["0"]["breaks"]["0"]["quantity"], "as" in row.typed) == (0, "20", False)


def test_it_goes_when_the_offer_is_sent_and_an_old_page_does_not_bring_it_back(asked):
    pair, deal = asked
    keep(pair.supplier, deal)
    trade.quote(pair.supplier, deal)
    assert not QuoteDraft.objects.exists()
    assert keep(pair.supplier, deal).status_code == 409
    assert not QuoteDraft.objects.exists()
    assert keep(pair.supplier, deal, version=2).status_code == 200


def test_each_side_has_its_own_and_sees_only_that(asked):
    pair, deal = asked
    offer = trade.quote(pair.supplier, deal)
    keep(pair.buyer, deal, version=2, note="our secret limit")
    keep(pair.supplier, deal, version=2, note="their floor")
    assert QuoteDraft.objects.count() == 2
    assert "our secret limit" in editor(pair.buyer, deal)
    assert "our secret limit" not in editor(pair.supplier, deal)
    trade.counter(pair.buyer, offer)
    assert list(QuoteDraft.objects.values_list("company_id", flat=True)) == [pair.supplier.company.id]
    assert "their floor" in editor(pair.supplier, deal)


def test_it_is_thrown_away_on_request(asked):
    pair, deal = asked
    keep(pair.supplier, deal)
    signed(pair.supplier).post(f"/c/{pair.supplier.conversation}/quote/drop", {"as": str(pair.supplier.company.id), "deal": str(deal)})
    assert not QuoteDraft.objects.exists()


@pytest.mark.parametrize("role", ["viewer", "finance", "purchaser"])
def test_who_may_not_quote_keeps_no_draft(asked, role):
    pair, deal = asked
    assert keep(pair.colleague(pair.supplier, role), deal).status_code == 409
    stranger = make.outsider(pair.conversation)
    assert signed(stranger).post(f"/c/{pair.conversation}/quote/draft", typed(stranger, deal)).status_code == 404
    assert not QuoteDraft.objects.exists()


def test_whatever_is_typed_is_kept_or_refused_never_broken(asked):
    pair, deal = asked
    for more in ({"version": "x"}, {"version": ""}, {"note": "a\x00b"}, {"lines.0.breaks.0.quantity.deep": "x"}, {"files": ["x", "y"]}, {"stages": "no"}):
        assert keep(pair.supplier, deal, **more).status_code in (200, 422), more
        assert "quote-form" in editor(pair.supplier, deal)
    assert not Quote.objects.exists()


def test_the_editor_costs_the_same_for_one_line_and_fifty():
    counts = []
    for many in (1, 50):
        pair = make.pair()
        lines = [{"name": f"Bolt {n}", "quantity": "20", "unit": "k"} for n in range(many)]
        _rfq, deal = trade.ask(pair, lines=lines)
        keep(pair.supplier, deal)
        client = signed(pair.supplier)
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/c/{pair.conversation}/deals/{deal}/quote")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12
