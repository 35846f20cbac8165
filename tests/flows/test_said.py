"""What people do with what was said, on two phones at once: answer, take back, silence, pin."""

import pytest
from playwright.sync_api import expect

from guanxi.talk.table import Entry
from guanxi.talk.text.acts import say

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


def write(page, text):
    page.wait_for_selector("html[data-talk=open]", state="attached")
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")


def choose(page, seq, act):
    page.locator(f"#e{seq} .bubble").click(button="right")
    page.locator(f'#entry-menu [data-do="{act}"]').click()


def both(two, open_as):
    return tuple(open_as(one, f"/c/{two.conversation}") for one in (two.buyer, two.supplier))


def test_an_answer_shows_what_it_answers_on_both_phones(two, gateway, open_as):
    ana, bo = both(two, open_as)
    write(ana, "460?")
    expect(bo.locator("#e1")).to_be_visible()
    choose(bo, 1, "reply")
    expect(bo.locator("#reply-words")).to_have_text("Reply to Ana: 460?")
    write(bo, "fine")
    for page in (ana, bo):
        expect(page.locator("#e2 .quoted")).to_contain_text("460?")
    assert Entry.objects.of(two.conversation).get(seq=2).body == {"text": "fine", "reply": 1}
    write(bo, "and plain again")
    expect(ana.locator("#e3 .quoted")).to_have_count(0)


def test_recalled_words_go_on_both_phones_and_come_back_to_be_mended(two, gateway, open_as):
    ana, bo = both(two, open_as)
    write(ana, "4600")
    expect(bo.locator("#e1")).to_contain_text("4600")
    choose(bo, 1, "reply")
    expect(bo.locator("#reply-words")).to_be_visible()
    write(bo, "sure?")
    expect(ana.locator("#e2")).to_contain_text("sure?")
    choose(ana, 1, "recall")
    expect(bo.locator("#e1")).to_have_text("Ana recalled a message")
    expect(bo.locator("#e2 .quoted")).to_have_text("Recalled a message")
    ana.locator("#e1").get_by_role("button", name="Edit again").click()
    expect(ana.locator("#text")).to_have_value("4600")
    assert Entry.objects.of(two.conversation).get(seq=1).body == {}
    bo.reload()
    expect(bo.locator("#e1")).to_have_text("Ana recalled a message")
    write(ana, "460")
    expect(bo.locator("#e4")).to_contain_text("460")


def test_the_keyboard_reaches_the_menu(two, gateway, open_as):
    say(two.supplier.call(), body={"text": "hello"})
    ana = open_as(two.buyer, f"/c/{two.conversation}", wide=True)
    ana.wait_for_selector("html[data-talk=open]", state="attached")
    ana.locator("#text").press("ArrowUp")
    ana.keyboard.press("Enter")
    expect(ana.locator("#entry-menu")).to_be_visible()
    expect(ana.locator('[data-do="recall"]')).to_be_hidden()
    ana.locator('[data-do="reply"]').click()
    expect(ana.locator("#reply-words")).to_have_text("Reply to Bo: hello")


def test_mute_and_pin_show_in_the_list(two, gateway, open_as):
    say(two.supplier.call(), body={"text": "hello"})
    ana = open_as(two.buyer, f"/c/{two.conversation}")
    for words in ("Mute", "Pin to the top"):
        ana.get_by_role("link", name="Who takes part").click()
        ana.locator("dialog").get_by_role("button", name=words).click()
        expect(ana.locator("#about")).to_have_count(0)
    expect(ana.locator("#muted")).to_be_visible()
    ana.get_by_role("link", name="Back to messages").click()
    inbox = ana
    row = inbox.locator(f'[data-row="{two.conversation}"]')
    expect(row.locator(".row.is-pinned")).to_be_visible()
    inbox.wait_for_selector("html[data-talk=open]", state="attached")
    say(two.supplier.call(), body={"text": "again"})
    expect(row).to_contain_text("again")
    expect(row.locator(".badge.is-muted")).to_be_visible()
    expect(inbox.locator(".tabbar .badge")).to_have_count(0)
