"""Every page, act, file and API route as a stranger, a foreigner, a former member and a viewer: nothing shown, nothing moved (quality.md A1-A12, A19)."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.base import clock
from guanxi.base.ids import new_id
from guanxi.catalog.listing import acts as listings
from guanxi.catalog.listing import forms as listing_forms
from guanxi.catalog.pricelist import acts as price_lists
from guanxi.catalog.pricelist import forms as price_list_forms
from guanxi.deals.order.table import Order
from guanxi.people.table import Device, Membership
from guanxi.talk.file import acts as files
from guanxi.talk.file.store import store
from guanxi.talk.text.acts import say
from tests import make
from tests.api.caller import Caller, Trade, caller, enquiry, nobody, terms, trade
from tests.make import Actor
from tests.security import doors, grid
from tests.signed import signed

pytestmark = pytest.mark.django_db
SECRET = "zephyr-secret-words"


@dataclass
class Scene:
    """A paid order between Ana and Bo, a file and secret words in it; and what its addresses are called."""

    trade: Trade
    ids: dict[str, str]

    @property
    def pair(self) -> make.Pair:
        return self.trade.pair


@pytest.fixture
def scene() -> Scene:
    one = trade(2)
    one.rfq = one.buyer.post("/rfqs", enquiry(one.pair.supplier, lines=2, title=SECRET, note=SECRET))["id"]
    one.offer().accept().pay()
    pair = one.pair
    say(pair.buyer.call(), body={"text": SECRET})
    upload = store(pair.buyer.person.id, pair.buyer.company.id, SimpleUploadedFile("secret.txt", SECRET.encode()))
    files.send(pair.buyer.call(), upload_id=upload.id)
    order = Order.objects.get()
    device = make.device(pair.buyer.person)
    ids = {
        "conversation": str(pair.conversation), "deal": str(order.deal_id), "order": str(order.id), "payment": one.payment.split(".")[1], "rfq": one.rfq,
        "upload": str(upload.id), "handle": pair.buyer.company.handle, "membership": str(Membership.objects.get(person=pair.buyer.person).id),
        "invitation": str(new_id()), "token": "x" * 22, "other": str(pair.buyer.person.id), "device": str(device.id), "number": order.number,
        "provider": "nobody", "noun": "order", "name": "place", "kind": "x", "webhook": str(new_id()), "delivery": str(new_id()),
        "third": str(make.company("Third").id),
    }  # fmt: skip
    drafted = listings.make(pair.buyer.call(), draft=listing_forms.read({"title": SECRET, "number": "S-1", "unit": "pcs", "tiers": [{"price": "1"}]}))
    agreed = {"name": SECRET, "customers": pair.supplier.company.name, "lines": "S-1 0.5"}
    drafted |= price_lists.make(pair.buyer.call(), draft=price_list_forms.read(agreed))
    pushed = {"subscription": str(make.subscription(pair.buyer.person, device).id)}
    return Scene(one, ids | drafted | pushed)


def stranger(scene: Scene) -> Client:
    return Client()


def foreigner(scene: Scene) -> Client:
    return signed(make.outsider(scene.pair.conversation))


def former(scene: Scene) -> Client:
    """He was a colleague until a moment ago, and his session is still there."""
    who = scene.pair.colleague(scene.pair.buyer, "admin")
    browser = signed(who)
    Membership.objects.filter(person=who.person).update(ended_at=clock.now())
    return browser


WHO = [stranger, foreigner, former]


def refused(answer: Any, where: str) -> None:
    """A door that stays shut: nothing there, to sign-in, a reason; never an accident."""
    assert answer.status_code < 500, (where, answer.status_code)
    assert SECRET not in content(answer), where


def content(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode("utf-8", "replace")


def test_every_address_act_route_and_frame_says_who_may_reach_it():
    from guanxi.talk.gateway.acts import ACTS as FRAMES

    found = {pattern for pattern in doors.patterns() if not pattern.startswith(("static/", "ui/"))}
    assert found - set(grid.PAGES) == set(), grid.ASKED + "these addresses"
    assert set(doors.acts()) - set(grid.ACTS) == set(), grid.ASKED + "these acts"
    assert set(doors.routes()) - set(grid.ROUTES) == set(), grid.ASKED + "these routes"
    assert set(FRAMES) - set(grid.FRAMES) == set(), grid.ASKED + "these frames"


@pytest.mark.parametrize("who", WHO)
def test_no_page_opens_for_whoever_takes_no_part(scene, who):
    browser = who(scene)
    before = doors.picture()
    for pattern, reach in doors.pages().items():
        door = doors.aim(pattern, scene.ids)
        answer = browser.get(door.address)
        if pattern != "readyz":  # nothing is ready inside a test
            refused(answer, f"GET {door.address}")
        if who is stranger and reach in ("own", "admin", "company", "manage", "talk", "operator"):
            assert answer.status_code in (302, 404, 405), (pattern, answer.status_code)
            assert answer.headers.get("Location", "/signin").startswith("/signin"), pattern
        elif reach in ("company", "manage", "talk", "operator"):
            refusals = (404, 405, 409) if who is former else (404, 405)  # without a company one is told to set one up
            assert answer.status_code in refusals, (pattern, answer.status_code)
    assert set(doors.moved(before, doors.picture())) <= {"people_authenticator"}  # his own, that waits to be confirmed


@pytest.mark.parametrize("who", WHO)
def test_no_post_moves_a_row_for_whoever_takes_no_part(scene, who):
    browser = who(scene)
    before = doors.picture()
    for pattern, reach in doors.pages().items():
        door = doors.aim(pattern, scene.ids)
        aimed = any(scene.ids[name] in door.address for name in ("membership", "device", "handle"))
        if reach not in ("company", "manage", "talk", "operator") and not (aimed and reach == "own"):
            continue
        answer = browser.post(door.address, {"as": "", "key": "k-000001", **everything(scene)})
        refused(answer, f"POST {door.address}")
        assert doors.moved(before, doors.picture()) == [], door.address


@pytest.mark.parametrize("who", WHO)
def test_no_act_runs_for_whoever_takes_no_part(scene, who):
    browser = who(scene)
    own = company_of(browser)
    for noun, name in doors.powers():
        before = doors.picture()
        address = f"/c/{scene.ids['conversation']}/{noun}/{name}"
        answer = browser.post(address, {"as": own, "seen": "999", **everything(scene)})
        refused(answer, address)
        assert answer.status_code in (302, 404, 409, 422), (address, answer.status_code)
        assert not answer.headers.get("Location", "").startswith("/c/"), address
        assert doors.moved(before, doors.picture()) == [], address


def company_of(browser: Client) -> str:
    """The company his page would be drawn for."""
    key = browser.cookies.get("sessionid")
    device = Device.objects.filter(session_key=key.value).first() if key else None
    row = Membership.objects.filter(person=device.person_id, ended_at=None).first() if device else None
    return str(row.company_id) if row else ""


def everything(scene: Scene) -> dict[str, str]:
    """Fields that would do, were he let in."""
    ids = scene.ids
    return {
        "order_id": ids["order"], "deal_id": ids["deal"], "rfq_id": ids["rfq"], "quote_id": scene.trade.quote.split(".")[1], "deal": ids["deal"],
        "supplier_id": str(scene.pair.supplier.company.id), "text": "hello", "file": ids["upload"], "reason": "because", "stars": "1", "carrier": "SF",
        "role": "viewer",
        "picks.0.n": "1", "picks.0.quote": scene.trade.quote, "lines.0.n": "1", "lines.0.price": "1", "lines.0.quantity": "1",
        "stages.0.percent": "100", "tax_rate": "13",
        "valid_until": "2099-01-01T00:00:00Z", "lead_days": "3", "freight": "0", "url": "https://8.8.8.8/hook", "kinds": "*",
        "stage": "1", "account_id": str(new_id()), "transfer_id": str(new_id()), "refund_id": str(new_id()), "amount": "5.00", "currency": "CNY",
        "paid_on": clock.now().date().isoformat(), "voucher": ids["upload"], "how": "count",
        "version": "9", "deadline": (clock.today() + timedelta(days=30)).isoformat(), "door_open": "off",
    }  # fmt: skip


def bodies(path: str, scene: Scene) -> dict[str, Any]:
    """A JSON body that would do."""
    ends = {
        "rfqs": enquiry(scene.pair.supplier, lines=2), "{rfq_id}": enquiry(scene.pair.supplier, lines=2), "quotes": terms(lines=2), "counter": terms(lines=2),
        "entries": {"text": "hello"}, "read": {"seq": 1}, "ship": {"carrier": "SF"}, "invite": {"company": str(scene.pair.supplier.company.id)},
        "review": {"stars": 1}, "sandbox": {"outcome": "approve"}, "companies": {"name": "Another"}, "conversations": {"company": scene.ids["third"]},
        "hear": {"muted": True}, "forward": {"conversation": scene.ids["conversation"], "seq": 1}, "webhooks": {"url": "https://erp.example/hook"},
        "push": {"endpoint": "https://push.example/x", "p256dh": "x" * 87, "auth": "x" * 22},
        **{key: {"title": "Bolt", "unit": "pcs", "tiers": [{"price": "1"}]} for key in ("listings", "{listing_id}")},
    }  # fmt: skip
    someone = scene.ids["other"]
    whole = {
        "/bank/accounts": {"holder": "Haichuan", "bank": "ICBC", "number": "6222020200112233", "currency": "CNY"},
        **bank_bodies(scene),
        "/price-lists": {"name": "Dealers", "customers": [scene.pair.supplier.company.name], "lines": ["S-1 0.5"]},
        "/rfqs/lines": {"list": "Bolt 20 box"},
        "/rfqs/{rfq_id}/award": {"picks": [{"n": 1, "quote": scene.trade.quote}]}, "/rfqs/{rfq_id}/publish": {"door_open": False},
        **{f"/rfqs/{{rfq_id}}/{act}": {"deadline": (clock.today() + timedelta(days=30)).isoformat()} for act in ("extend", "reopen")},
        "/orders/{order_id}/dispute": {"reason": "damaged", "text": "Torn."}, "/orders/{order_id}/dispute/propose": {"kind": "refund"},
        "/orders/{order_id}/dispute/send_back": {"carrier": "SF"}, "/orders/{order_id}/dispute/contest": {"text": "Not so."},
        "/groups/{conversation_id}": {"name": "Ours"}, "/groups/{conversation_id}/invite": {"people": [someone]},
        "/groups/{conversation_id}/answer": {"join": True}, "/groups/{conversation_id}/people/{person_id}": {"role": "admin"},
        "/orders/{order_id}/review/answer": {"text": "Thanks."}, "/orders/{order_id}/review/report": {"text": "Untrue."},
        "/orders/{order_id}/changes": {"lines": [{"n": 1, "quantity": "19"}]},
        "/contracts/{contract_id}/agree": {"hash": "0" * 64}, "/groups": {"name": "Ours", "people": [someone]},
    }  # fmt: skip
    return whole.get(path) or ends.get(path.rsplit("/", 1)[1], {})


def bank_bodies(scene: Scene) -> dict[str, Any]:
    """What the acts about bank transfers take."""
    money, day, none = {"amount": 500, "currency": "CNY"}, clock.now().date().isoformat(), str(new_id())
    given = {
        "offer": {"stage": 1, "account_id": none}, "say": {"amount": money, "paid_on": day, "voucher": scene.ids["upload"]},
        "withdraw": {"transfer_id": none}, "deny": {"transfer_id": none}, "found": {"amount": money, "paid_on": day},
        "receive": {"transfer_id": none, "amount": money}, "settle": {"transfer_id": none, "how": "count"},
        "repay": {"refund_id": none}, "got": {"refund_id": none}, "miss": {"refund_id": none},
    }  # fmt: skip
    return {f"/orders/{{order_id}}/bank/{act}": body for act, body in given.items()}


def former_caller(scene: Scene) -> Caller:
    who = scene.pair.colleague(scene.pair.buyer, "admin")
    has = caller(who)
    Membership.objects.filter(person=who.person).update(ended_at=clock.now())
    return has


def person_alone(scene: Scene) -> Caller:
    return caller(scene.pair.buyer, company=False)


CALLERS = {
    "nobody": lambda scene: nobody(), "foreigner": lambda scene: caller(make.outsider(scene.pair.conversation)), "former": former_caller,
}  # fmt: skip


@pytest.mark.parametrize("who", CALLERS)
def test_no_route_of_the_api_leads_there(scene, who):
    program = CALLERS[who](scene)
    before = doors.picture()
    for method, path in doors.scopes():
        if "{" not in path or "company_id" in path:
            continue
        answer = program.send(method, aimed(path, scene), bodies(path, scene) if method != "GET" else None)
        shut = answer.status_code == 404 or b'"company-token"' in answer.content if who == "foreigner" else answer.status_code == 401
        assert shut, (method, path, answer.status_code, answer.content[:200])
        assert SECRET not in content(answer)
        assert doors.moved(before, doors.picture()) == [], (method, path)


def test_lists_of_a_foreigner_hold_nothing_of_theirs(scene):
    program = caller(make.outsider(scene.pair.conversation))
    for method, path in doors.scopes():
        if method == "GET" and "{" not in path:
            answer = program.send(method, path)
            assert answer.status_code < 500, path
            assert SECRET not in content(answer), path
            assert scene.ids["conversation"] not in content(answer), path


def test_a_viewer_reads_what_his_company_reads(scene):
    who = scene.pair.colleague(scene.pair.buyer, "viewer")
    assert SECRET in signed(who).get(f"/c/{scene.ids['conversation']}").content.decode()
    program = caller(who)
    for (method, path), (_scope, power) in doors.scopes().items():
        if method == "GET" and power in ("", "read"):
            none_yet = path.endswith(("/dispute", "/contract")) or "contract_id" in path  # the order of the scene has none
            assert program.send("GET", aimed(path, scene)).status_code == (404 if none_yet else 200), path


@pytest.mark.parametrize("side", ["buyer", "supplier"])
@pytest.mark.parametrize("role", ["viewer", "sales", "purchaser", "finance"])
def test_no_act_runs_for_a_colleague_whose_role_lacks_the_power(scene, role, side):
    who = scene.pair.colleague(getattr(scene.pair, side), role)
    browser = signed(who)
    before, tried = doors.picture(), 0
    for (noun, name), power in doors.powers().items():
        if role not in grid.lower(power):
            continue
        answer = browser.post(f"/c/{scene.ids['conversation']}/{noun}/{name}", {"as": str(who.company.id), "seen": "999", **everything(scene)})
        assert answer.status_code in (404, 409, 422), (noun, name, answer.status_code)
        assert doors.moved(before, doors.picture()) == [], (noun, name)
        tried += 1
    assert tried > 3


@pytest.mark.parametrize("side", ["buyer", "supplier"])
@pytest.mark.parametrize("role", ["viewer", "sales", "purchaser", "finance"])
def test_no_route_runs_for_a_colleague_whose_role_lacks_the_power(scene, role, side):
    program = caller(scene.pair.colleague(getattr(scene.pair, side), role))
    before, tried = doors.picture(), 0
    for (method, path), (_scope, power) in doors.scopes().items():
        if role not in grid.lower(power):
            continue
        answer = program.send(method, aimed(path, scene), bodies(path, scene) if method != "GET" else None)
        assert answer.status_code in (404, 409), (method, path, answer.content)
        assert doors.moved(before, doors.picture()) == [], (method, path)
        tried += 1
    assert tried > 3


@pytest.mark.parametrize("has", ["read", "talk", "trade"])
def test_no_route_runs_for_a_token_without_its_scope(scene, has):
    program = caller(scene.pair.buyer, scopes=(has,))
    before = doors.picture()
    for (method, path), (scope, _power) in doors.scopes().items():
        if scope in ("", has) or path == "/uploads":
            continue
        answer = program.send(method, aimed(path, scene), bodies(path, scene) if method != "GET" else None)
        assert (answer.status_code, answer.json()["code"]) in ((409, "scope"), (404, "not-found"), (409, "company-token")), (method, path, answer.content)
    assert doors.moved(before, doors.picture()) == []


@pytest.mark.parametrize("role", ["viewer", "sales", "purchaser", "finance"])
def test_no_lower_role_changes_the_company_or_its_people(scene, role):
    browser = signed(scene.pair.colleague(scene.pair.buyer, role))
    before = doors.picture()
    for pattern, reach in doors.pages().items():
        if reach in ("manage", "admin"):
            address = doors.aim(pattern, scene.ids).address
            for answer in (browser.get(address), browser.post(address, {"as": str(scene.pair.buyer.company.id), "name": "Mine", **everything(scene)})):
                assert answer.status_code in (404, 405, 409), (pattern, answer.status_code)
    assert doors.moved(before, doors.picture()) == []


def aimed(path: str, scene: Scene) -> str:
    """A route with the ids of the scene in it."""
    one = scene.trade
    ids = {
        "rfq_id": one.rfq, "quote_id": one.quote, "order_id": one.order, "payment_id": one.payment, "conversation_id": scene.ids["conversation"],
        "company_id": str(one.pair.supplier.company.id), "seq": "1",
        "listing_id": scene.ids["listing"], "price_list_id": scene.ids["price_list"], "subscription_id": scene.ids["subscription"],
    }  # fmt: skip
    return re.sub(r"\{(\w+)\}", lambda name: ids.get(name[1], doors.NOBODYS), path)


def another(pair: make.Pair) -> Trade:
    """Bo's trade with somebody else: same supplier, another buyer."""
    cy = make.outsider(pair.conversation)
    return Trade(pair, caller(cy), caller(pair.supplier), 2)


def test_ids_of_another_deal_inside_my_own_lead_nowhere(scene):
    """Foreign ids in path, body and nested fields, from somebody who has a conversation and a deal of his own (A9, A17)."""
    mine = another(scene.pair).ask().offer().accept()
    theirs = scene.trade
    where, (foreign, own) = mine.order.split(".")[0], theirs.order.split(".")
    for id_ in (f"{where}.{own}", f"{foreign}.{mine.order.split('.')[1]}"):
        for path in ("", "/pay", "/receive", "/cancel", "/review"):
            before = doors.picture()
            answer = mine.buyer.send("POST" if path else "GET", f"/orders/{id_}{path}", bodies(path or "/x", scene) if path else None)
            assert answer.status_code == 404, (id_, path, answer.content)
            assert doors.moved(before, doors.picture()) == []
    payment = theirs.payment.split(".")[1]
    assert mine.buyer.send("GET", f"/payments/{where}.{payment}").status_code == 404
    assert mine.buyer.send("POST", f"/quotes/{where}.{theirs.quote.split('.')[1]}/accept", {}).status_code == 404
    for body in ({"kind": "file", "upload": scene.ids["upload"]}, {"kind": "image", "upload": scene.ids["upload"]}):
        assert mine.buyer.send("POST", f"/conversations/{where}/entries", body).status_code == 404
    before = doors.picture()
    answer = mine.buyer.send("POST", "/rfqs", enquiry(scene.pair.supplier, lines=1, files=[scene.ids["upload"]]))
    assert answer.status_code in (404, 422), answer.content
    answer = mine.supplier.send("POST", f"/orders/{mine.order}/ship", {"carrier": "SF", "photos": [scene.ids["upload"]]})
    assert answer.status_code in (404, 409, 422), answer.content
    assert doors.moved(before, doors.picture()) == []


def test_the_other_side_does_not_do_my_acts(scene):
    """A19: accept one's own offer, ship what one buys, receive what one sells, pay for the buyer."""
    one = trade(2).ask().offer()
    before = doors.picture()
    assert one.supplier.send("POST", f"/quotes/{one.quote}/accept", {}).status_code == 409
    assert one.buyer.send("POST", f"/quotes/{one.quote}/withdraw", {}).status_code == 409
    paid = scene.trade
    assert paid.buyer.send("POST", f"/orders/{paid.order}/ship", {"carrier": "SF"}).status_code == 409
    assert paid.supplier.send("POST", f"/orders/{paid.order}/receive", {}).status_code == 409
    assert paid.supplier.send("POST", f"/orders/{paid.order}/pay", {}).status_code == 409
    assert paid.supplier.send("POST", f"/payments/{paid.payment}/sandbox", {"outcome": "approve"}).status_code == 404
    assert doors.moved(before, doors.picture()) == []


def test_no_company_is_acted_for_that_is_not_mine(scene):
    """A10: by field, by header, by another's old tab."""
    cy: Actor = make.outsider(scene.pair.conversation)
    browser = signed(cy)
    before = doors.picture()
    answer = browser.post(f"/c/{scene.ids['conversation']}/text/say", {"as": str(scene.pair.buyer.company.id), "text": "hi"})
    assert answer.status_code == 409
    answer = browser.post("/me/company", {"as": str(cy.company.id), "company": str(scene.pair.buyer.company.id)})
    assert answer.status_code in (302, 404, 409)
    assert browser.get(f"/c/{scene.ids['conversation']}").status_code == 404
    assert doors.moved(before, doors.picture()) == []
