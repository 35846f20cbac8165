"""The scripts of the parts, tried in a browser on the gallery: what a hand and a keyboard do."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.web.gallery_urls"),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium here"),
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}

# What reaches beyond the right edge without standing in something that scrolls sideways.
CUT = """() => [...document.querySelectorAll('body *')].filter((e) => {
  const box = e.getBoundingClientRect();
  for (let p = e.parentElement; p; p = p.parentElement)
    if (['auto', 'scroll'].includes(getComputedStyle(p).overflowX) && !p.matches('.pane-main')) return false;
  return box.width > 1 && box.right > innerWidth + 1;
}).map((e) => e.outerHTML.slice(0, 80))"""


@pytest.fixture
def page(chromium: Browser, live_server):
    context = chromium.new_context(viewport=PHONE, locale="en-GB", base_url=live_server.url, service_workers="block")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    context.close()
    assert wrong == []


def send(page: Page, wish: str) -> None:
    page.get_by_label("Answer wished for").fill(wish)
    page.get_by_role("button", name="Send v3").click()


def test_a_sheet_takes_the_focus_and_gives_it_back(page):
    page.goto("/ui/gallery")
    opener = page.get_by_role("button", name="Open sheet")
    opener.click()
    sheet = page.locator("#g-sheet")
    expect(sheet).to_be_visible()
    assert page.evaluate("document.querySelector('#g-sheet').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_back_key_closes_a_sheet_and_stays_on_the_page(page):
    page.goto("/ui/gallery")
    page.get_by_role("button", name="Open sheet").click()
    page.go_back()
    expect(page.locator("#g-sheet")).to_be_hidden()
    assert page.url.endswith("/ui/gallery")


def test_a_part_of_another_page_opens_in_a_sheet(page):
    page.goto("/ui/gallery")
    page.get_by_role("link", name="Fetch sheet").click()
    expect(page.get_by_role("dialog", name="Act for which company")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_wrong_fields_are_marked_in_place_and_mending_clears_them(page):
    page.goto("/ui/gallery")
    send(page, "bad")
    field = page.get_by_label("Answer wished for")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(page.get_by_text("At least one pack.")).to_be_visible()
    expect(page.locator("dialog[open]")).to_have_count(0)
    field.press_sequentially("x")
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_a_refusal_opens_over_the_page_and_keeps_what_was_written(page):
    page.goto("/ui/gallery")
    send(page, "refused")
    expect(page.get_by_role("alertdialog")).to_contain_text("This offer was changed a moment ago")
    page.get_by_role("button", name="Back to the page").click()
    expect(page.get_by_label("Answer wished for")).to_have_value("refused")
    expect(page.get_by_role("button", name="Send v3")).not_to_have_attribute("aria-disabled", "true")


def test_a_form_is_sent_once_and_its_key_outlives_a_lost_answer_and_a_reload(page):
    posts: list[str] = []

    def lose(route):
        posts.append(route.request.post_data or "")
        route.abort()

    page.goto("/ui/gallery")
    page.route("**/ui/gallery/post", lose)
    send(page, "anything")
    expect(page.locator(".toast")).to_contain_text("What you wrote is kept")
    page.locator(".toast button").click()
    page.wait_for_function("document.querySelectorAll('.toast').length === 1")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    send(page, "anything")
    expect(page.locator(".toast")).to_be_visible()
    keys = {re.search(r"key=([0-9a-f-]{36})", post)[1] for post in posts}
    assert len(posts) == 3
    assert len(keys) == 1
    page.unroute("**/ui/gallery/post")
    with page.expect_navigation():
        page.get_by_role("button", name="Send v3").click()
    assert page.locator("#g-form input[data-key]").input_value() not in keys


def test_while_it_is_on_its_way_the_button_says_so_and_a_second_press_does_nothing(page):
    held = []
    page.goto("/ui/gallery")
    page.route("**/ui/gallery/post", lambda route: held.append(route))
    send(page, "anything")
    button = page.locator('[type="submit"][form="g-form"]')
    expect(button).to_have_text("Submitting")
    button.click(force=True)
    page.wait_for_timeout(100)
    assert len(held) == 1
    held[0].continue_()
    page.wait_for_url("**/ui/gallery")


def test_lines_are_added_renumbered_removed_and_brought_back(page):
    page.goto("/ui/gallery")
    page.get_by_role("button", name="Add line").click()
    rows = page.locator("#lines [data-row]")
    expect(rows).to_have_count(2)
    expect(rows.nth(1).locator("input")).to_be_focused()
    expect(rows.nth(1).locator("input")).to_have_attribute("name", "lines.1.quantity")
    rows.nth(0).get_by_role("button", name="Remove line").click()
    expect(rows).to_have_count(1)
    expect(rows.nth(0).locator("h3 [data-row-number]")).to_have_text("1")
    page.get_by_role("button", name="Undo").click()
    expect(rows.nth(0).locator("input")).to_have_value("20")


def test_a_stepper_moves_by_packs_and_rounds_what_is_typed(page):
    page.goto("/ui/gallery")
    figure = page.locator('[name="packs"]')
    page.get_by_role("group", name="Quantity").get_by_role("button", name="More").click()
    expect(figure).to_have_value("24")
    figure.fill("30")
    figure.blur()
    expect(figure).to_have_value("36")
    expect(page.get_by_text("Rounded up to full packs: 36")).to_be_visible()
    figure.fill("-5")
    figure.blur()
    expect(figure).to_have_value("12")


def test_leaving_with_unsent_changes_asks_first(page):
    asked = []
    page.goto("/ui/gallery")
    page.get_by_label("Note").press_sequentially("a")
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/ui/gallery/table")
    assert asked == ["beforeunload"]


def test_enter_sends_but_never_while_characters_are_chosen(page):
    posts = []
    page.goto("/ui/gallery/talk")
    page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    field = page.get_by_label("Message", exact=True)
    field.fill("你好")
    field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True, "cancelable": True})
    field.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "bubbles": True, "cancelable": True})
    field.press("Shift+Enter")
    page.wait_for_timeout(100)
    assert posts == []
    with page.expect_navigation():
        field.press("Enter")
    assert len(posts) == 1


def test_a_clock_counts_down_by_the_servers_time_and_turns_amber(page):
    page.goto("/ui/gallery")
    said = page.evaluate(
        """async () => {
          const { refresh, serverNow } = await import('/static/js/clock.js');
          const clock = document.querySelector('[data-until]');
          clock.dataset.until = new Date(serverNow() + 25 * 60e3 + 500).toISOString();
          refresh();
          return [clock.textContent.trim(), clock.dataset.left];
        }"""
    )
    assert said == ["25 min left", "last"]


def test_the_keyboard_reaches_tabs_panes_and_the_list_of_keys(page):
    page.set_viewport_size(DESK)
    page.goto("/ui/gallery/talk")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.className").startswith("row")
    page.keyboard.press("F6")
    assert page.evaluate("document.activeElement.closest('.is-page, .is-side, .tabbar') !== null")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    with page.expect_navigation(url=re.compile("contacts$")):
        page.keyboard.press("c")


@pytest.mark.parametrize(("width", "shown"), [(390, "page"), (800, "list page"), (1440, "list page side")])
def test_panes_come_with_the_width(page, width, shown):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/ui/gallery/talk")
    for pane in ("list", "page", "side"):
        expect(page.locator(f".pane.is-{pane}")).to_be_visible() if pane in shown else expect(page.locator(f".pane.is-{pane}")).to_be_hidden()
    page.goto("/ui/gallery/list")
    expect(page.locator(".pane.is-list")).to_be_visible()


@pytest.mark.parametrize(("width", "letters"), [(320, 16), (390, 32), (800, 16), (1440, 16), (1440, 32)])
def test_nothing_is_cut_on_a_narrow_screen_or_when_the_reader_doubles_the_letters(chromium, live_server, width, letters):
    """The reader's own letter size, as browsers set it: rem and the widths of the layout grow with it."""
    with chromium.browser_type.launch(executable_path=CHROMIUM, args=["--no-sandbox", f"--blink-settings=defaultFontSize={letters}"]) as larger:
        page = larger.new_page(viewport={"width": width, "height": 844}, base_url=live_server.url)
        for path in ("/ui/gallery", "/ui/gallery/talk", "/ui/gallery/table", "/ui/gallery/list"):
            page.goto(path)
            assert page.evaluate(CUT) == [], path


def test_without_the_network_the_page_says_so_and_nothing_is_sent(page):
    posts = []
    page.goto("/ui/gallery")
    page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    page.get_by_label("Answer wished for").fill("anything")
    button = page.get_by_role("button", name="Send v3")
    expect(button).to_have_attribute("aria-disabled", "true")
    button.click(force=True)
    expect(page.locator(".toast")).to_contain_text("waits until you are back")
    assert posts == []
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_have_count(0)


def test_copying_says_so(page):
    page.goto("/ui/gallery")
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.locator(".toast")).to_have_text("Copied")


def test_wechats_browser_gets_the_link_of_a_file_instead_of_the_file(chromium, live_server):
    wechat = {"user_agent": "Mozilla/5.0 MicroMessenger/8.0.50", "service_workers": "block"}
    context = chromium.new_context(viewport=PHONE, locale="en-GB", base_url=live_server.url, **wechat)
    page = context.new_page()
    page.goto("/ui/gallery")
    page.evaluate("document.querySelector('a.doc').href = '/files/x'")
    page.locator("a.doc").first.click()
    expect(page.locator(".toast")).to_contain_text("open it in your browser")
    assert page.url.endswith("/ui/gallery")
    context.close()


def test_a_picture_opens_in_full_and_the_arrows_lead_on(page):
    page.goto("/ui/gallery/talk")
    page.evaluate(
        """for (const n of [1, 2]) document.querySelector('.stream').insertAdjacentHTML('beforeend',
             `<a data-viewer href="/static/icons/icon-192.png?${n}"><img alt="picture ${n}" src="/static/icons/icon-192.png" width="50" height="50"></a>`)"""
    )
    page.get_by_alt_text("picture 1").click()
    viewer = page.get_by_role("dialog", name="picture 1")
    expect(viewer).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("dialog", name="picture 2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(2)  # those of the page itself; the viewer is gone


def test_without_a_network_a_page_gives_way_to_the_offline_page_and_nothing_private_is_kept(chromium, live_server):
    context = chromium.new_context(viewport=PHONE, locale="en-GB", base_url=live_server.url)
    page = context.new_page()
    page.goto("/ui/gallery/talk")
    page.evaluate(
        """navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller
             || new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done)))"""
    )
    page.goto("/ui/gallery")
    context.set_offline(True)
    page.goto("/ui/gallery/talk")
    expect(page.get_by_role("heading", name="No network")).to_be_visible()
    kept = page.evaluate(
        """async () => {
          const caught = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
          return caught.flat().map((request) => new URL(request.url).pathname);
        }"""
    )
    assert "/offline" in kept
    assert all(path == "/offline" or path.startswith("/static/") for path in kept)
    context.close()
