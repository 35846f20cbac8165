"""In by one box: a code, sometimes a password; alike for known and unknown."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client, override_settings

from guanxi.base import clock
from guanxi.base.errors import Invalid, Limited
from guanxi.people.account.acts import set_password
from guanxi.people.sender import memory
from guanxi.people.signin import acts, codes
from guanxi.people.table import Company, Device, Membership, Person, SignInCode
from tests.make import NOON, company, member, person

pytestmark = pytest.mark.django_db
PHONE = "138 0577 2611"


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.SENDER = "memory"
    memory.SENT.clear()
    return memory.SENT


def sent_code() -> str:
    return re.search(r"\d{6}", memory.SENT[-1].text)[0]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def walk_in(client: Client, address: str = PHONE, **more: str):
    client.post("/signin/code", {"address": address, **more})
    return client.post("/signin/enter", {"code": sent_code()})


def test_a_new_number_is_registered_when_the_code_is_right(client):
    client.post("/signin/code", {"address": PHONE})
    assert memory.SENT[-1].address == "+8613805772611"
    assert not Person.objects.exists()
    answer = client.post("/signin/enter", {"code": sent_code()})
    assert answer["Location"] == "/start"
    who = Person.objects.get()
    assert (who.phone, who.email, who.consent_version) == ("+8613805772611", None, acts.CONSENT)
    assert who.consent_at is not None
    assert "0577" not in who.name
    assert Device.objects.get(person=who).ended_at is None


def test_a_known_number_goes_to_the_messages_and_no_second_account_is_made(client):
    who = person(phone="+8613805772611")
    member(company(), who)
    assert walk_in(client, "+86 138-0577-2611")["Location"] == "/m"
    assert Person.objects.count() == 1


def test_mail_addresses_are_kept_in_lower_case(client):
    walk_in(client, " Lin@Haichuan.Example ")
    assert Person.objects.get().email == "lin@haichuan.example"


@pytest.mark.parametrize(
    "address",
    ["", "12345", "nobody", "a@b", "138057726110000", "lin@@x.example", "+8613805772611\x00", "９" * 400, "a@b\r\nBcc: x@y.example"],
)
def test_an_address_that_cannot_be_is_told_and_nothing_is_sent(client, address):
    answer = client.post("/signin/code", {"address": address}, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert "address" in answer.json()["fields"]
    assert not memory.SENT
    assert not SignInCode.objects.exists()


@pytest.mark.parametrize("address", [None, 7, True, [], {}, ["a@b.example"], "\ud800@x.example"])
def test_anything_but_text_in_place_of_an_address_is_told(address):
    with pytest.raises(Invalid):
        acts.send_code(address, ip="1.1.1.1", now=NOON)
    with pytest.raises(Invalid):
        acts.by_password(address, "x", ip="1.1.1.1", now=NOON)


def test_known_and_unknown_addresses_answer_alike(client):
    person(phone="+8613805772611")
    known = client.post("/signin/code", {"address": PHONE})
    unknown = Client().post("/signin/code", {"address": "138 0577 2612"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    for address in (PHONE, "138 0577 2612", "who@never.example"):
        with pytest.raises(Invalid) as refused:
            acts.by_password(address, "some password", ip="1.1.1.1", now=NOON)
        assert refused.value.fields == {"password": acts.WRONG}


def test_five_wrong_tries_end_a_code(client):
    code = acts.send_code(PHONE, ip="1.1.1.1", now=NOON).code
    for _n in range(codes.TRIES):
        with pytest.raises(Invalid):
            acts.enter(PHONE, wrong(code), ip="1.1.1.1", now=NOON)
    with pytest.raises(Invalid):
        acts.enter(PHONE, code, ip="1.1.1.1", now=NOON)
    assert SignInCode.objects.get().used_at is None
    assert not Person.objects.exists()


def test_a_code_holds_ten_minutes_is_used_once_and_only_the_newest_counts():
    first = acts.send_code(PHONE, ip="1.1.1.1", now=NOON).code
    later = NOON + timedelta(minutes=2)
    second = acts.send_code(PHONE, ip="1.1.1.1", now=later).code
    if first != second:
        with pytest.raises(Invalid):
            acts.enter(PHONE, first, ip="1.1.1.1", now=later)
    with pytest.raises(Invalid):
        acts.enter(PHONE, second, ip="1.1.1.1", now=later + codes.LIVES)
    assert acts.enter(PHONE, second, ip="1.1.1.1", now=later).made
    with pytest.raises(Invalid):
        acts.enter(PHONE, second, ip="1.1.1.1", now=later)


def test_a_code_fits_only_the_address_it_was_sent_to():
    code = acts.send_code(PHONE, ip="1.1.1.1", now=NOON).code
    acts.send_code("138 0577 2612", ip="1.1.1.1", now=NOON)
    if SignInCode.objects.count() == 2:
        with pytest.raises(Invalid):
            acts.enter("138 0577 2612", wrong(code), ip="1.1.1.1", now=NOON)


def test_the_code_is_kept_as_a_keyed_hash():
    code = acts.send_code(PHONE, ip="1.1.1.1", now=NOON).code
    assert code not in SignInCode.objects.get().digest
    with override_settings(SECRET_KEY="another-secret-of-a-decent-length-000000000000"), pytest.raises(Invalid):
        acts.enter(PHONE, code, ip="1.1.1.1", now=NOON)


def test_codes_come_once_a_minute_and_six_an_hour():
    moment = NOON
    acts.send_code(PHONE, ip="1.1.1.1", now=moment)
    with pytest.raises(Limited) as refused:
        acts.send_code(PHONE, ip="2.2.2.2", now=moment + timedelta(seconds=20))
    assert 0 < refused.value.retry_after <= 60
    for n in range(1, 6):
        acts.send_code(PHONE, ip="1.1.1.1", now=moment + timedelta(minutes=2 * n))
    with pytest.raises(Limited):
        acts.send_code(PHONE, ip="1.1.1.1", now=moment + timedelta(minutes=20))
    assert len(memory.SENT) == 6


def test_passwords_are_tried_ten_times_an_hour():
    for _n in range(10):
        with pytest.raises(Invalid):
            acts.by_password(PHONE, "guess", ip="1.1.1.1", now=NOON)
    with pytest.raises(Limited):
        acts.by_password(PHONE, "guess", ip="9.9.9.9", now=NOON)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "12 34 5", "\x00" * 6, "' OR 1=1", "%s%s%s", "0" * 100_000])
def test_a_code_that_cannot_be_is_told(client, code):
    client.post("/signin/code", {"address": PHONE})
    answer = client.post("/signin/enter", {"code": code}, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert "code" in answer.json()["fields"]
    assert not Person.objects.exists()


def test_a_repeated_or_odd_field_matches_nothing(client):
    client.post("/signin/code", {"address": PHONE})
    for body in ({"code[]": sent_code()}, {"code": ["", ""]}, {}):
        assert client.post("/signin/enter", body, headers={"accept": "application/json"}).status_code == 422
    assert not Device.objects.exists()


def test_the_session_gets_a_new_key_and_the_csrf_token_changes(client):
    client.get("/signin")
    client.post("/signin/code", {"address": PHONE})
    before = client.session.session_key
    csrf = client.get("/signin").cookies["csrftoken"].value if "csrftoken" in client.get("/signin").cookies else ""
    client.post("/signin/enter", {"code": sent_code()})
    assert client.session.session_key != before
    assert client.cookies["csrftoken"].value != csrf
    other = Client()
    other.cookies["sessionid"] = before
    assert other.get("/me")["Location"].startswith("/signin")


def test_a_session_key_of_ones_own_choice_is_not_taken(client):
    client.cookies["sessionid"] = "chosenbytheattacker0000000000000"
    walk_in(client)
    assert client.session.session_key != "chosenbytheattacker0000000000000"


@pytest.mark.parametrize("cookie", ["x", "a" * 5000, "%00", '"aaaaaaaa\\000aaa"', "'; DROP TABLE people_person; --", "\\ud800"])
def test_a_session_cookie_of_any_kind_is_a_stranger(client, cookie):
    client.cookies["sessionid"] = cookie
    assert client.get("/me").status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example", "/\\evil.example", "https://evil.example", "\\\\evil.example", "/%0d%0aevil", "javascript:alert(1)", "/\tevil", "///evil.example",
        "/a\r\nSet-Cookie: x=1",
    ],
)  # fmt: skip
def test_next_never_leads_to_another_site(client, path):
    member(company(), person(phone="+8613805772611"))
    client.post("/signin/code", {"address": PHONE, "next": path})
    where = client.post("/signin/enter", {"code": sent_code()})["Location"]
    assert where == "/m" or where.startswith("/%0d")


def test_next_leads_back_to_a_page_of_ours(client):
    member(company(), person(phone="+8613805772611"))
    assert walk_in(client, next="/contacts?show=people")["Location"] == "/contacts?show=people"


def test_every_post_asks_for_the_csrf_token():
    strict = Client(enforce_csrf_checks=True)
    for path in ("/signin/code", "/signin/enter", "/signin/password", "/signin/demo", "/signout", "/language", "/start", "/me/close", "/me/company"):
        assert strict.post(path, {"address": PHONE}).status_code == 403
    assert not memory.SENT


def test_signing_out_ends_the_session_and_wipes_the_device(client):
    walk_in(client)
    key = client.session.session_key
    answer = client.post("/signout")
    assert answer["Clear-Site-Data"] == '"storage"'
    assert Device.objects.get().ended_at is not None
    thief = Client()
    thief.cookies["sessionid"] = key
    assert thief.get("/me")["Location"].startswith("/signin")


def test_a_password_is_a_shortcut(client):
    who = person(phone="+8613805772611")
    member(company(), who)
    set_password(who.id, old="", new="stainless bolts 304", device=None, now=clock.now())
    assert client.post("/signin/password", {"address": PHONE, "password": "stainless bolts 304"})["Location"] == "/m"
    with pytest.raises(Invalid):
        acts.by_password(PHONE, "stainless bolts 305", ip="1.1.1.1", now=clock.now())


def test_the_demo_list_is_only_for_the_demo_on_this_machine(client, settings):
    cast = person("Lin", demo=True)
    settings.DEMO = False
    assert b"Lin" not in client.get("/signin").content
    assert client.post("/signin/demo", {"person": cast.id}).status_code == 404
    settings.DEMO = True
    assert b"Lin" in client.get("/signin").content
    far = Client(REMOTE_ADDR="203.0.113.9")
    assert b"Lin" not in far.get("/signin").content
    assert far.post("/signin/demo", {"person": cast.id}).status_code == 404
    real = person("Real")
    assert client.post("/signin/demo", {"person": real.id}).status_code == 404
    assert client.post("/signin/demo", {"person": cast.id}).status_code == 302
    assert Device.objects.get().person_id == cast.id


def test_a_forwarded_address_is_not_believed(client, settings):
    settings.DEMO = True
    person("Lin", demo=True)
    far = Client(REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR="127.0.0.1")
    assert b"Lin" not in far.get("/signin").content


def test_the_code_stands_on_the_page_only_in_the_demo(client, settings):
    client.post("/signin/code", {"address": PHONE})
    assert sent_code().encode() not in client.get("/signin").content
    settings.DEMO = True
    other = Client()
    other.post("/signin/code", {"address": "138 0577 2612"})
    assert sent_code().encode() in other.get("/signin").content


def test_both_languages(client):
    assert "登录" in client.get("/signin", headers={"accept-language": "zh-CN"}).content.decode()
    english = client.get("/signin", headers={"accept-language": "en-GB,en;q=0.8"}).content.decode()
    assert "Send code" in english
    assert 'lang="en"' in english
    answer = client.post("/language", {"language": "en", "next": "/signin"})
    assert (answer.status_code, answer["Location"]) == (302, "/signin")
    assert 'lang="en"' in client.get("/signin").content.decode()


def test_the_persons_language_stands_between_cookie_and_browser(client):
    who = person(phone="+8613805772611", language="en")
    member(company(), who)
    walk_in(client)
    assert 'lang="en"' in client.get("/me", headers={"accept-language": "zh-CN"}).content.decode()
    client.cookies["django_language"] = "zh-hans"
    assert 'lang="zh-CN"' in client.get("/me").content.decode()


def test_the_bare_address_leads_in(client):
    assert client.get("/")["Location"] == "/signin"
    walk_in(client)
    assert client.get("/")["Location"] == "/m"


def test_a_person_who_set_nothing_up_has_no_company(client):
    walk_in(client)
    assert not Company.objects.exists()
    assert not Membership.objects.exists()
    assert isinstance(clock.now(), datetime)
