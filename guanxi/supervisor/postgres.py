"""The embedded PostgreSQL server as our child process: started with patience, stopped fast and clean."""

import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from guanxi.supervisor.cluster import ENVIRONMENT, Cluster, prepare
from guanxi.supervisor.owner import dies_with_us
from guanxi.supervisor.trouble import Trouble

# Said on the command line, so that no file can weaken them: an acknowledged act survives a power cut.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
START_LIMIT = 60.0  # seconds; recovery after a power cut takes a while
LOG_LIMIT = 10 * 1024 * 1024


class Server:
    """One postgres process over one cluster."""

    def __init__(self, cluster: Cluster, *, options: Mapping[str, str] = DURABLE) -> None:
        self.cluster = cluster
        self.options = options
        self.process: subprocess.Popen[bytes] | None = None
        self.log = cluster.home / "log" / "postgres.log"

    def start(self) -> None:
        """Returns when the server answers. Tries again while processes of a killed predecessor live (up to 3 s, measured)."""
        prepare(self.cluster)
        until = time.monotonic() + START_LIMIT
        self.launch()
        while not self.answers():
            if self.process is None or self.process.poll() is not None:
                self._try_again(until)
            if time.monotonic() > until:
                raise Trouble(f"PostgreSQL does not answer after {START_LIMIT:.0f} s: {self.last_words()}", remedy=f"Read {self.log}.")
            time.sleep(0.03)

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

    def last_words(self) -> str:
        """The last lines of the server's log."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return " / ".join(line for line in lines[-6:] if "FATAL" in line or "HINT" in line or "DETAIL" in line) or "no word in its log"

    def _try_again(self, until: float) -> None:
        words = self.last_words()
        passing = "postmaster.pid" in words or "shared memory block" in words or "Is another postmaster" in words
        if not passing or time.monotonic() > min(until, self._patience()):
            raise Trouble(f"PostgreSQL does not start: {words}", remedy=f"Read {self.log}; `guanxi doctor` looks for known causes.")
        time.sleep(0.4)
        self.launch()

    def _patience(self) -> float:
        if not hasattr(self, "_tired"):
            self._tired = time.monotonic() + 15.0
        return self._tired


def _log(file: Path):  # type: ignore[no-untyped-def]
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() and file.stat().st_size > LOG_LIMIT:
        file.replace(file.with_suffix(".log.1"))
    return file.open("ab")
