"""One PostgreSQL for all test runs on this machine: started by the first, found by the others, gone soon after the last.

`python -m guanxi.supervisor.testserver FOLDER` is the keeper. Each run holds a shared lock on FOLDER/users for as long as it lives,
so the keeper sees without any counting whether somebody is left, also after kill -9.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from guanxi.supervisor.cluster import cluster
from guanxi.supervisor.postgres import Server
from guanxi.supervisor.trouble import Trouble

LINGER = 5.0  # seconds the server stays when nobody uses it
# Tests ask whether a commit is atomic, not whether it survives a power cut; tests/faults start a durable server of their own.
QUICK = {"fsync": "off", "synchronous_commit": "on", "full_page_writes": "off", "max_connections": "200", "shared_buffers": "128MB"}
_held: list[IO[str]] = []


def use(folder: Path) -> str:
    """The address of the shared server, which lives at least as long as this process."""
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    users = (folder / "users").open("a")
    fcntl.flock(users, fcntl.LOCK_SH)
    _held.append(users)
    url = folder / "postgres.url"
    until = time.monotonic() + 60
    starts = 0
    while not (_kept(folder) and _ready(folder)):
        if time.monotonic() > until or starts > 3:
            raise Trouble("The PostgreSQL of the tests does not start.", remedy=f"Read {folder / 'keeper.log'}.")
        if not _kept(folder):
            _start_keeper(folder)
            starts += 1
        time.sleep(0.1)
    return url.read_text().strip()


def _kept(folder: Path) -> bool:
    """Whether a keeper holds its lock."""
    with (folder / "keeper").open("a") as lock:
        return not _take(lock)


def _ready(folder: Path) -> bool:
    return (folder / "keeper.ready").exists()


def _take(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start_keeper(folder: Path) -> None:
    with (folder / "keeper.log").open("w") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", "guanxi.supervisor.testserver", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=Path(__file__).resolve().parents[2],
            start_new_session=True,
        )
    until = time.monotonic() + 10
    while started.poll() is None and not _kept(folder) and time.monotonic() < until:
        time.sleep(0.05)


def keep(folder: Path) -> None:
    """Runs the server until nobody uses it. A second keeper leaves at once."""
    with (folder / "keeper").open("a") as lock:
        if not _take(lock):
            return
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        server = Server(cluster(folder), options=QUICK)
        (folder / "keeper.ready").unlink(missing_ok=True)
        try:
            server.prepare()
            server.start()
            (folder / "keeper.ready").write_text(str(os.getpid()))
            _until_nobody(folder, server)
        finally:
            (folder / "keeper.ready").unlink(missing_ok=True)
            server.stop()


def _until_nobody(folder: Path, server: Server) -> None:
    last = time.monotonic()
    while time.monotonic() - last < LINGER:
        time.sleep(0.5)
        if not server.alive():
            server.start()
        with (folder / "users").open("a") as users:
            if not _take(users):
                last = time.monotonic()


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
