"""What the clock does about disputes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from guanxi.deals.dispute import following
from guanxi.talk.call import by_actor
from guanxi.talk.run import run


def lapse(conversation: UUID, body: dict[str, Any], *, key: str, now: datetime) -> None:
    """Somebody's time may be over; the act looks whether that is still true."""
    run(following.lapse, by_actor("clock", conversation, now=now), dispute_id=UUID(body["dispute"]))
