"""A link into a conversation of my other company: one tap switches and opens; nobody else learns that it exists."""

import pytest

from guanxi.base import clock
from guanxi.people.table import Membership
from tests.make import actor, company, member, outsider, pair
from tests.signed import signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    return pair()


def of_both(two):
    """Ana also works for Sumian, and acts for it now."""
    other = company("Sumian")
    member(other, two.buyer.person, "sales")
    browser = signed(two.buyer)
    browser.post("/me/company", {"company": other.id})
    return other, browser


def test_one_tap_switches_and_opens(two):
    _other, browser = of_both(two)
    answer = browser.get(f"/c/{two.conversation}?at=1")
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "This belongs to Haichuan" in shown
    assert f'name="next" value="/c/{two.conversation}?at=1"' in shown
    moved = browser.post("/me/company", {"company": two.buyer.company.id, "next": f"/c/{two.conversation}?at=1"})
    assert moved["Location"] == f"/c/{two.conversation}?at=1"
    assert browser.get(moved["Location"]).status_code == 200


def test_looking_changes_nothing(two):
    _other, browser = of_both(two)
    browser.get(f"/c/{two.conversation}")
    assert "Sumian" in browser.get("/m").content.decode()


def test_strangers_and_who_left_see_what_does_not_exist(two):
    _other, browser = of_both(two)
    Membership.objects.filter(person=two.buyer.person, company=two.buyer.company).update(ended_at=clock.now())
    nowhere = signed(outsider(two.conversation)).get(f"/c/{two.conversation}")
    assert nowhere.status_code == 404
    for who in (browser, signed(outsider(two.conversation))):
        answer = who.get(f"/c/{two.conversation}")
        assert answer.status_code == 404
        assert "Haichuan" not in answer.content.decode()


def test_parts_and_programs_get_their_usual_answer(two):
    _other, browser = of_both(two)
    assert browser.get(f"/c/{two.conversation}", headers={"HX-Request": "true"}).status_code == 404
    assert browser.get(f"/c/{two.conversation}", headers={"Accept": "application/json"}).status_code == 404
    assert browser.post(f"/c/{two.conversation}/text/say", {"text": "hello"}).status_code in (404, 409)


def test_who_is_asked_costs_one_statement(two, django_assert_max_num_queries):
    _other, browser = of_both(two)
    for n in range(20):
        member(company(f"Firm {n}"), two.buyer.person, "sales")
    with django_assert_max_num_queries(5):
        browser.get(f"/c/{two.conversation}")


def test_one_without_a_second_company_is_not_asked():
    two, cy = pair(), actor("Cy", "Elsewhere")
    assert signed(cy).get(f"/c/{two.conversation}").status_code == 404
