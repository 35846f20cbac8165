"""Texts between two browsers: live, kept when they fail, sent once, read, paged."""

import re
import time

import pytest
from playwright.sync_api import expect

from guanxi.talk.table import Entry, Position
from guanxi.talk.text.acts import say
from tests import trade

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


def write(page, text):
    page.wait_for_selector("html[data-talk]", state="attached")
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")


def kept(two):
    return list(Entry.objects.of(two.conversation).order_by("seq").values_list("body__text", flat=True))


def test_a_text_goes_from_phone_to_phone_and_is_read(two, gateway, open_as):
    ana, bo = (open_as(one, f"/c/{two.conversation}") for one in (two.buyer, two.supplier))
    write(ana, "460 可以，今天能排产吗？")
    expect(bo.locator(".entry .bubble")).to_have_text("460 可以，今天能排产吗？")
    expect(ana.locator(".bubble-state.is-read")).to_have_text("Read")
    write(bo, "能")
    expect(ana.locator(".entry:not(.is-mine) .bubble")).to_have_text("能")
    assert kept(two) == ["460 可以，今天能排产吗？", "能"]


def test_the_list_follows_live(two, gateway, open_as):
    inbox = open_as(two.buyer, "/m")
    bo = open_as(two.supplier, f"/c/{two.conversation}")
    write(bo, "hello")
    expect(inbox.locator(f'[data-row="{two.conversation}"]')).to_contain_text("hello")
    expect(inbox.locator(f'[data-row="{two.conversation}"] .badge')).to_contain_text("1")


def test_what_fails_stays_and_is_sent_once_by_retry(two, gateway, open_as):
    ana = open_as(two.buyer, f"/c/{two.conversation}")
    gateway.stop()
    ana.route("**/text/say", lambda route: route.abort())
    write(ana, "are you there?")
    retry = ana.locator("button.bubble-state.is-failed")
    expect(retry).to_contain_text("Not sent, retry", timeout=15000)
    assert kept(two) == []
    ana.unroute("**/text/say")
    retry.click()
    expect(ana.locator('.entry.is-mine[data-seq="1"]')).to_contain_text("are you there?", timeout=15000)
    expect(retry).to_have_count(0)
    assert kept(two) == ["are you there?"]


def test_a_reload_keeps_the_words_and_their_key(two, gateway, open_as):
    ana = open_as(two.buyer, f"/c/{two.conversation}")
    gateway.stop()
    keys = []

    def lose(route):  # stored by the server, but the answer never arrives
        keys.append(re.search(r'name="key"\r\n\r\n([^\r]+)', route.request.post_data).group(1))
        route.fetch()
        route.abort()

    ana.route("**/text/say", lose)
    write(ana, "only once")
    expect(ana.locator("button.bubble-state.is-failed")).to_be_visible(timeout=15000)
    assert kept(two) == ["only once"]
    gateway.start()
    gateway.wait()
    ana.reload()
    ana.wait_for_selector("html[data-talk=open]", state="attached", timeout=20000)
    expect(ana.locator("button.bubble-state.is-failed")).to_have_count(0, timeout=15000)  # asked again under its key: it was stored
    expect(ana.locator(".entry.is-mine")).to_have_count(1)
    write(ana, "and more")
    expect(ana.locator('[data-seq="2"]')).to_have_text("and more")
    assert kept(two) == ["only once", "and more"]
    assert len(set(keys)) == 1


def test_without_a_socket_the_page_polls_and_says_so(two, gateway, open_as):
    gateway.stop()
    ana = open_as(two.buyer, f"/c/{two.conversation}")
    expect(ana.locator("#live-state")).to_contain_text("fetched every few seconds", timeout=10000)
    say(two.supplier.call(), body={"text": "by the slow way"})
    expect(ana.locator(".entry .bubble")).to_have_text("by the slow way", timeout=15000)
    gateway.start()
    gateway.wait()
    expect(ana.locator("#live-state")).to_have_count(0, timeout=45000)


def test_enter_inside_a_composition_does_not_send(two, gateway, open_as):
    ana = open_as(two.buyer, f"/c/{two.conversation}")
    ana.wait_for_selector("html[data-talk]", state="attached")
    field = ana.locator("#text")
    field.fill("nihao")
    field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True, "cancelable": True})
    field.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "bubbles": True, "cancelable": True})
    field.press("Shift+Enter")
    assert ana.locator(".entry").count() == 0
    field.press("Enter")
    expect(ana.locator(".entry.is-mine .bubble")).to_have_text("nihao")


def test_history_pages_up_and_down_with_few_nodes(two, gateway, open_as):
    for n in range(1, 401):
        say((two.buyer if n % 3 else two.supplier).call(), body={"text": f"text {n}"})
    Position.objects.create(conversation_id=two.conversation, person_id=two.buyer.person.id, read_seq=400)
    ana = open_as(two.buyer, f"/c/{two.conversation}", wide=True)
    expect(ana.locator("#e400")).to_be_visible()
    for _ in range(40):
        ana.evaluate("document.getElementById('main').scrollTop = 0")
        ana.wait_for_timeout(60)
        if ana.locator("#e1").count():
            break
    expect(ana.locator("#e1")).to_have_count(1)
    expect(ana.locator("#e400")).to_have_count(0)
    assert ana.evaluate("document.querySelectorAll('*').length") < 1000
    say(two.supplier.call(), body={"text": "something new"})
    expect(ana.locator("#below")).to_be_visible()
    ana.locator("#below").click()
    expect(ana.locator("#e401")).to_be_visible()
    seqs = ana.eval_on_selector_all("[data-seq]", "all => all.map(e => Number(e.dataset.seq))")
    assert seqs == list(range(seqs[0], 402))


def test_while_one_reads_above_new_texts_do_not_move_the_page(two, gateway, open_as):
    for n in range(1, 61):
        say(two.supplier.call(), body={"text": f"text {n}"})
    Position.objects.create(conversation_id=two.conversation, person_id=two.buyer.person.id, read_seq=60)
    ana, bo = (open_as(one, f"/c/{two.conversation}") for one in (two.buyer, two.supplier))
    ana.evaluate("document.getElementById('main').scrollTop = 700")
    ana.wait_for_timeout(300)
    before = ana.evaluate("document.getElementById('main').scrollTop")
    write(bo, "one")
    write(bo, "two")
    expect(ana.locator("#below")).to_contain_text("2 new messages")
    assert ana.evaluate("document.getElementById('main').scrollTop") == before
    assert Position.objects.of(two.conversation).get(person_id=two.buyer.person.id).read_seq == 60


def test_a_photo_is_sent_with_its_progress_and_seen_by_the_other(two, gateway, open_as, tmp_path):
    from PIL import Image

    Image.new("RGB", (900, 700), (20, 90, 60)).save(tmp_path / "bolts.jpg")
    ana, bo = (open_as(one, f"/c/{two.conversation}") for one in (two.buyer, two.supplier))
    ana.locator("#say [data-attach]").set_input_files(str(tmp_path / "bolts.jpg"))
    expect(bo.locator(".photo img")).to_be_visible()
    expect(ana.locator(".photo img")).to_have_count(1)
    assert bo.locator(".photo img").evaluate("async e => { await e.decode(); return e.naturalWidth }") == 640


def test_private_words_lie_in_indexeddb_alone_until_one_signs_out(two, gateway, open_as, live_server):
    ana = open_as(two.buyer, f"/c/{two.conversation}")
    gateway.stop()
    ana.route("**/text/say", lambda route: route.abort())
    write(ana, "private words")
    expect(ana.locator("button.bubble-state.is-failed")).to_be_visible(timeout=15000)
    stored = ana.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, location.href, document.cookie])")
    assert "private words" not in stored
    names = ana.evaluate("indexedDB.databases().then(all => all.map(one => one.name))")
    assert names == [f"guanxi-{two.buyer.person.id}"]
    ana.goto(live_server.url + "/me")
    ana.get_by_role("button", name="Sign out").click()
    ana.wait_for_url("**/signin")
    assert ana.evaluate("indexedDB.databases().then(all => all.map(one => one.name))") == []


def test_a_member_who_is_removed_sees_nothing_more(two, gateway, open_as):
    from django.db.models import F

    from guanxi.people.table import Company
    from guanxi.talk import hints

    colleague = two.colleague(two.buyer, "sales")
    page = open_as(colleague, f"/c/{two.conversation}")
    bo = open_as(two.supplier, f"/c/{two.conversation}")
    write(bo, "before")
    expect(page.locator(".entry .bubble")).to_have_text("before")
    colleague.person.memberships.update(ended_at=colleague.call().now)
    Company.objects.filter(id=two.buyer.company.id).update(people_version=F("people_version") + 1)
    hints.people_changed([two.buyer.company.id])
    write(bo, "after")
    expect(bo.locator('[data-seq="2"]')).to_be_visible()
    until = time.monotonic() + 2
    while time.monotonic() < until:
        assert "after" not in page.locator("#stream").inner_text()
        page.wait_for_timeout(200)


def test_an_act_in_a_sheet_changes_both_phones_without_a_reload(two, gateway, open_as):
    _rfq, deal = trade.ask(two)
    trade.quote(two.supplier, deal, "472", "152")
    ana, bo = (open_as(one, f"/c/{two.conversation}") for one in (two.buyer, two.supplier))
    expect(ana.locator("#strip .turn")).to_contain_text("Your turn to answer the offer")
    ana.wait_for_selector("html[data-talk=open]", state="attached")
    ana.evaluate("window.sameDocument = true")
    ana.locator("#moves .is-chosen").click()
    sheet = ana.locator("dialog[open]")
    sheet.get_by_role("button", name="Award Minggu ¥").click()  # the other one goes on to the payment
    expect(ana.locator('.entry.is-card[data-seq="3"]')).to_be_visible()
    expect(sheet).to_have_count(0)
    expect(bo.locator('.entry.is-card[data-seq="3"]')).to_be_visible()
    expect(ana.locator("#strip .turn")).to_contain_text("Your turn to pay")
    expect(bo.locator("#strip .turn")).to_contain_text("Waiting for their payment")
    expect(bo.locator("#e2 .trade-foot .button")).to_have_count(0)  # the card of the offer is past now
    assert ana.evaluate("window.sameDocument") is True


def test_a_talk_full_of_cards_keeps_the_page_small(two, gateway, open_as):
    for _ in range(20):
        _rfq, deal = trade.ask(two)
        first = trade.quote(two.supplier, deal, "472", "152")
        trade.counter(two.buyer, first, "455", "148")
    ana = open_as(two.buyer, f"/c/{two.conversation}", wide=True)
    ana.wait_for_selector("html[data-talk=open]", state="attached")
    expect(ana.locator("#side .topbar")).to_be_visible()
    for _ in range(3):
        ana.evaluate("document.getElementById('main').scrollTop = 0")
        ana.wait_for_timeout(400)
    assert ana.evaluate("document.querySelectorAll('*').length") < 1000
    seqs = ana.eval_on_selector_all("[data-seq]", "all => all.map(e => Number(e.dataset.seq))")
    assert seqs == list(range(seqs[0], seqs[-1] + 1))
