"""My devices, as words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guanxi.people.table import Device

# Looked for in this order: WeChat's browser also says Android or iPhone, Edge also says Chrome, Chrome also says Safari.
BROWSERS = (("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DeviceView:
    """One row of the list."""

    id: UUID
    name: str
    phone: bool
    address: str
    signed_in_at: datetime
    seen_at: datetime
    here: bool


def mine(person: UUID, *, here: UUID | None) -> list[DeviceView]:
    """Where I am signed in, this device first, then by when it was last seen."""
    rows = Device.objects.filter(person=person, ended_at=None).order_by("-seen_at")[:100]
    return sorted((view(row, here) for row in rows), key=lambda one: not one.here)


def view(row: Device, here: UUID | None) -> DeviceView:
    """`Chrome · Android`, or nothing we know."""
    said = [next((words for sign, words in table if sign in row.label), "") for table in (BROWSERS, SYSTEMS)]
    phone = said[1] in ("HarmonyOS", "iPhone", "Android")
    return DeviceView(row.id, " · ".join(filter(None, said)), phone, str(row.address or ""), row.signed_in_at, row.seen_at, row.id == here)
