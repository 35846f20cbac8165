"""The console's ruling button and evidence, and the queue of reported reviews."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from guanxi.base import clock
from guanxi.deals.dispute.table import Dispute
from guanxi.deals.order.table import Order, OrderLine
from guanxi.deals.review.table import Review
from guanxi.deals.shipment import acts as goods
from guanxi.deals.shipment.quantities import Wrong
from guanxi.people.operators.table import OperatorAct
from guanxi.talk.file.store import store
from guanxi.web.console.pages import lines_of
from guanxi.web.console.tests.test_console import operator
from tests.api.caller import trade
from tests.money.test_dispute import shipped
from tests.signed import signed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _sandbox(settings):
    settings.PROVIDERS = ("sandbox",)


def argued():
    """Shipped goods, a dispute with a file, brought to the operator: the pair, the order's row, the upload."""
    one = trade(1).ask().offer().accept().pay().ship()
    who = one.pair.buyer
    upload = store(who.person.id, who.company.id, SimpleUploadedFile("scratch.txt", b"a scratch"))
    here = f"/orders/{one.order}/dispute"
    one.buyer.post(here, {"reason": "damaged", "text": "Scratched.", "kind": "refund", "files": [str(upload.id)]})
    one.supplier.post(f"{here}/escalate", {"text": "We do not agree."})
    return one.pair, Dispute.objects.get(), upload


def test_the_button_rules_and_both_sides_read_why():
    pair, row, _upload = argued()
    here = f"/console/disputes/{pair.conversation}/{row.id}"
    browser = operator()
    page = browser.get(here).content.decode()
    assert f'action="{here}/rule"' in page
    for kind, refund, reason in (("refund", "all", "x"), ("refund", "1.00", ""), ("odd", "1", "x")):
        assert browser.post(f"{here}/rule", {"kind": kind, "refund": refund, "reason": reason}).status_code in (409, 422), kind
    assert Dispute.objects.get().state == "escalated"
    assert browser.post(f"{here}/rule", {"kind": "refund", "refund": "1.00", "reason": "One in a hundred."}).status_code == 302
    row.refresh_from_db()
    assert row.state != "escalated"
    assert row.ruling == "One in a hundred."
    assert {act.company_id for act in OperatorAct.objects.filter(act="dispute.rule")} == {pair.buyer.company.id, pair.supplier.company.id}
    assert Order.objects.get(pk=row.order_id).returned == 100
    assert f'action="{here}/rule"' not in browser.get(here).content.decode()
    assert browser.post(f"{here}/rule", {"kind": "refund", "refund": "1.00", "reason": "Again."}).status_code == 409


def test_evidence_opens_for_the_operator_and_no_other_file_does():
    pair, row, upload = argued()
    here = f"/console/disputes/{pair.conversation}/{row.id}"
    other = store(pair.buyer.person.id, pair.buyer.company.id, SimpleUploadedFile("private.txt", b"private"))
    browser = operator()
    got = browser.get(f"{here}/files/{upload.id}")
    assert b"".join(got.streaming_content) == b"a scratch"
    assert got["Content-Disposition"].startswith("attachment")
    assert browser.get(f"{here}/files/{other.id}").status_code == 404
    assert signed(pair.buyer).get(f"{here}/files/{upload.id}").status_code == 404
    assert Client().get(f"{here}/files/{upload.id}")["Location"].startswith("/signin")


def test_a_reported_review_waits_until_somebody_looked_and_both_companies_read_it():
    w = shipped()
    order = Order.objects.get()
    row = Review.objects.create(
        conversation_id=w.where, order=order, side="buyer", by_company=w.buyer.company.id, of_company=w.supplier.company.id, by_person=w.buyer.person.id,
        stars=1, text="Never again.", at=clock.now(), report="It was another company.", reported_at=clock.now(),
    )  # fmt: skip
    browser = operator()
    page = browser.get("/console/reviews").content.decode()
    assert "Never again." in page
    assert "It was another company." in page
    assert browser.post(f"/console/reviews/{row.id}", {"reason": ""}).status_code == 422
    assert browser.post(f"/console/reviews/{row.id}", {"reason": "It stays: the order was theirs."}).status_code == 302
    assert "Never again." not in browser.get("/console/reviews").content.decode()
    assert {act.company_id for act in OperatorAct.objects.filter(act="review.look")} == {w.buyer.company.id, w.supplier.company.id}


def test_the_file_names_what_lies_on_the_suppliers_own_account():
    pair, row, _upload = argued()
    here = f"/console/disputes/{pair.conversation}/{row.id}"
    browser = operator()
    assert "Received by bank transfer" not in browser.get(here).content.decode()
    Order.objects.filter(pk=row.order_id).update(received=56)
    page = browser.get(here).content.decode()
    assert "Received by bank transfer" in page
    assert "¥0.56" in page


def test_the_file_tells_what_was_wrong_at_the_door_and_opens_its_photos():
    one = trade(1).ask().offer().accept().pay().ship()
    who, line = one.pair.buyer, OrderLine.objects.get()
    photo = store(who.person.id, who.company.id, picture("rusty.png"))
    goods.receive(who.call(), order_id=line.order_id, lines={1: line.quantity - 1}, wrong={1: Wrong(short=Decimal(1))}, note="One lacks.", photos=[photo.id])
    here = f"/orders/{one.order}/dispute"
    one.buyer.post(here, {"reason": "short", "text": "One lacks.", "kind": "refund"})
    one.supplier.post(f"{here}/escalate", {"text": "We do not agree."})
    here = f"/console/disputes/{one.pair.conversation}/{Dispute.objects.get().id}"
    browser = operator()
    page = browser.get(here).content.decode()
    assert f"{line.name}: Short 1 {line.unit} · One lacks." in page
    assert lines_of([OrderLine.objects.get()])[0]["cells"] == ["20 pc", "20 pc", "19 pc"]
    assert f'href="{here}/files/{photo.id}"' in page
    assert browser.get(f"{here}/files/{photo.id}").status_code == 200
    other = store(who.person.id, who.company.id, picture("private.png"))
    assert browser.get(f"{here}/files/{other.id}").status_code == 404


def picture(name):
    drawn = BytesIO()
    Image.new("RGB", (64, 40), "brown").save(drawn, "PNG")
    return SimpleUploadedFile(name, drawn.getvalue())
