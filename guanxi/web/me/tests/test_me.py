"""Settings, switching the company, tokens, closing."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from guanxi.base import clock
from guanxi.people import tokens
from guanxi.people.table import Device, Membership, Person, Token
from tests.make import Actor, company, member, person
from tests.signed import signed

pytestmark = pytest.mark.django_db
PAGES = (
    "/me", "/me/companies", "/me/devices", "/me/password", "/me/tokens", "/me/close", "/terms", "/privacy", "/start", "/start/details", "/start/people",
    "/contacts",
)  # fmt: skip


@pytest.fixture
def ana():
    of, who = company("Haichuan"), person("Ana")
    member(of, who)
    return Actor(who, of, "owner", uuid4())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages_and_is_kept_by_nobody(ana, language, django_assert_max_num_queries):
    browser = signed(ana)
    browser.cookies["django_language"] = language
    for path in PAGES:
        with django_assert_max_num_queries(12):
            shown = browser.get(path)
        assert (path, shown.status_code) == (path, 200)
        assert shown["Cache-Control"] == "no-store"
        assert f'lang="{"zh-CN" if language == "zh-hans" else "en"}"' in shown.content.decode()


def test_strangers_are_sent_to_sign_in_and_back():
    for path in PAGES:
        if path not in ("/terms", "/privacy"):
            assert Client().get(path)["Location"].startswith("/signin")
    assert Client().get("/me/tokens")["Location"] == "/signin?next=%2Fme%2Ftokens"
    for path in ("/me/name", "/me/theme", "/me/company", "/me/devices/others"):
        assert Client().post(path)["Location"] == "/signin"


def test_switching_takes_one_tap_and_only_to_ones_own(ana):
    second = company("Second")
    member(second, ana.person, "sales")
    browser = signed(ana)
    assert browser.post("/me/company", {"company": str(second.id), "next": "/me"})["Location"] == "/me"
    assert Device.objects.get(session_key=browser.session.session_key).company_id == second.id
    for foreign in (company("Elsewhere").id, uuid4(), "nonsense", ""):
        assert browser.post("/me/company", {"company": str(foreign)}).status_code == 404
    assert Device.objects.get(session_key=browser.session.session_key).company_id == second.id
    assert browser.post("/me/company", {"company": str(second.id), "next": "//evil.example"})["Location"] == "/m"


def test_an_ended_membership_falls_back_to_another_company(ana):
    second = company("Second")
    row = member(second, ana.person, "sales")
    browser = signed(ana)
    browser.post("/me/company", {"company": str(second.id)})
    Membership.objects.filter(pk=row.pk).update(ended_at=clock.now())
    assert browser.get("/me/people")["Location"] == f"/co/{ana.company.handle}/people"


def test_one_statement_says_who_looks(ana, django_assert_num_queries):
    browser = signed(ana)
    with django_assert_num_queries(5):  # the session, who it is, and the three figures on the tabs
        browser.get("/terms")
    with django_assert_num_queries(0):
        Client().get("/terms")


def test_name_and_theme(ana):
    browser = signed(ana)
    browser.post("/me/name", {"name": "  安娜  "})
    browser.post("/me/theme", {"theme": "dark"})
    assert b'data-theme="dark"' in browser.get("/me").content
    assert Person.objects.get(pk=ana.person.pk).name == "安娜"
    for bad in ("", " ", "x" * 61, "a\x00", "a\nb"):
        assert browser.post("/me/name", {"name": bad}).status_code == 422
    assert Person.objects.get(pk=ana.person.pk).name == "安娜"


def test_a_token_is_shown_once_and_works_until_it_is_ended(ana):
    browser = signed(ana)
    given = {"label": "replay", "company": str(ana.company.id), "scopes": ["read", "trade"], "days": "90", "as": str(ana.company.id)}
    plain = re.search(r"gx_[A-Za-z0-9_-]{43}", browser.post("/me/tokens", given).content.decode())[0]
    assert tokens.find(plain, now=clock.now()).viewer.company == ana.company.id
    assert plain not in browser.get("/me/tokens").content.decode()
    for bad in ({"days": "x"}, {"days": "0"}, {"scopes": ["root"]}, {"company": str(company().id)}):
        assert browser.post("/me/tokens", given | bad).status_code in (404, 422)
    assert Token.objects.count() == 1
    foreign = Actor(person("Cy"), ana.company, "owner", uuid4())
    assert signed(foreign).post(f"/me/tokens/{Token.objects.get().id}/end").status_code == 404
    browser.post(f"/me/tokens/{Token.objects.get().id}/end")
    assert tokens.find(plain, now=clock.now()) is None


def test_closing_asks_for_the_name(ana):
    browser = signed(ana)
    assert browser.post("/me/close", {"name": "Bo"}).status_code == 422
    assert Person.objects.get(pk=ana.person.pk).closed_at is None
    assert browser.post("/me/close", {"name": "Ana"})["Location"] == "/signin"
    assert browser.get("/me")["Location"].startswith("/signin")
    assert Person.objects.get(pk=ana.person.pk).email is None
