"""A group on two phones: made, joined, called by name, left without."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from guanxi.talk.group import acts, coming
from guanxi.talk.group.table import Group
from guanxi.talk.table import Entry
from guanxi.talk.text.acts import say

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


def test_from_the_invitation_to_the_farewell(two, gateway, open_as):
    wu = two.colleague(two.buyer, "sales", "Wu")
    ana, bo = open_as(two.buyer, "/groups/new"), open_as(wu, "/m")
    ana.locator("#f-name").fill("Fasteners")
    ana.get_by_text("Wu", exact=True).click()
    ana.get_by_role("button", name="Make the group").click()
    ana.wait_for_url("**/c/*")
    bo.goto(bo.url.replace("/m", "/groups"))
    bo.get_by_role("button", name="Join").click()
    bo.wait_for_url("**/c/*")
    expect(ana.locator(".notice").last).to_have_text("Wu came in")
    ana.wait_for_selector("html[data-talk=open]", state="attached")
    ana.locator("#text").press_sequentially("@")
    ana.get_by_role("button", name="Wu").click()
    expect(ana.locator("#text")).to_have_value("@Wu ")
    ana.locator("#text").press_sequentially("look")
    ana.locator("#text").press("Enter")
    expect(bo.locator(".bubble")).to_have_text("@Wu look")
    talk = Group.objects.get().conversation_id
    assert Entry.objects.of(talk).get(kind="text").body == {"text": "@Wu look", "at": [str(wu.person.id)]}
    coming.remove(replace(two.buyer, conversation=talk).call(), person=wu.person.id)
    expect(bo.get_by_text("You no longer take part")).to_be_visible()
    expect(ana.locator(".notice").last).to_have_text("Ana removed Wu")


def test_the_list_of_the_called_says_so(two, gateway, open_as):
    wu = two.colleague(two.buyer, "sales", "Wu")
    acts.create(two.buyer.call(), name="Fasteners", people=[wu.person.id])
    talk = Group.objects.get().conversation_id
    coming.accept(replace(wu, conversation=talk).call())
    inbox = open_as(wu, "/m")
    inbox.wait_for_selector("html[data-talk=open]", state="attached")
    say(replace(two.buyer, conversation=talk).call(), body={"text": "@Wu now", "at": [str(wu.person.id)]})
    expect(inbox.locator(f'[data-row="{talk}"]')).to_contain_text("[You are called] Ana: @Wu now")
