"""What was written without a network: in order, refused with its reason, and never for another company."""

import pytest
from playwright.sync_api import expect

from guanxi.people.table import Device
from tests.flows.test_talk import kept, write
from tests.make import company, member

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
WAITS = '.entry.is-mine .bubble-state:has-text("Waiting")'


def test_what_waited_goes_in_its_order_before_what_is_written_next(two, gateway, open_as):
    ana = open_as(two.buyer, f"/c/{two.conversation}")
    ana.wait_for_selector("html[data-talk=open]", state="attached")
    ana.context.set_offline(True)
    for n in range(1, 6):
        write(ana, f"line {n}")
    expect(ana.locator(WAITS)).to_have_count(5)
    ana.context.set_offline(False)
    write(ana, "line 6")
    expect(ana.locator('.entry[data-seq="6"]')).to_have_text("line 6", timeout=30000)
    assert kept(two) == [f"line {n}" for n in range(1, 7)]


def test_an_answer_that_was_lost_is_asked_for_again_under_its_key(two, gateway, open_as):
    ana = open_as(two.buyer, f"/c/{two.conversation}")
    gateway.stop()
    ana.route("**/text/say", lambda route: route.fetch() and route.abort())
    write(ana, "stored, answer lost")
    expect(ana.locator("button.bubble-state.is-failed")).to_be_visible(timeout=15000)
    write(ana, "after it")
    ana.unroute("**/text/say")
    ana.context.set_offline(True)
    ana.context.set_offline(False)
    expect(ana.locator('.entry[data-seq="2"]')).to_contain_text("after it", timeout=30000)
    assert kept(two) == ["stored, answer lost", "after it"]


def test_what_is_refused_says_why_also_after_a_reload_and_can_be_edited_or_deleted(two, gateway, open_as):
    ana = open_as(two.buyer, f"/c/{two.conversation}")
    ana.wait_for_selector("html[data-talk=open]", state="attached")
    ana.context.set_offline(True)
    write(ana, "too late")
    write(ana, "also too late")
    expect(ana.locator(WAITS)).to_have_count(2)
    two.buyer.person.memberships.update(role="viewer")
    ana.context.set_offline(False)
    refused = ana.locator(".is-refused")
    expect(refused).to_have_count(2, timeout=30000)
    expect(refused.first).to_contain_text("your role may only read here")
    assert kept(two) == []
    refused.first.get_by_role("button", name="Edit again").click()
    expect(ana.locator("#text")).to_have_value("too late")
    refused.get_by_role("button", name="Delete").click()
    expect(ana.locator(".entry.is-mine")).to_have_count(0)
    two.buyer.person.memberships.update(role="admin")
    ana.reload()
    ana.wait_for_selector("html[data-talk=open]", state="attached")
    expect(ana.locator(".entry.is-mine")).to_have_count(0)
    assert kept(two) == []


def test_what_was_written_for_one_company_waits_while_its_person_acts_for_another(two, gateway, open_as, live_server):
    second = company("Second")
    member(second, two.buyer.person)
    ana = open_as(two.buyer, f"/c/{two.conversation}")
    ana.wait_for_selector("html[data-talk=open]", state="attached")
    ana.context.set_offline(True)
    write(ana, "for the first company")
    expect(ana.locator(WAITS)).to_have_count(1)
    devices = Device.objects.filter(person=two.buyer.person)
    devices.update(company_id=second.id)
    ana.goto("about:blank")
    ana.context.set_offline(False)
    ana.goto(live_server.url + "/m")
    ana.wait_for_selector("html[data-talk=open]", state="attached")
    ana.wait_for_timeout(2500)  # nothing may come of it
    assert kept(two) == []
    devices.update(company_id=two.buyer.company.id)
    ana.goto(f"{live_server.url}/c/{two.conversation}")
    expect(ana.locator('.entry[data-seq="1"]')).to_have_text("for the first company", timeout=30000)
    assert kept(two) == ["for the first company"]
