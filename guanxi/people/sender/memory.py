"""Tests: what was sent, in order."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """One message."""

    address: str
    subject: str
    text: str


SENT: list[Sent] = []


def send(address: str, subject: str, text: str) -> None:
    """Keep it."""
    SENT.append(Sent(address, subject, text))
