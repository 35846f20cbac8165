"""A light websocket client for load: counts acks and deliveries, remembers when each text was sent."""

import asyncio
import json
import time
import uuid
from urllib.parse import urlsplit

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from bench.world import Voice


class Client(WSListener):
    """One socket. `acks` and `entries` count; `latencies` in seconds from send to delivery, for texts this process sent."""

    sent_at: dict[str, float] = {}

    def __init__(self, voice: Voice) -> None:
        self.voice, self.acks, self.entries = voice, 0, 0
        self.latencies: list[float] = []
        self.ready, self.closed = asyncio.Event(), asyncio.Event()
        self.on_ack = None

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.closed.set()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.PING:
            transport.send_pong(frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.TEXT:
            self.heard(json.loads(frame.get_payload_as_bytes()))

    def heard(self, said: dict) -> None:
        match said["op"]:
            case "hello":
                self.ready.set()
            case "ack":
                self.acks += 1
                if self.on_ack:
                    self.on_ack(self)
            case "entry":
                self.entries += 1
                if (sent := self.sent_at.pop(said["body"].get("text", "")[:32], None)) is not None:
                    self.latencies.append(time.perf_counter() - sent)
            case "refused":
                raise RuntimeError(f"refused: {said}")

    def say(self) -> None:
        """One text with a key of its own."""
        key = uuid.uuid4().hex
        self.sent_at[key] = time.perf_counter()
        body = {"text": key + " 今天能发吗"}
        frame = {"op": "send", "c": str(self.voice.conversation), "as": str(self.voice.company), "k": key, "kind": "text", "body": body}
        self.transport.send(WSMsgType.TEXT, json.dumps(frame, ensure_ascii=False).encode())


async def connect(url: str, voice: Voice) -> Client:
    """A socket that has heard hello."""
    client = Client(voice)
    await ws_connect(lambda: client, url, extra_headers={"Authorization": f"Bearer {voice.token}"})
    await asyncio.wait_for(client.ready.wait(), 20)
    return client


async def connect_all(url: str, voices: list[Voice]) -> list[Client]:
    """All of them, twenty at a time."""
    found: list[Client] = []
    for n in range(0, len(voices), 20):
        found += await asyncio.gather(*(connect(url, voice) for voice in voices[n : n + 20]))
    return found


def close_all(clients: list[Client]) -> None:
    for client in clients:
        client.transport.disconnect()


def address(base: str, port: int) -> str:
    """Where the gateway of a server listens."""
    return f"ws://{urlsplit(base).hostname}:{port}/ws"
