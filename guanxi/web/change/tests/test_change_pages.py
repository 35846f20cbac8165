"""The form that proposes a change, the answer to it, and what the deal page offers."""

from decimal import Decimal

import pytest

from guanxi.base import clock
from guanxi.deals.change.table import Change
from guanxi.deals.order.table import Order
from tests import make, trade
from tests.signed import signed

pytestmark = pytest.mark.django_db


def scene():
    pair = make.pair()
    order = Order.objects.get(pk=trade.ordered(pair))
    at = f"/c/{pair.conversation}/deals/{order.deal_id}"
    return pair, order, at


def post(pair, who, act, **data):
    return signed(who).post(f"/c/{pair.conversation}/change/{act}", {"as": str(who.company.id), "seen": "99", **data})


def test_propose_and_agree_by_the_pages():
    pair, order, at = scene()
    page = signed(pair.buyer).get(f"{at}/change").content.decode()
    assert "Hex bolt" in page
    assert 'name="lines.0.quantity" type="text" value="20"' in page
    data = {"order_id": str(order.id), "lines.0.n": "1", "lines.0.quantity": "18", "lines.0.price": "472.00", "lines.1.n": "2", "lines.1.quantity": "0",
            "lines.1.price": "152.00", "freight": "320.00", "note": "Less"}  # fmt: skip
    assert post(pair, pair.buyer, "propose", **data).status_code == 302
    change = Change.objects.get()
    assert (change.total, change.note) == (881_600, "Less")
    mine, theirs = (signed(who).get(f"{at}/change").content.decode() for who in (pair.buyer, pair.supplier))
    assert "Withdraw the change" in mine
    assert "20 k → 18 k" in theirs
    assert "Agree, ¥8,816.00" in theirs
    assert "Answer the change" in signed(pair.supplier).get(at).content.decode()
    assert post(pair, pair.supplier, "accept", change_id=str(change.id)).status_code == 302
    order.refresh_from_db()
    assert (order.total, order.version) == (881_600, 2)
    assert "dropped" in signed(pair.supplier).get(f"/c/{pair.conversation}").content.decode()


def test_wrong_figures_come_back_by_field():
    pair, order, _at = scene()
    answer = post(pair, pair.buyer, "propose", **{"order_id": str(order.id), "lines.0.n": "1", "lines.0.quantity": "x", "ship_by": "2020-01-01"})
    assert answer.status_code == 422
    assert not Change.objects.exists()


def test_a_viewer_sees_the_proposal_and_may_not_answer():
    pair, order, at = scene()
    data = {"order_id": str(order.id), "lines.0.n": "1", "lines.0.quantity": "18"}
    post(pair, pair.buyer, "propose", **data)
    viewer = pair.colleague(pair.supplier, "viewer")
    page = signed(viewer).get(f"{at}/change").content.decode()
    assert "20 k → 18 k" in page
    assert "Agree, " not in page
    assert signed(make.outsider(pair.conversation)).get(f"{at}/change").status_code == 404
    assert Order.objects.get().lines.get(n=1).quantity == Decimal(20)
    assert Change.objects.get().expires_at > clock.now()
