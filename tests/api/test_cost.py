"""What each act costs as a whole request (issue: speed): token, rate, key, act and answer are one commit and at most 25 statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.api import door
from guanxi.base import clock
from guanxi.base.limits import Allowance
from guanxi.base.outbox.drain import drain
from tests import make
from tests.api import caller
from tests.api.caller import Caller, Trade

pytestmark = pytest.mark.django_db(transaction=True)
MOST = 25
STATEMENTS, COMMITS = 200, 12


@pytest.fixture(autouse=True)
def _fresh_rates(settings, monkeypatch):
    settings.PROVIDERS = ("sandbox",)
    monkeypatch.setattr(door, "USUAL", Allowance(limit=1200, seconds=60, handful=1))  # every request draws anew: the dearest case


class Meter:
    """Counts for a whole deal; `post` also holds each act to its limit."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.commits = 0

    def run(self, work, *args, **more):
        """What work gave, its statements and its commits."""
        with CaptureQueriesContext(connection) as seen:
            given = work(*args, **more)
        every = [query["sql"] for query in seen.captured_queries]
        self.statements += every
        commits = sum(sql.startswith("COMMIT") for sql in every)
        self.commits += commits
        return given, every, commits

    def post(self, who: Caller, path: str, body: object):
        given, every, commits = self.run(who.post, path, body)
        assert (len(every) <= MOST, commits) == (True, 1), (path, len(every), commits)
        return given


def test_every_act_of_a_deal_and_the_whole_of_it():
    meter, deal = Meter(), caller.trade()
    buyer, supplier = deal.buyer, deal.supplier
    rfq = meter.post(buyer, "/rfqs", caller.enquiry(deal.pair.supplier))["id"]
    quote = meter.post(supplier, f"/rfqs/{rfq}/quotes", caller.terms())["id"]
    order = meter.post(buyer, f"/quotes/{quote}/accept", {})["id"]
    payment = meter.post(buyer, f"/orders/{order}/pay", {"provider": "sandbox"})["id"]
    meter.run(drain, clock.now())
    pay_at_the_sandbox(meter, buyer, payment)
    meter.post(supplier, f"/orders/{order}/ship", {"carrier": "SF"})
    done = meter.post(buyer, f"/orders/{order}/receive", {})
    meter.run(drain, clock.now())
    assert (done["state"], done["money"]) == ("completed", "released")
    assert len(meter.statements) <= STATEMENTS, len(meter.statements)
    assert meter.commits - commits_of_the_sandbox(meter.statements) <= COMMITS - 2
    assert meter.commits <= COMMITS + 1  # with the three of the sandbox, whose ledger stands for one that lies elsewhere


def pay_at_the_sandbox(meter, buyer, payment):
    """The payer's press is the sandbox's own; what it tells us is kept raw first (a commit), then settled (a commit)."""
    _given, every, commits = meter.run(buyer.post, f"/payments/{payment}/sandbox", {"outcome": "approve"})
    assert commits == 3
    assert sum("pay_sandbox" not in sql for sql in every) <= MOST + 5, len(every)


def commits_of_the_sandbox(statements):
    """Transactions that wrote nothing but the sandbox's own ledger."""
    found, inside = 0, []
    for sql in statements:
        if sql.startswith("BEGIN"):
            inside = []
        elif sql.startswith("COMMIT"):
            found += bool(inside) and all("pay_sandbox" in one for one in inside)
        else:
            inside.append(sql)
    return found


def paid(deal: Trade) -> Trade:
    return deal.ask().offer().accept().pay()


def test_the_rarer_acts():
    meter, deal = Meter(), caller.trade()
    deal.ask().offer()
    quote = meter.post(deal.buyer, f"/quotes/{deal.quote}/counter", caller.terms(freight=5))["id"]
    meter.post(deal.buyer, f"/quotes/{quote}/withdraw", {})
    deal.offer()
    meter.post(deal.buyer, f"/quotes/{deal.quote}/decline", {})
    meter.post(deal.buyer, f"/rfqs/{deal.rfq}/close", {})
    other = caller.enquiry(deal.pair.supplier)
    meter.post(deal.supplier, f"/rfqs/{deal.buyer.post('/rfqs', other)['id']}/decline", {"reason": "full"})
    meter.post(deal.buyer, f"/rfqs/{deal.buyer.post('/rfqs', other)['id']}/cancel", {})


def test_cancelling_and_reviewing():
    meter, deal = Meter(), caller.trade()
    deal.ask().offer().accept()
    meter.post(deal.buyer, f"/orders/{deal.order}/cancel", {"reason": "no need"})
    paid(deal)
    meter.post(deal.buyer, f"/orders/{deal.order}/cancel_ask", {"reason": "late"})
    meter.post(deal.supplier, f"/orders/{deal.order}/cancel_refuse", {"reason": "made already"})
    meter.post(deal.buyer, f"/orders/{deal.order}/cancel_ask", {"reason": "please"})
    meter.post(deal.supplier, f"/orders/{deal.order}/cancel_agree", None)
    paid(deal).ship()
    meter.post(deal.buyer, f"/orders/{deal.order}/extend", None)
    meter.post(deal.buyer, f"/orders/{deal.order}/receive", {"lines": [{"n": 1, "quantity": "3"}]})
    deal.receive()
    meter.post(deal.buyer, f"/orders/{deal.order}/review", {"stars": 5, "text": "good"})


def test_an_award_to_several():
    meter, deal = Meter(), caller.trade(2)
    others = [make.actor(f"Bo{n}", f"Works{n}") for n in (2, 3)]
    receivers = [str(one.company.id) for one in (deal.pair.supplier, *others)]
    rfq = deal.buyer.post("/rfqs", caller.enquiry(deal.pair.supplier, lines=2, receivers=receivers))["id"]
    sellers = [deal.supplier, *(caller.caller(one) for one in others)]
    offers = [one.post(f"/rfqs/{rfq}/quotes", caller.terms(lines=2))["id"] for one in sellers]
    made = meter.post(deal.buyer, f"/rfqs/{rfq}/award", {"picks": [{"n": 1, "quote": offers[0]}]})
    assert len(made["orders"]) == 1
    meter.post(deal.buyer, f"/rfqs/{rfq}/award", {"picks": [{"n": 2, "quote": offers[1]}], "reason": "price"})
    other = deal.buyer.post("/rfqs", caller.enquiry(deal.pair.supplier, lines=2, receivers=receivers))["id"]
    offers = [one.post(f"/rfqs/{other}/quotes", caller.terms(lines=2))["id"] for one in sellers]
    meter.post(deal.buyer, f"/rfqs/{other}/award", {"picks": [{"n": 1, "quote": offers[2]}]})
    assert meter.post(deal.buyer, f"/rfqs/{other}/finish", {"reason": "no need"})["state"] == "awarded"


def test_changing_an_order():
    meter, deal = Meter(), caller.trade()
    paid(deal)
    change = meter.post(deal.buyer, f"/orders/{deal.order}/changes", {"lines": [{"n": 1, "quantity": "10"}]})["id"]
    meter.post(deal.supplier, f"/changes/{change}/decline", {"reason": "cut"})
    change = meter.post(deal.supplier, f"/orders/{deal.order}/changes", {"lines": [{"n": 1, "quantity": "9"}]})["id"]
    meter.post(deal.supplier, f"/changes/{change}/withdraw", {})
    deal.supplier.post(f"/orders/{deal.order}/contract", {})
    change = meter.post(deal.buyer, f"/orders/{deal.order}/changes", {"lines": [{"n": 1, "quantity": "10"}, {"n": 2, "quantity": "0"}]})["id"]
    meter.post(deal.supplier, f"/changes/{change}/accept", {})
