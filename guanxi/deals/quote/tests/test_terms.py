"""What a client sends is exact or refused; what it must not decide is not read (quality.md A39)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from guanxi.base import clock
from guanxi.base.errors import Invalid
from guanxi.base.nested import nest
from guanxi.deals.quote.terms import price, read

ASKED = [{"n": 1, "name": "Bolt", "spec": "", "unit": "k", "quantity": "20"}, {"n": 2, "name": "Nut", "spec": "", "unit": "pc", "quantity": "0.3333"}]


def given(**more):
    until = (clock.now() + timedelta(days=2)).isoformat()
    return {"lines": [{"n": 1, "price": "460"}], "lead_days": "7", "valid_until": until, "stages": []} | more


def fields(**more):
    with pytest.raises(Invalid) as wrong:
        read(given(**more), now=clock.now(), currency="CNY")
    return set(wrong.value.fields)


@pytest.mark.parametrize("bad", ["-1", "0", "NaN", "1e308", "inf", "0.1234567", "abc", "9" * 30, True, 1.5, [], "1_000", "０.０"])
def test_a_price_is_exact_and_above_zero(bad):
    assert "lines.0.price" in fields(lines=[{"n": 1, "price": bad}])


@pytest.mark.parametrize(("name", "bad"), [
    ("lead_days", "-1"), ("lead_days", "366"), ("lead_days", "1.5"), ("valid_until", ""), ("valid_until", "2020-01-01"), ("valid_until", "9999-12-31"),
    ("tax_rate", "14"), ("freight", "-3"), ("freight", "1.001"), ("freight", {"amount": 5, "currency": "USD"}), ("freight", {"amount": 1.5, "currency": "CNY"}),
    ("lines", []), ("note", "x" * 1001), ("note", "a\x00b"),
])  # fmt: skip
def test_bad_input_names_its_field(name, bad):
    assert name in fields(**{name: bad})


@pytest.mark.parametrize("stages", [[{"percent": "30"}], [{"percent": "50"}, {"percent": "51"}], [{"percent": "20"}] * 6])
def test_stages_add_up_to_a_hundred_and_are_five_at_most(stages):
    assert "stages" in fields(stages=stages)


def test_totals_are_computed_never_taken():
    terms = read(given(total="1", goods="1", lines=[{"n": 1, "price": "460", "total": 1}]), now=clock.now(), currency="CNY")
    priced = price(terms, ASKED, currency="CNY")
    assert (priced.goods, priced.total) == (920000, 920000)


def test_added_tax_and_half_up_rounding():
    terms = read(given(lines=[{"n": 2, "price": "0.105"}], tax_in=False, tax_rate="13", freight="0.10"), now=clock.now(), currency="CNY")
    priced = price(terms, ASKED, currency="CNY")
    assert (priced.goods, priced.freight, priced.tax, priced.total) == (3, 10, 2, 15)
    assert [line["price"] for line in priced.lines] == [None, "0.105"]


def test_lines_that_were_not_asked_for_are_refused():
    terms = read(given(lines=[{"n": 7, "price": "1"}]), now=clock.now(), currency="CNY")
    with pytest.raises(Invalid):
        price(terms, ASKED, currency="CNY")


def test_a_form_and_a_program_say_the_same(rf):
    fields = {f"lines.{n}.{name}": value for n, line in {4: ("1", "460")}.items() for name, value in zip(("n", "price"), line, strict=True)}
    until = (clock.now() + timedelta(days=2)).isoformat()
    post = rf.post("/", fields | {"lead_days": "7", "valid_until": until, "stages.0.percent": "100", "freight": "1,250.50"}).POST
    now = clock.now()
    form = read(nest(post), now=now, currency="CNY")
    program = read(given(stages=[{"percent": 100}], freight={"amount": 125050, "currency": "CNY"}, valid_until=until, lines=[{"n": 1, "price": Decimal(460)}]),
                   now=now, currency="CNY")  # fmt: skip
    assert form == program


def test_a_payment_part_that_comes_to_nothing_is_refused():
    terms = read(given(lines=[{"n": 2, "price": "0.03"}], stages=[{"percent": "1"}, {"percent": "99"}]), now=clock.now(), currency="CNY")
    with pytest.raises(Invalid) as wrong:
        price(terms, ASKED, currency="CNY")
    assert set(wrong.value.fields) == {"stages"}
