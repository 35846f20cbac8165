"""Quotes of one enquiry side by side: decide by one number and see why (trade.md, landed cost)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count

from guanxi.base import clock
from guanxi.deals.deal.table import Deal
from guanxi.deals.order.table import Order
from guanxi.deals.quote.card import extras
from guanxi.deals.quote.table import Quote
from guanxi.deals.review import response
from guanxi.deals.review.table import Review
from guanxi.deals.rfq.table import Rfq, RfqLine
from guanxi.people.table import Company
from guanxi.web.company import measured


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit price on the table's tax basis; `original` when it was named on the other one; `above` the best."""

    price: Decimal | None
    original: Decimal | None
    best: bool
    above: Decimal | None
    said: str = ""  # a replacement, a minimum, prices by quantity


@dataclass(slots=True)
class Column:
    """One supplier's newest offer. Money in minor units; `above` the lowest landed total."""

    deal: Deal
    quote: Quote
    company: Company
    cells: list[Cell]
    whole: bool
    best: bool = False
    fastest: bool = False
    late: bool = False
    stale: bool = False
    above: int = 0
    stars: Decimal | None = None
    response: str = ""  # how its supplier answers and delivers, in words
    reviews: int = 0
    bought: int = 0

    @property
    def share(self) -> Decimal:
        """How far above the lowest total, in percent."""
        lowest = self.quote.total - self.above
        return Decimal(self.above * 100) / lowest if lowest else Decimal(0)

    @property
    def stages(self) -> str:
        """`30/70`."""
        return "/".join(str(stage["percent"]) for stage in self.quote.terms["stages"])

    @property
    def prepaid(self) -> bool:
        return len(self.quote.terms["stages"]) == 1

    @property
    def open(self) -> bool:
        return self.quote.state == "open" and self.quote.side == "supplier" and not self.stale

    @property
    def mine(self) -> bool:
        """My counter-offer is the newest: it is the supplier's turn."""
        return self.quote.state == "open" and self.quote.side == "buyer"


@dataclass(slots=True)
class Table:
    """The comparison; columns from the lowest landed total up."""

    rfq: Rfq
    lines: list[RfqLine]
    columns: list[Column]
    asked: int
    declined: int
    by: str = "total"

    @property
    def open(self) -> bool:
        """Whether something can still be awarded."""
        return self.rfq.state in ("open", "closed", "part") and any(column.open for column in self.columns)

    @property
    def tax_in(self) -> bool:
        return self.rfq.tax_in

    @property
    def leader(self) -> Column | None:
        return next((column for column in self.columns if column.best), None)


def lay(rfq: Rfq, *, by: str = "") -> Table:
    """The table in nine statements whatever the number of suppliers. `by`: total, goods, lead or the number of a line; the landed total if not said."""
    deals = list(Deal.objects.filter(rfq_id=rfq.id, buyer_id=rfq.company_id))
    quotes = newest([deal.id for deal in deals])
    lines = list(RfqLine.objects.filter(rfq=rfq).order_by("n"))
    firms = Company.objects.in_bulk([deal.supplier_id for deal in deals if deal.id in quotes])
    columns = [Column(deal, quotes[deal.id], firms[deal.supplier_id], [], True) for deal in deals if deal.id in quotes]
    columns.sort(key=lambda column: (column.quote.state not in ("open", "accepted"), not is_whole(column.quote, lines), column.quote.total))
    fill(columns, lines, rfq)
    by = sort(columns, lines, by)
    record(columns, rfq.company_id)
    declined = sum(deal.state == "lapsed" and deal.id not in quotes for deal in deals)
    return Table(rfq, lines, columns, len(deals), declined, by)


def sort(columns: list[Column], lines: list[RfqLine], by: str) -> str:
    """Order the columns by what was asked, those that cannot be had last; what they are sorted by now."""
    at = next((n for n, line in enumerate(lines) if str(line.n) == by), None)
    keys: dict[str, Callable[[Column], Any]] = {
        "goods": lambda column: (not column.whole, column.quote.goods), "lead": lambda column: int(column.quote.terms["lead_days"]),
    }  # fmt: skip
    if at is not None:
        keys[by] = lambda column: (column.cells[at].price is None, column.cells[at].price or 0)
    if by not in keys:
        return "total"
    columns.sort(key=lambda column: (column.quote.state not in ("open", "accepted"), keys[by](column)))
    return by


def newest(deals: list[UUID]) -> dict[UUID, Quote]:
    """The newest offer of each deal; a live one only when there is none newer."""
    rows = Quote.objects.filter(deal_id__in=deals).order_by("deal_id", "-version").distinct("deal_id")
    return {quote.deal_id: quote for quote in rows}


def is_whole(quote: Quote, lines: list[RfqLine]) -> bool:
    """Whether every line is priced; an offer with gaps cannot be the cheapest."""
    return sum(row["price"] is not None for row in quote.terms["lines"]) == len(lines)


def on_basis(price: Decimal, terms: dict[str, Any], tax_in: bool) -> Decimal:
    """A unit price on the wished tax basis, six decimals at most."""
    if bool(terms["tax_in"]) == tax_in:
        return price
    factor = 1 + Decimal(terms["tax_rate"]) / 100
    return (price * factor if tax_in else price / factor).quantize(Decimal("0.01") if price >= 1 else Decimal("0.000001"))


def fill(columns: list[Column], lines: list[RfqLine], rfq: Rfq) -> None:
    """Prices per line, and in words which is best; with one offer nothing is called best."""
    several = sum(column.open or column.mine for column in columns) > 1
    given = [{int(row["n"]): Decimal(row["price"]) for row in column.quote.terms["lines"] if row["price"]} for column in columns]
    folded = [{n: on_basis(price, column.quote.terms, rfq.tax_in) for n, price in row.items()} for column, row in zip(columns, given, strict=True)]
    lowest = {line.n: min((row[line.n] for row in folded if line.n in row), default=None) for line in lines}
    for column, own, row in zip(columns, given, folded, strict=True):
        known = {int(one["n"]): " · ".join(said(one, rfq.currency)) for one in column.quote.terms["lines"]}
        column.cells = [replace(cell(own.get(line.n), row.get(line.n), lowest[line.n], several), said=known.get(line.n, "")) for line in lines]
        column.whole = all(line.n in row for line in lines)
        column.stale = column.quote.valid_until <= clock.now()
        column.late = late(column.quote, rfq)
    mark(columns, several)


def said(line: dict[str, Any], currency: str) -> list[str]:
    """What a line offers beside its price; of a replacement first what it is."""
    instead = [f"{line['name']} {line['spec']}".strip()] if line.get("instead_of") else []
    return [*instead, *extras(line, currency)]


def cell(own: Decimal | None, folded: Decimal | None, lowest: Decimal | None, several: bool) -> Cell:
    if own is None or folded is None or lowest is None:
        return Cell(None, None, False, None)
    best = several and folded == lowest
    return Cell(folded, own if own != folded else None, best, folded - lowest if several and not best else None)


def late(quote: Quote, rfq: Rfq) -> bool:
    """Whether the lead time, counted from today, runs past the wished day."""
    return rfq.deliver_by is not None and (rfq.deliver_by - clock.today()).days < int(quote.terms["lead_days"])


def mark(columns: list[Column], several: bool) -> None:
    """Best and fastest among the open, whole offers."""
    running = [column for column in columns if (column.open or column.mine) and column.whole]
    if not running or not several:
        return
    lowest = min(column.quote.total for column in running)
    quickest = min(int(column.quote.terms["lead_days"]) for column in running)
    for column in columns:
        column.best = column in running and column.quote.total == lowest
        column.fastest = column in running and int(column.quote.terms["lead_days"]) == quickest
        column.above = column.quote.total - lowest


def record(columns: list[Column], buyer: UUID) -> None:
    """What others say of them, and how they answer and deliver, and how often we bought there: four statements."""
    firms = [column.company.id for column in columns]
    stars = {row["of_company"]: row for row in Review.objects.filter(of_company__in=firms).values("of_company").annotate(stars=Avg("stars"), n=Count("id"))}
    bought = Order.objects.filter(buyer_id=buyer, supplier_id__in=firms).exclude(state="cancelled").values_list("supplier_id").annotate(n=Count("id"))
    orders = dict(bought)
    known = response.of(firms, now=clock.now())
    for column in columns:
        found = stars.get(column.company.id)
        column.stars, column.reviews = (Decimal(str(found["stars"])), found["n"]) if found else (None, 0)
        column.bought = orders.get(column.company.id, 0)
        column.response = measured.brief(known[column.company.id])
