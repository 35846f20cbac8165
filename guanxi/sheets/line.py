"""What a purchase list gives: lines of an enquiry, and rows that give none with the reason."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from guanxi.sheets.figures import natural, short

NO_QUANTITY, BAD_QUANTITY, NO_NAME, FORMULA_ERROR = "no_quantity", "bad_quantity", "no_name", "formula_error"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an enquiry. `row` from 1; `target_price` is for one `unit`."""

    row: int
    sheet: str | None
    name: str
    quantity: Decimal
    unit: str | None = None
    spec: str | None = None
    item_no: str | None = None
    target_price: Decimal | None = None
    currency: str | None = None
    note: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """As `guanxi import-lines --json` prints it."""
        return {
            "row": self.row,
            "name": self.name,
            "quantity": natural(self.quantity),
            "unit": self.unit,
            "item_no": self.item_no,
            "spec": self.spec,
            "target_price": None if self.target_price is None else short(self.target_price),
            "currency": self.currency,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that gives nothing, and the first reason that holds."""

    sheet: str | None
    row: int
    reason: str
