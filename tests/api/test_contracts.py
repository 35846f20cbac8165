"""The contract of an order through the API."""

import hashlib
import json

import pytest

from tests.api.caller import trade

pytestmark = pytest.mark.django_db


def test_drawn_up_confirmed_and_fetched():
    one = trade(2)
    one.ask().offer().accept()
    made = one.supplier.post(f"/orders/{one.order}/contract", {"extra": "Marks on every box"})
    assert (made["state"], made["version"], made["order"]) == ("offered", 1, one.order)
    canonical = json.dumps(made["text"], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert made["hash"] == hashlib.sha256(canonical).hexdigest()
    assert one.buyer.get(f"/orders/{one.order}/contract") == made

    refused = one.buyer.send("POST", f"/contracts/{made['id']}/agree", {"hash": "0" * 64})
    assert (refused.status_code, refused.json()["code"]) == (409, "other-text")
    done = one.buyer.post(f"/contracts/{made['id']}/agree", {"hash": made["hash"]})
    assert done["state"] == "agreed"
    assert done == one.supplier.get(f"/contracts/{made['id']}")
    paper = one.buyer.send("GET", f"/contracts/{made['id']}/zh.pdf")
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert one.buyer.send("POST", f"/contracts/{made['id']}/decline", {"reason": ""}).status_code == 409
