"""What lets somebody in: bound to one company, shown once, never in a log (quality.md A8, A13, A50, A52, A55)."""

import re

import pytest
import structlog
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.base import clock
from guanxi.people.invitations import acts as invitations
from guanxi.people.sender import memory
from guanxi.people.table import Membership, Token
from guanxi.talk.file.store import store
from guanxi.talk.open import direct_conversation
from guanxi.talk.table import Attachment, Conversation, Entry
from tests import make
from tests.api.caller import caller, nobody, problem
from tests.security import doors
from tests.signed import signed

pytestmark = pytest.mark.django_db


def two_companies() -> tuple[make.Pair, make.Actor]:
    """Ana works for Haichuan, and for Elsewhere too."""
    pair = make.pair()
    other = make.company("Elsewhere")
    make.member(other, pair.buyer.person)
    return pair, make.Actor(pair.buyer.person, other, "owner", pair.conversation)


def test_a_token_of_one_company_makes_none_for_another_nor_for_the_person():
    pair, elsewhere = two_companies()
    program = caller(pair.buyer)
    for body in ({"company": str(elsewhere.company.id)}, {"company": str(pair.buyer.company.id)}, {}):
        problem(program.send("POST", "/auth/tokens", body, key=""), 422, "invalid")
    assert Token.objects.count() == 1
    alone = caller(pair.buyer, company=False)
    made = alone.post("/auth/tokens", {"company": str(elsewhere.company.id)}, key="")
    assert made["company"] == str(elsewhere.company.id)


def test_a_token_for_others_companies_is_made_for_nobody():
    pair = make.pair()
    alone = caller(pair.buyer, company=False)
    problem(alone.send("POST", "/auth/tokens", {"company": str(pair.supplier.company.id)}, key=""), 404)


def test_a_token_of_a_company_neither_reads_nor_speaks_in_the_talks_of_its_person():
    pair = make.pair()
    colleague = pair.colleague(pair.buyer, "sales")
    talk = direct_conversation(pair.buyer.person.id, colleague.person.id, now=clock.now())
    program = caller(pair.buyer)
    problem(program.send("GET", f"/conversations/{talk}/entries"), 404)
    problem(program.send("POST", f"/conversations/{talk}/entries", {"text": "as the firm"}), 404)
    problem(program.send("POST", f"/conversations/{talk}/read", {"seq": 1}), 404)
    assert not Entry.objects.exists()
    caller(pair.buyer, company=False).post(f"/conversations/{talk}/entries", {"text": "as myself"})
    assert Entry.objects.count() == 1


def test_a_viewer_opens_no_conversation_with_a_company():
    pair = make.pair()
    other = make.company("Elsewhere")
    program = caller(pair.colleague(pair.buyer, "viewer"))
    problem(program.send("POST", "/conversations", {"company": str(other.id)}), 409, "role-cannot-talk")
    assert Conversation.objects.count() == 1


def test_a_file_of_one_company_is_not_shown_for_another():
    pair, elsewhere = two_companies()
    upload = store(pair.buyer.person.id, elsewhere.company.id, SimpleUploadedFile("prices.txt", b"ours"))
    program = caller(pair.buyer)
    problem(program.send("POST", f"/conversations/{pair.conversation}/entries", {"kind": "file", "upload": str(upload.id)}), 404)
    assert not Attachment.objects.exists()


def test_who_leaves_a_company_takes_none_of_its_files_along():
    pair = make.pair()
    leaver = pair.colleague(pair.buyer, "sales")
    upload = store(leaver.person.id, pair.buyer.company.id, SimpleUploadedFile("prices.txt", b"ours"))
    mine = store(leaver.person.id, None, SimpleUploadedFile("mine.txt", b"mine"))
    Membership.objects.filter(person=leaver.person).update(ended_at=clock.now())
    talk = direct_conversation(leaver.person.id, pair.supplier.person.id, now=clock.now())
    program = caller(leaver, company=False)
    problem(program.send("POST", f"/conversations/{talk}/entries", {"kind": "file", "upload": str(upload.id)}), 404)
    assert signed(leaver).get(f"/files/{upload.id}").status_code == 404
    assert program.send("POST", f"/conversations/{talk}/entries", {"kind": "file", "upload": str(mine.id)}).status_code == 200
    assert Attachment.objects.get().upload_id == mine.id


def test_a_token_made_by_a_token_does_not_outlive_it():
    who = make.pair().buyer
    program = caller(who, company=False, days=2)
    made = program.send("POST", "/auth/tokens", {"company": str(who.company.id)}, key="").json()
    own, its = Token.objects.order_by("made_at")
    assert own.expires_at == its.expires_at
    assert made["expires_at"] == its.expires_at.isoformat().replace("+00:00", "Z")


def test_a_token_in_the_address_opens_nothing():
    pair = make.pair()
    program = caller(pair.buyer)
    for name in ("token", "access_token", "authorization", "api_key"):
        assert Client().get(f"/api/v1/me?{name}={program.token}").status_code == 401
        assert Client().get(f"/m?{name}={program.token}").status_code == 302


def test_no_secret_stands_in_the_log(settings):
    """A whole day of signing in: code, password, token, invitation, door."""
    settings.SENDER = "memory"
    pair = make.pair()
    with structlog.testing.capture_logs() as lines:
        browser = Client()
        browser.post("/signin/code", {"address": "new@people.example"})
        code = re.search(r"\d{6}", memory.SENT[-1].text)[0]
        browser.post("/signin/enter", {"code": code})
        browser.post("/me/password", {"new": "a long word of mine"})
        Client().post("/signin/password", {"address": "new@people.example", "password": "a long word of mine"})
        made = nobody().send("POST", "/auth/tokens", {"address": "new@people.example", "password": "a long word of mine"}, key="").json()
        nobody().send("GET", "/me", Authorization=f"Bearer {made['token']}")
        invitation = invitations.invite(pair.buyer.call(), role="sales")
        for address in (f"/i/{invitation.token}", f"/i/{invitation.token}/qr.svg", f"/i/{invitation.token}/none"):
            browser.get(address)
            browser.post(address)
        secrets = [code, "a long word of mine", made["token"], invitation.token, browser.cookies["sessionid"].value]
    written = str(lines)
    assert "/i/…" in written
    assert len(lines) > 8
    for secret in [*secrets, "new@people.example"]:
        assert secret not in written, secret


def test_every_address_that_holds_a_token_is_shortened_in_the_log():
    for pattern in doors.patterns():
        if re.search(r"<(slug|str):token>", pattern):
            assert pattern.startswith(("i/", "r/", "n/")), "guanxi.base.http.LETS_IN does not know this address"


def test_no_page_shows_a_secret_again():
    pair = make.pair()
    browser = signed(pair.buyer)
    shown = browser.post("/me/tokens", {"label": "x", "scopes": "read", "days": "7", "company": ""}).content.decode()
    plain = re.search(r"gx_[\w-]{43}", shown)[0]
    link = browser.post(f"/co/{pair.buyer.company.handle}/invite", {"as": str(pair.buyer.company.id), "role": "sales"}).content.decode()
    invited = re.search(r"/i/([\w-]{43})", link)[1]
    for address in ("/me/tokens", "/me", "/me/devices", f"/co/{pair.buyer.company.handle}/people", "/notices"):
        page = browser.get(address).content.decode()
        assert plain not in page, address
        assert invited not in page, address
        assert browser.cookies["sessionid"].value not in page, address
