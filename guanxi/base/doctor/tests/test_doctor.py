"""The doctor names what is wrong, why it matters and what to do; each line of the list of quality.md section 4 is there."""

import http.client
import json
import socketserver
import threading
from datetime import timedelta

import pytest
from waitress.server import create_server

from guanxi.base import clock, milestones
from guanxi.base.doctor import kept, outside, parts
from guanxi.base.doctor.checks import examine
from guanxi.people.sender import mail
from guanxi.supervisor import parts as processes

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = {
    "settings", "python", "data folder", "files folder", "temporary folder", "open files", "public address", "database", "version", "encoding", "fsync",
    "full_page_writes", "synchronous_commit", "data checksums", "clock", "time zone", "extensions", "connections", "migrations", "hints", "outbox", "jobs",
    "stalled jobs", "gateway", "worker", "last backup", "last proven restore", "last check of the book", "last sweep of old data", "file storage", "papers",
    "trusted proxies", "proxy", "version of Guanxi", "payouts refused or unconfirmed", "provider messages not handled", "unknown money",
}  # fmt: skip


def states(found):
    return {one.name: one.state for one in found}


def test_every_line_is_there_and_each_that_is_not_good_says_why_and_what_to_do(settings):
    settings.PROVIDERS = ("sandbox",)
    found = examine()
    assert {one.name for one in found} >= NAMES
    assert {f"sender {settings.SENDER}", "provider sandbox"} <= {one.name for one in found}
    for one in found:
        assert one.state == "good" or (one.why and one.remedy), one.name
    json.dumps([one.as_dict() for one in found])


def test_dates_that_never_were_or_lie_too_far_back_are_said(settings):
    settings.DEMO = False
    assert set(states(kept.dates()).values()) == {"look"}
    milestones.note("backup", now=clock.now())
    milestones.note("proof", now=clock.now() - timedelta(days=40), differences=0)
    milestones.note("check", now=clock.now(), differences=3)
    assert states(kept.dates()) == {
        "last backup": "good", "last proven restore": "look", "last check of the book": "good", "last sweep of old data": "look",
    }  # fmt: skip
    assert states(kept.found()) == {"proof found": "good", "check found": "bad"}


def test_storage_and_paper_are_tried(settings, tmp_path):
    assert states([*kept.storage(), *kept.papers()]) == {"file storage": "good", "papers": "good"}
    settings.MEDIA_ROOT = tmp_path / "file"
    (tmp_path / "file").write_text("no folder")
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
    assert states(kept.storage()) == {"file storage": "bad"}


def test_money_only_a_person_can_settle_is_said():
    from guanxi.pay.table import ProviderEvent, Suspense

    assert set(states(parts.money()).values()) == {"good"}
    Suspense.objects.create(provider="sandbox", event_id="x", reason="unknown", amount=5, currency="CNY", at=clock.now())
    ProviderEvent.objects.create(provider="sandbox", event_id="y", raw=b"", verified=True, received_at=clock.now() - timedelta(hours=1))
    assert states(parts.money()) == {"payouts refused or unconfirmed": "good", "provider messages not handled": "look", "unknown money": "look"}


def test_an_address_that_does_not_answer_is_said(settings):
    settings.PUBLIC_URL = "https://127.0.0.1:9"
    assert states(outside.public()) == {"proxy": "bad"}


def test_the_socket_must_lead_to_the_gateway(settings, monkeypatch):
    settings.PUBLIC_URL = "https://trade.example"
    for status, state in ((401, "good"), (403, "good"), (404, "bad"), (200, "bad")):
        monkeypatch.setattr(outside, "ask", lambda host, path, headers, status=status: (status if path == "/ws" else 200, {"strict-transport-security": "1"}))
        assert states(outside.public()) == {"proxy": "good", "HSTS": "good", "websocket": state}


def test_a_sender_that_cannot_send_is_said_without_a_message(settings):
    settings.SENDER, settings.SMTP_URL, settings.MAIL_FROM = "mail", "smtp://127.0.0.1:9", "guanxi@trade.example"
    assert states(outside.sender()) == {"sender mail": "bad"}


class Postbox(socketserver.StreamRequestHandler):
    """A mail server of a few words."""

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        data = False
        for raw in self.rfile:
            if data:
                self.server.got.append(raw)
                if raw != b".\r\n":
                    continue
                data = False
            elif raw.upper().startswith(b"DATA"):
                data = True
                self.wfile.write(b"354 go on\r\n")
                continue
            self.wfile.write(b"221 bye\r\n" if raw.upper().startswith(b"QUIT") else b"250 ok\r\n")
            if raw.upper().startswith(b"QUIT"):
                return


def test_a_code_leaves_by_mail(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Postbox) as server:
        server.got = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.SMTP_URL, settings.MAIL_FROM = f"smtp://127.0.0.1:{server.server_address[1]}", "guanxi@trade.example"
        mail.probe()
        mail.send("ann@people.example", "验证码", "Your code is 123456.", {"List-Unsubscribe": "<https://trade.example/n/x>"})
        server.shutdown()
    sent = b"".join(server.got)
    assert b"To: ann@people.example" in sent
    assert b"123456" in sent
    assert b"List-Unsubscribe: <https://trade.example/n/x>" in sent
    with pytest.raises(mail.NotSent):
        mail.send("+8613805772611", "x", "y", {})


def test_what_a_proxy_adds_reaches_us_through_the_server_of_pages():
    """Otherwise every caller behind a proxy would look local to /metrics, and alike to the limits."""
    seen = []

    def application(environ, start):
        seen.append(environ.get("HTTP_X_FORWARDED_FOR"))
        start("200 OK", [])
        return [b""]

    server = create_server(application, host="127.0.0.1", port=0, **processes.AS_SENT)
    threading.Thread(target=server.run, daemon=True).start()
    link = http.client.HTTPConnection("127.0.0.1", int(server.effective_port))
    link.request("GET", "/", headers={"X-Forwarded-For": "203.0.113.9"})
    assert link.getresponse().status == 200
    server.close()
    assert seen == ["203.0.113.9"]
