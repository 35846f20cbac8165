"""A dispute between two programs, and what strangers and bad input get."""

import pytest

from guanxi.base import clock
from guanxi.base.outbox.drain import drain
from guanxi.check import differences
from guanxi.deals.dispute.table import Dispute
from tests import make
from tests.api.caller import Trade, caller, problem, trade

pytestmark = pytest.mark.django_db


def shipped() -> Trade:
    return trade(2).ask().offer().accept().pay().ship()


def test_two_programs_settle_a_dispute_and_the_check_finds_nothing():
    one = shipped()
    here = f"/orders/{one.order}/dispute"
    lines = [{"n": 1, "quantity": "15", "short": "2", "damaged": "3"}, {"n": 2, "quantity": "20"}]
    opened = one.buyer.post(here, {"reason": "damaged", "text": "Five are no good.", "lines": lines})
    assert (opened["state"], opened["turn"], opened["wrong"]) == ("open", "supplier", [{"n": 1, "short": "2", "damaged": "3"}])
    assert opened["proposals"][0]["plan"]["refund"] == {"amount": 50, "currency": "CNY"}  # 5 of 20 at 0.1011, rounded down
    order = one.buyer.get(f"/orders/{one.order}")
    assert (order["dispute"], order["release_at"], order["held"]) == (opened["id"], None, opened["frozen"])
    problem(one.buyer.send("POST", f"/orders/{one.order}/receive", {}), 409, "order-disputed")
    shown = one.supplier.post(f"{here}/show", {"text": "They were whole when they left."})
    assert [piece["side"] for piece in shown["evidence"]] == ["buyer", "supplier"]
    offered = one.supplier.post(f"{here}/propose", {"refund": 30, "text": "For peace."})
    problem(one.buyer.send("POST", f"{here}/accept", {"proposal_id": opened["proposals"][0]["id"]}), 409, "stale")
    done = one.buyer.post(f"{here}/accept", {"proposal_id": offered["proposals"][1]["id"]})
    drain(clock.now())
    assert (done["state"], done["outcome"], done["refunded"]["amount"]) == ("closed", "agreed", 30)
    order = one.buyer.get(f"/orders/{one.order}")
    assert (order["state"], order["money"], order["returned"]["amount"]) == ("completed", "settled", 30)
    assert order["released"]["amount"] + 30 == order["total"]["amount"]
    assert differences() == []
    assert one.buyer.get("/check")["differences"] == []


def test_a_key_opens_it_once_and_bad_input_changes_nothing():
    one = shipped()
    here, body = f"/orders/{one.order}/dispute", {"reason": "short", "text": "One is missing."}
    for bad in (
        {"text": ""}, {"kind": "gift"}, {"refund": -1}, {"refund": 10**14}, {"refund": True}, {"files": ["x"]},
        {"lines": [{"n": 1, "quantity": "1", "short": "99"}]}, {"lines": [{"n": 1, "quantity": "-1"}]}, {"text": "\x00"}, {"reason": "because"}, {"more": 1},
    ):  # fmt: skip
        problem(one.buyer.send("POST", here, body | bad), 422, "invalid")
    assert not Dispute.objects.exists()
    problem(one.buyer.send("GET", here), 404)
    first = one.buyer.post(here, body, key="dispute-0001")
    assert one.buyer.post(here, body, key="dispute-0001")["id"] == first["id"]
    problem(one.buyer.send("POST", here, body, key="dispute-0002"), 409, "order-disputed")


def test_strangers_and_the_wrong_side_get_nowhere():
    one = shipped()
    here = f"/orders/{one.order}/dispute"
    one.buyer.post(here, {"reason": "short", "text": "One is missing."})
    other = caller(make.outsider(one.pair.conversation))
    problem(other.send("GET", here), 404)
    for act, body in {"propose": {}, "accept": {}, "refuse": {}, "show": {"text": "x"}, "escalate": {}, "withdraw": {}, "send_back": {"carrier": "x"},
                      "take_back": None, "contest": {"text": "x"}, "repay": {}, "got_back": None}.items():  # fmt: skip
        problem(other.send("POST", f"{here}/{act}", body), 404)
    for who, act, body in ((one.buyer, "accept", {}), (one.supplier, "withdraw", {}), (one.buyer, "take_back", None), (one.supplier, "repay", {})):
        problem(who.send("POST", f"{here}/{act}", body), 409, who.send("POST", f"{here}/{act}", body).json()["code"])
    assert one.buyer.get(here)["state"] == "open"
