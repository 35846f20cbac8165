"""The whole product under faults: `guanxi serve` on a durable PostgreSQL of its own, whose clock, disk and processes we may spoil."""

import contextlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from guanxi.base.doctor.safety import DEMO_SECRET
from tests.server import ROOT

READY_SECONDS = 180.0
DISK = "1200m"  # of memory: the write-ahead log may grow to 512 MB


class Talks(Protocol):
    """Who tries whether texts are taken."""

    def writes(self) -> bool: ...

    def says(self) -> bool: ...


@dataclass
class Product:
    """A running product on `data`; `alone` says that this folder is a disk of its own, which may be filled."""

    data: Path
    alone: bool
    port: int = field(default_factory=lambda: ports_nobody_dials())
    process: subprocess.Popen[bytes] | None = None
    more: dict[str, str] = field(default_factory=dict)

    def environ(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME", "TMPDIR") if name in os.environ}
        ports = {"PORT": str(self.port), "GATEWAY_PORT": str(self.port + 1), "HOST": "127.0.0.1", "DATA_DIR": str(self.data)}
        clock = {"PYTHONPATH": f"{ROOT / 'tests' / 'faults' / 'clock'}:{ROOT}", "CLOCK_OFFSET": str(self.data / "clock.offset")}
        return kept | ports | clock | {"DEMO": "1", "SANDBOX_SECRET": DEMO_SECRET, "TALK_RATE": "100000"} | self.more

    def start(self) -> None:
        """Returns when everything answers."""
        with (self.data / "serve.log").open("ab") as out:
            self.process = subprocess.Popen([sys.executable, "-m", "guanxi.cli", "serve"], cwd=ROOT, env=self.environ(), stdout=out, stderr=out)
        until = time.monotonic() + READY_SECONDS
        while not self.ready():
            if time.monotonic() > until or self.process.poll() is not None:
                raise RuntimeError(f"the product does not start: {self.said()[-3000:]}")
            time.sleep(0.1)

    def stop(self) -> int:
        """As Ctrl-C does; the exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def ready(self) -> bool:
        """What /readyz says."""
        return self.get("/readyz")[0] == 200

    def get(self, path: str, *, limit: float = 3.0) -> tuple[int, bytes]:
        """Status (0 when there was no answer) and body."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=limit)
        try:
            link.request("GET", path)
            answer = link.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            link.close()

    def said(self) -> str:
        return (self.data / "serve.log").read_text(errors="replace")

    def processes(self) -> dict[str, int]:
        """Who is who now, PostgreSQL included when it says so."""
        told: dict[str, int] = json.loads((self.data / "run" / "processes.json").read_text())
        with contextlib.suppress(OSError, ValueError, IndexError):
            told["postgres"] = int((self.data / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        return {name: pid for name, pid in told.items() if ours(pid)}

    def backends(self) -> list[int]:
        """The processes of PostgreSQL that serve our connections."""
        mine, found = self.processes().get("postgres"), []
        for folder in Path("/proc").iterdir():
            with contextlib.suppress(OSError, IndexError, ValueError):
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == mine and b"guanxi guanxi" in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
        return found

    def heals(self, world: "Talks", *, limit: float = 60.0) -> float:
        """Seconds until /readyz says yes and a text is acknowledged by the API and by a socket; at most `limit`."""
        began = time.monotonic()
        while not (self.ready() and world.writes() and world.says()):
            time.sleep(0.05)
            if time.monotonic() - began > limit:
                break
        return time.monotonic() - began

    def send(self, name: str, number: int) -> bool:
        """A signal to one of the processes; whether there was one."""
        try:
            os.kill(self.processes()[name], number)
        except (KeyError, OSError, ValueError):
            return False
        return True

    def command(self, *words: str, kill_after: float | None = None, limit: float = 300.0) -> subprocess.CompletedProcess[str]:
        """One `guanxi` command to its end, or killed with -9 after some seconds."""
        run = subprocess.Popen(
            [sys.executable, "-m", "guanxi.cli", *words], cwd=ROOT, env=self.environ(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            out, err = run.communicate(timeout=kill_after or limit)
        except subprocess.TimeoutExpired:
            run.kill()
            out, err = run.communicate()
        return subprocess.CompletedProcess(run.args, run.returncode, out, err)

    def shift_clock(self, seconds: float) -> None:
        """Business time from now on, against the true one."""
        half = self.data / "clock.new"
        half.write_text(str(seconds))
        half.replace(self.data / "clock.offset")

    def fill_disk(self) -> None:
        """Not a byte is left."""
        with (self.data / "ballast").open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
            while True:
                ballast.write(bytes(65536))

    def free_disk(self) -> None:
        (self.data / "ballast").unlink(missing_ok=True)


@contextmanager
def product(**more: str) -> Iterator[Product]:
    """Started, and gone afterwards with all it wrote. On a disk of its own where we may mount one."""
    folder = Path(tempfile.mkdtemp(prefix="gx-storm-"))
    folder.chmod(0o755)
    alone = mount(folder)
    made = Product(folder, alone, more=more)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        if alone:
            subprocess.run(["umount", "-l", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def ours(pid: int) -> bool:
    """Whether this process is one of the product's: the note of a full disk may be old, and the number somebody else's."""
    try:
        return any(word in Path(f"/proc/{pid}/cmdline").read_bytes() for word in (b"guanxi", b"postgres"))
    except OSError:
        return False


def ports_nobody_dials() -> int:
    """Two free ports below those the kernel gives to outgoing connections: ours must be free again after every kill."""
    while True:
        port = random.randrange(15000, 31000)
        with socket.socket() as one, socket.socket() as two, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            two.bind(("127.0.0.1", port + 1))
            return port


def mount(folder: Path) -> bool:
    """A small disk of memory at this place; False where we may not."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        return False
    return subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=755", "tmpfs", str(folder)], capture_output=True, check=False).returncode == 0


def pick(chance: random.Random, weights: dict[str, int]) -> str:
    """One of these."""
    return chance.choices(list(weights), list(weights.values()))[0]
