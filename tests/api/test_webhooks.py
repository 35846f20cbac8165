"""Webhooks through the API: a program sets one up, hears of a whole trade, and looks after it."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.base import clock
from guanxi.notify.webhook import carry
from guanxi.notify.webhook.gather import gather
from guanxi.notify.webhook.table import Delivery, Webhook
from guanxi.notify.webhook.tests.receiver import receiving
from guanxi.notify.webhook.tests.test_sign import verified
from tests import make
from tests.api.caller import caller, nobody, problem, trade

pytestmark = pytest.mark.django_db
URL = "https://erp.example.com/guanxi"
ROUTES = (
    ("GET", ""), ("DELETE", ""), ("POST", "/rotate"), ("POST", "/test"), ("POST", "/on"), ("GET", "/deliveries"), ("POST", "/deliveries/{d}/redeliver"),
)  # fmt: skip


def test_a_program_hears_of_a_whole_trade_and_reads_the_rest_through_the_api(settings):
    settings.WEBHOOK_LOOPBACK = True
    one = trade(2)
    with receiving() as receiver:
        made = one.buyer.post("/webhooks", {"url": receiver.url}, key="")
        one.ask().offer().accept().pay().ship().receive()
        one.buyer.post(f"/orders/{one.order}/review", {"stars": 5})
        with clock.use(clock.now() + timedelta(seconds=20)):
            gather(clock.now())
            carry.carry(Webhook.objects.get().pk)
    heard = [json.loads(got.body) for got in receiver.got]
    assert [one["type"] for one in heard] == [
        "rfq.sent", "quote.sent", "order.placed", "payment.held", "shipment.sent", "receipt.confirmed", "review.given",
    ]  # fmt: skip
    assert all(verified(made["secret"], got.headers, got.body) for got in receiver.got)
    for event in heard:
        path = event["data"]["entry"].split("/api/v1")[1]
        (entry,) = one.buyer.get(path)["items"]
        assert (entry["kind"], entry["seq"], entry["about"]) == (event["type"], event["data"]["seq"], event["data"]["about"])


def test_the_secret_is_in_two_answers_and_in_no_other():
    buyer = trade(2).buyer
    made = buyer.post("/webhooks", {"url": URL, "kinds": ["order.*"]}, key="")
    assert made["secret"].startswith("whsec_")
    again = buyer.post(f"/webhooks/{made['id']}/rotate", key="")
    assert again["secret"] not in ("", made["secret"])
    assert again["old_secret_until"] is not None
    for path in ("/webhooks", f"/webhooks/{made['id']}", f"/webhooks/{made['id']}/deliveries"):
        assert "whsec_" not in json.dumps(buyer.get(path))


def test_test_on_redeliver_and_remove():
    buyer = trade(2).buyer
    here = "/webhooks/" + buyer.post("/webhooks", {"url": URL}, key="")["id"]
    sent = buyer.post(f"{here}/test", key="test-key-1")
    assert (sent["type"], sent["state"], sent["tries"]) == ("webhook.test", "waiting", 0)
    assert buyer.post(f"{here}/test", key="test-key-1") == sent
    assert Delivery.objects.count() == 1
    again = f"{here}/deliveries/{sent['id']}/redeliver"
    problem(buyer.send("POST", again), 409, "delivery-waits")
    Delivery.objects.update(state="failed", tries=8)
    assert buyer.post(again)["state"] == "waiting"
    problem(buyer.send("POST", f"{here}/on"), 409, "webhook-on")
    Webhook.objects.update(state="off", off_at=clock.now())
    assert buyer.post(f"{here}/on")["state"] == "on"
    assert buyer.send("DELETE", here).json() == {"removed": True}
    problem(buyer.send("GET", here), 404)


@pytest.mark.parametrize("url", ["http://example.com/", "https://localhost/", "https://169.254.169.254/", "https://2130706433/", "https://[::1]/", "x"])
def test_an_address_inside_is_a_problem_of_its_field(url):
    said = problem(trade(2).buyer.send("POST", "/webhooks", {"url": url}), 422, "invalid")
    assert list(said["fields"]) == ["url"]
    assert not Webhook.objects.exists()


def test_a_kind_that_never_happens_is_a_problem_of_its_field():
    said = problem(trade(2).buyer.send("POST", "/webhooks", {"url": URL, "kinds": ["text"]}), 422, "invalid")
    assert list(said["fields"]) == ["kinds"]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_route_leads_a_stranger_to_it(method, path):
    one = trade(2)
    here = "/webhooks/" + one.buyer.post("/webhooks", {"url": URL}, key="")["id"]
    address = here + path.format(d=one.buyer.post(f"{here}/test")["id"])
    for who in (one.supplier, caller(make.outsider(one.pair.conversation))):
        problem(who.send(method, address), 404)
        assert who.get("/webhooks")["items"] == []
    problem(caller(one.pair.colleague(one.pair.buyer, "sales")).send(method, address), 409, "role-cannot-manage")
    problem(caller(one.pair.buyer, company=False).send(method, address), 409, "no-company")
    problem(nobody().send(method, address), 401)
    if method != "GET":
        problem(caller(one.pair.buyer, scopes=("read", "talk", "trade")).send(method, address), 409, "scope")
    assert (Webhook.objects.count(), Delivery.objects.count()) == (1, 1)


def test_deliveries_are_paged_with_the_same_statements_for_one_and_fifty():
    buyer = trade(2).buyer
    here = "/webhooks/" + buyer.post("/webhooks", {"url": URL}, key="")["id"]
    counts = []
    for more in (1, 49):
        for _n in range(more):
            Delivery.objects.create(webhook=Webhook.objects.get(), kind="order.placed", at=clock.now(), due_at=clock.now(), made_at=clock.now())
        for path in (f"{here}/deliveries", "/webhooks"):
            buyer.get(path)
            with CaptureQueriesContext(connection) as queries:
                buyer.get(path)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 12
    first = buyer.get(f"{here}/deliveries?limit=30")
    second = buyer.get(f"{here}/deliveries?limit=30&cursor={first['next']}")
    assert (len(first["items"]), len(second["items"]), second["next"]) == (30, 20, None)
