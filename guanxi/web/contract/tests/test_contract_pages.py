"""The contract on the phone: drawn up from the order, read, confirmed, taken away."""

from uuid import UUID

import pytest

from guanxi.deals.contract.table import Contract
from tests import make, trade
from tests.signed import signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    return make.pair()


@pytest.fixture
def order(pair) -> UUID:
    return trade.ordered(pair)


def deal_of(order: UUID) -> str:
    from guanxi.deals.order.table import Order

    row = Order.objects.get(pk=order)
    return f"/c/{row.conversation_id}/deals/{row.deal_id}"


def send(browser, actor, address, **fields):
    return browser.post(address, {"as": str(actor.company.id), **fields})


def test_from_the_deal_to_a_contract_both_have_confirmed(pair, order):
    bo, ana = signed(pair.supplier), signed(pair.buyer)
    assert "Draw up" in bo.get(deal_of(order) + "/contract").text
    room = f"/c/{pair.conversation}"
    answer = send(bo, pair.supplier, f"{room}/contract/draw", order_id=order, extra="Marks on every box", next=f"{room}/contracts/{{contract}}")
    made = Contract.objects.get()
    assert answer["Location"] == f"{room}/contracts/{made.id}"
    assert ana.get(deal_of(order) + "/contract")["Location"] == answer["Location"]

    seen = ana.get(answer["Location"]).text
    assert "Marks on every box" in seen
    assert made.hash in seen
    assert "Confirm ¥12,800.00" in seen
    assert "Confirm ¥" not in bo.get(answer["Location"]).text
    send(ana, pair.buyer, f"{room}/contract/agree", contract_id=made.id, hash=made.hash)
    assert "Confirmed by both" in ana.get(answer["Location"]).text
    assert "Confirmed by both" in bo.get(deal_of(order)).text
    assert bo.get(deal_of(order) + "/contract?again=1")["Location"] == answer["Location"]

    for language in ("zh", "en"):
        paper = ana.get(f"{answer['Location']}/{language}.pdf")
        assert (paper.status_code, paper["Content-Type"], paper.content[:5]) == (200, "application/pdf", b"%PDF-")
        assert paper["Content-Disposition"].startswith("attachment")
    assert ana.get(f"{answer['Location']}/fr.pdf").status_code == 404


def test_a_viewer_reads_it_and_is_told_who_confirms(pair, order):
    send(signed(pair.supplier), pair.supplier, f"/c/{pair.conversation}/contract/draw", order_id=order)
    seen = signed(pair.colleague(pair.buyer, "viewer")).get(f"/c/{pair.conversation}/contracts/{Contract.objects.get().id}").text
    assert "may buy or sell" in seen
    assert "Confirm ¥" not in seen


def test_before_an_order_there_is_nothing_to_draw_up(pair):
    _rfq, deal = trade.ask(pair)
    assert "none yet" in signed(pair.buyer).get(f"/c/{pair.conversation}/deals/{deal}/contract").text
