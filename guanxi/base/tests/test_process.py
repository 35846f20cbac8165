"""What a process prints never stops it, and it does not live on without one of its threads."""

import io
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from guanxi.base.process import Mouth

FULL = Path("/dev/full")


def test_words_that_find_no_room_are_dropped() -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    said = Mouth(Full())
    assert said.write("word") == 4
    print("word", file=said, flush=True)
    assert said.isatty() is False


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
def test_a_process_whose_log_is_full_goes_on() -> None:
    words = "from guanxi.base.process import speak_safely\nspeak_safely()\nimport structlog, sys\n"
    words += "for n in range(5000): structlog.get_logger().warning('full', n=n)\nprint('here', file=sys.stderr, flush=True)"
    with FULL.open("w") as full:
        done = subprocess.run([sys.executable, "-c", words], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert "here" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_thread_that_falls_takes_the_process_along() -> None:
    words = "from guanxi.base.process import end_with_threads\nend_with_threads()\nimport threading, time\n"
    words += "threading.Thread(target=lambda: 1 / 0).start()\ntime.sleep(30)"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=False, timeout=25)
    assert done.returncode == -signal.SIGTERM
    assert "ZeroDivisionError" in done.stderr
