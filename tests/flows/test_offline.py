"""Without a network: talks stay readable, words wait and go once, acts do not pretend, and a lost phone keeps nothing."""

import re
import uuid

import psycopg
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.flow
PHONE = {"width": 390, "height": 844}
IDLE = """() => navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller
  || new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done))).then(() => true)"""
KEPT = """async (path) => {
  const names = (await caches.keys()).filter((name) => name.startsWith('talks-'));
  const found = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return found.flat().some((request) => new URL(request.url).pathname === path);
}"""
LEFT = """async () => [...(await caches.keys()).filter((name) => name.startsWith('talks-')),
  ...(await indexedDB.databases()).map((one) => one.name)]"""


@pytest.fixture
def phone(chromium, server):
    """`phone(who)`: a phone of its own, signed in. One address gets one code a minute, so each story has its own person."""
    contexts = []

    def signed_in(who):
        context = chromium.new_context(viewport=PHONE, locale="en-GB", base_url=server.base)
        context.add_cookies([{"name": "django_language", "value": "en", "url": server.base}])
        contexts.append(context)
        page = context.new_page()
        page.goto("/signin")
        until(page, lambda: asked_for_code(page, f"{who}.demo"))
        code = re.search(r"\d{6}", page.locator("#demo-code").inner_text())[0]
        page.get_by_label("Sign-in code").fill(code)
        page.locator("#enter [type=submit]").click()
        page.wait_for_url(re.compile("/m"))
        return page

    yield signed_in
    for context in contexts:
        context.close()


def talk(page):
    """The first talk, opened, and kept for later by this phone; its address."""
    page.goto("/m")
    page.evaluate(IDLE)
    path = page.locator("[data-row] a[href^='/c/']").first.get_attribute("href")
    page.goto(path)
    page.wait_for_selector("html[data-talk=open]", state="attached")
    until(page, lambda: page.evaluate(KEPT, path) and page.evaluate(KEPT, "/m"))
    return path


def asked_for_code(page, address):
    """Whether a code came; the second one within a minute has to wait."""
    if page.locator("#demo-code").count():
        return True
    page.goto("/signin")
    page.get_by_label("Phone or e-mail").fill(address)
    page.get_by_role("button", name="Send code").click()
    page.wait_for_timeout(2000)
    return bool(page.locator("#demo-code").count())


def until(page, true):
    """A minute at most. (A promise is truthy to wait_for_function.)"""
    for _try in range(200):
        if true():
            return
        page.wait_for_timeout(250)
    raise AssertionError("it did not come about within a minute")


def write(page, text):
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")


def stored(server, text):
    with psycopg.connect(server.database) as link:
        return link.execute("SELECT count(*) FROM talk_entry WHERE body->>'text' = %s", [text]).fetchone()[0]


def test_a_talk_is_read_and_answered_without_a_network(phone, server):
    page, text = phone("lin@haichuan"), f"from the train {uuid.uuid4().hex}"
    path = talk(page)
    said = page.locator(".entry .bubble").last.inner_text()
    page.context.set_offline(True)
    write(page, text)
    mine = page.locator(".entry.is-mine", has_text=text)
    expect(mine.locator(".bubble-state")).to_have_text("Waiting for the network")
    page.goto(path)
    expect(page.locator("#live-state")).to_contain_text("No network: this is how it stood on")
    expect(page.locator(".entry .bubble", has_text=said).first).to_be_visible()
    expect(mine.locator(".bubble-state")).to_have_text("Waiting for the network")
    page.goto("/m")
    expect(page.locator(f'[data-row="{path[3:]}"]')).to_be_visible()
    page.goto(path)
    assert stored(server, text) == 0
    page.context.set_offline(False)
    expect(page.locator(".entry.is-mine[data-seq]", has_text=text)).to_have_count(1, timeout=30_000)
    expect(page.locator("#live-state")).to_have_count(0, timeout=30_000)
    assert stored(server, text) == 1
    assert page.evaluate("document.documentElement.dataset.kept") is None


def test_two_tabs_send_what_waited_once(phone, server):
    page, text = phone("chen@minggu"), f"twice open {uuid.uuid4().hex}"
    path = talk(page)
    page.context.set_offline(True)
    write(page, text)
    expect(page.locator(".entry.is-mine .bubble-state", has_text="Waiting")).to_have_count(1)
    other = page.context.new_page()
    other.goto(path)
    expect(other.locator(".entry.is-mine", has_text=text)).to_have_count(1)
    page.context.set_offline(False)
    for one in (page, other):
        expect(one.locator(".entry.is-mine[data-seq]", has_text=text)).to_have_count(1, timeout=30_000)
    assert stored(server, text) == 1


def test_an_act_waits_for_the_network_and_says_so(phone, server):
    page = phone("fang@fangcun")
    page.goto("/me/notices")
    button = page.get_by_role("button", name="Save")
    page.context.set_offline(True)
    expect(button).to_have_attribute("aria-disabled", "true")
    button.click(force=True)
    expect(page.locator("#toasts")).to_contain_text("What moves money or makes a promise waits")
    page.context.set_offline(False)
    expect(button).not_to_have_attribute("aria-disabled", "true")


def test_a_lost_phone_keeps_nothing_and_sends_nothing(phone, server):
    lost, text = phone("zhou@haichuan"), f"never sent {uuid.uuid4().hex}"
    path = talk(lost)
    lost.context.set_offline(True)
    write(lost, text)
    lost.goto(path)
    expect(lost.locator(".entry.is-mine", has_text=text)).to_be_visible()
    desk = phone("zhou@haichuan")
    desk.goto("/me/devices")
    desk.get_by_role("button", name="Sign out everywhere else").click()
    expect(desk.get_by_role("list").get_by_text("seen ")).to_have_count(1)  # the next page: a held button changes its name at once
    lost.context.set_offline(False)
    lost.wait_for_url(re.compile("/signin"), timeout=30_000)
    until(lost, lambda: lost.evaluate(LEFT) == [])
    lost.context.set_offline(True)
    lost.goto(path)
    expect(lost.get_by_role("heading", name="No network")).to_be_visible()
    assert stored(server, text) == 0


def test_signing_out_takes_the_kept_talks_along(phone, server):
    page = phone("he@yongli")
    talk(page)
    page.goto("/me")
    page.locator('form[action="/signout"] [type="submit"]').click()
    page.wait_for_url(re.compile("/signin"))
    until(page, lambda: page.evaluate(LEFT) == [])
