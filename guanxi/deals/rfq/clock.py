"""What happens to enquiries after the commit: the deadline, and suppliers beyond the first ten."""

from datetime import datetime
from typing import Any
from uuid import UUID

from guanxi.base.errors import Refused
from guanxi.deals.rfq import acts
from guanxi.deals.rfq.table import Rfq
from guanxi.talk.call import by_actor
from guanxi.talk.run import run


def close(conversation: UUID, body: dict[str, Any], *, key: str, now: datetime) -> None:
    """The deadline has come; nothing when it has not, or when the enquiry ended before (quality.md M21)."""
    run(acts.close, by_actor("clock", conversation, now=now), rfq_id=UUID(body["rfq"]))


def invite(conversation: UUID, body: dict[str, Any], *, key: str, now: datetime) -> None:
    """One supplier beyond the first ten gets his copy; nothing when he has it or the enquiry ended meanwhile."""
    rfq = Rfq.objects.get(pk=UUID(body["rfq"]))
    call = acts.of_buyer(by_actor("clock", conversation, now=now), rfq, person=UUID(body["person"]), name=body["name"])
    try:
        run(acts.invite, call, rfq_id=rfq.id, supplier_id=UUID(body["supplier"]))
    except Refused:
        return
