"""A company in three steps."""

from uuid import uuid4

import pytest

from guanxi.people.table import Company, Device, Membership
from tests.make import Actor, company, member, person
from tests.signed import signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer():
    return Actor(person("Phone …2611"), company("Nobody's"), "owner", uuid4())


def test_three_steps_of_which_only_the_name_is_needed(newcomer):
    browser = signed(newcomer)
    browser.get("/start?next=/contacts")
    assert browser.post("/start", {"name": "温州海川", "person_name": "林晓", "key": "key-00000001"})["Location"] == "/start/details"
    made = Company.objects.get(name="温州海川")
    assert Membership.objects.get().company_id == made.id
    assert Device.objects.get(session_key=browser.session.session_key).company_id == made.id
    step = {"sector": "machinery", "region": "330300", "intro": "motors", "country": "CN", "as": str(made.id)}
    assert browser.post("/start/details", step)["Location"] == "/start/people"
    made.refresh_from_db()
    assert (made.name, made.sector, made.region, made.intro) == ("温州海川", "machinery", "330300", "motors")
    assert b"/invite" in browser.get("/start/people").content
    assert browser.get("/start/done")["Location"] == "/contacts"


def test_pressing_twice_makes_one_company(newcomer):
    browser = signed(newcomer)
    for _n in range(2):
        assert browser.post("/start", {"name": "温州海川", "key": "key-00000001"})["Location"] == "/start/details"
    assert Company.objects.filter(name="温州海川").count() == 1


def test_a_name_is_needed(newcomer):
    for bad in ("", " ", "x", "x" * 101, "a\x00b"):
        assert signed(newcomer).post("/start", {"name": bad}).status_code == 422
    assert Company.objects.count() == 1


def test_without_a_company_the_later_steps_lead_to_the_first(newcomer):
    for path in ("/start/details", "/start/people"):
        assert signed(newcomer).get(path)["Location"] == "/start"


def test_an_old_tab_changes_no_other_company(newcomer):
    other = company("Other")
    member(other, newcomer.person)
    browser = signed(newcomer)
    assert browser.post("/start/details", {"intro": "wrong", "as": str(newcomer.company.id)}).status_code == 409
    assert Company.objects.get(pk=other.pk).intro == ""
