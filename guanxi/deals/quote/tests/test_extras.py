"""Breaks, minimums, replacements, samples: read exactly, priced at the right break, frozen, and carried where only the supplier may say them."""

from datetime import timedelta

import pytest

from guanxi.base import clock
from guanxi.base.errors import Invalid
from guanxi.deals.order.table import Order, OrderLine
from guanxi.deals.quote.card import extras, rows, tags
from guanxi.deals.quote.table import Quote
from guanxi.deals.quote.terms import price, read
from guanxi.talk.table import Attachment, Entry, Upload
from tests import make, trade

ASKED = [{"n": 1, "name": "Bolt", "spec": "M8", "unit": "k", "quantity": "20"}]
BREAKS = [{"quantity": "10", "price": "9.5"}, {"quantity": "50", "price": "9"}]


def given(line, **more):
    until = (clock.now() + timedelta(days=2)).isoformat()
    return {"lines": [{"n": 1, "price": "10"} | line], "lead_days": "7", "valid_until": until, "stages": []} | more


def priced(line, **more):
    return price(read(given(line, **more), now=clock.now(), currency="CNY"), ASKED, currency="CNY").lines[0]


def wrong(line, **more):
    with pytest.raises(Invalid) as refused:
        read(given(line, **more), now=clock.now(), currency="CNY")
    return set(refused.value.fields)


@pytest.mark.parametrize(("line", "quantity", "unit_price", "total"), [
    ({}, "20", "10", 20000), ({"breaks": BREAKS}, "20", "9.5", 19000), ({"breaks": BREAKS, "minimum": "50"}, "50", "9", 45000),
    ({"breaks": BREAKS, "minimum": "5"}, "20", "9.5", 19000), ({"minimum": "20.5"}, "20.5", "10", 20500),
    ({"breaks": [{"quantity": "20", "price": "8"}]}, "20", "8", 16000), ({"breaks": [{"quantity": "20.0001", "price": "8"}]}, "20", "10", 20000),
])  # fmt: skip
def test_the_price_is_that_of_the_break_the_offered_quantity_reaches(line, quantity, unit_price, total):
    found = priced(line)
    assert (found["quantity"], found["price"], found["total"]) == (quantity, unit_price, total)
    assert found.get("asked") == (None if quantity == "20" else "20")


def test_a_replacement_is_what_is_offered_and_says_what_it_is_instead_of():
    found = priced({"name": "Stud", "spec": "M10"})
    assert (found["name"], found["spec"], found["instead_of"]) == ("Stud", "M10", {"name": "Bolt", "spec": "M8"})


@pytest.mark.parametrize(("line", "field"), [
    ({"breaks": [{"quantity": "10", "price": "10"}]}, "lines.0.breaks.0.price"), ({"breaks": [{"quantity": "10"}]}, "lines.0.breaks.0.price"),
    ({"breaks": [BREAKS[1], BREAKS[0]]}, "lines.0.breaks.1.quantity"), ({"breaks": [BREAKS[0], {"quantity": "50", "price": "9.5"}]}, "lines.0.breaks.1.price"),
    ({"breaks": BREAKS * 3}, "lines.0.breaks"), ({"breaks": [{"quantity": "x", "price": "9"}]}, "lines.0.breaks.0.quantity"),
    ({"minimum": "0"}, "lines.0.minimum"), ({"minimum": "1e9"}, "lines.0.minimum"), ({"spec": "M8"}, "lines.0.name"), ({"name": "x\x00"}, "lines.0.name"),
])  # fmt: skip
def test_what_makes_no_sense_is_named_by_field(line, field):
    assert field in wrong(line)


def test_a_sample_costs_something_nothing_or_is_not_offered():
    now = clock.now()
    assert [read(given({}, **more), now=now, currency="CNY").sample for more in ({}, {"sample": ""}, {"sample": "0"}, {"sample": "30.5"}, {"sample": 12})] == [
        None, None, 0, 3050, 12,
    ]  # fmt: skip
    assert wrong({}, sample="-1") == {"sample"}
    assert wrong({}, files=["x"]) == {"files"}


def test_an_unavailable_line_has_no_extras():
    terms = read(given({"unavailable": "1", "breaks": BREAKS, "minimum": "5"}) | {"lines": [
        {"n": 1, "unavailable": "1", "breaks": BREAKS}, {"n": 2, "price": "1"}]}, now=clock.now(), currency="CNY")  # fmt: skip
    assert dict(terms.extras) == {}


def upload(actor):
    return Upload.objects.create(company_id=actor.company.id, person_id=actor.person.id, name="report.pdf", mime="application/pdf", size=1, sha256="x",
                                 path="x", at=clock.now())  # fmt: skip


RICH = [{"n": 1, "price": "480", "breaks": [{"quantity": "20", "price": "472"}], "minimum": "25", "name": "Stud", "spec": "M8"}, {"n": 2, "price": "152"}]


@pytest.mark.django_db(transaction=True)
def test_what_is_accepted_is_the_break_the_minimum_and_the_replacement():
    pair = make.pair()
    _rfq, deal = trade.ask(pair)
    file = upload(pair.supplier)
    offer = trade.quote(pair.supplier, deal, lines=RICH, sample="30", files=[str(file.id)])
    body = Entry.objects.get(kind="quote.sent").body
    assert (body["sample"], body["files"][0]["name"], Attachment.objects.get().upload_id) == (3000, "report.pdf", file.id)
    assert "instead of Hex bolt M8×30 · at least 25 k · asked 20 k · ¥480.00 below 20 k · from 20 k ¥472.00" in rows(body)[0]["spec"]
    assert "Sample ¥30.00" in tags(body)
    order = Order.objects.get(pk=trade.place(pair.buyer, offer))
    line = OrderLine.objects.get(n=1)
    assert (line.name, line.spec, line.quantity, line.unit_price, line.total) == ("Stud", "M8", 25, 472, 25 * 47200)
    assert (order.goods, order.terms["lines"][0]["breaks"]) == (25 * 47200 + 20 * 15200, [{"quantity": "20", "price": "472"}])


@pytest.mark.django_db(transaction=True)
def test_a_buyers_answer_keeps_what_only_the_supplier_can_say_and_ends_the_breaks():
    pair = make.pair()
    _rfq, deal = trade.ask(pair)
    offer = trade.quote(pair.supplier, deal, lines=RICH, sample="30", files=[str(upload(pair.supplier).id)])
    forged = [{"n": 1, "price": "450", "minimum": "1", "name": "Gold", "breaks": [{"quantity": "2", "price": "1"}]}, {"n": 2, "price": "150"}]
    answer = Quote.objects.get(pk=trade.counter(pair.buyer, offer, lines=forged, sample="0", files=[str(upload(pair.buyer).id)]))
    line = answer.terms["lines"][0]
    assert (line["name"], line["quantity"], line["price"], line.get("breaks"), answer.terms["sample"]) == ("Stud", "25", "450", None, 3000)
    assert [file["name"] for file in answer.terms["files"]] == ["report.pdf"]
    assert answer.goods == 25 * 45000 + 20 * 15000


@pytest.mark.django_db(transaction=True)
def test_files_of_others_are_refused_and_nothing_is_offered():
    pair = make.pair()
    _rfq, deal = trade.ask(pair)
    with pytest.raises(Invalid) as refused:
        trade.quote(pair.supplier, deal, files=[str(upload(pair.buyer).id)])
    assert set(refused.value.fields) == {"files"}
    assert (Quote.objects.count(), Attachment.objects.count()) == (0, 0)


def test_words_of_a_plain_line_are_none():
    assert extras(ASKED[0] | {"price": "1", "total": 1}, "CNY") == []
