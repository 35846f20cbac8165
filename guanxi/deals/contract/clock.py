"""After an order was changed: the contract that stood is drawn up anew."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from guanxi.deals.contract import acts
from guanxi.talk.call import by_actor
from guanxi.talk.run import run


def redraw(conversation: UUID, body: dict[str, Any], *, key: str, now: datetime) -> None:
    """In the name of who accepted the change; nothing when there was no contract, or it says the new terms already."""
    call = replace(by_actor("clock", conversation, now=now), company=UUID(body["company"]), person=UUID(body["person"]), name=body["name"])
    run(acts.redraw, call, order_id=UUID(body["order"]))
