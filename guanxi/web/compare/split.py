"""Awarding line by line: whom each item goes to, and what the orders come to before anybody is bound."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.base.errors import Invalid
from guanxi.base.nested import nest, rows
from guanxi.deals.award import lines
from guanxi.deals.award.forms import ACTS
from guanxi.deals.order.placing import part_of
from guanxi.deals.quote.terms import Priced
from guanxi.deals.rfq.table import RfqLine
from guanxi.people.middleware import signed_in
from guanxi.people.roles import LACKING, can
from guanxi.people.viewer import SignedIn
from guanxi.talk.run import once
from guanxi.web.acts import OURS, company_call, done
from guanxi.web.compare.table import Column, Table, lay
from guanxi.web.figures import unit_price
from guanxi.web.page import page
from guanxi.web.rfqs.pages import own


@dataclass(frozen=True, slots=True)
class Pick:
    """One item: who may get it, as options of a select, and who does now. `gone`: it has been awarded."""

    line: RfqLine
    options: list[tuple[str, str]]
    chosen: str
    gone: bool


@dataclass(frozen=True, slots=True)
class Share:
    """What one supplier would get."""

    column: Column
    items: int
    sums: Priced


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choose(request: SignedIn, rfq: UUID) -> HttpResponse:
    """The items with their suppliers. A POST works the sums out anew and changes nothing."""
    table = lay(own(request.viewer, rfq))
    gone = lines.taken(table.rfq.id)
    typed = picked(dict(nest(request.POST))) if request.method == "POST" else None
    picks = [pick(table, at, gone, typed) for at in range(len(table.lines))]
    shares, wrong = work_out(table, picks)
    off = "" if can(request.viewer.role, "buy") else str(LACKING["buy"])
    whole = min((column.quote.total for column in table.columns if column.open and column.whole), default=0) if not gone else 0
    context = {
        "table": table, "picks": picks, "shares": shares, "wrong": wrong, "off": off, "total": sum(share.sums.total for share in shares),
        "left": sum(not one.gone and not one.chosen for one in picks), "whole": whole,
        "reason": request.POST.get("reason", ""), "finish": "finish" in request.POST,
    }  # fmt: skip
    return page(request, "web/compare/split.html", context)


def picked(data: dict[str, Any]) -> dict[int, str]:
    """The offer chosen for each line, from the form."""
    found = ((row.get("n"), str(row.get("quote") or "")) for _at, row in rows(data.get("picks")))
    return {int(str(n)): offer for n, offer in found if str(n).isdecimal() and len(str(n)) < 6}


def pick(table: Table, at: int, gone: dict[int, UUID], typed: dict[int, str] | None) -> Pick:
    """The item at this place: the lowest of its open offers is chosen until somebody chose otherwise."""
    line = table.lines[at]
    running = [column for column in table.columns if column.open and column.cells[at].price is not None]
    running.sort(key=lambda column: (column.cells[at].price or 0, column.quote.total))
    options = [("", _("Leave open")), *((str(column.quote.id), named(table, column, at)) for column in running)]
    known = [value for value, _words in options]
    wish = typed.get(line.n, "") if typed is not None else known[1] if len(known) > 1 else ""
    return Pick(line, options, wish if wish in known and line.n not in gone else "", line.n in gone)


def named(table: Table, column: Column, at: int) -> str:
    """`Minggu ¥472.00 · lowest`."""
    cell = column.cells[at]
    text = f"{column.company.name} {unit_price(cell.price or 0, table.rfq.currency)}"  # type: ignore[arg-type]
    return text + " · " + _("lowest") if cell.best else text


def work_out(table: Table, picks: list[Pick]) -> tuple[list[Share], str]:
    """The orders this would make, and why it cannot be, if it cannot."""
    shares: list[Share] = []
    for column in table.columns:
        won = frozenset(one.line.n for one in picks if one.chosen == str(column.quote.id))
        if won:
            try:
                shares.append(Share(column, len(won), part_of(column.quote, won)))
            except Invalid as error:
                return shares, "; ".join(str(words) for words in error.fields.values())
    return shares, ""


@require_POST
@signed_in
def award(request: SignedIn, rfq: UUID) -> HttpResponse:
    """The orders are placed."""
    return by_form(request, "split", rfq)


@require_POST
@signed_in
def finish(request: SignedIn, rfq: UUID) -> HttpResponse:
    """The rest goes to nobody."""
    return by_form(request, "finish", rfq)


def by_form(request: SignedIn, name: str, rfq: UUID) -> HttpResponse:
    """An act of awarding, and back to the enquiry."""
    form, call = ACTS[name], company_call(request)
    data = {field: value for field, value in nest(request.POST).items() if field not in OURS}
    return done(request, once(form.act, call, **form.read(data | {"rfq_id": str(rfq)}, call)), default=f"/rfqs/{rfq}")
