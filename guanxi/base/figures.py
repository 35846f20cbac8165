"""Counters of what happens, summed over all processes of this machine: each keeps its own file in memory (prometheus_client's mapped files).

Not in DATA_DIR: a mapped file on a full disk ends the process that writes it, and counting must never do that (quality.md F6).
"""

import contextlib
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # read by prometheus_client when it is imported
MEMORY = Path("/dev/shm")  # noqa: S108 a folder of ours below it, for us alone


def gather_for(data: Path) -> None:
    """Before anything imports the library: one folder for all who serve `data`. Where there is no such memory each process counts for itself."""
    name = f"guanxi-{os.getuid()}-{hashlib.sha256(str(data.absolute()).encode()).hexdigest()[:12]}"
    with contextlib.suppress(OSError):
        if MEMORY.is_dir():
            (MEMORY / name).mkdir(exist_ok=True, mode=0o700)
            if (MEMORY / name).stat().st_uid == os.getuid():
                os.environ[FOLDER] = str(MEMORY / name)
                forget_the_dead("*_*.db")


def forget_the_dead(pattern: str = "gauge_live*_*.db") -> None:
    """What ended processes had open counts no more; what they did stays counted until the next start."""
    for file in files(pattern):
        number = file.stem.rpartition("_")[2]
        if number.isdigit() and not alive(int(number)):
            file.unlink(missing_ok=True)


def files(pattern: str) -> Iterable[Path]:
    """Of the folder, as of now."""
    return list(Path(os.environ[FOLDER]).glob(pattern))


def alive(pid: int) -> bool:
    """Whether this process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
