"""One supervisor per data folder: a file lock that the kernel lets go when its process dies."""

import fcntl
import os
from pathlib import Path
from typing import IO

from guanxi.supervisor.trouble import Trouble


def take(folder: Path, *, address: str) -> IO[str]:
    """Holds DATA_DIR/run/lock for the life of the returned file. Raises Trouble when another process has it."""
    file = folder / "run" / "lock"
    file.parent.mkdir(parents=True, exist_ok=True)
    lock = file.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        raise Trouble(
            f"Guanxi already runs on {folder} ({lock.read().strip() or 'it is just starting'}).",
            remedy="Stop it first, or set DATA_DIR and PORT for a second one.",
        ) from None
    lock.seek(0)
    lock.truncate()
    lock.write(f"process {os.getpid()}, {address}")
    lock.flush()
    return lock
