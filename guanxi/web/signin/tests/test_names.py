"""What a person calls himself: asked once at a door, never made up on a form."""

import re

import pytest
from django.test import Client

from guanxi.people.memberships.reads import Colleague
from guanxi.people.sender import memory
from guanxi.people.signin.acts import own_name
from guanxi.people.table import Person
from tests.make import actor, company, person
from tests.signed import signed

pytestmark = pytest.mark.django_db
PHONE = "+8613805772611"


@pytest.fixture(autouse=True)
def _codes_are_kept(settings):
    settings.SENDER = "memory"


def entered(client: Client, **said: str) -> Person:
    """In by code, from the page of a company."""
    client.cookies["django_language"] = "en"
    company("Minggu", handle="minggu")
    client.post("/co/minggu/message")
    client.post("/signin/code", {"address": PHONE, "next": "/co/minggu/talk"})
    client.post("/signin/enter", {"code": re.search(r"\d{6}", memory.SENT[-1].text)[0], **said})
    return Person.objects.get(phone=PHONE)


def test_a_visitor_is_asked_for_his_name_and_carries_it(client):
    assert entered(client, name="Zheng").name == "Zheng"


def test_who_has_a_name_keeps_it(client):
    person("Ana", phone=PHONE)
    assert entered(client, name="Somebody").name == "Ana"


def test_a_name_made_from_the_address_is_never_filled_in(client):
    who = entered(client)
    assert own_name(who.id) == ""
    assert 'value="Phone' not in client.get("/start").content.decode()
    Person.objects.filter(pk=who.pk).update(name="尾号 2611")
    assert own_name(who.id) == ""


def test_a_name_of_ones_own_is(client):
    ana = actor("Ana", "Haichuan")
    assert 'value="Ana"' in signed(ana).get("/start").content.decode()


@pytest.mark.parametrize(("title", "said"), [("", "Sales"), ("sales", "Sales"), ("销售", "Sales"), ("East China", "Sales · East China")])
def test_role_and_title_are_said_once(title, said, settings):
    ana = actor("Ana", "Haichuan")
    assert Colleague(ana.person.id, ana.person.id, "Ana", "sales", title).does == said


def test_the_address_of_a_form_shows_a_page_when_it_is_opened(client):
    company("Minggu", handle="minggu")
    assert client.get("/co/minggu/message")["Location"] == "/co/minggu"
    answer = signed(actor("Ana", "Haichuan")).get("/me/company")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "Nothing was changed" in answer.content.decode()
