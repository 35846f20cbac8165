"""An enquiry as its buyer typed it, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base import money
from guanxi.base.clock import HOME, end_of_day
from guanxi.base.errors import Words
from guanxi.base.reading import Reading

MOST_LINES = 2000
MOST_RECEIVERS = 50
MOST_FILES = 9
MOST_DAYS = 180
TAX_RATES = ("13", "9", "6", "3", "1", "0")
INVOICES = ("none", "ordinary", "special")
QUANTITY_MOST = Decimal(10) ** 12
PRICE_MOST = Decimal(10) ** 10


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked for; `target` is the wished price per unit."""

    n: int
    name: str
    spec: str
    quantity: Decimal
    unit: str
    target: Decimal | None = None

    def picture(self) -> dict[str, Any]:
        return {
            "n": self.n, "name": self.name, "spec": self.spec, "quantity": plain(self.quantity), "unit": self.unit,
            "target": None if self.target is None else plain(self.target),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """`typed` is what stood in the form, kept so that a draft comes back as it was left."""

    title: str
    currency: str = "CNY"
    lines: tuple[Asked, ...] = ()
    place: str = ""
    deliver_by: date | None = None
    tax_rate: Decimal | None = None
    tax_in: bool = True
    invoice: str = "none"
    note: str = ""
    files: tuple[UUID, ...] = ()
    receivers: tuple[UUID, ...] = ()
    deadline_at: datetime | None = None
    door_open: bool = True
    typed: dict[str, Any] | None = None


def plain(value: Decimal) -> str:
    """A decimal as text without an exponent or idle zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def read(data: dict[str, Any], *, now: datetime, strict: bool = True) -> Draft:
    """The draft in form fields or JSON. Raises Invalid by field; with `strict=False` only for what could not even be kept."""
    if not strict:
        return _loose(data, now=now)
    form = Reading(data)
    draft = _draft(form, now=now)
    _need(form, draft)
    form.done()
    return draft


def _loose(data: dict[str, Any], *, now: datetime) -> Draft:
    form = Reading(data)
    draft = _draft(form, now=now)
    if form.wrong:  # half a draft is still a draft: keep the words, read the rest when it is sent
        short = Reading(data)
        draft = Draft(title=short.text("title", most=120), typed=kept(data))
        short.done()
    return draft


def _draft(form: Reading, *, now: datetime) -> Draft:
    rate = form.one_of("tax_rate", ("", *TAX_RATES), default="")
    return Draft(
        title=form.text("title", most=120),
        currency=form.one_of("currency", tuple(money.CURRENCIES), default="CNY"),
        lines=tuple(_line(row, n) for n, row in enumerate(_filled(form.rows("lines", most=MOST_LINES)), 1)),
        place=form.text("place", most=120),
        deliver_by=form.day("deliver_by"),
        tax_rate=Decimal(rate) if rate else None,
        tax_in=form.flag("tax_in", default=True),
        invoice=form.one_of("invoice", INVOICES, default="none"),
        note=form.text("note", most=2000, multiline=True),
        files=form.ids("files", most=MOST_FILES),
        receivers=form.ids("receivers", most=MOST_RECEIVERS),
        deadline_at=read_deadline(form, now=now),
        door_open=form.flag("door_open", default=True),
        typed=kept(form.data),
    )


def _filled(rows: list[Reading]) -> list[Reading]:
    """Without the rows a form offers and nobody filled in."""
    return [row for row in rows if any(row.given(name) for name in ("name", "spec", "quantity", "target_price"))]


def _line(row: Reading, n: int) -> Asked:
    quantity = row.number("quantity", places=4, most=QUANTITY_MOST, above=Decimal(0))
    if quantity is None:
        row.blame("quantity", _("Write how much you need."))
    return Asked(
        n=n, name=row.text("name", most=200, least=1), spec=row.text("spec", most=200), quantity=quantity or Decimal(1),
        unit=row.text("unit", most=20, least=1), target=row.number("target_price", places=6, most=PRICE_MOST, above=Decimal(0)),
    )  # fmt: skip


def check_line(values: Mapping[str, str]) -> dict[str, Words]:
    """What is wrong with one line as typed, by field."""
    row = Reading(values)
    _line(row, 1)
    return row.wrong


def read_deadline(form: Reading, *, now: datetime) -> datetime | None:
    """Until when suppliers may quote. A day counts to its end; a moment without a zone is Shanghai's."""
    value = form.data.get("deadline_at") or form.data.get("deadline")
    if value in (None, ""):
        return None
    try:
        found = moment(value)
    except (ValueError, OverflowError):
        form.blame("deadline", _("This must be a date."))
        return None
    if not now < found <= now + timedelta(days=MOST_DAYS):
        form.blame("deadline", _("Choose a day from today on, within half a year."))
    return found


def moment(value: Any) -> datetime:
    """A moment in time; a day counts to its end, a clock time without a zone is Shanghai's. Raises ValueError."""
    if isinstance(value, str) and len(value) > 10:
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value if value.tzinfo else datetime.combine(value.date(), value.time(), HOME)
    return end_of_day(value if isinstance(value, date) else date.fromisoformat(str(value)))


def _need(form: Reading, draft: Draft) -> None:
    """What a sent enquiry cannot be without."""
    if not draft.title:
        form.blame("title", _("Write something here."))
    if not draft.lines:
        form.blame("lines", _("Write at least one line."))
    if draft.deadline_at is None:
        form.blame("deadline", _("Choose until when suppliers may quote."))


def kept(data: Any, *, depth: int = 0) -> Any:
    """The typed data, small and storable: text, numbers, lists; what cannot be stored is dropped."""
    if isinstance(data, dict) and depth < 6:
        return {storable(name, most=40): kept(value, depth=depth + 1) for name, value in list(data.items())[: MOST_LINES + 40]}
    if isinstance(data, list | tuple) and depth < 6:
        return [kept(value, depth=depth + 1) for value in data[:MOST_LINES]]
    if isinstance(data, bool) or data is None:
        return data
    if isinstance(data, datetime | date | time):
        return data.isoformat()
    return storable(data, most=2000)


def storable(value: Any, *, most: int) -> str:
    """Text without what the database refuses to keep."""
    return str(value)[:most].replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
