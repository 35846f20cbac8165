"""Orders nobody paid end by the clock."""

from datetime import datetime
from typing import Any
from uuid import UUID

from guanxi.deals.order import acts
from guanxi.talk.call import by_actor
from guanxi.talk.run import run


def expire(conversation: UUID, body: dict[str, Any], *, key: str, now: datetime) -> None:
    """A week after the first stage was due."""
    run(acts.expire, by_actor("clock", conversation, now=now), order_id=UUID(body["order"]))
