"""Who gets a socket, and how soon it ends with the sign-in (quality.md A20, A50, A13, A55)."""

import time
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.conf import settings
from websockets.exceptions import InvalidStatus

from guanxi.base import clock
from guanxi.people.devices import acts as devices
from guanxi.people.table import Device, Membership, Person, Token
from guanxi.talk import hints
from guanxi.talk.table import Entry
from tests import make
from tests.faults.processes import Gateway
from tests.talk.client import FIVE_SECONDS, Client, bearer, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_session_from_our_page_is_greeted(gateway: Gateway) -> None:
    ana = make.person("Ana")
    _, headers = signed_in(ana)
    with Client(gateway.address, headers) as link:
        assert link.hello["v"] == 1
        assert link.hello["person"] == str(ana.id)
        assert link.hello["limits"]["text"] == 5000


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", None, "http://127.0.0.1", "http://127.0.0.1.evil.example:8000", "http://127.0.0.1:1"])
def test_a_cookie_from_anywhere_else_is_refused(gateway: Gateway, origin: str | None) -> None:
    _, headers = signed_in(make.person("Ana"))
    headers = {"Cookie": headers["Cookie"]} | ({} if origin is None else {"Origin": origin})
    with pytest.raises(InvalidStatus) as answer:
        Client(gateway.address, headers)
    assert answer.value.response.status_code == 403


def test_two_origins_are_no_origin(gateway: Gateway) -> None:
    import socket

    _, headers = signed_in(make.person("Ana"))
    lines = [
        "GET /ws HTTP/1.1", "Host: x", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        f"Origin: {settings.ALLOWED_ORIGINS[0]}", "Origin: https://evil.example", f"Cookie: {headers['Cookie']}", "", "",
    ]  # fmt: skip
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=5) as link:
        link.sendall("\r\n".join(lines).encode())
        assert b" 403 " in link.recv(1000)


@pytest.mark.parametrize("cookie", ["sessionid=unknown", "sessionid=", "other=1", "sessionid=%00", "=;=;", "sessionid=" + "x" * 3000])
def test_a_cookie_that_names_nobody_closes_with_4401(gateway: Gateway, cookie: str) -> None:
    with Client(gateway.address, {"Cookie": cookie, "Origin": settings.ALLOWED_ORIGINS[0]}, greet=False) as link:
        assert link.closed_with() == 4401


def test_no_cookie_and_no_token_closes_with_4401(gateway: Gateway) -> None:
    with Client(gateway.address, {"Origin": settings.ALLOWED_ORIGINS[0]}, greet=False) as link:
        assert link.closed_with() == 4401


def test_ended_sign_ins_do_not_count(gateway: Gateway) -> None:
    from django.contrib.sessions.models import Session

    now = clock.now()
    people = [make.person(name) for name in ("Ended", "Expired", "Closed")]
    devices = [signed_in(who) for who in people]
    Device.objects.filter(id=devices[0][0].id).update(ended_at=now)
    Session.objects.filter(session_key=devices[1][0].session_key).update(expire_date=now - timedelta(seconds=1))
    Person.objects.filter(id=people[2].id).update(is_active=False, closed_at=now)
    for _, headers in devices:
        with Client(gateway.address, headers, greet=False) as link:
            assert link.closed_with() == 4401


def test_tokens_count_by_scope_time_and_membership(gateway: Gateway) -> None:
    ana, bo = make.actor("Ana", "Haichuan"), make.actor("Bo", "Minggu")
    good = [bearer(ana.person), bearer(ana.person, ana.company), bearer(ana.person, scopes=("read", "talk"))]
    bad = [bearer(ana.person, days=-1), bearer(ana.person, scopes=("read",)), bearer(ana.person, bo.company), {"Authorization": "Bearer unknown"},
           {"Authorization": "Bearer "}, {"Authorization": "Bearer " + "x" * 5000}]  # fmt: skip
    for headers in good:
        with Client(gateway.address, headers) as link:
            assert link.hello["person"] == str(ana.person.id)
    for headers in bad:
        with Client(gateway.address, headers, greet=False) as link:
            assert link.closed_with() == 4401


def test_a_token_in_the_address_is_not_looked_at(gateway: Gateway) -> None:
    plain = bearer(make.person("Ana"))["Authorization"].split()[1]
    with pytest.raises(InvalidStatus) as answer:
        Client(f"{gateway.address}?token={plain}", {})
    assert answer.value.response.status_code == 403


def test_a_token_of_one_company_neither_hears_nor_speaks_for_another(gateway: Gateway) -> None:
    one, other = make.pair(), make.pair()
    make.member(other.buyer.company, one.buyer.person, "sales")
    both = make.Actor(one.buyer.person, other.buyer.company, "owner", other.conversation)
    with Client(gateway.address, bearer(one.buyer.person, one.buyer.company)) as link, Client(gateway.address, bearer(other.supplier.person)) as bo:
        link.text(both, "for the other one")
        assert link.answer()["reason"] == "not-found"
        bo.text(other.supplier, "for the other company's ears")
        assert bo.answer()["op"] == "ack"
        assert link.hears_nothing("entry", "head")
        link.text(one.buyer, "for mine")
        assert link.answer()["op"] == "ack"


def test_an_old_tab_is_silent_once_its_browser_acts_for_another_company(gateways: tuple[Gateway, Gateway]) -> None:
    one, other = make.pair(), make.pair()
    make.member(other.buyer.company, one.buyer.person, "sales")
    elsewhere = make.Actor(one.buyer.person, other.buyer.company, "sales", other.conversation)
    device, headers = signed_in(one.buyer.person)
    with Client(gateways[0].address, headers) as old, Client(gateways[1].address, headers) as new:
        old.text(one.buyer, "for the first company")
        assert old.answer()["op"] == "ack"
        devices.act_for(device.id, elsewhere.company.id)
        assert answered(new, elsewhere, "ack")
        assert answered(old, one.buyer, "refused")["reason"] == "other-company"
        old.text(one.buyer, "from the old tab")
        assert old.answer()["reason"] == "other-company"
    assert not Entry.objects.filter(body__text="from the old tab").exists()


def answered(link: Client, actor: make.Actor, wanted: str) -> dict[str, Any]:
    """The first answer of this kind to a text, within five seconds."""
    until = time.monotonic() + FIVE_SECONDS
    while time.monotonic() < until:
        link.text(actor, "who do I speak for?")
        if (answer := link.answer())["op"] == wanted:
            return answer
        time.sleep(0.1)
    raise AssertionError(wanted)


def test_signing_a_device_out_closes_its_sockets(gateways: tuple[Gateway, Gateway]) -> None:
    ana = make.person("Ana")
    device, headers = signed_in(ana)
    _, other = signed_in(ana)
    with Client(gateways[0].address, headers) as one, Client(gateways[1].address, headers) as two, Client(gateways[0].address, other) as stays:
        Device.objects.filter(id=device.id).update(ended_at=clock.now())
        hints.devices_changed([device.id])
        assert one.closed_with(within=FIVE_SECONDS) == two.closed_with(within=FIVE_SECONDS) == 4401
        stays.say("ping")
        assert stays.hear("pong")


def test_sign_ins_that_end_unheard_are_found_within_five_seconds(gateway: Gateway) -> None:
    from django.contrib.sessions.models import Session

    now = clock.now()
    people = [make.actor(name, "Haichuan") for name in ("Device", "Session", "Person", "Token", "Membership")]
    signed = [signed_in(one.person) for one in people[:3]]
    headers = [cookie for _, cookie in signed] + [bearer(one.person, one.company) for one in people[3:]]
    links = [Client(gateway.address, one) for one in headers]
    Device.objects.filter(id=signed[0][0].id).update(ended_at=now)
    Session.objects.filter(session_key=signed[1][0].session_key).delete()
    Person.objects.filter(id=people[2].person.id).update(is_active=False)
    Token.objects.filter(person=people[3].person).update(ended_at=now)
    Membership.objects.filter(person=people[4].person).update(ended_at=now)
    assert [link.closed_with(within=FIVE_SECONDS) for link in links] == [4401] * 5


def test_health_answers_on_the_same_port_and_nothing_else_does(gateway: Gateway) -> None:
    base = f"http://127.0.0.1:{gateway.port}"
    assert urlopen(f"{base}/healthz", timeout=5).read() == b"ok\n"
    assert urlopen(f"{base}/readyz", timeout=5).read() == b"ready\n"
    for path in ("/", "/metrics", "/ws/x", "/../ws", "/admin"):
        with pytest.raises(HTTPError) as answer:
            urlopen(Request(base + path), timeout=5)
        assert answer.value.code == 404


def test_the_thirty_first_socket_of_a_person_ends_the_first(gateway: Gateway) -> None:
    headers = bearer(make.person("Ana"))
    links = [Client(gateway.address, headers) for _ in range(31)]
    assert links[0].closed_with() == 1008
    links[30].say("ping")
    assert links[30].hear("pong")
    for link in links:
        link.link.close()


def test_a_stopping_gateway_answers_what_came_and_asks_to_come_again(django_db_setup: None) -> None:
    from tests.faults.processes import database_url

    gateway, pair = Gateway(database_url()), make.pair()
    gateway.start()
    gateway.wait()
    with Client(gateway.address, bearer(pair.buyer.person)) as ana:
        keys = [ana.text(pair.buyer, str(n)) for n in range(50)]
        answers = [ana.answer() for _ in keys[:1]]
        assert gateway.stop() == 0
        answers += [ana.answer() for _ in keys[1:]]
        assert {answer["k"] for answer in answers if answer["op"] == "ack"} | {answer["k"] for answer in answers if answer["op"] == "refused"} == set(keys)
        assert ana.closed_with() == 1012
