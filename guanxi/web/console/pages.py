"""The operator's console: queues, people and companies, the book, work, health. Reads here; every POST is an act with a reason (posts.py)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from guanxi.base import clock
from guanxi.base.doctor.checks import examine
from guanxi.base.errors import NotFound
from guanxi.deals.dispute import reads as disputes
from guanxi.deals.order.table import OrderLine
from guanxi.deals.shipment.table import Receipt
from guanxi.operator import find, money, work
from guanxi.people.operators.acts import WORDS
from guanxi.people.operators.table import OperatorAct
from guanxi.people.roles import NAMES
from guanxi.people.standing import acts as standing
from guanxi.people.standing import reads
from guanxi.people.standing.table import Appeal
from guanxi.people.table import Company
from guanxi.people.verification import reads as verifications
from guanxi.people.viewer import SignedIn
from guanxi.talk import card
from guanxi.talk.table import Entry, Upload
from guanxi.web.console.door import console_page, operators_only
from guanxi.web.dispute.picture import PROPOSALS, STATES
from guanxi.web.figures import quantity
from guanxi.web.files.pages import DRAWN, answer


@require_safe
@operators_only
def home(request: SignedIn) -> HttpResponse:
    """What waits."""
    return console_page(request, "home.html", "home", {"late": money.late_payouts(clock.now())})


@require_safe
@operators_only
def verification_queue(request: SignedIn) -> HttpResponse:
    """First come, first served, with what a machine can check."""
    return console_page(request, "verifications.html", "verifications", {"queue": verifications.waiting(), "one": None})


@require_safe
@operators_only
def verification(request: SignedIn, verification: UUID) -> HttpResponse:
    """The scan beside the typed words."""
    shown = {"queue": verifications.waiting(), "one": verifications.get(verification)}
    return console_page(request, "verifications.html", "verifications", shown)


@require_safe
@operators_only
def scan(request: SignedIn, verification: UUID) -> HttpResponse | FileResponse:
    """The licence of these papers, and no other file."""
    upload = Upload.objects.filter(pk=verifications.get(verification).row.scan_id).first()
    if upload is None or upload.mime not in DRAWN:
        raise NotFound
    return answer(request, upload, upload.path, upload.mime)


@require_safe
@operators_only
def dispute_queue(request: SignedIn) -> HttpResponse:
    """What was brought to the operator."""
    queue = disputes.waiting()
    names = find.names(side for one in queue for side in (one.buyer_id, one.supplier_id))
    return console_page(request, "disputes.html", "disputes", {"queue": queue, "names": names})


@require_safe
@operators_only
def dispute(request: SignedIn, conversation: UUID, dispute: UUID) -> HttpResponse:
    """The whole file, and the ruling."""
    file = disputes.file_of(conversation, dispute)
    names = find.names([file.told.order.buyer_id, file.told.order.supplier_id])
    shown = {"file": file, "names": names, "conversation": conversation, "said": said, "lines_of": lines_of, "states": STATES, "proposals": PROPOSALS}
    return console_page(request, "dispute.html", "disputes", shown | {"loads": loads(file)})


def said(entry: Entry) -> str:
    """An entry as one line, as a bystander reads it."""
    return str(card.module_of(entry.kind).line(entry.kind, entry.body, mine=False))


@dataclass(frozen=True, slots=True)
class Load:
    """Goods on their way or confirmed: what was said of them, ids of the photos."""

    title: str
    at: datetime
    said: list[str]
    photos: list[str]


def loads(file: disputes.File) -> list[Load]:
    """Shipments, then receipts."""
    lines = {line.n: line for line in file.told.lines}
    sent = [Load(f"{_('Shipping')} {one.n}", one.at, [one.carrier, one.waybill, one.note], one.photos) for one in file.goods.shipments]
    return sent + [Load(f"{_('Receipt')} {one.n}", one.at, confirmed(lines, one), one.photos) for one in file.goods.receipts]


def confirmed(lines: dict[int, OrderLine], one: Receipt) -> list[str]:
    """Who confirmed when nobody did, what was wrong, the buyer's note."""
    return [_("the clock") if one.by_clock else "", *(wrong(lines[bad["n"]], bad) for bad in one.wrong), one.note]


def wrong(line: OrderLine, bad: dict[str, Any]) -> str:
    """`Hex bolt: Short 2 box, Damaged 1 box`."""
    found = ((words, Decimal(bad[name])) for name, words in (("short", _("Short")), ("damaged", _("Damaged"))))
    return f"{line.name}: " + ", ".join(f"{words} {quantity(many, line.unit)}" for words, many in found if many)


def lines_of(lines: list[OrderLine]) -> list[dict[str, Any]]:
    """Rows for the table of goods; what was short or damaged had been sent too."""
    rows = ((one, (one.quantity, one.shipped + one.lost, one.received)) for one in lines)
    return [{"name": one.name, "spec": one.spec, "cells": [quantity(value, one.unit) for value in values]} for one, values in rows]


@require_safe
@operators_only
def evidence(request: SignedIn, conversation: UUID, dispute: UUID, upload: UUID) -> HttpResponse | FileResponse:
    """A file that was shown in this dispute, or with its goods, and no other."""
    found = Upload.objects.filter(pk=upload).first() if str(upload) in disputes.shown(conversation, dispute) else None
    if found is None:
        raise NotFound
    return answer(request, found, found.path, found.mime if found.thumb and found.mime in DRAWN else "")


def spoken() -> dict[str, Any]:
    """Words and choices of the pages about one person or company."""
    days = [(n, ngettext("%(num)s day", "%(num)s days", n) % {"num": n}) for n in standing.DAYS]
    return {"words": WORDS, "days": days, "roles": NAMES, "now_at": clock.now()}


@require_safe
@operators_only
def subjects(request: SignedIn) -> HttpResponse:
    """People and companies, by what one knows of them."""
    words = request.GET.get("q", "")[:100]
    return console_page(request, "subjects.html", "subjects", {"q": words, "found": find.subjects(words)})


@require_safe
@operators_only
def person(request: SignedIn, person: UUID) -> HttpResponse:
    """One person."""
    shown = {"who": find.person(person), "measures": reads.of_person(person), "acts": reads.acts_about(person=person)}
    return console_page(request, "person.html", "subjects", shown | spoken())


@require_safe
@operators_only
def company(request: SignedIn, company: UUID) -> HttpResponse:
    """One company with its people."""
    found = Company.objects.filter(pk=company).first()
    if found is None:
        raise NotFound
    shown = {"it": found, "staff": find.staff(company), "measures": reads.of_company(company), "acts": reads.acts_about(company=company)}
    return console_page(request, "company.html", "subjects", shown | spoken())


@require_safe
@operators_only
def appeals(request: SignedIn) -> HttpResponse:
    """Those that wait, oldest first."""
    rows = list(Appeal.objects.filter(state="open").select_related("measure").order_by("at")[:100])
    names = find.names(row.measure.company_id for row in rows) | find.people_names([row.measure.person_id for row in rows] + [row.by_id for row in rows])
    return console_page(request, "appeals.html", "appeals", {"rows": rows, "names": names})


@require_safe
@operators_only
def reviews(request: SignedIn) -> HttpResponse:
    """What companies reported and nobody has looked at."""
    rows = find.reported()
    names = find.names(side for row in rows for side in (row.by_company, row.of_company))
    return console_page(request, "reviews.html", "reviews", {"rows": rows, "names": names})


@require_safe
@operators_only
def book(request: SignedIn) -> HttpResponse:
    """Trial balance, and the movements of an order or a conversation."""
    words = request.GET.get("q", "")[:60]
    lines, orders = money.trial(), money.find_orders(words)
    moves = money.movements(orders[0].conversation_id, orders[0].id if len(orders) == 1 else None) if orders else []
    shown = {"lines": lines, "sums": money.sums(lines), "q": words, "orders": orders, "moves": moves}
    return console_page(request, "book.html", "book", shown | {"differences": money.differences()})


@require_safe
@operators_only
def reconciliation(request: SignedIn) -> HttpResponse:
    """The provider's statement beside ours; unknown money; messages nobody handled."""
    whole, page_number = "all" in request.GET, request.GET.get("page", "1")
    number = int(page_number) if page_number.isascii() and page_number.isdigit() and len(page_number) < 6 else 1
    rows = money.statement(whole=whole, first=money.PAGE * (max(1, number) - 1))
    shown = {"rows": rows[: money.PAGE], "whole": whole, "more": number + 1 if len(rows) > money.PAGE else 0}
    return console_page(request, "reconciliation.html", "reconciliation", shown | {"suspense": money.suspense(), "events": money.events()})


@require_safe
@operators_only
def jobs(request: SignedIn) -> HttpResponse:
    """Work that failed, work that waits, money on its way for long."""
    now = clock.now()
    shown = {"failed": work.failed(now), "queued": work.queued(now), "waiting": work.waiting(now), "late": money.late_payouts(now)}
    return console_page(request, "work.html", "work", shown | {"names": find.names(row.payout.company_id for row in shown["late"])})  # type: ignore[attr-defined]


@require_safe
@operators_only
def health(request: SignedIn) -> HttpResponse:
    """The doctor's lines."""
    return console_page(request, "health.html", "health", {"findings": examine()})


@require_safe
@operators_only
def done(request: SignedIn) -> HttpResponse:
    """What operators did, newest first."""
    return console_page(request, "done.html", "done", {"acts": list(OperatorAct.objects.order_by("-at")[:200]), "words": WORDS})
