"""The devices on which a person gets pushes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guanxi.notify.push.table import Subscription
from guanxi.people.devices import reads as devices
from guanxi.people.table import Device


@dataclass(frozen=True, slots=True)
class PushView:
    """One row of the list; `name` is nothing for a program's."""

    id: UUID
    name: str
    here: bool
    endpoint: str
    talk: bool
    details: bool
    made_at: datetime


def mine(person: UUID, *, here: UUID | None) -> list[PushView]:
    """This device first, then the newest: two statements."""
    rows = list(Subscription.objects.filter(person_id=person).order_by("-made_at", "-id")[:50])
    named = {row.id: devices.view(row, here).name for row in Device.objects.filter(pk__in=[one.session_id for one in rows])}
    shown = [PushView(one.id, named.get(one.session_id, ""), one.session_id == here, one.endpoint, one.talk, one.details, one.made_at) for one in rows]
    return sorted(shown, key=lambda one: not one.here)
