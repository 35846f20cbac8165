"""The server as strangers find it: cookies, machines' pages, proxies, closed doors (quality.md A24, A52, A58, A60-A63)."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as configured
from django.contrib.auth.hashers import make_password
from django.test import Client

from guanxi.base.http import client_address
from guanxi.demo import world
from guanxi.people.table import Person
from tests import make
from tests.api.caller import caller, nobody
from tests.security import doors
from tests.signed import signed

pytestmark = pytest.mark.django_db


def test_cookies_are_for_the_server_alone():
    answer = Client().get("/signin")
    browser = Client()
    browser.post("/signin/code", {"address": "138 0577 2611"})
    for cookie in [answer.cookies["csrftoken"], browser.cookies["sessionid"]]:
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key
        assert cookie["path"] == "/", cookie.key
        assert not cookie["domain"], cookie.key


def test_over_tls_cookies_are_secure_and_of_this_very_host():
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS")
    asked = f"from guanxi import settings; print(*[getattr(settings, name) for name in {names}])"
    environ = os.environ | {"PUBLIC_URL": "https://trade.example", "SECRET_KEY": "x" * 60, "DEMO": "0"}
    said = subprocess.run([sys.executable, "-c", asked], cwd=configured.BASE_DIR, env=environ, capture_output=True, text=True, check=True).stdout.split()
    assert said == ["__Host-sessionid", "__Host-csrftoken", "True", "True", "31536000"]


def test_no_page_lets_script_or_style_in_but_ours():
    policy = Client().get("/signin")["Content-Security-Policy"]
    for rule in ("default-src 'self'", "script-src 'self'", "style-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert " *" not in policy
    for source in ("https:", "http:"):
        assert source not in policy.split()


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_no_answer_is_for_another_site(origin):
    program = caller(make.pair().buyer)
    for method in ("GET", "OPTIONS"):
        answer = program.send(method, "/me", Origin=origin)
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_pages_of_machines_hold_no_data(settings):
    pair = make.pair()
    near, far = Client(), Client(REMOTE_ADDR="203.0.113.9")
    for browser in (near, far):
        for address in ("/healthz", "/readyz", "/api/v1/openapi.json", "/manifest.webmanifest"):
            page = browser.get(address).content.decode()
            assert pair.buyer.company.name not in page
            assert str(pair.conversation) not in page
            assert settings.SECRET_KEY not in page
    assert near.get("/metrics").status_code == 200
    assert "Haichuan" not in near.get("/metrics").content.decode()
    assert far.get("/metrics").status_code == 404
    assert near.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    settings.METRICS_TOKEN = "a word for the monitor"
    assert near.get("/metrics").status_code == 404
    assert far.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    assert far.get("/metrics", headers={"Authorization": "Bearer a word for the monitor"}).status_code == 200


def test_a_forwarded_address_counts_only_from_a_known_proxy(settings, rf):
    asked = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.9")
    assert client_address(asked) == "10.0.0.1"
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    assert client_address(asked) == "203.0.113.9"


def test_behind_a_proxy_nobody_named_the_demo_stays_shut(settings):
    settings.DEMO = True
    lin = make.person("Lin", demo=True)
    near, proxied = Client(), Client(HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert b"Lin" in near.get("/signin").content
    assert b"Lin" not in proxied.get("/signin").content
    assert proxied.post("/signin/demo", {"person": str(lin.id)}).status_code == 404
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    assert b"Lin" not in proxied.get("/signin").content


def test_the_demo_stays_out_of_a_house_where_somebody_real_lives():
    make.person("Lin")
    with pytest.raises(world.RealAccounts):
        world.build()
    assert not Person.objects.filter(demo=True).exists()


def test_where_there_is_no_demo_its_known_password_opens_nothing(settings):
    make.person("Replay", demo=True, email="replay@guanxi.demo", password=make_password("replay the invoices"))
    known = {"address": "replay@guanxi.demo", "password": "replay the invoices"}
    settings.DEMO = False
    assert Client().post("/signin/password", known).status_code == 422
    assert nobody().send("POST", "/auth/tokens", known, key="").status_code == 422
    settings.DEMO = True
    assert Client().post("/signin/password", known).status_code == 302


def test_behind_a_closed_door_stands_the_name_alone():
    pair = make.pair()
    hidden = make.company("Hidden", door="name", intro="Our words", sector="hardware", region="330300")
    for who in (caller(pair.buyer), caller(pair.buyer, company=False)):
        shown = who.get(f"/companies/{hidden.id}")
        assert (shown["name"], shown["intro"], shown["sector"], shown["region"], shown["country"]) == ("Hidden", "", "", "", "")
    assert b"Our words" not in Client().get(f"/co/{hidden.handle}").content


def test_an_accident_tells_nothing_of_the_inside(monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError("password=hunter2 at /srv/secret.py")

    monkeypatch.setattr("guanxi.web.work.pages.work.duties", broken)
    monkeypatch.setattr("guanxi.api.companies.viewer_of", broken)
    pair = make.pair()
    browser, program = signed(pair.buyer), caller(pair.buyer)
    browser.raise_request_exception = program.client.raise_request_exception = False
    for answer in (browser.get("/work"), program.send("GET", "/me")):
        assert answer.status_code == 500
        for word in (b"hunter2", b"Traceback", b"/srv/", b"RuntimeError"):
            assert word not in answer.content


def test_private_pages_are_kept_by_no_cache():
    browser = signed(make.pair().buyer)
    for pattern, reach in doors.pages().items():
        if reach == "own":
            answer = browser.get("/" + pattern) if "<" not in pattern else None
            if answer is not None and answer.status_code == 200:
                assert "no-store" in answer["Cache-Control"], pattern
                assert answer["Referrer-Policy"] == "same-origin", pattern
