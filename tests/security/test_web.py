"""What every page owes to every browser: tokens on posts, headers, no foreign redirect, words shown as words (quality.md A21-A30, A39, A41)."""

import pytest
from django.test import Client
from django.urls import resolve
from django.urls.exceptions import Resolver404

from guanxi.deals.order.table import Order
from guanxi.deals.quote.table import Quote
from guanxi.talk.text.acts import say
from tests import make
from tests.api.caller import Trade, caller, enquiry, nobody, soon, terms
from tests.security import doors
from tests.signed import signed

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}{% raw %}${7*7}"
NAMES = ("conversation", "deal", "order", "payment", "rfq", "upload", "membership", "invitation", "other", "device", "token")
WORDS = {"handle": "nobody", "number": "DD-1", "provider": "nobody", "noun": "text", "name": "say", "kind": "busy"}
IDS = dict.fromkeys(NAMES, "01a20a95-ba42-7158-8d93-60bc85dc0cc5") | WORDS


def pages():
    """Every pattern but the served static files."""
    return [pattern for pattern in doors.patterns() if not pattern.startswith("static/")]


def test_only_providers_and_mail_programs_post_without_the_token():
    free = set()
    for pattern in pages():
        try:
            view = resolve(doors.aim(pattern, IDS).address).func
        except Resolver404:
            continue
        if getattr(view, "csrf_exempt", False):
            free.add(pattern)
    assert free == {"hooks/<slug:provider>", "n/<str:token>"}  # signed, the one by its provider, the other by us (RFC 8058)


@pytest.mark.parametrize("who", ["stranger", "member"])
def test_every_other_post_without_the_token_is_refused(who):
    pair = make.pair()
    browser = Client(enforce_csrf_checks=True)
    if who == "member":
        signed(pair.buyer, browser)
    before = doors.picture()
    for pattern in pages():
        if pattern == "hooks/<slug:provider>":
            continue
        answer = browser.post(doors.aim(pattern, IDS | {"conversation": str(pair.conversation)}).address, {"text": "hi"})
        assert answer.status_code in (403, 404, 405), (pattern, answer.status_code)
    assert doors.moved(before, doors.picture()) == []


def test_the_api_takes_no_cookie():
    pair = make.pair()
    assert signed(pair.buyer).get("/api/v1/me").status_code == 401
    assert signed(pair.buyer).post("/api/v1/rfqs", b"{}", content_type="application/json").status_code == 401


def test_every_answer_carries_the_headers():
    browser = signed(make.pair().buyer)
    for pattern in pages():
        answer = browser.get(doors.aim(pattern, IDS).address)
        said = answer.headers
        assert answer.status_code < 500 or pattern == "readyz" or pattern.startswith("ui/gallery/error"), pattern
        assert said["X-Content-Type-Options"] == "nosniff", pattern
        assert said["X-Frame-Options"] == "DENY", pattern
        assert "geolocation=()" in said["Permissions-Policy"], pattern
        policy = said["Content-Security-Policy"]
        assert "unsafe" not in policy, pattern
        assert "frame-ancestors 'none'" in policy, pattern
        assert "Access-Control-Allow-Origin" not in said, pattern
        if answer.status_code == 200 and pattern not in ("manifest.webmanifest", "sw.js", "offline"):
            assert any(word in said["Cache-Control"] for word in ("no-store", "no-cache")), (pattern, said["Cache-Control"])


AWAY = ["//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "/%0d%0aLocation:x\r\nx", "javascript:1", " //evil.example"]


@pytest.mark.parametrize("away", AWAY)
def test_next_stays_here(away):
    pair = make.pair()
    answer = signed(pair.buyer).post(f"/c/{pair.conversation}/text/say", {"as": str(pair.buyer.company.id), "text": "hi", "next": away})
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"/c/{pair.conversation}")
    answer = Client().get("/signin", {"next": away})
    assert answer.status_code == 200
    assert 'href="//evil' not in answer.content.decode()
    answer = signed(pair.buyer).post("/language", {"language": "en", "next": away})
    assert "evil" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "a@b", "x" * 3000, ""])
def test_another_host_name_is_not_served(host):
    answer = Client().get("/signin", headers={"Host": host})
    assert answer.status_code == 400
    assert host not in answer.content.decode() or not host


@pytest.mark.parametrize("garbage", ["x", "zh-hans\x00", "../../etc", "é" * 3, "a" * 5000, "en;DROP", "-", "en_US.UTF-8"])
def test_a_language_of_any_kind_is_no_error(garbage):
    browser = Client()
    browser.cookies["django_language"] = garbage
    assert browser.get("/signin").status_code == 200
    assert Client().get("/signin", headers={"Accept-Language": garbage}).status_code == 200
    assert Client().post("/language", {"language": garbage}).status_code < 500


@pytest.fixture
def scripted():
    """A trade whose every word is script, and signs of templates."""
    pair = make.pair()
    for side in (pair.buyer, pair.supplier):
        type(side.company).objects.filter(pk=side.company.id).update(name=SCRIPT, intro=SCRIPT)
        type(side.person).objects.filter(pk=side.person.id).update(name=SCRIPT[:60])
    one = Trade(pair, caller(pair.buyer), caller(pair.supplier), 1)
    row = {"name": SCRIPT, "spec": SCRIPT, "quantity": "20", "unit": "<b>pc"}
    body = enquiry(pair.supplier) | {"title": SCRIPT, "note": SCRIPT, "place": SCRIPT, "lines": [row]}
    one.rfq = one.buyer.post("/rfqs", body)["id"]
    one.quote = one.supplier.post(f"/rfqs/{one.rfq}/quotes", terms(lines=1, note=SCRIPT))["id"]
    one.accept().pay()
    one.supplier.post(f"/orders/{one.order}/ship", {"carrier": SCRIPT[:60], "waybill": SCRIPT[:60], "note": SCRIPT})
    one.buyer.post(f"/orders/{one.order}/receive", {"note": SCRIPT})
    one.buyer.post(f"/orders/{one.order}/review", {"stars": 1, "text": SCRIPT})
    say(pair.supplier.call(), body={"text": SCRIPT})
    return one


def test_script_and_template_signs_are_words_on_every_page(scripted):
    pair, order = scripted.pair, Order.objects.get()
    conversation = f"/c/{pair.conversation}"
    shown = [
        "/m", conversation, f"{conversation}/about", f"{conversation}/entries?after=0", f"{conversation}/deals/{order.deal_id}",
        f"{conversation}/deals/{order.deal_id}/panel", "/rfqs", f"/rfqs/{scripted.rfq}", f"/rfqs/{scripted.rfq}/compare", "/work", "/notices", "/contacts",
        "/me", f"/co/{pair.buyer.company.handle}", f"/co/{pair.supplier.company.handle}",
    ]  # fmt: skip
    seen = 0
    for side in (pair.buyer, pair.supplier):
        for language in ("en", "zh-hans"):
            browser = signed(side)
            browser.cookies["django_language"] = language
            for address in shown:
                answer = browser.get(address)
                page = answer.content.decode()
                assert answer.status_code in (200, 404), (address, answer.status_code)
                assert "<script>alert" not in page, address
                assert "<img src=x" not in page, address
                assert "{{49" not in page, address
                assert ">49" not in page, address
                seen += "&lt;script&gt;alert" in page
    assert seen > 20


def test_totals_sent_by_a_page_are_not_looked_at():
    """A39: the form of an offer carries its own idea of every sum."""
    pair = make.pair()
    one = Trade(pair, caller(pair.buyer), caller(pair.supplier), 1).ask()
    deal = one.buyer.get(f"/rfqs/{one.rfq}")["asked"][0]["deal"].split(".")[1]
    form = {
        "as": str(pair.supplier.company.id), "seen": "999", "deal_id": deal, "lines.0.n": "1", "lines.0.price": "1.00", "lines.0.total": "1",
        "total": "1", "goods": "1", "tax": "-9", "currency": "JPY", "side": "buyer", "state": "accepted", "tax_in": "1",
        "stages.0.percent": "100", "valid_until": soon(), "lead_days": "3", "freight": "0", "tax_rate": "13",
    }  # fmt: skip
    answer = signed(pair.supplier).post(f"/c/{pair.conversation}/quote/send", form)
    assert answer.status_code == 302, answer.content
    offer = Quote.objects.get()
    assert (offer.goods, offer.total, offer.currency, offer.side, offer.state) == (2000, 2000, "CNY", "supplier", "open")


def test_too_much_of_anything_is_refused():
    """A41, A42."""
    browser = signed(make.pair().buyer)
    assert browser.post("/rfqs/draft", {f"f{n}": "" for n in range(20_001)}).status_code == 400
    assert browser.post("/me/name", {"name": "x" * (5 * 1024 * 1024)}).status_code in (400, 413)
    assert browser.get("/contacts?q=" + "%F0%9F%98%80" * 20_000).status_code < 500
    assert nobody().send("POST", "/auth/tokens", raw=b'{"address":"' + b"x" * (5 * 1024 * 1024) + b'"}').status_code == 413


def test_the_published_schema_names_no_data():
    """A63."""
    schema = Client().get("/api/v1/openapi.json")
    assert schema.status_code == 200
    assert make.pair().buyer.company.name not in schema.content.decode()
