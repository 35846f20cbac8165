"""Frames nobody should send: an answer or a close with a reason, and the gateway goes on (quality.md A25, A40)."""

import contextlib
import json
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from guanxi.talk.table import Entry, Position
from tests import make
from tests.faults.processes import Gateway
from tests.talk.client import Client, bearer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _goes_on(gateway: Gateway) -> Iterator[None]:
    """After each of these, another client is served as if nothing had been, and the process has not grown."""
    before = memory(gateway)
    yield
    pair = make.pair()
    with Client(gateway.address, bearer(pair.buyer.person)) as ana:
        ana.text(pair.buyer, "still there?")
        assert ana.answer()["op"] == "ack"
    assert memory(gateway) < before + 30_000, "kB"


def memory(gateway: Gateway) -> int:
    """Resident kB."""
    lines = Path(f"/proc/{gateway.child.pid}/status").read_text().splitlines() if gateway.child else []
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


@pytest.fixture
def link(gateway: Gateway) -> Iterator[Client]:
    with Client(gateway.address, bearer(make.person("Ana"))) as found:
        yield found


def raw_frame(opcode: int, payload: bytes, *, fin: bool = True) -> bytes:
    """A masked client frame; the mask is zero."""
    size = len(payload)
    head = bytes([(0x80 if fin else 0) | opcode])
    if size < 126:
        head += bytes([0x80 | size])
    elif size < 65536:
        head += bytes([0x80 | 126]) + struct.pack(">H", size)
    else:
        head += bytes([0x80 | 127]) + struct.pack(">Q", size)
    return head + b"\0\0\0\0" + payload


@pytest.mark.parametrize("size", [65_537, 1_000_000, 10_000_000])
def test_a_frame_too_large_closes_with_1009(link: Client, size: int) -> None:
    link.link.socket.settimeout(5)
    with contextlib.suppress(ConnectionClosed, OSError):  # the server may have cut it off already
        link.link.send("x" * size)
    assert link.closed_with() in (1009, 1006)


NO_FRAMES = ["", "nonsense", "{", "[]", "null", "1", '"text"', "{}", '{"op":1}', '{"op":null}', "[" * 10_000, '{"a":' * 10_000, "9" * 60_000, "\ufeff{}"]


@pytest.mark.parametrize("text", NO_FRAMES)
def test_what_is_no_object_with_an_op_closes_with_1007(link: Client, text: str) -> None:
    with contextlib.suppress(ConnectionClosed):
        link.link.send(text)
    assert link.closed_with() == 1007


def test_bytes_that_are_no_utf8_close_with_1007(link: Client) -> None:
    link.link.socket.sendall(raw_frame(1, b'{"op":"\xff\xfe"}'))
    assert link.closed_with() == 1007


def test_binary_frames_close_with_1003(link: Client) -> None:
    link.link.send(b'{"op":"ping"}')
    assert link.closed_with() == 1003


def test_fragments_close_with_1003(link: Client) -> None:
    with contextlib.suppress(ConnectionClosed):
        link.link.send(iter(['{"op":', '"ping"}']))
    assert link.closed_with() == 1003


def test_an_unfinished_frame_holds_up_nobody(link: Client) -> None:
    link.link.socket.sendall(raw_frame(1, b"x" * 60_000)[:30_000])
    link.link.socket.shutdown(socket.SHUT_WR)


def test_an_upgrade_byte_by_byte_or_never_finished_holds_up_nobody(gateway: Gateway) -> None:
    links = [socket.create_connection(("127.0.0.1", gateway.port), timeout=5) for _ in range(50)]
    for one in links:
        one.sendall(b"GET /ws HTTP/1.1\r\nHost: x\r\n")
    for one in links:
        one.close()


def test_ten_thousand_headers_are_not_served(gateway: Gateway) -> None:
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=5) as one:
        try:
            one.sendall(b"GET /ws HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 10_000 + b"\r\n")
            answer = one.recv(1000)
        except ConnectionError:
            answer = b""
    assert b" 101 " not in answer


@pytest.mark.parametrize(
    "frame",
    [
        {"op": "unknown"}, {"op": "send"}, {"op": "send", "c": 1, "k": "k"}, {"op": "send", "c": "x", "k": "k"}, {"op": "read"}, {"op": "typing", "c": None},
        {"op": "read", "c": "01a20a49-c508-7471-8581-ec5132a92520", "seq": "1"}, {"op": "read", "c": "01a20a49-c508-7471-8581-ec5132a92520", "seq": True},
        {"op": "read", "c": "01a20a49-c508-7471-8581-ec5132a92520", "seq": -1}, {"op": "read", "c": "01a20a49-c508-7471-8581-ec5132a92520", "seq": 2**63},
        {"op": "read", "c": "01a20a49-c508-7471-8581-ec5132a92520", "seq": 1.5}, {"op": "sync", "cursor": 1}, {"op": "sync", "cursor": ["a"]},
        {"op": "typing", "c": "01A20A49-C508-7471-8581-EC5132A92520"}, {"op": "typing", "c": "../../etc/passwd"}, {"op": "hello"}, {"op": "entry"},
        {"op": "__class__"},
    ],
)  # fmt: skip
def test_a_frame_of_the_wrong_shape_is_refused_and_the_socket_stays(link: Client, frame: dict[str, object]) -> None:
    link.link.send(json.dumps(frame))
    assert link.hear("refused")["reason"] == "bad-frame"
    link.say("ping")
    assert link.hear("pong")
    assert not Entry.objects.exists()
    assert not Position.objects.exists()


def test_other_kinds_than_texts_do_not_come_by_the_socket(gateway: Gateway) -> None:
    pair = make.pair()
    with Client(gateway.address, bearer(pair.buyer.person)) as ana:
        for kind in ("image", "file", "notice", "order.placed", "payment.released", ""):
            ana.say("send", c=str(pair.conversation), **{"as": str(pair.buyer.company.id)}, k="k", kind=kind, body={"text": "a"})
            assert ana.answer() == {"op": "refused", "k": "k", "reason": "kind-not-here"}
    assert not Entry.objects.exists()


def test_many_bad_frames_close_with_1008(link: Client) -> None:
    with contextlib.suppress(ConnectionClosed):
        for _ in range(150):
            link.link.send('{"op":"unknown"}')
    assert link.closed_with() == 1008


def test_a_flood_of_sends_is_slowed_and_then_closed(gateway: Gateway) -> None:
    pair = make.pair()
    with Client(gateway.address, bearer(pair.buyer.person)) as ana:
        with contextlib.suppress(ConnectionClosed, OSError):  # cut off while it still talks
            for n in range(10_000):
                ana.text(pair.buyer, "x", key=f"k{n}")
        assert ana.closed_with() in (1008, 1006)
    assert Entry.objects.of(pair.conversation).count() < 5000


def test_a_flood_of_pings_closes_with_1008(link: Client) -> None:
    with contextlib.suppress(OSError):
        for _ in range(100):
            link.link.socket.sendall(raw_frame(9, b"ping") * 100)
    assert link.closed_with() in (1008, 1006)


def test_frames_before_the_greeting_are_served_after_it(gateway: Gateway) -> None:
    pair = make.pair()
    with Client(gateway.address, bearer(pair.buyer.person), greet=False) as ana:
        ana.text(pair.buyer, "quick")
        assert ana.hear("hello")
        assert ana.answer()["seq"] == 1


def test_a_reader_that_never_reads_is_not_waited_for(gateway: Gateway) -> None:
    """Its buffer fills, others hear everything at once, and it learns the head when it reads again."""
    pair = make.pair()
    ears = pair.colleague(pair.supplier, "sales")
    slow = Client(gateway.address, bearer(pair.supplier.person), max_queue=1)
    slow.link.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    with Client(gateway.address, bearer(pair.buyer.person)) as ana, Client(gateway.address, bearer(ears.person)) as other:
        for n in range(1000):
            ana.text(pair.buyer, "x" * 4900 + str(n))
            assert ana.answer()["seq"] == n + 1
        assert [other.hear("entry")["seq"] for _ in range(1000)] == list(range(1, 1001))
        heard = 0
        until = time.monotonic() + 10
        while heard < 1000 and time.monotonic() < until:
            heard = slow.hear("entry", "head")["seq"]
        assert heard == 1000
        assert len(slow.heard) < 1000, "it was not kept in memory for it"
    slow.link.close()
