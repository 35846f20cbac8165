"""The dispute's page and sheets: who sees what, what one tap does, and that strangers find nothing."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bench.pages import session_of
from guanxi.deals.dispute import acts as disputes
from guanxi.deals.dispute.table import Dispute, Evidence
from guanxi.deals.shipment.table import Receipt
from guanxi.web.deal.picture import draw
from guanxi.web.deal.seat import take
from tests import make
from tests.money.world import World, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings):
    settings.PROVIDERS = ["sandbox"]
    with translation.override("en"):
        yield


def client(who: make.Actor) -> Client:
    """His browser."""
    one = Client()
    one.cookies["sessionid"] = session_of(who.person, who.company)
    one.cookies["django_language"] = "en"
    return one


def at(w: World, act: str = "") -> str:
    return f"/c/{w.where}/deals/{w.deal}/dispute{act}"


def shipped() -> World:
    w = world().paid()
    w.ship()
    return w


def fields(page: str) -> dict[str, str]:
    """What the form holds as it stands: hidden fields, values, the chosen radio and option."""
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    found |= dict(re.findall(r'<input class="input[^"]*" id="[^"]*" name="([^"]+)" type="text" value="([^"]*)"', page))
    return found | dict(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]*)" checked', page))


def test_the_deal_offers_a_dispute_and_its_sheet_opens_one():
    w = shipped()
    browser = client(w.buyer)
    deal = browser.get(f"/c/{w.where}/deals/{w.deal}").content.decode()
    assert at(w, "/open") in deal
    sheet = browser.get(at(w, "/open")).content.decode()
    asked = fields(sheet)
    assert asked["kind"] == "refund"
    answer = browser.post(f"/c/{w.where}/dispute/open", asked | {"reason": "damaged", "text": "Two boxes are torn."})
    assert (answer.status_code, answer["Location"]) == (302, at(w))
    found = Dispute.objects.get()
    assert (found.frozen, found.reason, found.proposals.get().plan["refund"]) == (w.row().total, "damaged", w.row().total)
    page = browser.get(at(w)).content.decode()
    assert "Two boxes are torn." in page
    assert "Take the dispute back" in page
    assert "dispute/accept" not in page
    assert "There is a dispute" in browser.get(f"/c/{w.where}/deals/{w.deal}").content.decode()


def test_what_was_released_before_is_not_called_frozen():
    w = shipped()
    w.receive(lines={1: Decimal(10), 2: Decimal(0), 3: Decimal(0)})
    released = w.row().released
    w.dispute(kind="refund", refund=1000)
    row = draw(take(make.viewer(w.buyer.person, w.buyer.company), w.where, w.deal)).stage_rows[-1]
    assert released > 0
    assert (row.note, row.amount) == ("frozen until the dispute is settled", w.row().total - released)


def test_words_are_asked_for_and_too_much_is_said_at_its_field():
    w = shipped()
    browser = client(w.buyer)
    asked = fields(browser.get(at(w, "/open")).content.decode()) | {"reason": "damaged"}
    for more, name in (({"text": ""}, "text"), ({"text": "x", "refund": "999999999.00"}, "refund"), ({"text": "x", "refund": "NaN"}, "refund")):
        answer = browser.post(f"/c/{w.where}/dispute/open", asked | more, headers={"HX-Request": "true"})
        assert answer.status_code == 422
        assert name in answer.headers.get("HX-Trigger", "")
    assert not Dispute.objects.exists()


def test_the_other_side_agrees_in_two_taps_and_the_sheet_names_the_amount():
    w = shipped()
    w.dispute(kind="refund", refund=120_000)
    browser = client(w.supplier)
    page = browser.get(at(w)).content.decode()
    assert "Agree: refund ¥1,200.00" in page
    sheet = browser.get(at(w, "/accept")).content.decode()
    assert "¥1,200.00" in sheet
    answer = browser.post(f"/c/{w.where}/dispute/accept", fields(sheet))
    assert answer.status_code == 302
    assert (w.row().state, w.row().returned) == ("completed", 120_000)
    assert "Settled by agreement" in browser.get(at(w)).content.decode()


@pytest.mark.parametrize("act", ["propose", "show", "refuse", "escalate"])
def test_every_sheet_draws_and_posts(act):
    w = shipped()
    w.dispute()
    browser = client(w.supplier)
    sheet = browser.get(at(w, f"/{act}"))
    assert sheet.status_code == 200
    answer = browser.post(f"/c/{w.where}/dispute/{act}", fields(sheet.content.decode()) | {"text": "We looked.", "refund": "10.00"})
    assert answer.status_code == 302, answer.content.decode()[-400:]
    assert w.said()[-1] == {"propose": "dispute.proposed", "show": "dispute.evidence", "refuse": "dispute.refused", "escalate": "dispute.escalated"}[act]


def test_goods_go_back_by_the_sheets():
    w = shipped()
    w.dispute(kind="return")
    w.about(disputes.accept, w.supplier)
    sheet = client(w.buyer).get(at(w, "/send_back")).content.decode()
    assert client(w.buyer).post(f"/c/{w.where}/dispute/send_back", fields(sheet) | {"carrier": "SF", "waybill": "9"}).status_code == 302
    sheet = client(w.supplier).get(at(w, "/take_back")).content.decode()
    assert client(w.supplier).post(f"/c/{w.where}/dispute/take_back", fields(sheet)).status_code == 302
    assert w.row().state == "cancelled"


def test_the_receipt_leads_to_the_choice():
    w = shipped()
    browser = client(w.buyer)
    form = browser.get(f"/c/{w.where}/deals/{w.deal}/receive").content.decode()
    assert f"/c/{w.where}/dispute/open" in form
    data = fields(form) | {"lines.0.n": "1", "lines.0.quantity": "20", "lines.0.short": "2", "note": "Two are missing"}
    assert browser.post(f"/c/{w.where}/dispute/open", data).status_code == 302
    assert Receipt.objects.get().lines[0] == {"n": 1, "quantity": "18"}
    assert (Dispute.objects.get().reason, Evidence.objects.get().text) == ("short", "Two are missing")


def test_strangers_find_nothing_and_other_roles_hear_why():
    w = shipped()
    w.dispute()
    cy = make.outsider(w.where)
    stranger, viewer = client(cy), client(w.pair.colleague(w.supplier, "viewer"))
    for act in ("", "/open", "/propose", "/show", "/accept", "/send_back", "/take_back"):
        assert stranger.get(at(w, act)).status_code == 404
    assert stranger.post(f"/c/{w.where}/dispute/accept", {"dispute_id": str(w.matter().id), "as": str(cy.company.id)}).status_code == 404
    assert viewer.get(at(w)).status_code == 200
    assert viewer.get(at(w, "/accept")).status_code == 409
    assert client(w.buyer).get(at(w, "/take_back")).status_code == 409
    assert w.matter().state == "open"


def test_a_long_dispute_costs_the_page_the_same_statements():
    w = shipped()
    w.dispute()
    browser = client(w.supplier)
    browser.get(at(w))

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(at(w)).status_code == 200
        return len(seen)

    first = cost()
    for n in range(12):
        w.propose(w.supplier if n % 2 == 0 else w.buyer, n)
        w.about(disputes.show, w.buyer, text=f"Photo {n}")
    assert cost() == first
    assert first <= 12
