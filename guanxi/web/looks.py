"""What an avatar shows for a name, and its ground by id."""

from uuid import UUID
from zlib import crc32

TINTS = 6


def initials(name: str) -> str:
    """The first sign of a name, as an avatar shows it."""
    first = next((sign for sign in name if sign.isalnum()), "·")
    return first.upper()


def tint(key: UUID | str | None) -> int:
    """1 to 6, always the same for the same company or person."""
    if key is None:
        return 1
    return crc32(str(key).encode()) % TINTS + 1


FILTERS = {"initials": initials, "tint": tint}
