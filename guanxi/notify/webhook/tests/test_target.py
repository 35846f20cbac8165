"""Where we post and where we never do (quality.md A37)."""

import socket

import pytest

from guanxi.base.errors import Invalid
from guanxi.notify.webhook import target
from guanxi.notify.webhook.post import post
from guanxi.notify.webhook.target import Forbidden, Target
from guanxi.notify.webhook.tests.receiver import certified, receiving

GOOD = (
    "https://example.com", "https://erp.example.com/hook?a=1&b=%20", "https://EXAMPLE.com:8443/x", "https://xn--fiqs8s.example.cn/", "https://8.8.8.8/x",
    "https://[2606:4700::1111]/x", "https://a.b.c.example.com./x",
)  # fmt: skip
BAD = (
    "", "example.com", "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "//example.com/x", "https://",
    "https://localhost/", "https://localhost.:8443/", "https://LOCALHOST/", "https://db.localhost/", "https://printer.local/", "https://box.internal/",
    "https://intranet/", "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/",
    "https://017700000001/", "https://127.0.0.1.:443/", "https://0/", "https://0.0.0.0/", "https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data", "https://100.64.0.1/", "https://198.18.0.1/", "https://192.0.2.1/", "https://224.0.0.1/",
    "https://255.255.255.255/", "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/",
    "https://[fe80::1]/", "https://[fe80::1%25eth0]/", "https://[fc00::1]/", "https://[fec0::1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
    "https://[2001:0:7f00:1::]/", "https://[ff02::1]/", "https://[2001:db8::1]/", "https://[::1", "https://1.2.3/", "https://1.2.3.4.5/", "https://1.2.3.256/",
    "https://user:pass@example.com/", "https://example.com@127.0.0.1/", "https://example.com:22/", "https://example.com:25/", "https://example.com:80/",
    "https://example.com:0/", "https://example.com:99999/", "https://example.com/#x", "https://exa mple.com/", "https://example.com/a b",
    "https://example.com\\@127.0.0.1/", "https://example.com/\r\nX: y", "https://例子.中国/", "https://ⓛocalhost/", "https://１２７.0.0.1/", "https://example.com/\x00",
    "https://metadata.google.internal/", "https://-bad.example.com/", "https://" + "a" * 600 + ".com/",
)  # fmt: skip


@pytest.mark.parametrize("typed", GOOD)
def test_public_addresses_are_taken(typed):
    assert target.read(typed).scheme == "https"


@pytest.mark.parametrize("typed", BAD)
@pytest.mark.parametrize("loopback", [False, True])
def test_everything_else_is_refused(typed, loopback, settings):
    settings.WEBHOOK_LOOPBACK = loopback
    if loopback and typed in (
        "https://localhost/",
        "https://localhost.:8443/",
        "https://LOCALHOST/",
        "https://127.0.0.1/",
        "https://127.0.0.1.:443/",
        "https://[::1]/",
    ):
        assert target.read(typed).host in target.OWN
        return
    with pytest.raises(Invalid) as refused:
        target.read(typed)
    assert list(refused.value.fields) == ["url"]


@pytest.mark.parametrize("given", [None, 7, ["https://example.com"], {"a": 1}])
def test_what_is_no_text_is_refused(given):
    with pytest.raises(Invalid):
        target.read(given)


def found(*addresses):
    """A resolver that knows these."""

    def find(host, port, **_more):
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    return find


def test_the_first_of_several_public_addresses_is_taken():
    assert target.look_up(Target("https", "example.com", 443, "/"), find=found("93.184.215.14", "2606:4700::1111")) == "93.184.215.14"


@pytest.mark.parametrize(
    "addresses",
    [
        (), ("127.0.0.1",), ("93.184.215.14", "10.0.0.1"), ("::1",), ("::ffff:10.0.0.1",), ("169.254.169.254",), ("fe80::1%eth0",), ("64:ff9b::a00:1",),
        ("0.0.0.0",),
    ],
)  # fmt: skip
@pytest.mark.parametrize("loopback", [False, True])
def test_a_name_that_leads_inside_is_refused_whatever_else_it_leads_to(addresses, loopback, settings):
    settings.WEBHOOK_LOOPBACK = loopback
    with pytest.raises(Forbidden):
        target.look_up(Target("https", "evil.example.com", 443, "/"), find=found(*addresses))


def test_a_name_is_looked_up_once_and_what_was_looked_up_is_connected_to(settings):
    """Rebinding: a second look would lead elsewhere; nobody looks a second time."""
    settings.WEBHOOK_LOOPBACK = True
    answers = iter([found("127.0.0.1"), found("127.0.0.2")])

    def find(host, port, **more):
        return next(answers)(host, port, **more)

    with receiving() as receiver:
        said = post(receiver.url.replace("127.0.0.1", "localhost"), {}, b"{}", find=find)
    assert (said.status, len(receiver.got)) == (200, 1)
    assert receiver.got[0].headers["host"].startswith("localhost:")
    assert len(list(answers)) == 1


@pytest.mark.parametrize(("name", "status", "error"), [("localhost", 200, ""), ("else.example.com", None, "tls")])
def test_the_certificate_must_be_for_the_name_and_not_for_the_address(name, status, error, settings, monkeypatch, tmp_path):
    settings.WEBHOOK_LOOPBACK = True
    trust, own = certified(tmp_path, name)
    monkeypatch.setattr("guanxi.notify.webhook.post.trust", lambda: trust)
    with receiving(own) as receiver:
        said = post(receiver.url.replace("127.0.0.1", "localhost"), {}, b"{}", find=found("127.0.0.1"))
    assert (said.status, said.error) == (status, error)


def test_a_certificate_nobody_vouches_for_is_refused(settings, tmp_path):
    settings.WEBHOOK_LOOPBACK = True
    with receiving(certified(tmp_path, "localhost")[1]) as receiver:
        assert post(receiver.url.replace("127.0.0.1", "localhost"), {}, b"{}", find=found("127.0.0.1")).error == "tls"
    assert receiver.got == []


def test_the_decimal_form_is_refused_where_it_is_looked_up_too():
    assert post("https://2130706433/", {}, b"{}").error == "address"


def test_a_name_nobody_knows():
    def find(*_asked, **_more):
        raise socket.gaierror(8, "unknown")

    assert post("https://nowhere.example.com/", {}, b"{}", find=find).error == "name"
