"""What programs rely on: keys, problems, pages, rates, tokens, exact figures, long orders, and what a deal costs."""

import base64
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.api import door
from guanxi.base import clock
from guanxi.base.limits import Allowance
from guanxi.deals.deal.table import Deal
from guanxi.deals.order.table import Order
from guanxi.deals.quote.table import Quote
from guanxi.deals.rfq.table import Rfq
from guanxi.people.table import Membership
from guanxi.talk.table import Entry
from tests import make
from tests.api.caller import caller, enquiry, good, nobody, problem, terms, trade

pytestmark = pytest.mark.django_db
DEEP = b"[" * 50_000 + b"]" * 50_000


def test_a_key_answers_a_repeat_and_refuses_another_body():
    one = trade(2)
    body = enquiry(one.pair.supplier, lines=2)
    first = one.buyer.post("/rfqs", body, key="rfq-0000001")
    assert one.buyer.post("/rfqs", body, key="rfq-0000001") == first
    problem(one.buyer.send("POST", "/rfqs", body | {"title": "Nuts"}, key="rfq-0000001"), 409, "key-reused")
    assert Rfq.objects.count() == Deal.objects.count() == Entry.objects.count() == 1


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with\ttab-in-it", "schlüssel-0001"])
def test_every_post_needs_a_plain_key(key):
    one = trade(2)
    said = problem(one.buyer.send("POST", "/rfqs", enquiry(one.pair.supplier), key=key), 422, "invalid")
    assert list(said["fields"]) == ["Idempotency-Key"]
    assert not Rfq.objects.exists()


def test_a_key_of_one_company_says_nothing_to_another():
    one = trade(2)
    other = caller(make.outsider(one.pair.conversation))
    mine = one.buyer.post("/rfqs", enquiry(one.pair.supplier, lines=2), key="the-same-key")
    theirs = other.post("/rfqs", enquiry(one.pair.supplier, lines=2), key="the-same-key")
    assert mine["id"] != theirs["id"]


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"null", b"[]", b'"text"', b"1e999", b"\xff\xfe", b'{"title": "\\ud800"}', DEEP, b'{"a":' * 20_000 + b"1" + b"}" * 20_000],
    ids=["nothing", "half", "null", "list", "text", "infinite", "no-utf8", "surrogate", "deep-list", "deep-object"],
)
def test_a_body_that_is_none_is_a_problem(raw):
    one = trade(2)
    said = problem(one.buyer.send("POST", "/rfqs", raw=raw), one.buyer.send("POST", "/rfqs", raw=raw).status_code)
    assert said["status"] in (400, 422)
    assert not Rfq.objects.exists()


@pytest.mark.parametrize("value", ["a\x00b", "\ud800", {"a": 1}, ["x"], 7, True, None])
def test_text_is_text_in_every_field_of_a_line(value):
    one = trade(2)
    for name in ("name", "spec", "unit", "quantity"):
        body = enquiry(one.pair.supplier, lines=2)
        body["lines"][1][name] = value
        said = problem(one.buyer.send("POST", "/rfqs", body), 422, "invalid")
        assert f"lines.1.{name}" in said["fields"], said
    assert not Rfq.objects.exists()


@pytest.mark.parametrize("quantity", ["0", "-1", "1.23456", "1e9", "NaN", "Infinity", "", " 1", "1,000", "9" * 19, "0.00001"])
def test_a_quantity_that_cannot_be_is_named_and_nothing_is_stored(quantity):
    one = trade(2)
    body = enquiry(one.pair.supplier, lines=3)
    body["lines"][2]["quantity"] = quantity
    said = problem(one.buyer.send("POST", "/rfqs", body), 422, "invalid")
    assert list(said["fields"]) == ["lines.2.quantity"], said
    assert not Rfq.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize("price", ["-0.01", "0.1234567", "1e3", "NaN", 0.1, True, "9" * 19])
def test_a_price_that_cannot_be_is_named_and_nothing_is_stored(price):
    one = trade(2).ask()
    body = terms(lines=2)
    body["lines"][1]["price"] = price
    said = problem(one.supplier.send("POST", f"/rfqs/{one.rfq}/quotes", body), 422, "invalid")
    assert list(said["fields"]) == ["lines.1.price"], said
    assert not Quote.objects.exists()


def test_totals_are_ours_whatever_a_program_sends():
    one = trade(2).ask()
    for extra in ({"total": 1}, {"goods": 1}, {"tax": -5}, {"freight": -1}, {"freight": 10**19}, {"freight": True}, {"freight": "1"}):
        problem(one.supplier.send("POST", f"/rfqs/{one.rfq}/quotes", terms(lines=2) | extra), 422, "invalid")
    assert not Quote.objects.exists()
    one.offer().accept()
    assert Order.objects.get().total == 404, "two lines of 20 x 0.1011, each rounded once"
    problem(one.buyer.send("POST", f"/orders/{one.order}/pay", {"amount": 1}), 409)
    for wrong in (-404, 0, 4.04, "404", True, 10**30):
        problem(one.buyer.send("POST", f"/orders/{one.order}/pay", {"amount": wrong}), 422, "invalid")


def test_three_pages_lose_and_repeat_nothing():
    one = trade(1)
    made = [one.buyer.post("/rfqs", enquiry(one.pair.supplier, lines=1))["id"] for _ in range(7)]
    found, cursor, pages = [], "", 0
    while cursor is not None:
        page = one.buyer.get(f"/rfqs?limit=3&cursor={cursor}")
        found, cursor, pages = found + [row["id"] for row in page["items"]], page["next"], pages + 1
    assert (found, pages) == (made[::-1], 3)


def test_any_limit_and_any_cursor():
    one = trade(1).ask()
    for path in ("/rfqs", "/orders", "/conversations", "/companies?mine=true"):
        join = "&" if "?" in path else "?"
        for limit in ("1000000000", "-5", "0"):
            assert len(good(one.buyer.send("GET", f"{path}{join}limit={limit}"))["items"]) <= 200
        for limit in ("9" * 5000, "1.5", "true", "x", "%00"):
            problem(one.buyer.send("GET", f"{path}{join}limit={limit}"), 422, "invalid")
        for cursor in ("x", "%00", "W10", "bnVsbA", "A" * 10_000, written([1, 2]), written(["9999-12-31T23:59:59+00:00", "x"]), written(["2026-01-01", "x"])):
            problem(one.buyer.send("GET", f"{path}{join}cursor={cursor}"), 422, "invalid")
    for query in ("after=-1", "after=1e9", "after=" + "9" * 30, "before=x", "limit=x"):
        problem(one.buyer.send("GET", f"/conversations/{one.pair.conversation}/entries?{query}"), 422, "invalid")
    for cursor in ("x", "%00", "-1", "9" * 40, "1.2.3.x"):
        assert one.buyer.send("GET", f"/sync?cursor={cursor}").status_code in (200, 422)


def written(value: object) -> str:
    """A cursor somebody else wrote."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_the_rate_is_told_and_ends(monkeypatch):
    one = trade(1)
    monkeypatch.setattr(door, "USUAL", Allowance(limit=3, seconds=60, handful=1))
    left = [one.buyer.send("GET", "/me")["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = one.buyer.send("GET", "/me")
    problem(refused, 429, "too-often")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert one.supplier.send("GET", "/me").status_code == 200, "each token counts for itself"


def test_a_token_does_what_its_scopes_say():
    one = trade(1).ask()
    reader, talker, trader = (caller(one.pair.buyer, scopes=(scope,)) for scope in ("read", "talk", "trade"))
    say, ask = f"/conversations/{one.pair.conversation}/entries", enquiry(one.pair.supplier, lines=1)
    assert reader.get(f"/rfqs/{one.rfq}")
    problem(reader.send("POST", say, {"text": "hi"}), 409, "scope")
    problem(reader.send("POST", "/rfqs", ask), 409, "scope")
    assert talker.post(say, {"text": "hi"})
    problem(talker.send("POST", "/rfqs", ask), 409, "scope")
    problem(talker.send("GET", "/rfqs"), 409, "scope")
    problem(trader.send("POST", say, {"text": "hi"}), 409, "scope")
    assert trader.post("/rfqs", ask)
    problem(reader.send("POST", "/auth/tokens", {"scopes": ["trade"]}), 422, "invalid")
    assert Rfq.objects.count() == 2


def test_a_token_ends_with_its_time_and_with_the_membership():
    one = trade(1)
    sales = make.Pair.colleague(one.pair, one.pair.buyer, "purchaser")
    former = caller(sales)
    assert former.get("/me")["role"] == "purchaser"
    Membership.objects.filter(person=sales.person).update(ended_at=clock.now())
    problem(former.send("GET", "/me"), 401)
    later = clock.now() + timedelta(days=31)
    with clock.use(lambda: later):
        problem(one.buyer.send("GET", "/me"), 401)
    for token in ("", "x", "gx_" + "0" * 40, "gx_\x00", "x" * 5000):
        problem(nobody().send("GET", "/me", Authorization=f"Bearer {token}"), 401)
    problem(nobody().send("GET", f"/me?token={one.supplier.token}"), 401)


@pytest.mark.parametrize("odd", [None, True, 1, 1.5, [], ["x"], {}, {"$ne": ""}])
@pytest.mark.parametrize("name", ["address", "password", "code", "company", "label", "scopes"])
def test_anything_but_text_signs_nobody_in(name, odd):
    """A25."""
    body = {"address": "replay@guanxi.demo", "password": "x"} | {name: odd}
    response = nobody().send("POST", "/auth/tokens", body, key="")
    assert response.status_code in (401, 409, 422), response.content
    problem(response, response.status_code)
    if name != "scopes" or not isinstance(odd, list):
        assert name in response.json()["fields"]


@pytest.mark.parametrize("lines", [650, 1100])
def test_a_long_order_goes_the_whole_way(lines):
    one = trade(lines).ask().offer().accept().pay().ship().receive()
    order = one.buyer.get(f"/orders/{one.order}")
    assert (order["state"], order["money"], len(order["lines"])) == ("completed", "released", lines)
    assert order["released"]["amount"] == order["total"]["amount"] == 202 * lines
    assert order["held"]["amount"] == 0
    assert one.buyer.get("/check")["count"] == one.supplier.get("/check")["count"] == 0
    assert one.buyer.post(f"/orders/{one.order}/review", {"stars": 5})
    problem(one.buyer.send("POST", f"/orders/{one.order}/review", {"stars": 5}), 409)


@pytest.mark.django_db(transaction=True)
def test_each_request_of_a_deal_costs_one_commit_and_few_statements():
    """The act itself at most 25; with token, reach and the answer's reading at most 30. Playing the payer is
    the sandbox's ledger, our notice, and our turn: counted by tests/money."""
    one = trade(5)
    costs = {}
    for name in ("ask", "offer", "accept", "ship", "receive"):
        if name == "ship":
            one.pay()
        with CaptureQueriesContext(connection) as seen:
            if name == "receive":
                one.buyer.post(f"/orders/{one.order}/receive", {})
            else:
                getattr(one, name)()
        words = [query["sql"].split(None, 1)[0].upper() for query in seen.captured_queries]
        costs[name] = (words.index("COMMIT") - words.index("BEGIN") + 1, len(words), words.count("COMMIT"))
    assert {commits for _act, _request, commits in costs.values()} == {1}, costs
    assert max(act for act, _request, _commits in costs.values()) <= 25, costs
    assert max(request for _act, request, _commits in costs.values()) <= 30, costs


def test_a_shopping_list_is_read_into_lines_and_nothing_is_stored():
    buyer = trade().buyer
    said = buyer.post("/rfqs/lines", {"list": "外六角螺栓 M8×30 20 千件\nnuts 5"})
    assert [(row["row"], row["name"], row["spec"], row["quantity"], row["unit"], sorted(row["wrong"])) for row in said["rows"]] == [
        (1, "外六角螺栓", "M8×30", "20000", "件", []), (2, "nuts", "", "5", "", ["unit"]),
    ]  # fmt: skip
    assert buyer.get("/rfqs")["items"] == []
    problem(buyer.send("POST", "/rfqs/lines", {"list": " "}), 422)
