"""A database for one command: the one that runs, or the embedded one started for as long as the command takes."""

import contextlib
import fcntl
import os
from collections.abc import Iterator

from guanxi.supervisor import lock
from guanxi.supervisor.cluster import cluster
from guanxi.supervisor.place import place
from guanxi.supervisor.postgres import Server
from guanxi.supervisor.trouble import Trouble


@contextlib.contextmanager
def database(*, needed: bool = True) -> Iterator[None]:
    """Inside, the settings find a database that answers. Raises Trouble when there is none, unless it is not `needed`."""
    here = place()
    if here.database or served():
        yield
        return
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(lock.take(here.data, address="a command"))
            server = Server(cluster(here.data))
            stack.callback(server.stop)
            server.prepare()
            server.start()
        except (Trouble, OSError):
            if needed:
                raise
        yield


def served() -> bool:
    """Whether `guanxi serve` runs on this data folder."""
    file = place().data / "run" / "lock"
    if not file.exists() or not os.access(file, os.W_OK):
        return False
    with file.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
