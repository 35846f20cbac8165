"""The whole product on free ports of its own: `guanxi serve` with a demo world, for stories in browsers and walks through the API."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 180  # two busy cores, a new database, a demo world


@dataclass(frozen=True)
class Server:
    """A running product: its address, its supervisor's process id, its database, its folder."""

    base: str
    pid: int
    data: Path
    log: Path

    @property
    def database(self) -> str:
        return (self.data / "postgres.url").read_text().strip()


def free_ports() -> int:
    """A port that is free together with the next one, which the gateway takes."""
    for _try in range(50):
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port
    raise RuntimeError("no two free ports beside each other")


@contextmanager
def serve(**more: str) -> Iterator[Server]:
    """Start it, wait for /readyz, stop it. `more` goes into the environment."""
    port, data = free_ports(), Path(tempfile.mkdtemp(prefix="gx-"))
    data.chmod(0o755)  # else the database of root's run would move to /var/lib and stay there
    without = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DATABASE_DIRECT_URL", "TEST_DB")}
    environment = without | {"PORT": str(port), "GATEWAY_PORT": str(port + 1), "DATA_DIR": str(data), "DEMO": "1", "PYTHONPATH": str(ROOT)} | more
    log = data / "serve.log"
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "guanxi.cli", "serve"], cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        wait_ready(f"http://127.0.0.1:{port}", process, log)
        yield Server(f"http://127.0.0.1:{port}", process.pid, data, log)
    finally:
        stop(process)


def wait_ready(base: str, process: subprocess.Popen, log: Path) -> None:
    """Until /readyz says so."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{base}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"the server did not get ready:\n{log.read_text(errors='replace')[-4000:]}")


def stop(process: subprocess.Popen) -> None:
    """As Ctrl-C does; harder when it does not listen."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
