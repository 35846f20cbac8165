"""The process that has everything imported and forks web, gateway and worker from it: they share its memory, and one that dies is back at once.

It opens no connection and starts no thread, since neither survives a fork. Spoken to by its supervisor over standard input:
`go` = the database answers, end of file = the supervisor is gone.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from types import FrameType

from guanxi.base import figures
from guanxi.base.process import speak_safely
from guanxi.supervisor import parts, process
from guanxi.supervisor.place import Place, place

SHARED = ("guanxi.base.outbox.worker", "guanxi.talk.gateway", "psycopg", "uvloop", "waitress.server")
PATIENCE = 7.0  # seconds for a clean end before SIGKILL
ORPHANED = 0.5  # seconds when the supervisor is gone, and the database with it
DRAIN = 1.5  # seconds the gateways get before the others are told
UNPREPARED = 3  # exit code: the database could not be brought up to date


@dataclass
class Child:
    """One name that shall always have a process."""

    name: str
    pid: int = 0
    started: float = 0.0
    due: float = 0.0  # when it may start again
    falls: int = 0


@dataclass
class Zygote:
    here: Place
    listener: socket.socket
    children: dict[str, Child] = field(default_factory=dict)
    stopping: bool = False
    noted: bool = True  # whether run/processes.json is true
    supervisor: int = field(default_factory=os.getppid)

    def run(self) -> int:
        """Prepares, keeps every child alive, and ends them in order; the exit code."""
        preload()
        self.wait_for_database()
        if self.stopping:
            return 0
        if not self.prepared():
            return UNPREPARED
        for name in names(self.here):
            self.children[name] = Child(name)
        while not self.stopping:
            self.start_due()
            self.pause(0.2)
            self.reap()
        self.end()
        return 0

    def wait_for_database(self) -> None:
        """Until the supervisor says `go`."""
        while not self.stopping and not select.select([sys.stdin], [], [], 0.2)[0]:
            pass
        if not self.stopping and not sys.stdin.readline():
            self.stopping = True

    def prepared(self) -> bool:
        """Migrations, static files and the demo world, in a fork so that no connection stays behind."""
        pid = self.fork("prepare")
        while os.waitpid(pid, os.WNOHANG)[0] == 0:
            self.pause(0.02)
            if self.stopping:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                return True
        return (self.here.data / "run" / "prepared").exists()

    def start_due(self) -> None:
        now = time.monotonic()
        for child in self.children.values():
            if child.pid == 0 and child.due <= now:
                child.pid, child.started = self.fork(child.name), now
                self.noted = False
        if not self.noted:
            self.note()

    def fork(self, name: str) -> int:
        """A new process for this name; its id."""
        parent = os.getpid()
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            os._exit(become(name, parent, self))
        return pid

    def reap(self) -> None:
        """Notes who died; one that fell soon after its start waits longer each time, up to 5 s."""
        with contextlib.suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                for child in self.children.values():
                    if child.pid == found[0]:
                        self.fell(child, os.waitstatus_to_exitcode(found[1]))

    def fell(self, child: Child, code: int) -> None:
        now = time.monotonic()
        child.falls = child.falls + 1 if now - child.started < 5 else 0
        child.due = now + min(5.0, 0.1 * 2**child.falls - 0.1)
        child.pid = 0
        if not self.stopping:
            print(f"guanxi: {child.name} ended ({code}) and is started again", file=sys.stderr, flush=True)

    def note(self) -> None:
        """run/processes.json: who is who, for operators and tests."""
        file = self.here.data / "run" / "processes.json"
        half = file.with_suffix(".new")
        with contextlib.suppress(OSError):  # a full disk must not end what is served; it is tried again
            half.write_text(json.dumps({"supervisor": os.getppid(), "zygote": os.getpid()} | {c.name: c.pid for c in self.children.values()}))
            half.replace(file)
            self.noted = True

    def end(self) -> None:
        """The gateways first: they close their sockets with a code that says `reconnect`; then the others; then whoever is left, hard."""
        self.tell("gateway", signal.SIGTERM)
        orphaned = os.getppid() != self.supervisor
        self.await_end("gateway", ORPHANED if orphaned else DRAIN)
        self.tell("", signal.SIGTERM)
        self.await_end("", ORPHANED if orphaned else PATIENCE - DRAIN)
        for late in [child.name for child in self.children.values() if child.pid]:
            print(f"guanxi: {late} did not end in time and is killed", file=sys.stderr, flush=True)
        self.tell("", signal.SIGKILL)

    def tell(self, prefix: str, number: int) -> None:
        for child in self.children.values():
            if child.pid and child.name.startswith(prefix):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child.pid, number)

    def await_end(self, prefix: str, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and any(c.pid and c.name.startswith(prefix) for c in self.children.values()):
            time.sleep(0.02)
            self.reap()

    def pause(self, seconds: float) -> None:
        """Sleeps, and notices when the supervisor is gone."""
        if select.select([sys.stdin], [], [], seconds)[0] and not sys.stdin.readline():
            self.stopping = True

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True


def names(here: Place) -> list[str]:
    """web-1, web-2 ... gateway-1 ... worker."""
    return [f"web-{n + 1}" for n in range(here.web)] + [f"gateway-{n + 1}" for n in range(here.gateways)] + ["worker"]


def preload() -> None:
    """Imports what the children need, and keeps the collector's hands off it, so that its memory pages stay shared."""
    gc.disable()
    import django

    django.setup()
    from django.urls import get_resolver

    _ = get_resolver().url_patterns
    from django.conf import settings
    from django.utils.module_loading import import_string

    for module in SHARED:
        importlib.import_module(module)
    for middleware in settings.MIDDLEWARE:
        import_string(middleware)
    gc.collect()
    gc.freeze()


def become(name: str, parent: int, zygote: Zygote) -> int:
    """What a fresh fork does: sheds what is the zygote's, takes its name, works; the exit code."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    process.die_with(parent)
    process.name(f"guanxi {name}")
    gc.enable()
    os.environ["GUANXI_PROCESS"] = f"guanxi {name}"
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        _work(name, zygote)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 0 if left.code is None else 1
    except BaseException:  # a fork must never run on in its parent's code
        import traceback

        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _work(name: str, zygote: Zygote) -> None:
    from django.db import connections

    connections["default"].settings_dict["OPTIONS"]["application_name"] = f"guanxi {name}"
    if name == "prepare":
        from guanxi.supervisor import prepare

        prepare.everything(zygote.here)
        return
    part = name.partition("-")[0]
    if part != "web":
        zygote.listener.close()
    parts.PARTS[part](zygote.listener)


def main() -> None:
    """`python -m guanxi.supervisor.zygote LISTENER`, started by the supervisor."""
    speak_safely()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.settings")
    process.die_with(os.getppid(), signal_number=signal.SIGTERM)
    here = place()
    (here.data / "run").mkdir(parents=True, exist_ok=True)
    figures.gather_for(here.data)
    zygote = Zygote(here, socket.socket(fileno=int(sys.argv[1])))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, zygote.stop)
    process.name("guanxi zygote")
    sys.exit(zygote.run())


if __name__ == "__main__":
    main()
