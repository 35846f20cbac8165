"""What one socket and one person may ask of a gateway (quality.md A40)."""

FRAME_BYTES = 65536
KEY_LENGTH = 64
SOCKETS_PER_PERSON = 30
UNANSWERED = 512  # sends of one socket on their way at once
STRIKES = 100  # refused or unreadable frames in a minute before the socket is closed
EARLY_FRAMES = 64  # frames kept while the sign-in is looked up
WRITE_BUFFER = 256 * 1024  # bytes: above, nothing but what must be said is added
BEHIND_SECONDS = 30.0  # how long a reader may stay above
PING_SECONDS = 25.0
SILENT_SECONDS = 60.0
TYPING_SECONDS = 2.0


class Bucket:
    """A token bucket: `rate` a second, at most `most` at once (three seconds' worth when not said)."""

    __slots__ = ("at", "left", "most", "rate")

    def __init__(self, rate: float, *, now: float, most: float = 0.0) -> None:
        self.rate, self.most, self.at = rate, most or rate * 3, now
        self.left = self.most

    def take(self, now: float, cost: float = 1.0) -> bool:
        """Whether `cost` was left at `now` (seconds of the loop's clock)."""
        self.left = min(self.most, self.left + (now - self.at) * self.rate)
        self.at = now
        if self.left < cost:
            return False
        self.left -= cost
        return True
