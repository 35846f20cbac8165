"""The command menu: what it offers, to whom, and what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from guanxi.base import clock
from guanxi.talk.open import pair_conversation
from guanxi.web.go.find import find, matcher
from tests import trade
from tests.make import actor, company, member, outsider, pair, viewer
from tests.signed import signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    return pair()


def looks(who, asked, at=""):
    """What is offered, by group."""
    with override("en"):
        return {group.words: group.options for group in find(viewer(who.person, who.company, who.role), asked, at=at)}


def said(groups):
    """All words that are offered."""
    return [option.words for options in groups.values() for option in options]


def test_with_nothing_asked_it_shows_what_is_near(two):
    groups = looks(two.buyer, "")
    assert [one.words for one in groups["Recent"]] == ["Minggu"]
    assert "Workbench" in said({"": groups["Pages"]})
    assert "In this deal" not in groups


@pytest.mark.parametrize("asked", ["M8*30", "m8×30", "304 fast"])
def test_a_deal_is_found_by_its_title(two, asked):
    trade.ask(two, title="304 fasteners M8*30")
    assert [one.words for one in looks(two.supplier, asked)["Deals"]] == ["304 fasteners M8*30"]


def test_a_deal_is_found_by_its_number_and_by_nobody_else(two):
    from guanxi.deals.deal.table import Deal

    trade.ask(two)
    number = Deal.objects.get().number
    assert [one.under for one in looks(two.buyer, number)["Deals"]] == [f"Minggu · {number}"]
    assert "Deals" not in looks(outsider(two.conversation), number)


def test_a_company_is_found_in_pinyin(two):
    east = company("海川机电")
    pair_conversation(two.buyer.company.id, east.id, now=clock.now(), responsible=two.buyer.person.id)
    for asked in ("haichuan", "海川", "机电", "hc"):
        groups = looks(two.buyer, asked)
        assert "海川机电" in [one.words for one in groups["Conversations"]], asked
        assert f"/co/{east.handle}" in [one.href for one in groups["Companies"]]


def test_a_page_is_found_in_either_language():
    alone = actor("Ana", "Haichuan")
    assert [one.href for one in looks(alone, "workb")["Pages"]] == ["/work"]
    assert "/work" in [one.href for one in looks(alone, "工作台")["Pages"]]
    assert "/work" in [one.href for one in looks(alone, "gongzuo")["Pages"]]


def test_pages_a_role_cannot_use_are_not_offered(two):
    reader = two.colleague(two.buyer, "viewer")
    assert "/rfqs/new" not in [one.href for one in looks(reader, "")["Pages"]]


def test_acts_of_the_open_deal_come_first_and_only_to_who_may(two):
    _rfq, deal = trade.ask(two)
    at = f"/c/{two.conversation}"
    groups = looks(two.supplier, "quo", at)
    assert next(iter(groups)) == "In this deal"
    assert [(one.words, one.sheet) for one in groups["In this deal"]][:1] == [("Quote", False)]
    assert said(looks(two.supplier, "", f"{at}/deals/{deal}/quote"))[0] == "Quote"
    reader = two.colleague(two.supplier, "viewer")
    assert [one.words for one in looks(reader, "", at)["In this deal"]] == ["Open the deal"]
    for odd in (at, f"{at}/deals/{deal}", "/c/no", f"/c/{deal}"):
        assert "In this deal" not in looks(outsider(two.conversation), "", odd)


def test_another_company_is_acted_for_from_it(two):
    second = company("Seaport")
    member(second, two.buyer.person)
    browser = signed(two.buyer)
    page = browser.get("/go/found", {"q": "seap"}).content.decode()
    assert 'action="/me/company"' in page
    assert str(second.id) in page
    assert "Seaport" not in browser.get("/go/found", {"q": "minggu"}).content.decode()


def test_it_is_a_page_a_sheet_and_a_list_and_says_when_there_is_nothing(two):
    browser = signed(two.buyer)
    whole = browser.get("/go", {"q": "zzzz"}).content.decode()
    assert "<html" in whole
    assert "Nothing found" in whole
    assert 'role="option"' not in whole
    sheet = browser.get("/go", headers={"X-Part": "sheet", "Referer": "http://testserver/m"}).content.decode()
    assert "<html" not in sheet
    assert 'role="combobox"' in sheet
    assert 'role="option"' in sheet
    assert browser.get("/go/found", {"q": "\x00<b>'"}).status_code == 200


def test_many_talks_and_deals_cost_as_much_as_one(two):
    def count():
        with CaptureQueriesContext(connection) as caught:
            looks(two.buyer, "fast", f"/c/{two.conversation}")
        return len(caught)

    trade.ask(two, title="fasteners")
    few = count()
    for n in range(20):
        other = company(f"Fast {n}")
        pair_conversation(two.buyer.company.id, other.id, now=clock.now(), responsible=two.buyer.person.id)
    assert count() <= few + 1  # titles of goods, once there are any
    assert few <= 16


@pytest.mark.parametrize(
    ("asked", "name", "fits"),
    [("M8", "Bolt M8×30", True), ("bolt m8x30", "Bolt M8×30", True), ("nut", "Bolt", False), ("", "Bolt", True), ("!", "Bolt", False)],
)
def test_a_name_fits_when_every_word_does(asked, name, fits):
    assert matcher(asked)(name) is fits
