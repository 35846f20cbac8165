"""What the clock does about goods."""

from datetime import datetime
from typing import Any
from uuid import UUID

from guanxi.deals.shipment import acts
from guanxi.talk.call import by_actor
from guanxi.talk.run import run


def confirm(conversation: UUID, body: dict[str, Any], *, key: str, now: datetime) -> None:
    """The release clock ran out; the act looks whether that is still true."""
    run(acts.confirm, by_actor("clock", conversation, now=now), order_id=UUID(body["order"]))
