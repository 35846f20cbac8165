"""The console: who gets in, and that every act has a reason, is noted, and is read by whom it concerns (quality.md A56, A57)."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from PIL import Image

from guanxi.base import clock
from guanxi.base.ids import new_id
from guanxi.pay.table import ProviderEvent, Suspense
from guanxi.people import tokens
from guanxi.people.factor.acts import begin_app, shown
from guanxi.people.factor.table import Authenticator
from guanxi.people.operators.acts import appoint, dismiss
from guanxi.people.operators.table import OperatorAct
from guanxi.people.standing.table import Appeal, Measure
from guanxi.people.table import Company, Device, Membership, Person
from guanxi.people.verification.table import Verification
from tests.make import Actor, actor, company, member, pair, person
from tests.signed import signed

pytestmark = pytest.mark.django_db
CODE = "91330381MA2GQ41T8N"
PAGES = ("", "/verifications", "/disputes", "/appeals", "/reviews", "/subjects", "/book", "/reconciliation", "/reconciliation?all", "/work", "/health", "/done")


def operator(*, fresh: bool = True) -> Client:
    """Kim runs this place, has an app, and showed it just now."""
    kim = person("Kim", email="kim@market.example")
    of = company("Market")
    member(of, kim)
    appoint(kim.id, now=clock.now())
    begin_app(kim.id, now=clock.now())
    Authenticator.objects.update(confirmed_at=clock.now())
    browser = signed(Actor(kim, of, "owner", kim.id))
    if fresh:
        shown(Device.objects.get(person=kim).id, now=clock.now())
    return browser


@pytest.fixture
def ana() -> Actor:
    return actor("Ana", "Haichuan")


def licence() -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", (64, 40), "white").save(drawn, "JPEG")
    return SimpleUploadedFile("licence.jpg", drawn.getvalue())


def ask(who: Actor, **more: object):
    from stdnum.cn import uscc

    code = next(CODE[:17] + sign for sign in uscc._alphabet if uscc.is_valid(CODE[:17] + sign))
    said = {"as": str(who.company.id), "name": "Haichuan", "credit_code": code, "legal_person": "Zhou", "file": licence()}
    return signed(who).post("/me/verify", said | more)


@pytest.mark.parametrize("role", ["owner", "admin", "sales", "purchaser", "finance", "viewer"])
def test_no_role_of_a_company_leads_into_the_console(role):
    of, who = company("Haichuan"), person("Ana")
    member(of, who, role)
    browser = signed(Actor(who, of, role, who.id))
    for path in PAGES:
        assert browser.get(f"/console{path}").status_code == 404, path
    assert browser.post(f"/console/people/{who.id}/measure", {"kind": "warn", "reason": "x"}).status_code == 404
    assert Client().get("/console")["Location"].startswith("/signin")
    assert not OperatorAct.objects.exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_opens(language, django_assert_max_num_queries):
    browser = operator()
    browser.cookies["django_language"] = language
    for path in PAGES:
        if path == "/health":
            continue
        with django_assert_max_num_queries(40):  # the book folds everything it checks
            answer = browser.get(f"/console{path}")
        assert (path, answer.status_code) == (path, 200)


def test_an_operator_shows_a_second_factor_first():
    browser = operator(fresh=False)
    assert browser.get("/console/book")["Location"].startswith("/me/confirm")
    Authenticator.objects.all().delete()
    assert browser.get("/console/book")["Location"].startswith("/me/security")
    assert "only with a second factor" in browser.get("/me/security?next=/console").content.decode()


def test_to_act_it_must_have_been_within_the_hour(ana):
    browser = operator()
    Device.objects.filter(person__name="Kim").update(factor_at=clock.now() - timedelta(hours=2))
    assert browser.get("/console").status_code == 200
    answer = browser.post(f"/console/people/{ana.person.id}/measure", {"kind": "warn", "reason": "because"})
    assert answer["Location"].startswith("/me/confirm")
    assert not Measure.objects.exists()


def test_a_dismissed_operator_finds_nothing(ana):
    browser = operator()
    dismiss(Person.objects.get(name="Kim").id)
    assert browser.get("/console").status_code == 404
    assert browser.post(f"/console/people/{ana.person.id}/measure", {"kind": "warn", "reason": "because"}).status_code == 404


def test_a_company_is_verified_by_its_papers(ana):
    assert ask(ana).status_code == 302
    row = Verification.objects.get()
    browser = operator()
    assert browser.get(f"/console/verifications/{row.id}").status_code == 200
    assert browser.get(f"/console/verifications/{row.id}/scan").status_code == 200
    assert signed(actor("Cy", "Elsewhere")).get(f"/console/verifications/{row.id}/scan").status_code == 404
    assert browser.post(f"/console/verifications/{row.id}/decide", {"act": "pass", "name": "Haichuan Works"}).status_code == 302
    of = Company.objects.get(pk=ana.company.pk)
    assert (of.name, of.credit_code) == ("Haichuan Works", row.credit_code)
    assert of.verified_at is not None
    assert browser.post(f"/console/verifications/{row.id}/decide", {"act": "refuse", "reason": "late"}).status_code == 409
    assert OperatorAct.objects.get().company_id == of.pk
    assert "Verified the company" in signed(ana).get("/me/standing").content.decode()


def test_papers_are_refused_with_a_reason_the_company_reads_and_sent_again(ana):
    ask(ana)
    assert ask(ana).status_code == 409
    row, browser = Verification.objects.get(), operator()
    assert browser.post(f"/console/verifications/{row.id}/decide", {"act": "refuse", "reason": ""}).status_code == 422
    browser.post(f"/console/verifications/{row.id}/decide", {"act": "refuse", "reason": "The scan is dark"})
    assert "The scan is dark" in signed(ana).get("/me/verify").content.decode()
    assert Company.objects.get(pk=ana.company.pk).verified_at is None
    assert ask(ana).status_code == 302


def test_two_companies_with_one_code_are_not_both_verified(ana):
    ask(ana)
    other = actor("Bo", "Minggu")
    ask(other)
    browser = operator()
    first, second = Verification.objects.order_by("at")
    browser.post(f"/console/verifications/{first.id}/decide", {"act": "pass"})
    assert "code is held by" in browser.get("/console/verifications").content.decode()
    assert browser.post(f"/console/verifications/{second.id}/decide", {"act": "pass"}).status_code == 409
    assert Company.objects.filter(verified_at__isnull=False).count() == 1
    assert OperatorAct.objects.count() == 1


@pytest.mark.parametrize("bad", [{"credit_code": "x"}, {"credit_code": "91330381MA2GQ41T8N\x00"}, {"name": ""}, {"legal_person": "x" * 61}])
def test_odd_papers_are_told(ana, bad):
    assert ask(ana, **bad).status_code == 422
    assert not Verification.objects.exists()


def test_only_owner_and_admin_send_papers(ana):
    who = person("Sal")
    member(ana.company, who, "sales")
    assert ask(Actor(who, ana.company, "sales", who.id)).status_code == 409
    assert not Verification.objects.exists()


def test_a_suspended_person_reads_why_appeals_and_comes_back(ana):
    plain = tokens.issue(ana.person.id, ana.company.id, label="", scopes=["*"], days=7, now=clock.now())
    hers, browser = signed(ana), operator()
    assert browser.post(f"/console/people/{ana.person.id}/measure", {"kind": "suspend", "reason": "Fake goods"}).status_code == 302
    assert hers.get("/m")["Location"] == "/suspended"
    assert tokens.find(plain, now=clock.now()) is None
    assert "Fake goods" in hers.get("/suspended").content.decode()
    row = Measure.objects.get()
    assert hers.post(f"/me/standing/{row.id}/appeal", {"words": "They are real"}).status_code == 302
    assert hers.post(f"/me/standing/{row.id}/appeal", {"words": "Again"}).status_code == 409
    assert signed(actor("Cy", "Elsewhere")).post(f"/me/standing/{row.id}/appeal", {"words": "me too"}).status_code == 404
    assert "They are real" in browser.get("/console/appeals").content.decode()
    assert browser.post(f"/console/appeals/{Appeal.objects.get().id}", {"act": "grant", "reason": "Papers seen"}).status_code == 302
    assert hers.get("/me").status_code == 200
    assert "Papers seen" in hers.get("/me/standing").content.decode()


def test_a_suspended_company_reads_and_does_nothing():
    both = pair()
    browser = operator()
    browser.post(f"/console/companies/{both.buyer.company.id}/measure", {"kind": "suspend", "reason": "Does not pay"})
    hers = signed(both.buyer)
    assert "is suspended" in hers.get(f"/c/{both.conversation}").content.decode()
    answer = hers.post(f"/c/{both.conversation}/text/say", {"as": str(both.buyer.company.id), "text": "hello"})
    assert answer.status_code == 409
    assert "suspended" in answer.content.decode()
    browser.post(f"/console/measures/{Measure.objects.get().id}/lift", {"reason": "Paid"})
    assert hers.post(f"/c/{both.conversation}/text/say", {"as": str(both.buyer.company.id), "text": "hello"}).status_code == 302


def test_a_muted_person_does_not_write_for_some_days():
    both = pair()
    browser = operator()
    assert browser.post(f"/console/people/{both.buyer.person.id}/measure", {"kind": "mute", "reason": "Spam", "days": "9"}).status_code == 422
    browser.post(f"/console/people/{both.buyer.person.id}/measure", {"kind": "mute", "reason": "Spam", "days": "3"})
    said = {"as": str(both.buyer.company.id), "text": "hello"}
    assert signed(both.buyer).post(f"/c/{both.conversation}/text/say", said).status_code == 409
    with clock.use(clock.now() + timedelta(days=3, minutes=1)):
        assert signed(both.buyer).post(f"/c/{both.conversation}/text/say", said).status_code == 302


@pytest.mark.parametrize("reason", ["", " ", "x" * 1001, "\x00"])
def test_nothing_is_done_without_a_reason(ana, reason):
    browser = operator()
    assert browser.post(f"/console/people/{ana.person.id}/measure", {"kind": "suspend", "reason": reason}).status_code == 422
    assert browser.post(f"/console/people/{ana.person.id}/signout", {"reason": reason}).status_code == 422
    assert not Measure.objects.exists()
    assert not OperatorAct.objects.exists()
    assert Person.objects.get(pk=ana.person.pk).suspended_at is None


def test_operators_do_not_measure_operators():
    browser = operator()
    kim = Person.objects.get(name="Kim")
    assert browser.post(f"/console/people/{kim.id}/measure", {"kind": "suspend", "reason": "x"}).status_code == 409
    assert browser.post(f"/console/people/{kim.id}/factors", {"reason": "x"}).status_code == 409


def test_what_operators_did_is_never_changed(ana):
    operator().post(f"/console/people/{ana.person.id}/measure", {"kind": "warn", "reason": "Be polite"})
    with pytest.raises(DatabaseError), transaction.atomic():
        OperatorAct.objects.update(reason="nothing")
    with pytest.raises(DatabaseError), transaction.atomic():
        OperatorAct.objects.all().delete()


def test_unknown_money_and_messages_are_closed_with_a_reason():
    now = clock.now()
    money = Suspense.objects.create(provider="sandbox", event_id="e", reason="unknown", amount=1900, currency="CNY", at=now)
    event = ProviderEvent.objects.create(provider="sandbox", event_id="x", raw=b"secret-body", verified=True, received_at=now - timedelta(hours=1))
    browser = operator()
    shown_page = browser.get("/console/reconciliation").content.decode()
    assert "19.00" in shown_page
    assert "secret-body" not in shown_page
    for path in (f"/console/suspense/{money.id}", f"/console/events/{event.id}"):
        assert browser.post(path, {"reason": ""}).status_code == 422
        assert browser.post(path, {"reason": "Sent back by hand"}).status_code == 302
        assert browser.post(path, {"reason": "Again"}).status_code == 404
    assert OperatorAct.objects.count() == 2


def test_lists_take_the_same_statements_for_one_row_and_fifty(ana, django_assert_max_num_queries):
    browser = operator()
    papers = {"name": "F", "credit_code": CODE, "legal_person": "Z", "by_id": ana.person.id, "at": clock.now()}
    for n in range(50):
        Verification.objects.create(company=company(f"F{n}"), scan_id=new_id(), **papers)
        Suspense.objects.create(provider="sandbox", event_id=f"e{n}", reason="unknown", amount=1, currency="CNY", at=clock.now())
        row = Measure.objects.create(kind="warn", person_id=ana.person.id, reason="r", by_id=ana.person.id, at=clock.now())
        Appeal.objects.create(measure=row, words="w", by_id=ana.person.id, at=clock.now())
        member(ana.company, person(f"P{n}"), "viewer")
    assert Membership.objects.count() > 50
    for path in ("/verifications", "/reconciliation", "/appeals", f"/companies/{ana.company.id}", f"/people/{ana.person.id}", "/subjects?q=P"):
        with django_assert_max_num_queries(15):
            assert browser.get(f"/console{path}").status_code == 200
