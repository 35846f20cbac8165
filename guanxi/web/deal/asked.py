"""What the buyer wished beside the goods, from the frozen copy of his enquiry."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """As `web/rfqs/terms.html` draws it."""

    place: str
    deliver_by: date | None
    tax_rate: str | None
    tax_in: bool
    invoice: str
    deadline_at: datetime | None
    note: str
    files: list[dict[str, Any]]


def asked(body: dict[str, Any], until: datetime | None = None) -> Asked:
    """The wishes of an invite's body, `until` the deadline when it was moved since; what an older body does not say is left out."""
    by, first = body.get("deliver_by"), body.get("deadline_at")
    return Asked(
        body.get("place", ""), date.fromisoformat(by) if by else None, body.get("tax_rate"), bool(body.get("tax_in")), body.get("invoice", "none"),
        until or (datetime.fromisoformat(first) if first else None), body.get("note", ""), body.get("files", []),
    )  # fmt: skip
