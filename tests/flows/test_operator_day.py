"""A day of the operator, on a server of its own: papers, a dispute, the provider's statement, a backup that is proved, an upgrade, and everything green."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from stdnum.cn import uscc

from tests.flows.hands import choose, fits, go, picture, press
from tests.server import ROOT, Server, serve

pytestmark = [pytest.mark.flow, pytest.mark.timeout(400)]
OPERATOR, ZHAO, WU, XU, SHEN = "郑凯", "赵玉梅", "吴敏", "许青", "沈佳"
PAPERS = "91130429MA0B4K2P1"  # the last sign is worked out from these
FOUND = "One cent short; the payer was told, and pays again."


@dataclass
class Market:
    """The running product, and the browsers of those who look at it."""

    server: Server
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def deal(self, title: str) -> str:
        """The address of the demo's deal with this in its title."""
        with psycopg.connect(self.server.database) as link:
            row = link.execute("SELECT conversation_id, id FROM deals_deal WHERE title LIKE %s AND order_id IS NOT NULL", [f"%{title}%"]).fetchone()
        return f"/c/{row[0]}/deals/{row[1]}"

    def come_in(self, name: str, *, wide: bool = False) -> Page:
        """One of the demo's people, by one tap; the operator shows his second factor as well."""
        size = {"width": 1440, "height": 900} if wide else {"width": 390, "height": 844}
        context = self.browser.new_context(viewport=size, service_workers="block")
        self.contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": "en", "url": self.server.base}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.goto(self.server.base + "/signin")
        page.get_by_role("button", name=name).click()
        if name == OPERATOR:
            page.wait_for_url("**/signin/second")
            code = re.search(r"\d{6}", page.locator("#demo-code").inner_text())[0]
            page.get_by_label("Code of your authenticator app").fill(code)
            press(page, "Go on")
            page.wait_for_url("**/console")
        else:
            page.wait_for_url("**/m")
        return page


@contextmanager
def market(chromium: Browser, **environment: str) -> Iterator[Market]:
    """Open from here on, in English for everybody."""
    with serve(**environment) as server:
        here = Market(server, chromium)
        if not environment:
            with psycopg.connect(server.database) as link:
                link.execute("UPDATE people_person SET language = 'en'")
        try:
            yield here
        finally:
            for context in here.contexts:
                context.close()
        assert here.wrong == []


def guanxi(server: Server, *words: str) -> str:
    """What the operator types on the machine, and what it answers."""
    without = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DATABASE_DIRECT_URL", "TEST_DB")}
    here = without | {"DATA_DIR": str(server.data), "DEMO": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-m", "guanxi.cli", *words], cwd=ROOT, env=here, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_from_the_morning_queue_to_an_upgrade(chromium, tmp_path):
    with market(chromium) as here:
        zhao = a_company_sends_its_licence(here, tmp_path)
        wu = a_payer_sends_a_cent_less(here)
        xu, shen = two_companies_cannot_agree(here, tmp_path)
        kim = here.come_in(OPERATOR, wide=True)
        the_licence_is_looked_at(kim, zhao)
        the_dispute_is_ruled(kim, xu, shen)
        the_statement_is_gone_through_row_by_row(kim)
        the_payer_tries_again(wu, kim)
        fits(kim, zhao, wu, xu, shen)
        archive = a_backup_is_made_and_proved(here.server, tmp_path)
        assert "0 differences" in guanxi(here.server, "check")
    said = guanxi(here.server, "upgrade")
    assert "is in place" in said
    assert "before-upgrade-" in said
    with market(chromium, DATA_DIR=str(here.server.data)) as evening:
        everything_is_green(evening)
    assert archive.exists()


def a_company_sends_its_licence(here: Market, folder: Path) -> Page:
    zhao = here.come_in(ZHAO)
    go(zhao, "/me/verify")
    zhao.get_by_label("Credit code").fill(next(PAPERS + sign for sign in uscc._alphabet if uscc.is_valid(PAPERS + sign)))
    zhao.get_by_label("Legal representative").fill("Zhao Yumei")
    zhao.locator("[name=file]").set_input_files(picture(folder / "licence.png", (240, 230, 210)))
    press(zhao, "Send for verification")
    expect(zhao.get_by_text("Your papers wait for the operator")).to_be_visible()
    return zhao


def a_payer_sends_a_cent_less(here: Market) -> Page:
    wu = here.come_in(WU)
    go(wu, here.deal("紧固件") + "/pay")
    to_the_payment_page(wu)
    press(wu, "Pay a wrong amount")
    wu.wait_for_url("**/payments/*")
    expect(wu.get_by_text("is looked after by the operator")).to_be_visible()
    return wu


def to_the_payment_page(wu: Page) -> None:
    """The stage that is due is paid by way of the provider; the worker asks for it, and the page leads on."""
    wu.locator(".actbar").get_by_role("button").click()
    wu.locator("dialog").get_by_role("button", name="Pay ¥").click()
    wu.wait_for_url("**/sandbox/*")


def two_companies_cannot_agree(here: Market, folder: Path) -> tuple[Page, Page]:
    cloth = here.deal("全棉斜纹")
    xu, shen = here.come_in(XU), here.come_in(SHEN)
    go(xu, cloth)
    sheet = choose(xu, "Open a dispute")
    sheet.get_by_label("What is wrong").select_option("different")
    sheet.get_by_label("What happened").fill("The second roll is another blue.")
    sheet.locator('[name="files"]').set_input_files(picture(folder / "blue.png", (40, 60, 140)))
    sheet.locator('[name="refund"]').fill("3000.00")
    press(sheet, "Open the dispute")
    xu.wait_for_url("**/dispute")
    go(shen, cloth + "/dispute")
    press(choose(shen, "Ask the operator to decide"), "Ask the operator to decide")
    for page in (xu, shen):
        expect(page.get_by_text("With the operator")).to_be_visible()
    return xu, shen


def the_licence_is_looked_at(kim: Page, zhao: Page) -> None:
    kim.get_by_role("link", name="Companies that ask to be verified").click()
    kim.get_by_role("link", name="冀盛五金").click()
    expect(kim.get_by_role("heading", name="冀盛五金")).to_be_visible()
    assert kim.get_by_alt_text("Scan of the licence").evaluate("async e => { await e.decode(); return e.naturalWidth }") > 0
    kim.get_by_label("Remark").fill("Licence and register agree.")
    press(kim, "Pass")
    expect(kim.get_by_text("Nobody waits")).to_be_visible()
    go(zhao, "/me/verify")
    expect(zhao.get_by_text("Verified since")).to_be_visible()
    go(zhao, "/me/standing")
    expect(zhao.get_by_text("Licence and register agree.")).to_be_visible()
    go(zhao, "/co/jisheng")
    expect(zhao.get_by_text("Licence verified")).to_be_visible()


def the_dispute_is_ruled(kim: Page, xu: Page, shen: Page) -> None:
    go(kim, "/console/disputes")
    kim.get_by_role("link", name="全棉斜纹").click()
    for words in ("The second roll is another blue.", "¥3,000.00", "blue.jpg", "SD20261119007", "青木服饰", "素棉纺织"):
        expect(kim.get_by_text(words).first).to_be_visible()
    paper = kim.request.get(urljoin(kim.url, kim.get_by_role("link", name="blue.jpg").get_attribute("href")))
    assert (paper.status, paper.headers["content-type"]) == (200, "image/jpeg")
    kim.get_by_label("Back to the buyer").fill("900.00")
    kim.get_by_label("Reason (both sides read it)").fill("The roll can be used, at a lower price.")
    press(kim, "Rule")
    expect(kim.get_by_text("No dispute waits for you")).to_be_visible()
    for page in (xu, shen):
        expect(page.get_by_text("Settled by the operator's ruling")).to_be_visible()
        expect(page.locator("#deal")).to_contain_text("The roll can be used, at a lower price.")
        expect(page.locator("#deal")).to_contain_text("¥900.00")


def the_statement_is_gone_through_row_by_row(kim: Page) -> None:
    go(kim, "/console/reconciliation")
    rows = kim.locator("section[aria-labelledby=rows] tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("unknown money")
    kim.get_by_role("link", name="Every row").click()
    kim.wait_for_url("**?all")
    assert states(kim) == {"unknown money": 1, "agrees": rows.count() - 1}
    waiting = kim.locator("section[aria-labelledby=suspense] .panel")
    expect(waiting).to_have_count(1)
    waiting.get_by_label("What became of this money").fill(FOUND)
    press(waiting, "Close")
    expect(kim.locator("section[aria-labelledby=suspense]")).to_have_count(0)
    go(kim, "/console/reconciliation?all")
    assert states(kim) == {"looked at": 1, "agrees": rows.count() - 1}
    go(kim, "/console/done")
    for words in (FOUND, "Licence and register agree.", "The roll can be used, at a lower price."):
        expect(kim.get_by_text(words).first).to_be_visible()


def the_payer_tries_again(wu: Page, kim: Page) -> None:
    wu.get_by_role("link", name="Try again").click()
    wu.wait_for_url("**/pay")
    to_the_payment_page(wu)
    wu.get_by_role("button", name="Pay", exact=True).click()
    wu.wait_for_url("**/payments/*")
    expect(wu.locator("#payment")).to_contain_text("in escrow")
    go(kim, "/console/reconciliation?all")
    assert states(kim)["looked at"] == 1
    go(kim, "/console/book")
    expect(kim.get_by_text("debit equals credit")).to_be_visible()


def states(page: Page) -> dict[str, int]:
    """How many rows of the statement are in which state; where ours agrees, both amounts are the same."""
    found: dict[str, int] = {}
    for row in page.locator("section[aria-labelledby=rows] tbody tr").all():
        theirs, ours, state = row.locator("td").all_inner_texts()
        assert (theirs == ours) is (state == "agrees")
        found[state] = found.get(state, 0) + 1
    return found


def a_backup_is_made_and_proved(server: Server, folder: Path) -> Path:
    """While people go on writing."""
    archive = folder / "evening.tar"
    assert "evening.tar" in guanxi(server, "backup", str(archive))
    assert "proven: it restores, adds up and is whole" in guanxi(server, "restore", "--check", str(archive))
    report = json.loads(archive.with_suffix(".report.json").read_text())
    assert (report["ok"], [step["wrong"] for step in report["steps"] if step["wrong"]]) == (True, [])
    return archive


def everything_is_green(evening: Market) -> None:
    kim = evening.come_in(OPERATOR, wide=True)
    until = time.monotonic() + 30
    while (found := unwell(kim)) and time.monotonic() < until:
        kim.wait_for_timeout(500)  # the worker says only now and then that it is there
    assert found == []
    go(kim, "/console")
    expect(kim.get_by_role("link", name="Companies that ask to be verified")).to_be_visible()
    fits(kim)


def unwell(page: Page) -> list[str]:
    """What the page of health does not find in order."""
    go(page, "/console/health")
    lines = page.locator("section[aria-label=Health] li")
    expect(lines).not_to_have_count(0)
    return [line for line in lines.all_inner_texts() if "in order" not in line]
