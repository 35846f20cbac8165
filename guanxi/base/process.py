"""What holds for every process of ours: what it prints never stops it, and it ends when one of its threads has ended by a fault."""

import contextlib
import os
import signal
import sys
import threading
from typing import Any, TextIO


class Mouth:
    """Standard output or error whose reader may be gone or whose disk may be full: what cannot be said is dropped (quality.md F6)."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self.stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def speak_safely() -> None:
    """From now on nothing printed or logged raises."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if not isinstance(stream, Mouth):
            setattr(sys, name, Mouth(stream))


def end_with_threads() -> None:
    """A thread that falls takes the process along, cleanly: half a process would serve nobody, a whole one is started again at once."""

    def fell(what: threading.ExceptHookArgs) -> None:
        threading.__excepthook__(what)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.excepthook = fell
