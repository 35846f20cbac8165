"""A second factor: set up, asked for at every door, used once, tried seldom."""

import re
from datetime import timedelta

import pyotp
import pytest
from django.test import Client

from guanxi.base import clock
from guanxi.base.errors import Invalid, Limited, Refused
from guanxi.people import tokens
from guanxi.people.account.acts import set_password
from guanxi.people.factor import acts, app, keys, reads, recovery
from guanxi.people.factor.sealed import Unreadable, seal, unseal
from guanxi.people.factor.table import Authenticator, Passkey, RecoveryCode
from guanxi.people.table import Device, Person
from tests.make import NOON, Actor, company, member, person
from tests.signed import signed

pytestmark = pytest.mark.django_db
PASSWORD = "stainless bolts 304"


@pytest.fixture
def ana() -> Actor:
    of, who = company("Haichuan"), person("Ana", email="ana@haichuan.example")
    member(of, who)
    set_password(who.id, old="", new=PASSWORD, device=None, now=clock.now())
    return Actor(who, of, "owner", who.id)


def set_up(who: Person) -> tuple[pyotp.TOTP, list[str]]:
    """An app that is on, as of some minutes ago; and the recovery codes."""
    earlier = clock.now() - timedelta(minutes=5)
    drawn = pyotp.TOTP(acts.begin_app(who.id, now=earlier))
    return drawn, acts.confirm_app(who.id, drawn.at(earlier), now=earlier)


def first_step(email: str = "ana@haichuan.example") -> Client:
    browser = Client(headers={"accept-language": "en"})
    answer = browser.post("/signin/password", {"address": email, "password": PASSWORD})
    assert answer["Location"] == "/signin/second"
    return browser


def test_without_a_second_factor_one_step_is_enough(ana):
    answer = Client().post("/signin/password", {"address": "ana@haichuan.example", "password": PASSWORD})
    assert answer["Location"] == "/m"


def test_an_app_counts_from_the_first_right_code_on_and_brings_ten_codes(ana):
    browser = signed(ana)
    shown = browser.get("/me/security/app").content.decode()
    secret = re.search(r'id="key">([A-Z2-7 ]+)<', shown)[1].replace(" ", "")
    assert secret in browser.get("/me/security/app").content.decode().replace(" ", "")  # a reload draws no other
    assert browser.post("/me/security/app", {"code": "000000"}).status_code == 422
    assert not reads.has(ana.person.id)
    page = browser.post("/me/security/app", {"code": pyotp.TOTP(secret).now()}).content.decode()
    assert len(re.findall(r"<code>[a-z0-9]{5}-[a-z0-9]{5}</code>", page)) == recovery.MANY
    assert reads.has(ana.person.id)
    again = browser.get("/me/security").content.decode()
    assert "<code>" not in again
    assert secret not in again
    assert browser.get("/me/security/app").status_code == 409


def test_secrets_lie_sealed(ana):
    drawn, codes = set_up(ana.person)
    row = Authenticator.objects.get()
    assert drawn.secret not in row.secret
    assert unseal(row.secret) == drawn.secret
    assert not any(one.replace("-", "") in kept for one in codes for kept in RecoveryCode.objects.values_list("digest", flat=True))


def test_under_another_server_key_the_app_is_wrong_and_nothing_breaks(ana, settings):
    drawn, _codes = set_up(ana.person)
    kept = seal("x")
    settings.SECRET_KEY = "another-secret-of-a-decent-length-000000000000000000"
    with pytest.raises(Unreadable):
        unseal(kept)
    with pytest.raises(Invalid):
        acts.show(ana.person.id, drawn.now(), ip="1.1.1.1", now=clock.now())


def test_nothing_of_a_session_counts_before_the_second_step(ana):
    drawn, _codes = set_up(ana.person)
    browser = first_step()
    assert browser.get("/me")["Location"].startswith("/signin")
    assert not Device.objects.exists()
    before = browser.session.session_key
    answer = browser.post("/signin/second/code", {"code": drawn.now()})
    assert answer["Location"] == "/m"
    assert browser.session.session_key != before
    assert browser.get("/me").status_code == 200
    assert Device.objects.get().factor_at is not None


@pytest.mark.parametrize("door", ["code", "demo"])
def test_every_way_in_asks(ana, door, settings):
    set_up(ana.person)
    browser = Client()
    if door == "code":
        settings.SENDER = "memory"
        from guanxi.people.sender import memory

        browser.post("/signin/code", {"address": "ana@haichuan.example"})
        answer = browser.post("/signin/enter", {"code": re.search(r"\d{6}", memory.SENT[-1].text)[0]})
    else:
        settings.DEMO = True
        Person.objects.filter(pk=ana.person.pk).update(demo=True)
        answer = browser.post("/signin/demo", {"person": str(ana.person.id)})
    assert answer["Location"] == "/signin/second"
    assert not Device.objects.exists()


def test_the_api_asks_too(ana):
    drawn, _codes = set_up(ana.person)
    asked = {"address": "ana@haichuan.example", "password": PASSWORD}
    answer = Client().post("/api/v1/auth/tokens", asked, content_type="application/json")
    assert answer.status_code == 422
    assert "second" in answer.json()["fields"]
    answer = Client().post("/api/v1/auth/tokens", asked | {"second": "000000"}, content_type="application/json")
    assert answer.status_code == 422
    answer = Client().post("/api/v1/auth/tokens", asked | {"second": drawn.now()}, content_type="application/json")
    assert tokens.find(answer.json()["token"], now=clock.now()) is not None


def test_a_code_is_used_once_and_older_ones_with_it(ana):
    drawn, _codes = set_up(ana.person)
    now = clock.now()
    code, older = drawn.at(now), drawn.at(now - timedelta(seconds=30))
    acts.show(ana.person.id, code, ip="1.1.1.1", now=now)
    for used in (code, older):
        with pytest.raises(Invalid):
            acts.show(ana.person.id, used, ip="1.1.1.1", now=now)
    acts.show(ana.person.id, drawn.at(now + timedelta(seconds=30)), ip="1.1.1.1", now=now)


def test_a_recovery_code_is_used_once_however_it_is_typed(ana):
    _drawn, codes = set_up(ana.person)
    acts.show(ana.person.id, codes[0].upper().replace("-", "  "), ip="1.1.1.1", now=NOON)
    with pytest.raises(Invalid):
        acts.show(ana.person.id, codes[0], ip="1.1.1.1", now=NOON)
    assert recovery.left(ana.person.id) == recovery.MANY - 1
    bo = person("Bo")
    set_up(bo)
    with pytest.raises(Invalid):
        acts.show(bo.id, codes[1], ip="1.1.1.1", now=NOON)


def test_ten_tries_an_hour_also_when_the_eleventh_is_right(ana):
    drawn, _codes = set_up(ana.person)
    browser = first_step()
    for _n in range(acts.TRIES_AN_HOUR):
        assert browser.post("/signin/second/code", {"code": "123456"}).status_code == 422
    assert browser.post("/signin/second/code", {"code": drawn.now()}).status_code == 429
    with pytest.raises(Limited):
        acts.show(ana.person.id, drawn.now(), ip="9.9.9.9", now=clock.now())
    assert not Device.objects.exists()


@pytest.mark.parametrize("typed", ["", None, 7, "１２３４５６", "12345", "1234567", "x" * 10_000, "\x00" * 6, "' OR 1=1", [], "12 34 5"])
def test_what_cannot_be_a_code_is_told(ana, typed):
    set_up(ana.person)
    with pytest.raises(Invalid):
        acts.show(ana.person.id, typed, ip="1.1.1.1", now=NOON)


def test_the_first_step_is_forgotten_after_ten_minutes_and_cannot_be_left_out(ana):
    drawn, _codes = set_up(ana.person)
    assert Client().get("/signin/second")["Location"] == "/signin"
    assert Client().post("/signin/second/code", {"code": drawn.now()}).status_code == 422
    browser = first_step()
    with clock.use(clock.now() + timedelta(minutes=11)):
        assert browser.post("/signin/second/code", {"code": drawn.at(clock.now())}).status_code == 422
    assert not Device.objects.exists()


def test_changes_ask_for_the_second_factor_first(ana):
    drawn, _codes = set_up(ana.person)
    browser = signed(ana)
    for path in ("/me/security/app/remove", "/me/security/codes", "/me/security/passkeys/options", "/me/password", "/me/close"):
        assert browser.post(path, {"name": "Ana"})["Location"].startswith("/me/confirm"), path
    assert reads.has(ana.person.id)
    assert browser.post("/me/confirm/code", {"code": "111111"}).status_code == 422
    assert browser.post("/me/confirm/code", {"code": drawn.now(), "next": "/me/password"})["Location"] == "/me/password"
    assert browser.get("/me/password").status_code == 200
    assert browser.post("/me/security/app/remove")["Location"] == "/me/security"
    assert not reads.has(ana.person.id)
    assert not RecoveryCode.objects.exists()


def test_fresh_is_of_this_device_and_of_ten_minutes(ana, rf):
    browser, other = signed(ana), signed(ana)
    device = Device.objects.get(session_key=browser.cookies["sessionid"].value)
    acts.shown(device.id, now=NOON)
    assert reads.is_fresh(device.id, now=NOON + timedelta(minutes=9))
    assert not reads.is_fresh(device.id, now=NOON + timedelta(minutes=11))
    elsewhere = Device.objects.get(session_key=other.cookies["sessionid"].value)
    assert not reads.is_fresh(elsewhere.id, now=NOON)
    request = rf.get("/")
    request.viewer = None
    with pytest.raises(Refused):
        reads.require_fresh(request)


def test_the_demo_reads_its_code_on_the_page_and_nobody_else_does(ana, settings):
    set_up(ana.person)
    settings.DEMO = True
    assert b"demo-code" not in first_step().get("/signin/second").content
    Person.objects.filter(pk=ana.person.pk).update(demo=True)
    browser = first_step()
    code = re.search(r"your code is (\d{6})", browser.get("/signin/second").content.decode())[1]
    assert browser.post("/signin/second/code", {"code": code})["Location"] == "/m"


HALF = '{"rawId":"AAAA","id":"AAAA","type":"public-key","response":{}}'


@pytest.mark.parametrize("answer", ["", "x", "{}", "[]", "1", '{"id":"x"}', HALF, "[" * 20_000, "x" * 40_000])
def test_a_passkey_answer_of_any_kind_is_no_error(ana, answer):
    browser = Client()
    assert browser.post("/signin/passkey", {"passkey": answer}).status_code == 422
    assert browser.post("/signin/passkey/options", HTTP_HOST="localhost").status_code == 200
    assert browser.post("/signin/passkey", {"passkey": answer}, HTTP_HOST="localhost").status_code == 422
    mine = signed(ana)
    assert mine.post("/me/security/passkeys/options", HTTP_HOST="localhost").status_code == 200
    assert mine.post("/me/security/passkeys", {"passkey": answer, "name": "key"}, HTTP_HOST="localhost").status_code == 422
    assert not Passkey.objects.exists()
    assert not Device.objects.exclude(person=ana.person).exists()


def test_passkeys_need_a_host_name(ana):
    assert signed(ana).post("/me/security/passkeys/options", HTTP_HOST="127.0.0.1").status_code == 409
    assert [keys.possible(host) for host in ("localhost", "guanxi.example", "127.0.0.1", "[::1]", "")] == [True, True, False, False, False]


def test_passkeys_of_others_are_not_there(ana):
    theirs = Passkey.objects.create(person=person("Bo"), handle="AAAA", credential=b"x", name="theirs", made_at=NOON)
    browser = signed(ana)
    assert browser.post(f"/me/security/passkeys/{theirs.id}/name", {"name": "mine"}).status_code == 404
    assert browser.post(f"/me/security/passkeys/{theirs.id}/remove").status_code == 404
    assert Passkey.objects.get().name == "theirs"


def test_the_present_code_of_the_demo_is_never_one_that_was_used(ana):
    set_up(ana.person)
    now = clock.now()
    acts.show(ana.person.id, app.present(ana.person.id, now=now), ip="1.1.1.1", now=now)
    acts.show(ana.person.id, app.present(ana.person.id, now=now), ip="1.1.1.1", now=now)
