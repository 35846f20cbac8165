"""A desk without a mouse: from signing in to a sent quote, and from the list to an accepted order."""

import re

import pytest
from playwright.sync_api import expect

from guanxi.deals.deal.table import Deal
from guanxi.deals.order.table import Order
from guanxi.deals.quote.table import Quote
from guanxi.people.sender import memory
from tests import trade

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
SEEN = """() => { const one = document.activeElement, style = getComputedStyle(one), label = one.labels?.[0] && getComputedStyle(one.labels[0]),
    around = one.parentElement && getComputedStyle(one.parentElement);
    const drawn = (s) => s && (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none');
    return one === document.body || drawn(style) || drawn(label) || drawn(around) || 'not seen: ' + one.outerHTML.slice(0, 160) }"""


def tab_to(page, place, most=120):
    """Tab until it has the focus; every stop on the way can be seen."""
    expect(place).to_be_visible()
    for _n in range(most):
        if place.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN) is True
    raise AssertionError(f"no way by keyboard to {place}")


def go(page, words, to):
    """By the command menu."""
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Go to")).to_be_focused()
    page.keyboard.type(words)
    expect(page.get_by_role("option").first).to_contain_text(to)
    page.keyboard.press("Enter")


@pytest.fixture
def asked(two):
    """An enquiry of Ana's that waits for Bo."""
    return trade.ask(two)[1]


def test_from_signing_in_to_a_sent_quote(two, asked, gateway, open_as, settings):
    settings.SENDER = "memory"
    memory.SENT.clear()
    bo = open_as(None, "/signin", wide=True)
    bo.keyboard.press("Tab")
    expect(bo.get_by_role("link", name="Skip to content")).to_be_focused()
    tab_to(bo, bo.get_by_label("Phone or e-mail"))
    bo.keyboard.type(two.supplier.person.email)
    bo.keyboard.press("Enter")
    tab_to(bo, bo.get_by_label("Sign-in code"))
    bo.keyboard.type(re.search(r"\d{6}", memory.SENT[-1].text)[0])
    bo.keyboard.press("Enter")
    bo.wait_for_url("**/m")

    go(bo, "haich", "Haichuan")
    bo.wait_for_url(f"**/c/{two.conversation}")
    go(bo, "quo", "Quote")
    bo.wait_for_url("**/quote")
    for n, price in enumerate(("472", "152")):
        tab_to(bo, bo.locator(f'[name="lines.{n}.price"]'))
        bo.keyboard.press("Control+a")
        bo.keyboard.type(price)
    tab_to(bo, bo.locator('[name="freight"]'))
    bo.keyboard.press("Control+a")
    bo.keyboard.type("320")
    expect(bo.locator("[data-total-bar]")).to_have_text("¥12,800.00")
    tab_to(bo, bo.locator(".actbar .button.is-primary"))
    bo.keyboard.press("Enter")
    bo.wait_for_url(f"**/c/{two.conversation}*")
    assert Quote.objects.get(deal_id=asked).total == 1_280_000


def test_from_the_list_to_an_accepted_order(two, asked, gateway, open_as):
    trade.quote(two.supplier, asked)
    ana = open_as(two.buyer, "/m", wide=True)
    ana.wait_for_selector("html[data-talk=open]", state="attached")
    ana.keyboard.press("j")
    ana.keyboard.press("e")
    expect(ana.locator(".is-list .badge")).to_have_count(0)
    ana.keyboard.press("Enter")
    ana.wait_for_url(f"**/c/{two.conversation}")
    ana.keyboard.press("a")
    expect(ana.locator(":focus")).to_have_text("Accept")
    ana.keyboard.press("Enter")
    sheet = ana.locator("dialog[open]")
    expect(sheet).to_contain_text("¥12,800.00")
    ana.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(ana.locator(":focus")).to_have_text("Accept")  # where one was
    go(ana, "accept", "Accept")
    tab_to(ana, sheet.get_by_role("button", name="Award Minggu ¥12,800.00"))
    ana.keyboard.press("Enter")
    expect(sheet).to_have_count(0)
    expect(ana.locator(".trade-card").last).to_contain_text("Pay")
    assert Order.objects.get().total == 1_280_000
    assert Deal.objects.get().order_id


def test_the_command_menu_with_arrows_escape_and_a_switch_of_company(two, gateway, open_as):
    from tests.make import company, member

    member(company("Seaport"), two.buyer.person)
    ana = open_as(two.buyer, "/m", wide=True)
    ana.get_by_role("link", name="Go to").focus()
    ana.keyboard.press("Enter")
    field = ana.get_by_role("combobox", name="Go to")
    expect(field).to_be_focused()
    first, second = ana.get_by_role("option").nth(0), ana.get_by_role("option").nth(1)
    ana.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    ana.keyboard.press("ArrowDown")
    expect(second).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", second.get_attribute("id"))
    ana.keyboard.press("ArrowUp")
    ana.keyboard.press("ArrowUp")
    expect(ana.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    for _n in range(4):
        ana.keyboard.press("Tab")
        assert ana.evaluate("document.activeElement === document.body || document.activeElement.closest('#go') !== null")  # the focus stays inside
    field.focus()
    ana.keyboard.type("nobody")
    expect(ana.get_by_role("listbox")).to_contain_text("Nothing found")
    ana.keyboard.press("Escape")
    expect(field).to_have_count(0)
    expect(ana.get_by_role("link", name="Go to")).to_be_focused()
    go(ana, "seap", "Seaport")
    expect(ana.locator(".company-switch").first).to_contain_text("Seaport")
    ana.wait_for_selector("html[data-talk=open]", state="attached")
    ana.keyboard.press("?")
    expect(ana.get_by_role("dialog", name="Keyboard")).to_contain_text("Ctrl K")
