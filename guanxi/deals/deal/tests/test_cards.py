"""The trade cards draw for every kind and every looker, newest or past, without a query."""

from types import SimpleNamespace

import pytest
from django.template.loader import get_template

from guanxi.base import clock
from guanxi.base.ids import new_id
from guanxi.deals.dispute import card as dispute
from guanxi.deals.order import card as order
from guanxi.deals.payment import card as payment
from guanxi.deals.quote import card as quote
from guanxi.deals.review import card as review
from guanxi.deals.rfq import card as rfq
from guanxi.deals.shipment import card as shipment
from guanxi.people.viewer import Viewer
from guanxi.talk.card import CardContext, EntryView, Move, line

SAMPLES = [(module, kind, body) for module in (rfq, quote, order, payment, shipment, review, dispute) for kind, body in module.sample()]
WORLD = '{% import "web/ui/macros.html" as ui with context %}{% include template %}'


@pytest.mark.parametrize(("module", "kind", "body"), SAMPLES, ids=[sample[1] for sample in SAMPLES])
@pytest.mark.parametrize("newest", [True, False])
def test_every_kind_draws(module, kind, body, newest):
    us, deal = new_id(), new_id()
    viewer = Viewer(person=new_id(), name="Ana", company=us, role="owner", language="en")
    row = SimpleNamespace(id=deal, seq=7, state="live", turn="answer", turn_company=us, due_at=clock.now())
    moves = {deal: [Move("accept", "Accept now", "/x", primary=True), Move("counter", "Counter", "/y", sheet=True)]}
    context = CardContext(viewer, "Haichuan", "Minggu", {deal: row}, moves)
    entry = EntryView(new_id(), 7 if newest else 6, kind, body, clock.now(), by_name="Bo", about=deal)
    view = module.view(entry, context)
    jinja = get_template(module.TEMPLATE).backend.env
    page = jinja.from_string(WORLD).render(template=module.TEMPLATE, entry=entry, card=view, context=context)
    assert body["title"] in page
    assert ("Accept now" in page) is newest
    assert body["title"] in line(kind, body)


def test_a_counter_offer_shows_only_what_changed():
    body = dict(quote.sample())["quote.countered"]
    assert [row["cells"] for row in quote.changes(body)] == [["¥472.00", "¥455.00"], ["¥320.00", "Free delivery"]]
    assert quote.change(body) == "−6.8%"


def test_unit_prices_keep_their_decimals():
    assert quote.price("0.1011", "CNY") == "¥0.1011"
    assert quote.price("460", "CNY") == "¥460.00"
    assert quote.price("12", "JPY") == "JP¥12"
