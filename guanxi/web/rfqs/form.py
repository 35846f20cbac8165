"""What stands in the composer: the typed draft, or what an earlier enquiry left."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from guanxi.base import clock, nested
from guanxi.base.ids import find_id
from guanxi.catalog.listing import reads as listings
from guanxi.deals.rfq.copies import files_of
from guanxi.deals.rfq.draft import INVOICES, TAX_RATES
from guanxi.deals.rfq.table import Rfq
from guanxi.people.table import Company
from guanxi.people.viewer import Viewer
from guanxi.talk.table import Party, Upload
from guanxi.web.deal.seat import firm
from guanxi.web.figures import quantity
from guanxi.web.goods import sight

MOST_PARTNERS = 60
EMPTY_LINE = {"name": "", "spec": "", "quantity": "", "unit": "", "target_price": ""}
CURRENCY_WORDS = ("CNY", "USD", "EUR", "GBP", "HKD", "JPY")


@dataclass(slots=True)
class Form:
    """Values by field name, as text; `receivers` chosen, `partners` to choose from."""

    rfq: UUID | None
    values: dict[str, str]
    lines: list[dict[str, str]]
    receivers: list[Company]
    partners: list[Company] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_many(self) -> bool:
        """Above this the lines fold to one row each."""
        return len(self.lines) > 20

    @property
    def taxes(self) -> list[tuple[str, str]]:
        return [("", _("No wish")), *((rate, _("%(rate)s%%") % {"rate": rate}) for rate in TAX_RATES)]

    @property
    def invoices(self) -> list[tuple[str, str]]:
        names = {"none": _("No invoice"), "ordinary": _("Ordinary invoice"), "special": _("VAT special invoice")}
        return [(kind, names[kind]) for kind in INVOICES]

    @property
    def currencies(self) -> list[tuple[str, str]]:
        return [(code, code) for code in CURRENCY_WORDS]


def blank(viewer: Viewer, to: UUID | None = None) -> Form:
    """A new enquiry, to somebody already if the link says so."""
    deadline = (clock.today() + timedelta(days=3)).isoformat()
    values = base() | {"deadline": deadline}
    partners = partners_of(viewer)
    chosen = list(Company.objects.filter(pk=to).exclude(pk=firm(viewer))) if to else []
    return Form(None, values, [dict(EMPTY_LINE)], chosen, partners)


def of_goods(viewer: Viewer, asked: QueryDict) -> Form | None:
    """An enquiry about the sizes picked on a listing's page, to its supplier; None when it is about no goods one can see."""
    listing = find_id(asked.get("goods", ""))
    if listing is None:
        return None
    shown = listings.one(listing, viewer)
    form = blank(viewer, shown.listing.company_id)
    row = shown.listing
    form.values |= {"title": row.title, "currency": row.currency}
    form.lines = [
        EMPTY_LINE | {"name": row.title, "spec": sku.name or row.number, "quantity": quantity(many).replace(",", ""), "unit": row.unit}
        for sku, many in sight.asked(asked, shown) or [(shown.skus[0], row.minimum)]
    ]
    return form


def of(rfq: Rfq, viewer: Viewer) -> Form:
    """A draft as it was left."""
    typed = rfq.typed or {}
    values = base() | {name: str(typed[name]) for name in base() if isinstance(typed.get(name), str | int | bool)}
    lines = [EMPTY_LINE | {name: str(row.get(name) or "") for name in EMPTY_LINE} for _n, row in nested.rows(typed.get("lines")) if isinstance(row, dict)]
    chosen = list(Company.objects.filter(id__in=ids(typed.get("receivers")))) if typed.get("receivers") else []
    return Form(rfq.id, values, lines or [dict(EMPTY_LINE)], chosen, partners_of(viewer), files_of(own(ids(typed.get("files")), viewer)))


def own(uploads: list[UUID], viewer: Viewer) -> list[UUID]:
    """Those that are the company's own: a draft may hold any id somebody typed."""
    known = set(Upload.objects.filter(id__in=uploads, company_id=viewer.company).values_list("id", flat=True)) if uploads else set()
    return [one for one in uploads if one in known]


def base() -> dict[str, str]:
    """The fields that are not lists."""
    return {"title": "", "currency": "CNY", "place": "", "deliver_by": "", "tax_rate": "13", "tax_in": "in", "invoice": "none", "note": "",
            "deadline": "", "door_open": "on"}  # fmt: skip


def ids(value: Any) -> list[UUID]:
    """The ids among what was typed."""
    listed = value if isinstance(value, list) else [value] if isinstance(value, str) else []
    return [found for found in map(find_id, map(str, listed)) if found]


def partners_of(viewer: Viewer) -> list[Company]:
    """Companies one talks with, the latest first."""
    mine = Party.objects.filter(company_id=firm(viewer), left_at=None, conversation__kind="deal").order_by("-active_at")
    rooms = list(mine.values_list("conversation_id", flat=True)[:MOST_PARTNERS])
    others = Party.objects.filter(conversation_id__in=rooms, left_at=None).exclude(company_id=firm(viewer)).values_list("conversation_id", "company_id")
    order = {company: rooms.index(room) for room, company in others if company}
    return sorted(Company.objects.filter(id__in=order), key=lambda company: order[company.id])


def by_name(viewer: Viewer, text: str) -> list[Company]:
    """A company by its exact name, its handle or its link: reach is earned, there is no browsing of strangers."""
    name = text.strip()
    handle = name.rstrip("/").rsplit("/", 1)[-1].lower()
    return list(Company.objects.filter(Q(name__iexact=name) | Q(handle=handle)).exclude(pk=firm(viewer))[:5]) if name else []
