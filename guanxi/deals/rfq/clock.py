"""What happens to enquiries after the commit: the deadline, and suppliers beyond the first ten."""

from datetime import datetime
from typing import Any
from uuid import UUID

from guanxi.base.errors import Refused
from guanxi.deals.rfq import acts, copies, longer
from guanxi.deals.rfq.table import Rfq
from guanxi.talk.call import by_actor
from guanxi.talk.run import run


def close(conversation: UUID, body: dict[str, Any], *, key: str, now: datetime) -> None:
    """The deadline has come; nothing when it has not, or when the enquiry ended before (quality.md M21)."""
    run(acts.close, by_actor("clock", conversation, now=now), rfq_id=UUID(body["rfq"]))


def close_overdue(*, now: datetime) -> int:
    """Enquiries whose deadline has passed; also those nobody was asked directly, which have no conversation to carry an effect. How many."""
    due = list(Rfq.objects.filter(state="open", deadline_at__lte=now).order_by("deadline_at").values_list("id", flat=True)[:100])
    for rfq in due:
        run(acts.close, by_actor("clock", rfq, now=now), rfq_id=rfq)
    return len(due)


def remind(conversation: UUID, body: dict[str, Any], *, key: str, now: datetime) -> None:
    """The deadline is near: suppliers who have not answered hear it; nothing when the deadline was moved or the enquiry ended."""
    rfq = Rfq.objects.get(pk=UUID(body["rfq"]))
    if rfq.state == "open" and rfq.deadline_at == datetime.fromisoformat(body["deadline"]) and rfq.deadline_at > now:
        for room in copies.rooms(rfq.id, "invited"):
            run(longer.remind, by_actor("clock", room, now=now), rfq_id=rfq.id)


def follow(conversation: UUID, body: dict[str, Any], *, key: str, now: datetime) -> None:
    """The new deadline reaches one supplier beyond the first ten."""
    run(longer.follow, by_actor("clock", UUID(body["room"]), now=now), rfq_id=UUID(body["rfq"]), kind=body["kind"])


def invite(conversation: UUID, body: dict[str, Any], *, key: str, now: datetime) -> None:
    """One supplier beyond the first ten gets his copy; nothing when he has it or the enquiry ended meanwhile."""
    rfq = Rfq.objects.get(pk=UUID(body["rfq"]))
    call = acts.of_buyer(by_actor("clock", conversation, now=now), rfq, person=UUID(body["person"]), name=body["name"])
    try:
        run(acts.invite, call, rfq_id=rfq.id, supplier_id=UUID(body["supplier"]))
    except Refused:
        return
