"""Spoken words: short, of a sound format we know by its first bytes, played and never run."""

KIND = "voice"
MOST_SECONDS = 60
MOST_BYTES = 2_000_000
HEADS = ((0, b"\x1aE\xdf\xa3", "audio/webm"), (0, b"OggS", "audio/ogg"), (4, b"ftyp", "audio/mp4"))  # what browsers record


def mime_of(head: bytes) -> str:
    """The type its first bytes show, or ''."""
    return next((mime for at, sign, mime in HEADS if head[at : at + len(sign)] == sign), "")
