"""The embedded PostgreSQL server as our child process: started with patience, stopped fast and clean."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from guanxi.supervisor.cluster import ENVIRONMENT, Cluster, prepare
from guanxi.supervisor.owner import dies_with_us
from guanxi.supervisor.trouble import Trouble

# Said on the command line, so that no file can weaken them: an acknowledged act survives a power cut.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
START_LIMIT = 60.0  # seconds; recovery after a power cut takes a while
ORPHANS_LIMIT = 20.0  # seconds
ORPHANS = ("postmaster.pid", "shared memory block", "another postmaster", "still in use")
LOG_LIMIT = 10 * 1024 * 1024


class Server:
    """One postgres process over one cluster."""

    def __init__(self, cluster: Cluster, *, options: Mapping[str, str] = DURABLE, stopping: Callable[[], bool] = lambda: False) -> None:
        self.cluster = cluster
        self.options = options
        self.stopping = stopping
        self.process: subprocess.Popen[bytes] | None = None
        self.log = cluster.home / "log" / "postgres.log"

    def prepare(self) -> None:
        """Makes or checks the cluster and writes its address, so that others may read their settings."""
        prepare(self.cluster)

    def start(self) -> None:
        """Returns when the server answers, or when we are told to stop.

        Tries again while processes of a killed predecessor live: up to 3 s, measured; its postmaster.pid is never touched by us.
        """
        begun = time.monotonic()
        if not self.alive():
            self.launch()
        while not self.stopping() and not self.answers():
            waited = time.monotonic() - begun
            if not self.alive():
                self._launch_again(waited)
            if waited > START_LIMIT:
                raise Trouble(f"PostgreSQL does not answer after {START_LIMIT:.0f} s: {self.last_words()}", remedy=f"Read {self.log}.")
            time.sleep(0.03)

    def start_again(self) -> None:
        """As start, for a server that has run before: whatever is wrong now (a full disk) may pass, so it says so and goes on trying."""
        said = ""
        while not self.stopping():
            try:
                self.start()
                break
            except Trouble as trouble:
                if str(trouble) != said:
                    print(f"guanxi: {trouble}", file=sys.stderr, flush=True)
                said = str(trouble)
                time.sleep(1.0)

    def alive(self) -> bool:
        """Whether our process runs; it may still be recovering."""
        return self.process is not None and self.process.poll() is None

    def launch(self) -> None:
        """Starts the process and does not wait for it."""
        settings = {"listen_addresses": "", "unix_socket_directories": str(self.cluster.sockets), **self.options}
        command = [self.cluster.programs("postgres"), "-D", str(self.cluster.data)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with _log(self.log) as out:
            self.process = subprocess.Popen(
                dies_with_us(command, signal="INT"),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=ENVIRONMENT,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for the supervisor, who stops us last
                **self.cluster.owner.switch(),
            )

    def answers(self) -> bool:
        """Whether the server takes connections (asked with its own pg_isready)."""
        asked = [self.cluster.programs("pg_isready"), "-q", "-h", str(self.cluster.sockets), "-t", "2"]
        return subprocess.run(asked, check=False, env=ENVIRONMENT, capture_output=True).returncode == 0

    def stop(self, *, limit: float = 8.0) -> None:
        """Fast shutdown (SIGINT): open transactions are rolled back, everything committed is flushed."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
        if not self.cluster.sockets.is_relative_to(self.cluster.home):
            with contextlib.suppress(OSError):
                self.cluster.sockets.rmdir()

    def last_words(self) -> str:
        """The last lines of the server's log."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return " / ".join(line for line in lines[-6:] if "FATAL" in line or "HINT" in line or "DETAIL" in line) or "no word in its log"

    def _launch_again(self, waited: float) -> None:
        words = self.last_words()
        if waited > ORPHANS_LIMIT or not any(sign in words for sign in ORPHANS):
            raise Trouble(f"PostgreSQL does not start: {words}", remedy=f"Read {self.log}; `guanxi doctor` looks for known causes.")
        time.sleep(0.4)
        self.launch()


def _log(file: Path) -> IO[bytes]:
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() and file.stat().st_size > LOG_LIMIT:
        file.replace(file.with_suffix(".log.1"))
    return file.open("ab")
