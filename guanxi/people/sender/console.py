"""Demo: what would be sent is shown to the person who started us. Never a log line, and never where real people are written to (base.doctor.safety)."""

import sys
from collections.abc import Mapping


def send(address: str, subject: str, text: str, _headers: Mapping[str, str]) -> None:
    """On standard output."""
    sys.stdout.write(f"-- to {address}: {subject}\n{text}\n--\n")
    sys.stdout.flush()
