"""Development and demo: what would be sent stands in the log."""

import structlog

log = structlog.get_logger(__name__)


def send(address: str, subject: str, text: str) -> None:
    """One line; the only place where an address and a code are logged, and only where no real person is written to."""
    log.info("sent", address=address, subject=subject, text=text)
