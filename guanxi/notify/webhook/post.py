"""One POST to one receiver: its certificate checked, no redirect followed, in time, and hardly anything read of the answer."""

import asyncio
import socket
import ssl
from dataclasses import dataclass
from functools import cache

import certifi
import httpx

from guanxi.notify.webhook.target import Find, Forbidden, Target, look_up, split

CONNECT_SECONDS, ALL_SECONDS = 5, 10
MOST_READ = 16 * 1024  # of an answer nobody looks at


@dataclass(frozen=True, slots=True)
class Answer:
    """The receiver's status, or why there is none: name, address, time, tls, connection."""

    status: int | None
    error: str = ""

    @property
    def good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(url: str, headers: dict[str, str], body: bytes, *, find: Find = socket.getaddrinfo) -> Answer:
    """Never raises for what the other end does. The name is looked up now, and what was looked up is what we connect to."""
    target = split(url)
    if target is None:
        return Answer(None, "address")
    try:
        address = look_up(target, find=find)
    except Forbidden as error:
        return Answer(None, str(error))
    return asyncio.run(_in_time(target, address, headers, body))


async def _in_time(target: Target, address: str, headers: dict[str, str], body: bytes) -> Answer:
    try:
        async with asyncio.timeout(ALL_SECONDS):
            return Answer(await _send(target, address, headers, body))
    except (TimeoutError, httpx.TimeoutException):
        return Answer(None, "time")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        return Answer(None, "tls" if "CERTIFICATE" in str(error).upper() or "SSL" in str(error) else "connection")


async def _send(target: Target, address: str, headers: dict[str, str], body: bytes) -> int:
    sent = {"Host": target.name, "Content-Type": "application/json", "User-Agent": "Guanxi-Webhook/1", "Accept-Encoding": "identity"} | headers
    limits = httpx.Timeout(ALL_SECONDS, connect=CONNECT_SECONDS)
    async with httpx.AsyncClient(verify=trust(), trust_env=False, follow_redirects=False, timeout=limits) as client:
        request = client.build_request("POST", target.at(address), content=body, headers=sent, extensions={"sni_hostname": target.host})
        answer = await client.send(request, stream=True)
        try:
            await _read_little(answer)
        finally:
            await answer.aclose()
    return answer.status_code


@cache
def trust() -> ssl.SSLContext:
    """Whom receivers' certificates must come from: read once, it costs more than a try."""
    return ssl.create_default_context(cafile=certifi.where())


async def _read_little(answer: httpx.Response) -> None:
    """Enough for a polite end; a long answer is cut off."""
    read = 0
    async for part in answer.aiter_raw():
        read += len(part)
        if read > MOST_READ:
            return
