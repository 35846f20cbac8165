"""What Linux lets a process say about itself; elsewhere these do nothing."""

import ctypes
import os
import signal
import sys

SET_DEATH_SIGNAL = 1  # prctl(2)
SET_NAME = 15


def die_with(parent: int, *, signal_number: int = signal.SIGKILL) -> None:
    """The kernel sends us this signal when our parent is gone, however it went."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(SET_DEATH_SIGNAL, int(signal_number), 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), signal_number)


def name(title: str) -> None:
    """Shown by ps and top: forked processes would all look like their parent."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(SET_NAME, title.replace("guanxi ", "gx-").encode()[:15], 0, 0, 0)
    with open("/proc/self/stat") as file:
        start, end = map(int, file.read().rpartition(")")[2].split()[45:47])  # arg_start, arg_end: fields 48 and 49
    if start and end > start:
        ctypes.memmove(start, title.encode()[: end - start - 1].ljust(end - start, b"\0"), end - start)
