"""Webhooks on the phone: who sees them, the secret once, and every button."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.base import clock
from guanxi.notify.webhook import acts, sign
from guanxi.notify.webhook.table import Delivery, Webhook
from tests.make import outsider, pair
from tests.signed import signed

pytestmark = pytest.mark.django_db
URL = "https://erp.example.com/guanxi"


@pytest.fixture
def two():
    return pair()


def hook(who):
    return Webhook.objects.get(pk=acts.add(who.call(), url=URL, kinds=["order.*"])["webhook"])


def shown(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_adding_shows_the_secret_this_once(two):
    browser = signed(two.buyer)
    assert 'name="kinds" value="order.*"' in shown(browser, "/me/webhooks")
    answer = browser.post("/me/webhooks", {"as": str(two.buyer.company.id), "url": URL, "kinds": ["order.*", "payment.*"]})
    row = Webhook.objects.get()
    secret = sign.secret(row, row.salt)
    assert secret in answer.content.decode().replace("&#43;", "+")
    assert answer["Cache-Control"] == "no-store"
    for path in ("/me/webhooks", f"/me/webhooks/{row.id}"):
        assert "whsec_" not in shown(browser, path)
    assert row.kinds == ["order.*", "payment.*"]
    assert "erp.example.com/guanxi" in shown(browser, "/me/webhooks")


def test_a_bad_address_changes_nothing(two):
    answer = signed(two.buyer).post("/me/webhooks", {"as": str(two.buyer.company.id), "url": "https://10.0.0.1/", "kinds": ["order.*"]})
    assert answer.status_code == 422
    assert "not public" in answer.content.decode()
    assert not Webhook.objects.exists()


def test_every_button_works_and_what_was_sent_stands_there(two):
    row, browser, own = hook(two.buyer), signed(two.buyer), {"as": str(two.buyer.company.id)}
    here = f"/me/webhooks/{row.id}"
    assert browser.post(f"{here}/test", own)["Location"] == here
    assert "on its way" in shown(browser, here)
    Delivery.objects.update(state="failed", tries=8, error="time", tried_at=clock.now())
    assert "no answer in time · 8 tries" in shown(browser, here)
    assert browser.post(f"{here}/deliveries/{Delivery.objects.get().id}/redeliver", own)["Location"] == here
    Delivery.objects.update(state="done", tries=1, status=204)
    assert "Received: 204" in shown(browser, here)
    assert sign.PREFIX in browser.post(f"{here}/rotate", own).content.decode()
    Webhook.objects.update(state="off", off_at=clock.now() - timedelta(hours=1))
    assert "Switch on again" in shown(browser, here)
    assert browser.post(f"{here}/on", own)["Location"] == here
    assert browser.post(f"{here}/remove", own)["Location"] == "/me/webhooks"
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("name", ["rotate", "test", "on", "remove"])
def test_strangers_colleagues_and_old_tabs(two, name):
    row = hook(two.buyer)
    sales = two.colleague(two.buyer, "sales")
    own = str(two.buyer.company.id)
    before = Webhook.objects.values().get()
    for who, posted, status in (
        (outsider(two.conversation), None, 404),
        (two.supplier, None, 404),
        (sales, own, 409),
        (two.buyer, str(two.supplier.company.id), 409),
    ):
        browser = signed(who)
        assert browser.post(f"/me/webhooks/{row.id}/{name}", {"as": posted or str(who.company.id)}).status_code == status
    assert signed(sales).get("/me/webhooks").status_code == 409
    assert signed(sales).get(f"/me/webhooks/{row.id}").status_code == 409
    assert signed(outsider(two.conversation)).get(f"/me/webhooks/{row.id}").status_code == 404
    assert Webhook.objects.values().get() == before
    assert not Delivery.objects.exists()


def test_the_settings_lead_there_for_those_who_may(two):
    assert "/me/webhooks" in shown(signed(two.buyer), "/me")
    assert "/me/webhooks" not in shown(signed(two.colleague(two.buyer, "sales")), "/me")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_fifty_deliveries_take_the_statements_of_one(two, language):
    row, browser = hook(two.buyer), signed(two.buyer)
    browser.cookies["django_language"] = language
    counts = []
    for more in (1, 49):
        for _n in range(more):
            Delivery.objects.create(webhook=row, kind="order.placed", at=clock.now(), due_at=clock.now(), made_at=clock.now())
        shown(browser, f"/me/webhooks/{row.id}")
        with CaptureQueriesContext(connection) as queries:
            page = shown(browser, f"/me/webhooks/{row.id}")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
    assert len(re.findall("order.placed", page)) == 50
