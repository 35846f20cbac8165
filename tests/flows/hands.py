"""What people do with their hands, page by page: the small verbs of the long stories. Every one waits for what its person sees next."""

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pyotp
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from guanxi.base import clock
from guanxi.base.outbox.drain import drain
from guanxi.deals.deal.table import Deal
from guanxi.people.factor import app
from guanxi.people.factor.table import Authenticator
from guanxi.people.operators import acts as operators
from guanxi.people.sender import memory
from tests.make import Actor, company, member, person

LIVE = "html[data-talk=open]"


def go(page: Page, path: str) -> None:
    """To another page of the same site."""
    page.goto(urljoin(page.url, path))


def at(deal: Deal, act: str = "") -> str:
    """The address of a deal, or of an act on it."""
    return f"/c/{deal.conversation_id}/deals/{deal.id}{act}"


def press(page: Page | Locator, words: str) -> None:
    """A button that says so."""
    page.get_by_role("button", name=words).click()


def choose(page: Page, words: str) -> Locator:
    """One of the acts that are not the first; the sheet it opens."""
    page.locator('[data-open="deal-more"]').first.click()
    page.locator("#deal-more").get_by_role("link", name=words).click()
    return page.locator("dialog[open]").filter(has=page.locator("form"))


def picture(path: Path, colour: tuple[int, int, int] = (180, 90, 60)) -> Path:
    """A small photo, another one for every colour."""
    Image.new("RGB", (60, 40), colour).save(path)
    return path


def fits(*pages: Page) -> None:
    """Nothing sticks out at the side."""
    assert [page.url for page in pages if page.evaluate("document.documentElement.scrollWidth > innerWidth")] == []


def take_list(page: Page, text: str, many: int) -> None:
    """A shopping list is pasted, and becomes items."""
    page.locator("#list").fill(text)
    press(page, "Take over")
    expect(page.locator("#list")).to_have_value("")
    expect(page.locator("[data-row]")).to_have_count(many)


def send_enquiry(page: Page, words: str) -> str:
    """Looked at once more, and sent; where it stands now."""
    page.locator(".actbar").get_by_role("button", name=words).click()
    page.locator("dialog").get_by_role("button", name=words).click()
    page.wait_for_url(re.compile(r"/rfqs/[0-9a-f-]{36}$"))
    return urlsplit(page.url).path


def offer(page: Page, prices: list[str], total: str, *, freight: str, preset: str = "") -> None:
    """The editor is filled, an empty price is what he does not have; the total answers at once and is what is sent."""
    for n, price in enumerate(prices):
        line = page.locator("[data-line]").nth(n)
        line.locator("[data-price]").fill(price) if price else line.get_by_text("Not available", exact=True).click()
    page.locator('[name="freight"]').fill(freight)
    if preset:
        page.locator('[name="preset"]').select_option(preset)
    expect(page.locator("[data-total-bar]")).to_have_text(total)
    page.locator(".actbar .button.is-primary").click()
    page.wait_for_url("**/c/*")


def come_in_by_code(page: Page, address: str, *, name: str = "", firm: str = "") -> None:
    """Sign in with the code that was sent to this address; at a door one says there who one is."""
    page.get_by_label("Phone or e-mail").fill(address)
    press(page, "Send code")
    page.get_by_label("Sign-in code").wait_for()
    said = memory.SENT[-1]
    assert said.address == address
    if name:
        page.get_by_label("What should they call you?").fill(name)
        page.get_by_label("Your company, if you write for one").fill(firm)
    page.get_by_label("Sign-in code").fill(re.search(r"\d{6}", said.text)[0])
    page.locator("#enter").get_by_role("button", name="Sign in").click()


def pay(page: Page, deal: Deal, what: str) -> None:
    """The stage that is due into escrow, by way of the provider's own page."""
    go(page, at(deal, "/pay"))
    page.locator(".actbar").get_by_role("button").click()
    page.locator("dialog").get_by_role("button", name="Pay ¥").click()
    page.wait_for_url("**/payments/*")
    expect(page.locator("#payment")).to_contain_text("checking")
    drain(clock.now())
    page.wait_for_url("**/sandbox/*")  # who pressed Pay is led on by himself
    page.get_by_role("button", name="Pay", exact=True).click()
    page.wait_for_url("**/payments/*")
    expect(page.locator("#payment")).to_contain_text("in escrow")
    expect(page.locator("#payment")).to_contain_text(what)


def ship(page: Page, to: str, *, photo: Path | None = None) -> None:
    """All of it, from the deal's page."""
    page.locator("#deal-acts").get_by_role("link", name="Ship").click()
    sheet = page.locator("dialog[open]")
    sheet.locator("[name=carrier]").fill("SF Express")
    sheet.locator("[name=waybill]").fill("SF1234567890")
    if photo:
        sheet.locator("[name=photos]").set_input_files(photo)
    press(sheet, f"Ship to {to}")


def review(page: Page, deal: Deal, words: str) -> None:
    """Five stars and a word; back on the deal."""
    go(page, at(deal, "/review"))
    page.locator('label[for="f-stars-5"]').click()
    page.locator("[name=text]").fill(words)
    press(page, "Publish the review")
    page.wait_for_url(f"**{at(deal)}")


def operator(name: str = "Kim") -> Actor:
    """Runs the market; has an authenticator app, and has not shown it yet."""
    who, of = person(name), company("Market")
    member(of, who)
    operators.appoint(who.id, now=clock.now())
    app.draw(who.id, now=clock.now())
    Authenticator.objects.filter(person=who).update(confirmed_at=clock.now())
    return Actor(who, of, "owner", who.id)


def show_factor(page: Page, code: str) -> None:
    """What the app shows is typed."""
    page.get_by_label("Code of your authenticator app").fill(code)
    press(page, "Go on")


def code_of(secret: str) -> str:
    """What an app with this secret shows now."""
    return pyotp.TOTP(secret).at(clock.now())
