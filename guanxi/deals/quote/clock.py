"""What happens to offers after the commit: validity runs out, and losers beyond the first ten hear it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from guanxi.deals.quote import acts, ending
from guanxi.talk.call import by_actor
from guanxi.talk.run import run


def expire(conversation: UUID, body: dict[str, Any], *, key: str, now: datetime) -> None:
    """An offer's validity has run out."""
    run(acts.expire, by_actor("clock", conversation, now=now), quote_id=UUID(body["quote"]))


def lose(conversation: UUID, body: dict[str, Any], *, key: str, now: datetime) -> None:
    """The enquiry ended: the copy in `room` ends with it."""
    run(ending.lose, by_actor("clock", UUID(body["room"]), now=now), rfq_id=UUID(body["rfq"]), reason=body.get("reason", ""))
