"""What stands in the quote editor: each line with the last price of both sides, and the whole as the other will see it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from guanxi.base import clock, nested
from guanxi.base.clock import HOME
from guanxi.base.errors import Refused
from guanxi.base.money import exponent, plain
from guanxi.deals.quote.card import extras as in_words
from guanxi.deals.quote.extras import NONE, base_price, thawed
from guanxi.deals.quote.rules import start
from guanxi.deals.quote.table import Quote, QuoteDraft
from guanxi.deals.rfq.copies import files_of
from guanxi.deals.rfq.draft import TAX_RATES
from guanxi.deals.rfq.table import Invite, Rfq
from guanxi.web.deal.seat import Seat, firm
from guanxi.web.rfqs.form import ids, own

VALID_DAYS = 7
LEAD_DAYS = 7
BREAKS = 3
PRESETS: dict[str, tuple[str, ...]] = {"100": ("100",), "30-70": ("30", "70"), "50-50": ("50", "50")}


@dataclass(frozen=True, slots=True)
class Line:
    """`price` is what the field holds, `mine` and `theirs` the last prices of both sides, `wish` the buyer's target."""

    n: int
    name: str
    spec: str
    unit: str
    quantity: Decimal
    price: str
    available: bool
    mine: Decimal | None
    theirs: Decimal | None
    wish: Decimal | None
    breaks: list[tuple[str, str]] = field(default_factory=list)
    minimum: str = ""
    instead: str = ""
    instead_spec: str = ""
    said: str = ""

    @property
    def has_more(self) -> bool:
        return bool(self.breaks or self.minimum or self.instead)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Breaks to fill in: what is there and one more, three at least, five at most."""
        return (self.breaks + [("", "")] * BREAKS)[: min(5, max(BREAKS, len(self.breaks) + 1))]


@dataclass(slots=True)
class Editor:
    """`act` of the POST door with its `target` field; `basis` is the newest offer, `mine` and `theirs` the last of each side."""

    seat: Seat
    invite: Invite
    act: str
    target: dict[str, Any]
    version: int
    basis: Quote | None
    mine: Quote | None
    theirs: Quote | None
    lines: list[Line] = field(default_factory=list)
    off: str = ""
    draft: QuoteDraft | None = None
    draft_files: list[dict[str, Any]] = field(default_factory=list)

    def typed(self, name: str, usual: str) -> str:
        """What stands in the draft, else what usually would."""
        value = self.draft.typed.get(name) if self.draft else None
        return value if isinstance(value, str) else usual

    @property
    def currency(self) -> str:
        return self.seat.deal.currency

    @property
    def terms(self) -> dict[str, Any]:
        return self.basis.terms if self.basis else {}

    @property
    def is_many(self) -> bool:
        return len(self.lines) > 20

    @property
    def freight(self) -> str:
        return self.typed("freight", plain(self.basis.freight, self.currency).replace(",", "") if self.basis else "")

    @property
    def sample(self) -> str:
        """What stands in the field of the sample's cost: empty for none offered."""
        value = self.terms.get("sample")
        return self.typed("sample", "" if value is None else plain(value, self.currency).replace(",", ""))

    @property
    def note(self) -> str:
        return self.typed("note", self.terms.get("note", ""))

    @property
    def tolerance(self) -> str:
        return self.typed("tolerance", str(self.terms.get("tolerance", "0")))

    @property
    def files(self) -> list[dict[str, Any]]:
        return self.draft_files if self.draft else list(self.terms.get("files", []))

    @property
    def places(self) -> int:
        """Decimals of an amount in this currency."""
        return exponent(self.currency)

    @property
    def tax_rate(self) -> str:
        return self.typed("tax_rate", str(self.terms.get("tax_rate") or self.invite.body.get("tax_rate") or "13"))

    @property
    def tax_in(self) -> str:
        wished = self.invite.body.get("tax_in", True)
        return self.typed("tax_in", "in" if self.terms.get("tax_in", wished) else "out")

    @property
    def lead_days(self) -> str:
        return self.typed("lead_days", str(self.terms.get("lead_days", LEAD_DAYS)))

    @property
    def valid_until(self) -> str:
        """A week from today, or as long as the answered offer holds when that is longer."""
        usual = clock.today() + timedelta(days=VALID_DAYS)
        known = (self.basis.valid_until - timedelta(seconds=1)).astimezone(HOME).date() if self.basis else usual
        return self.typed("valid_until", max(usual, known).isoformat())

    @property
    def stages(self) -> list[dict[str, Any]]:
        if self.draft and (rows := nested.rows(self.draft.typed.get("stages"))):
            return [{"percent": str(row.get("percent") or ""), "days": None} for _n, row in rows if isinstance(row, dict)]
        return list(self.terms.get("stages") or [{"name": "deposit", "percent": "30", "days": None}, {"name": "balance", "percent": "70", "days": None}])

    @property
    def preset(self) -> str:
        shares = tuple(str(stage["percent"]) for stage in self.stages if stage["percent"])
        return next((name for name, known in PRESETS.items() if known == shares), "custom")

    @property
    def presets(self) -> list[tuple[str, str]]:
        halves = [("30-70", _("Deposit 30 / balance 70")), ("50-50", _("Deposit 50 / balance 50"))]
        return [("100", _("All before shipping")), *halves, ("custom", _("Other stages"))]

    @property
    def taxes(self) -> list[tuple[str, str]]:
        return [(rate, _("%(rate)s%%") % {"rate": rate}) for rate in TAX_RATES]


def edit(seat: Seat) -> Editor:
    """The editor for this seat, in at most six statements. Refused only for roles; a deal that takes no offer shows read-only with its reason."""
    deal = seat.deal
    quotes = list(Quote.objects.of(deal.conversation_id).filter(deal_id=deal.id).order_by("-version"))
    invite = Invite.objects.of(deal.conversation_id).get(pk=deal.id)
    newest = quotes[0] if quotes else None
    mine = next((quote for quote in quotes if quote.side == seat.side), None)
    theirs = next((quote for quote in quotes if quote.side != seat.side), None)
    act, target = ("quote/counter", {"quote_id": newest.id}) if answers(newest, seat) and newest else ("quote/send", {"deal_id": deal.id})
    editor = Editor(seat, invite, act, target, newest.version + 1 if newest else 1, newest, mine, theirs)
    editor.draft = QuoteDraft.objects.of(deal.conversation_id).filter(deal_id=deal.id, company_id=firm(seat.viewer)).first()
    if editor.draft and not seat.is_buyer:
        editor.draft_files = files_of(own(ids(editor.draft.typed.get("files")), seat.viewer))
    editor.lines = lines(editor)
    editor.off = why_off(editor)
    return editor


def answers(newest: Quote | None, seat: Seat) -> bool:
    """Whether what I write answers the other side's open offer."""
    return newest is not None and newest.state == "open" and newest.side != seat.side


def lines(editor: Editor) -> list[Line]:
    """The asked lines, with the prices that were named for each."""
    mine, theirs, basis = prices(editor.mine), prices(editor.theirs), prices(editor.basis)
    known = {int(row["n"]): row for row in editor.terms.get("lines", [])}
    typed = {str(row.get("n")): row for _n, row in nested.rows(editor.draft.typed.get("lines")) if isinstance(row, dict)} if editor.draft else {}
    rows = []
    for asked in editor.invite.body.get("lines", []):
        n = int(asked["n"])
        price, extras = basis.get(n), said_of(known.get(n), editor)
        if n in known and not editor.seat.is_buyer:
            price = base_price(known[n])
        wish = Decimal(asked["target"]) if asked.get("target") else None
        line = Line(n, asked["name"], asked.get("spec", ""), asked["unit"], Decimal(asked["quantity"]), "" if price is None else shown(price),
                         not basis or price is not None, mine.get(n), theirs.get(n), wish, **extras)  # fmt: skip
        rows.append(overlaid(line, typed[str(n)]) if str(n) in typed else line)
    return rows


def overlaid(line: Line, typed: dict[str, Any]) -> Line:
    """The line as the draft has it."""
    breaks = [(text(row, "quantity"), text(row, "price")) for _n, row in nested.rows(typed.get("breaks")) if isinstance(row, dict)]
    return replace(
        line, price=text(typed, "price"), available=not typed.get("unavailable"), breaks=[one for one in breaks if any(one)],
        minimum=text(typed, "minimum"), instead=text(typed, "name"), instead_spec=text(typed, "spec"),
    )  # fmt: skip


def text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def said_of(line: dict[str, Any] | None, editor: Editor) -> dict[str, Any]:
    """The extras of a line as fields hold them, and in words."""
    extras = thawed(line) if line else NONE
    if not line or not extras:
        return {}
    return {
        "breaks": [(str(one.quantity), shown(one.price)) for one in extras.breaks], "minimum": str(extras.minimum or ""), "instead": extras.name,
        "instead_spec": extras.spec, "said": " · ".join(in_words(line, editor.currency)),
    }  # fmt: skip


def shown(price: Decimal) -> str:
    """In a field: two decimals at least, nothing lost, no groups."""
    return f"{price:.2f}" if price == round(price, 2) else f"{price:f}"


def prices(quote: Quote | None) -> dict[int, Decimal | None]:
    """Line number to price of one offer; None is not available."""
    return {int(row["n"]): Decimal(row["price"]) if row["price"] else None for row in quote.terms["lines"]} if quote else {}


def why_off(editor: Editor) -> str:
    """Why nothing can be sent now, in words, or nothing."""
    seat, newest = editor.seat, editor.basis
    if seat.deal.order_id:
        return _("An order has been placed; its terms are locked.")
    if seat.is_buyer:
        return "" if editor.act == "quote/counter" else _("There is no open offer of the supplier to answer.")
    if editor.act == "quote/counter":
        return ""
    rfq = Rfq.objects.filter(pk=seat.deal.rfq_id or seat.deal.id).values_list("state", flat=True).first() or "cancelled"
    try:
        start(editor.invite.state, rfq, (newest.state, newest.side) if newest else None)
    except Refused as refused:
        return str(refused)
    return ""
