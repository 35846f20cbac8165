"""A log tells who did what, and how it went; never what was said, nor whom one could call."""

import io
import json
import logging
import os
import re
import sys
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.test import Client

from guanxi.base import clock, logs
from guanxi.base.errors import Refused
from guanxi.base.outbox.drain import drain
from guanxi.deals.payment import acts as payments
from guanxi.deals.payment import events
from guanxi.deals.shipment import acts as goods
from guanxi.people.sender import memory
from guanxi.talk.run import run
from tests import make, trade
from tests.api.caller import caller, nobody

pytestmark = pytest.mark.django_db(transaction=True)
FIELDS = {"at", "process", "event", "level"}


@contextmanager
def lines():
    """What is written to standard error meanwhile, as objects."""
    before, sys.stderr = sys.stderr, io.StringIO()
    handlers = logging.getLogger().handlers[:]
    found = []
    try:
        logs.configure({"format": "json"})
        yield found
    finally:
        written, sys.stderr = sys.stderr.getvalue(), before
        logging.getLogger().handlers[:] = handlers
        found += [json.loads(line) for line in written.splitlines()]


def deal(pair):
    """From the enquiry to the released money, with words nobody else should read."""
    _rfq, one = trade.ask(pair, lines=[{"name": "Secret bolt", "spec": "M8", "quantity": "20", "unit": "k"}])
    order = trade.place(pair.buyer, trade.quote(pair.supplier, one, "1", stages=[]))
    payment = UUID(run(payments.pay, pair.buyer.call(), order_id=order)["payment"])
    drain(clock.now())
    events.play(pair.conversation, payment, "approve", now=clock.now())
    drain(clock.now())
    run(goods.ship, pair.supplier.call(), order_id=order, carrier="SF", waybill="WAYBILL-77")
    run(goods.receive, pair.buyer.call(), order_id=order)
    drain(clock.now())
    return order


def test_a_whole_story_leaves_no_word_phone_mail_or_token_in_the_log(settings):
    settings.PROVIDERS, settings.SENDER = ("sandbox",), "memory"
    pair = make.pair()
    with lines() as written:
        browser = Client()
        browser.post("/signin/code", {"address": "new@people.example"})
        code = re.search(r"\d{6}", memory.SENT[-1].text)[0]
        browser.post("/signin/enter", {"code": code})
        browser.post("/me/password", {"new": "a long word of mine"})
        browser.post("/signin/code", {"address": "138 0577 2611"})
        token = nobody().send("POST", "/auth/tokens", {"address": "new@people.example", "password": "a long word of mine"}, key="").json()["token"]
        nobody().send("GET", "/me", Authorization=f"Bearer {token}")
        caller(pair.buyer).send("POST", f"/conversations/{pair.conversation}/entries", {"kind": "text", "text": "只有我们知道的话"})
        deal(pair)
        logging.getLogger("somebody.else").error("failed for %s at %s token=%s", "ann@people.example", "+8613805772611", token)
        about = {"action": "job_error", "job": {"id": 7}}
        logging.getLogger("procrastinate.blueprints").error("Job perform[1](body={'word': '只有我们知道的话'}) failed", extra=about)
    text = json.dumps(written, ensure_ascii=False)
    secrets = [code, "a long word of mine", token, browser.cookies["sessionid"].value]
    names = [pair.buyer.person.name, pair.buyer.company.name]
    for word in [*secrets, *names, "people.example", "13805772611", "138 0577", "只有我们知道的话", "Secret bolt", "WAYBILL-77"]:
        assert word not in text, word
    assert all(line.keys() >= FIELDS for line in written)
    assert [line["job"] for line in written if line.get("from", "").startswith("procrastinate")] == [7]


def test_an_act_has_one_line_that_says_who_what_how_it_went_and_what_it_cost():
    pair = make.pair()
    with lines() as written:
        trade.ask(pair)
    acts = [line for line in written if line["event"] == "act"]
    assert [line["act"] for line in acts] == ["deals.rfq.acts.send"] or acts[-1]["act"].startswith("deals.rfq")
    line = acts[-1]
    assert (line["result"], line["company"], line["person"]) == ("done", str(pair.buyer.company.id), str(pair.buyer.person.id))
    assert 0 < line["statements"] <= 25
    assert line["ms"] > 0


def test_a_refusal_has_its_line_with_the_code():
    pair = make.pair()

    def no(call):
        raise Refused("not-now", "These words are for the person alone.")

    with lines() as written, pytest.raises(Refused):
        run(no, pair.buyer.call())
    assert [line["result"] for line in written if line["event"] == "act"] == ["not-now"]
    assert "These words" not in str(written)


def test_an_exception_is_told_by_its_places_and_quotes_no_row():
    import structlog

    with lines() as written:
        try:
            raise ValueError("duplicate key for ann@people.example\nDETAIL: Key (phone)=(+8613805772611) already exists.")
        except ValueError:
            structlog.get_logger("x").exception("page_failed", number="ABC")
    assert written[0]["error"] == "ValueError"
    assert written[0]["where"]
    assert "people.example" not in str(written)
    assert "13805772611" not in str(written)


def test_each_line_names_its_process(monkeypatch):
    import structlog

    monkeypatch.setitem(os.environ, "GUANXI_PROCESS", "guanxi web-2")
    with lines() as written:
        structlog.get_logger("x").info("hello", phone="13805772611", seq=3)
    assert written[0] == {"at": written[0]["at"], "process": "guanxi web-2", "event": "hello", "seq": 3, "level": "info"}
