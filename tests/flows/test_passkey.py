"""A passkey is made, named and used to sign in, in a real browser with an authenticator of its own (WebAuthn by the debugging protocol)."""

from collections.abc import Iterator

import pytest

from guanxi.people.factor.table import Passkey
from guanxi.people.table import Device
from tests.make import Actor, actor
from tests.signed import session_of

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ana(live_server) -> Actor:
    return actor("Ana", "Haichuan")


@pytest.fixture
def page(chromium, live_server, settings, plain_static, ana) -> Iterator:
    """Ana's phone, at a host that has a name, with a key in it that knows her finger."""
    settings.ALLOWED_ORIGINS = [live_server.url.replace("127.0.0.1", "localhost")]
    context = chromium.new_context(viewport={"width": 390, "height": 844}, service_workers="block")
    base = {"domain": "localhost", "path": "/"}
    context.add_cookies([{"name": "sessionid", "value": session_of(ana), **base}, {"name": "django_language", "value": "en", **base}])
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    page.base = settings.ALLOWED_ORIGINS[0]
    yield page
    context.close()


def test_a_passkey_opens_the_account_without_a_code(page, ana):
    page.goto(page.base + "/me/security")
    page.get_by_label("What it is called").fill("my phone")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    assert Passkey.objects.get().name == "my phone"
    page.get_by_role("link", name="I have kept them").click()
    page.goto(page.base + "/me")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/signin")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/m")
    row = Passkey.objects.get()
    assert row.used_at is not None
    assert Device.objects.filter(person=ana.person, ended_at=None).get().factor_at is not None


def test_a_passkey_of_a_key_that_was_removed_opens_nothing(page, ana):
    page.goto(page.base + "/me/security")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    Passkey.objects.all().delete()
    page.goto(page.base + "/me")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/signin")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("This passkey was not accepted").first.wait_for()
    assert not Device.objects.filter(person=ana.person, ended_at=None).exists()
