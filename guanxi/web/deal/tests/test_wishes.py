"""What the deal's page says beside prices: the wishes, the nudge, what is released already."""

from decimal import Decimal

import pytest

from guanxi.base.money import plain, show
from tests.make import pair
from tests.money.world import world
from tests.signed import signed

from .test_pages import ask, at, quote

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sandbox_in_use(settings):
    settings.PROVIDERS = ["sandbox"]


def test_the_supplier_reads_delivery_and_note_before_and_while_he_quotes():
    two = pair()
    deal = ask(two, place="Beilun", note="Gilded, please")
    for page in (at(deal), at(deal, "/quote")):
        shown = signed(two.supplier).get(page).content.decode()
        assert "What was asked for" in shown
        assert "Beilun" in shown
        assert "Gilded, please" in shown


def test_who_waits_can_nudge_from_the_deal_and_who_is_waited_for_cannot():
    two = pair()
    deal = ask(two)
    assert "/nudge/ask" in signed(two.buyer).get(at(deal)).content.decode()
    assert "/nudge/ask" not in signed(two.supplier).get(at(deal)).content.decode()
    assert "/nudge/ask" not in signed(two.colleague(two.buyer, "viewer")).get(at(deal)).content.decode()
    quote(two, deal)
    assert "/nudge/ask" not in signed(two.buyer).get(at(deal)).content.decode()


def test_what_was_received_in_part_is_released_and_the_rest_in_escrow():
    one = world().paid()
    one.ship()
    one.receive(lines={1: Decimal(1)})
    order = one.row()
    assert 0 < order.released < order.total
    page = signed(one.buyer).get(f"/c/{one.where}/deals/{one.deal}").content.decode()
    assert f"{show(order.released, 'CNY')} released so far" in page
    assert f"in escrow {plain(order.total - order.released, 'CNY')}" in page


def test_the_card_of_a_finished_deal_offers_the_review():
    one = world().paid()
    one.ship()
    one.receive()
    page = signed(one.buyer).get(f"/c/{one.where}").content.decode()
    assert f"/c/{one.where}/deals/{one.deal}/review" in page
