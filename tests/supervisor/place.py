"""A small server of one's own for one test: no demo world, own ports, own folder, its output kept."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.server import ROOT, free_ports

LIMIT = 90.0  # seconds; two busy cores


def until(question: Callable[[], object], *, limit: float = LIMIT) -> None:
    """Asks again and again; fails when the answer never becomes yes."""
    end = time.monotonic() + limit
    while not question():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


@dataclass
class Place:
    data: Path
    port: int = field(default_factory=free_ports)
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    process: subprocess.Popen[bytes] | None = None

    def environ(self, **more: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME", "TMPDIR") if name in os.environ}
        ports = {"PORT": str(self.port), "GATEWAY_PORT": str(self.port + 1)}
        return kept | ports | {"DATA_DIR": str(self.data), "SECRET_KEY": self.secret, "SENDER": "mail", "PYTHONPATH": str(ROOT)} | more

    def start(self, **more: str) -> None:
        """Returns when everything answers."""
        with (self.data.parent / "out.txt").open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "guanxi.cli", "serve"], cwd=ROOT, env=self.environ(**more), stdout=out, stderr=out
            )
        until(lambda: self.ready() or self.process.poll() is not None)
        assert self.process.poll() is None, self.said()

    def command(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """One `guanxi` command to its end."""
        run = [sys.executable, "-m", "guanxi.cli", *words]
        return subprocess.run(run, cwd=ROOT, env=self.environ(**more), capture_output=True, text=True, timeout=LIMIT, check=False)

    def said(self) -> str:
        return (self.data.parent / "out.txt").read_text(errors="replace")

    def ready(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def processes(self) -> dict[str, int]:
        """Who is who, with the postmaster."""
        told = json.loads((self.data / "run" / "processes.json").read_text())
        lines = (self.data / "postgres" / "postmaster.pid").read_text().splitlines()
        return told | {"postgres": int(lines[0])}

    def stop(self) -> int:
        """As Ctrl-C does; the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(LIMIT)


def alive(pid: int) -> bool:
    """Whether this process exists and is no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
