"""Server processes of our own for tests: started on free ports against the tests' database, killed and started again at will."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 20


def database_url() -> str:
    """The database Django uses now, as other processes can reach it."""
    from django.db import connections

    known = connections["default"].settings_dict
    host = str(known["HOST"] or "")
    where = f"@/{known['NAME']}?host={quote(host, safe='')}" if host.startswith("/") else f"@{host}/{known['NAME']}"
    if known["PORT"]:
        where += f"{'&' if '?' in where else '?'}port={known['PORT']}"
    return f"postgresql://{quote(str(known['USER']), safe='')}:{quote(str(known['PASSWORD']), safe='')}{where}"


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def end_with_us() -> None:
    """A test run that is killed leaves no server behind (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Process(ABC):
    """A server process that can be started, killed with -9, and started again on its port."""

    path = "/healthz"
    port_name = "PORT"

    def __init__(self, url: str, **environment: str) -> None:
        self.url, self.port = url, free_port()
        self.environment = {self.port_name: str(self.port)} | environment
        self.log = Path(os.environ.get("TMPDIR", "/tmp")) / f"guanxi-test-{os.getpid()}-{self.port}.log"
        self.child: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> list[str]:
        """What is run."""

    def start(self) -> None:
        """Start it; `wait` tells when it answers."""
        environment = os.environ | {
            "DATABASE_URL": self.url, "DATABASE_DIRECT_URL": self.url, "DJANGO_SETTINGS_MODULE": "guanxi.settings", "HOST": "127.0.0.1", "DEMO": "1",
            "PYTHONPATH": str(ROOT),
        } | self.environment  # fmt: skip
        with self.log.open("ab") as out:
            self.child = subprocess.Popen(self.command(), env=environment, cwd=ROOT, stdout=out, stderr=out, preexec_fn=end_with_us)

    def wait(self) -> None:
        """Until it answers, at most twenty seconds."""
        until = time.monotonic() + READY_SECONDS
        while not self._answers():
            if time.monotonic() > until or (self.child and self.child.poll() is not None):
                raise AssertionError(f"{self.command()} did not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{self.path}", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        """As a power cut does."""
        if self.child is not None:
            self.child.kill()
            self.child.wait()

    def stop(self) -> int:
        """As an operator does: the exit code."""
        if self.child is None or self.child.poll() is not None:
            return 0
        self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.kill()
            return -9

    def freeze(self, seconds: float) -> None:
        """SIGSTOP for a while (F4)."""
        if self.child is not None:
            self.child.send_signal(signal.SIGSTOP)
            time.sleep(seconds)
            self.child.send_signal(signal.SIGCONT)


class Gateway(Process):
    """A websocket process."""

    path = "/readyz"
    port_name = "GATEWAY_PORT"

    def command(self) -> list[str]:
        return [sys.executable, "-m", "guanxi.talk.gateway"]

    @property
    def address(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws"


class Web(Process):
    """A web process: waitress with the pages and the API."""

    def command(self) -> list[str]:
        return [sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{self.port}", "--threads=8", "guanxi.wsgi:application"]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"
