"""`guanxi serve`: PostgreSQL, the zygote and its children, for as long as nobody says stop. Imports no Django: it stays small."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
from types import FrameType
from typing import IO

from guanxi.base.doctor.safety import refuse_unsafe
from guanxi.base.process import speak_safely
from guanxi.supervisor import half_restored, lock, process
from guanxi.supervisor.cluster import cluster, make_home
from guanxi.supervisor.place import CHECKOUT, Place, check_gateway_port, listen, place
from guanxi.supervisor.postgres import Server
from guanxi.supervisor.trouble import Trouble
from guanxi.supervisor.zygote import UNPREPARED

MOST_FALLS = 3  # before it was ready for the first time; afterwards it is started again for ever
ZYGOTE_PATIENCE = 8.0  # seconds; it gives its children 7


class Supervisor:
    """Two things to keep alive: the database, and the zygote that keeps the rest alive."""

    def __init__(self, here: Place) -> None:
        self.here = here
        self.listener: socket.socket | None = None
        self.server: Server | None = None
        self.zygote: subprocess.Popen[str] | None = None
        self.stopping = False
        self.ready = False
        self.falls = 0
        self.held: list[IO[str]] = []

    def run(self) -> int:
        """Serves until told to stop; the exit code."""
        started = time.monotonic()
        try:
            self.open()
            while not self.stopping:
                self.heal()
                self.look(started)
                time.sleep(0.05 if not self.ready else 0.25)
            return 0
        finally:
            self.close()

    def open(self) -> None:
        """Everything that can be refused is refused before anything is started."""
        make_home(self.here.data)
        half_restored.refuse(self.here.data)
        self.held.append(lock.take(self.here.data, address=self.here.public_url))
        self.listener = listen(self.here)
        check_gateway_port(self.here)
        if not self.here.database:
            self.server = Server(cluster(self.here.data), stopping=lambda: self.stopping)
            self.server.prepare()
        self.start_zygote()  # it imports while PostgreSQL starts
        if self.server:
            self.server.start()
        self.go()

    def start_zygote(self) -> None:
        assert self.listener is not None
        self.zygote = subprocess.Popen(
            [sys.executable, "-m", "guanxi.supervisor.zygote", str(self.listener.fileno())],
            stdin=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
            pass_fds=[self.listener.fileno()],
            start_new_session=True,  # Ctrl-C reaches us alone, and we stop the others in order
        )

    def go(self) -> None:
        """Tells the zygote that the database answers."""
        assert self.zygote is not None
        assert self.zygote.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.zygote.stdin.write("go\n")
            self.zygote.stdin.flush()

    def heal(self) -> None:
        """Starts again what died."""
        if self.server and not self.server.alive() and not self.stopping:
            print("guanxi: PostgreSQL ended and is started again", file=sys.stderr, flush=True)
            self.server.start_again()
        if self.zygote and (code := self.zygote.poll()) is not None and not self.stopping:
            if code == UNPREPARED and not self.ready:
                remedy = "The lines above say why; `guanxi doctor` looks for known causes."
                raise Trouble("Tables, static files or the demo world could not be prepared.", remedy=remedy)
            self.falls += 1
            if self.falls >= MOST_FALLS and not self.ready:
                raise Trouble("The processes cannot be started.", remedy="The lines above say why.")
            print(f"guanxi: the zygote ended ({code}) and is started again", file=sys.stderr, flush=True)
            time.sleep(1.0 if code == UNPREPARED else 0.1)
            self.start_zygote()
            self.go()

    def look(self, started: float) -> None:
        """Says once that everything answers."""
        if not self.ready and answers(self.here):
            self.ready = True
            print(greeting(self.here, seconds=time.monotonic() - started), flush=True)

    def close(self) -> None:
        """The zygote first, the database last."""
        if self.zygote and self.zygote.poll() is None:
            self.zygote.terminate()
            try:
                self.zygote.wait(ZYGOTE_PATIENCE)
            except subprocess.TimeoutExpired:
                self.zygote.kill()
                self.zygote.wait()
        if self.server:
            self.server.stop()
        for file in self.held:
            file.close()

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True


def answers(here: Place) -> bool:
    """Whether /readyz says 200: database, web, gateway and worker. Plain sockets: an HTTP library would double our size."""
    try:
        with socket.create_connection((here.near, here.port), timeout=3) as link:
            link.sendall(f"GET /readyz HTTP/1.0\r\nHost: {here.near}:{here.port}\r\n\r\n".encode())
            return link.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


def greeting(here: Place, *, seconds: float) -> str:
    """The lines a person looks for: the address, and in a demo who can sign in."""
    lines = ["", f"Guanxi is ready: {here.public_url}   ({seconds:.1f} s; Ctrl-C stops it)"]
    signins = here.data / "run" / "signins.txt"
    if here.demo and signins.exists():
        lines += ["Demo sign-ins:", *(f"  {line}" for line in signins.read_text().splitlines())]
    return "\n".join([*lines, ""])


def serve() -> int:
    """The command. Trouble becomes two lines and exit code 1."""
    refuse_unsafe()
    speak_safely()
    try:
        supervisor = Supervisor(place())
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, supervisor.stop)
        process.name("guanxi supervisor")
        return supervisor.run()
    except Trouble as trouble:
        print(f"guanxi: {trouble}", file=sys.stderr, flush=True)
        return 1

