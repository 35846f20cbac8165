"""Every process of the product started with this folder on PYTHONPATH takes its business time from the clock port plus an offset.

The offset (seconds, as text) stands in the file CLOCK_OFFSET names; without the file it is the true time. Nothing else is moved:
what the machine measures (timeouts, heartbeats) must not depend on business time, and SQL's own now() stays as it is.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from guanxi.base import clock


def shifted() -> datetime:
    try:
        offset = float(Path(os.environ["CLOCK_OFFSET"]).read_text() or 0)
    except (OSError, ValueError, KeyError):
        offset = 0.0
    return datetime.now(UTC) + timedelta(seconds=offset)


if os.environ.get("CLOCK_OFFSET"):
    clock._source = shifted
