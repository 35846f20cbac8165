"""Push on the page of notices, and through the API."""

import pytest
from django.test import Client

from guanxi.base import clock
from guanxi.notify.push import keys
from guanxi.notify.push.table import Subscription
from guanxi.notify.push.tests.test_push import AUTH, Phone
from guanxi.people import tokens
from guanxi.people.table import Device, Token
from tests.api.caller import caller, problem
from tests.make import outsider, pair
from tests.signed import signed

pytestmark = pytest.mark.django_db
URL = "https://push.example.com/send/a1"


@pytest.fixture(autouse=True)
def _keys(settings):
    settings.VAPID_PRIVATE_KEY = keys.draw()


def given(two, url=URL):
    phone = Phone.__new__(Phone)
    phone.draw()
    return {"endpoint": url, "p256dh": phone.point, "auth": keys.packed(AUTH)}


def test_without_keys_nothing_is_drawn_and_nothing_is_there(settings):
    settings.VAPID_PRIVATE_KEY = ""
    two = pair()
    browser = signed(two.buyer)
    assert "data-push" not in browser.get("/me/notices").content.decode()
    assert browser.post("/me/push", given(two)).status_code == 404
    assert caller(two.buyer).get("/me/push") == {"key": "", "items": []}
    problem(caller(two.buyer).send("POST", "/me/push", given(two)), 404)


def test_on_chosen_and_off_by_the_page():
    two = pair()
    browser = signed(two.buyer)
    assert "data-push-on" in browser.get("/me/notices").content.decode()
    assert browser.post("/me/push", given(two)).status_code == 204
    row = Subscription.objects.get()
    assert (row.person_id, row.session_id) == (two.buyer.person.id, Device.objects.get(person=two.buyer.person, ended_at=None).id)
    assert "data-push-off" in browser.get("/me/notices").content.decode()
    browser.post(f"/me/push/{row.id}", {"details": "1"})
    row.refresh_from_db()
    assert (row.talk, row.details) == (False, True)
    browser.post("/me/push", given(two, URL + "b"))  # a new address of the same browser
    row = Subscription.objects.get()
    assert (row.talk, row.details) == (False, True)
    other = signed(outsider(two.conversation))
    assert other.post(f"/me/push/{row.id}/remove").status_code == 404
    assert other.post(f"/me/push/{row.id}", {"details": "1"}).status_code == 404
    browser.post(f"/me/push/{row.id}/remove")
    assert not Subscription.objects.exists()


def test_bad_input_is_said_and_changes_nothing():
    two = pair()
    browser = signed(two.buyer)
    for bad in ({}, given(two, "https://10.1.1.1/x"), given(two) | {"auth": "x"}, given(two) | {"p256dh": "\x00"}):
        assert browser.post("/me/push", bad).status_code == 422
    assert not Subscription.objects.exists()


def test_signing_out_by_the_page_ends_it():
    two = pair()
    browser = signed(two.buyer)
    browser.post("/me/push", given(two))
    browser.post("/signout")
    assert not Subscription.objects.exists()


def test_a_program_adds_lists_and_removes():
    two = pair()
    program = caller(two.buyer)
    said = given(two)
    made = program.post("/me/push", said, key="push-key-1")
    assert program.post("/me/push", said, key="push-key-1") == made
    problem(program.send("POST", "/me/push", given(two, URL + "2"), key="push-key-1"), 409)
    (one,) = program.get("/me/push")["items"]
    assert (one["id"], one["here"], one["talk"], one["details"]) == (made["subscription"], True, True, False)
    assert program.get("/me/push")["key"] == keys.public()
    assert URL not in program.send("GET", "/me/push").content.decode()
    problem(caller(two.supplier).send("DELETE", f"/me/push/{one['id']}"), 404)
    assert program.send("DELETE", f"/me/push/{one['id']}").json() == {"removed": True}
    problem(program.send("DELETE", f"/me/push/{one['id']}"), 404)


def test_it_ends_with_its_token():
    two = pair()
    caller(two.buyer).post("/me/push", given(two))
    tokens.end(two.buyer.person.id, Token.objects.get().id, now=clock.now())
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("url", ["http://example.com/", "https://localhost/", "https://169.254.169.254/", "https://[::1]/", "x"])
def test_an_address_inside_is_a_problem_of_its_field(url):
    two = pair()
    said = problem(caller(two.buyer).send("POST", "/me/push", given(two, url)), 422, "invalid")
    assert list(said["fields"]) == ["endpoint"]
    assert not Subscription.objects.exists()


def test_the_service_worker_shows_pushes():
    script = Client().get("/sw.js").content.decode()
    assert all(said in script for said in ('addEventListener("push"', 'addEventListener("notificationclick"', "/static/icons/icon-192"))
    assert not any(mark in script for mark in ('"ICON"', '"VERSION"', '["FILES"]'))
