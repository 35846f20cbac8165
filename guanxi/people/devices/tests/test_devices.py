"""Signing out elsewhere ends session, device and sockets."""

from uuid import uuid4

import pytest

from guanxi.base import clock
from guanxi.base.errors import NotFound
from guanxi.people.devices import acts, reads
from guanxi.people.table import Device
from guanxi.talk import hints
from tests.make import Actor, company, device, member, person
from tests.signed import signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    of, who = company(), person("Ana")
    member(of, who)
    return Actor(who, of, "owner", uuid4())


def test_a_remote_sign_out_shows_at_the_next_request_and_tells_the_sockets(ana, monkeypatch, django_capture_on_commit_callbacks):
    told = []
    monkeypatch.setattr(hints, "devices_changed", told.extend)
    here, there = signed(ana), signed(ana)
    other = Device.objects.get(session_key=there.cookies["sessionid"].value)
    with django_capture_on_commit_callbacks(execute=True):
        assert here.post(f"/me/devices/{other.id}/end")["Location"] == "/me/devices"
    assert told == [other.id]
    assert there.get("/me")["Location"].startswith("/signin")
    assert here.get("/me").status_code == 200


def test_signing_out_everywhere_else(ana):
    here, there = signed(ana), signed(ana)
    here.post("/me/devices/others")
    assert there.get("/me").status_code == 302
    assert here.get("/me/devices").status_code == 200


def test_anothers_device_is_not_found_and_stays(ana):
    foreign = device(person("Cy"))
    assert signed(ana).post(f"/me/devices/{foreign.id}/end").status_code == 404
    with pytest.raises(NotFound):
        acts.end(ana.person.id, uuid4(), now=clock.now())
    assert Device.objects.get(pk=foreign.pk).ended_at is None


@pytest.mark.parametrize(("agent", "name"), [
    ("Mozilla/5.0 (Linux; Android 12) AppleWebKit Chrome/107 MicroMessenger/8.0", "WeChat · Android"),
    ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120", "Edge · Windows"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 15_4 like Mac OS X) Version/15.4 Safari/604.1", "Safari · iPhone"),
    ("<script>", ""),
])  # fmt: skip
def test_devices_are_named_by_what_they_say(agent, name):
    row = acts.add(person().id, session_key=uuid4().hex, label=agent, address="not an address", now=clock.now())
    assert reads.view(row, None).name == name
    assert row.address is None


def test_a_long_and_odd_agent_is_cut():
    assert len(acts.add(person().id, session_key=uuid4().hex, label="x\x00\ud800" * 500, address="::1", now=clock.now()).label) == 200
