"""Two people in two browsers: pages by Django's test server, the gateway as a process of its own, both on the test database."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.make import Actor, Pair, pair
from tests.signed import session_of

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"


@dataclass
class Gateway:
    """The live line, which can be stopped and started again on the same port."""

    port: int
    environment: dict[str, str]
    process: subprocess.Popen | None = None

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "guanxi.talk.gateway"], cwd=ROOT, env=self.environment, stderr=subprocess.DEVNULL)
        for _ in range(200):
            with suppress(httpx.HTTPError):
                if httpx.get(f"http://127.0.0.1:{self.port}/readyz").status_code == 200:
                    return
            time.sleep(0.05)
        raise RuntimeError("the gateway does not answer")

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(10)
            self.process = None


@pytest.fixture
def plain_static(settings) -> None:
    """Scripts and styles straight from the sources."""
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture
def gateway(live_server, settings, plain_static) -> Iterator[Gateway]:
    """Listening where the pages say it does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.GATEWAY_PORT = port
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives | {"connect-src": ["'self'", f"ws://localhost:{port}", f"ws://127.0.0.1:{port}"]}}
    database = settings.DATABASES["default"]
    url = f"postgresql://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}?host={database['HOST']}"
    database_urls = {"DATABASE_URL": url, "DATABASE_DIRECT_URL": url}
    line = Gateway(port, os.environ | database_urls | {"GATEWAY_PORT": str(port), "DEMO": "1", "ALLOWED_ORIGINS": live_server.url})
    line.start()
    yield line
    line.stop()


@pytest.fixture
def open_as(chromium, live_server) -> Iterator[Callable]:
    """`open_as(actor, "/m")`: a phone signed in as somebody, looking at a page."""
    contexts = []

    def opened(actor: Actor, address: str, *, wide: bool = False):
        size = {"width": 1440, "height": 900} if wide else {"width": 390, "height": 844}
        context = chromium.new_context(viewport=size, service_workers="block")
        host = live_server.url.split("//")[1].split(":")[0]
        cookies = {"sessionid": session_of(actor), "django_language": "en"}
        context.add_cookies([{"name": name, "value": value, "domain": host, "path": "/"} for name, value in cookies.items()])
        contexts.append(context)
        page = context.new_page()
        page.wrong = []
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.goto(live_server.url + address)
        return page

    yield opened
    for context in contexts:
        wrong = [words for page in context.pages for words in page.wrong]
        context.close()
        assert wrong == []


@pytest.fixture
def two(live_server) -> Pair:
    """Ana and Bo, in the database the browsers see."""
    return pair()
