"""A proposed change nobody answered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from guanxi.deals.change import acts
from guanxi.talk.call import by_actor
from guanxi.talk.run import run


def expire(conversation: UUID, body: dict[str, Any], *, key: str, now: datetime) -> None:
    """The time to answer has run out."""
    run(acts.expire, by_actor("clock", conversation, now=now), change_id=UUID(body["change"]))
