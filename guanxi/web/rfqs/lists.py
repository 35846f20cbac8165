"""The two lists of enquiries: those my company sent, and those it received."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guanxi.base.errors import Words
from guanxi.deals.deal.line import turn_line
from guanxi.deals.deal.table import Deal
from guanxi.deals.rfq.table import Rfq
from guanxi.people.table import Company
from guanxi.people.viewer import Viewer
from guanxi.web.deal.seat import firm
from guanxi.web.rfqs.counts import Counts, counts

PAGE = 50
STATES: dict[str, tuple[Words, str]] = {
    "draft": (gettext_lazy("Draft"), ""),
    "open": (gettext_lazy("Open"), "accent"),
    "closed": (gettext_lazy("Closed"), ""),
    "part": (gettext_lazy("Awarded in part"), "accent"),
    "awarded": (gettext_lazy("Awarded"), "ok"),
    "cancelled": (gettext_lazy("Cancelled"), ""),
    "expired": (gettext_lazy("Expired"), ""),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One enquiry of a list."""

    href: str
    title: str
    who: str
    about: UUID
    number: str
    time: datetime
    text: str
    chip: tuple[str, str]
    turn: tuple[str, str]
    until: datetime | None


def sent(viewer: Viewer, before: datetime | None) -> list[Row]:
    """What my company asked for, newest first, in two statements."""
    rows = Rfq.objects.filter(company_id=firm(viewer)).defer("typed", "note", "files").order_by("-updated_at")
    found = list((rows.filter(updated_at__lt=before) if before else rows)[:PAGE])
    known = counts([rfq.id for rfq in found if rfq.state != "draft"])
    return [of_rfq(rfq, known.get(rfq.id, Counts())) for rfq in found]


def of_rfq(rfq: Rfq, known: Counts) -> Row:
    """An enquiry with how far its suppliers are."""
    chip = STATES[rfq.state]
    href = f"/rfqs/{rfq.id}" + ("/edit" if rfq.state == "draft" else "")
    return Row(href, rfq.title or _("Untitled draft"), "", rfq.id, rfq.number, rfq.updated_at, progress(rfq, known), (str(chip[0]), chip[1]),
               whose(rfq, known), rfq.deadline_at if rfq.state == "open" else None)  # fmt: skip


def progress(rfq: Rfq, known: Counts) -> str:
    """`Asked 3 · seen 2 · quoted 1`."""
    if rfq.state == "draft":
        return _("Not sent yet")
    words = [_("asked %(num)s"), _("seen %(num)s"), _("quoted %(num)s")]
    return " · ".join(text % {"num": n} for text, n in zip(words, (known.asked, known.seen, known.quoted), strict=True))


def whose(rfq: Rfq, known: Counts) -> tuple[str, str]:
    """Whose turn an enquiry is, in words."""
    if rfq.state == "draft":
        return "yours", _("Finish and send it")
    if rfq.state == "awarded":
        return "done", _("Awarded")
    if rfq.state in ("cancelled", "expired"):
        return "lapsed", str(STATES[rfq.state][0])
    if known.quoted:
        return "yours", ngettext("Your turn: %(num)s quote to compare", "Your turn: %(num)s quotes to compare", known.quoted) % {"num": known.quoted}
    return "theirs", _("Waiting for quotes")


def received(viewer: Viewer, before: datetime | None) -> list[Row]:
    """What others asked my company for, in two statements."""
    rows = Deal.objects.filter(supplier_id=firm(viewer), rfq_id__isnull=False).order_by("-updated_at")
    found = list((rows.filter(updated_at__lt=before) if before else rows)[:PAGE])
    names = dict(Company.objects.filter(id__in={deal.buyer_id for deal in found}).values_list("id", "name"))
    return [of_deal(deal, names.get(deal.buyer_id, ""), viewer) for deal in found]


def of_deal(deal: Deal, name: str, viewer: Viewer) -> Row:
    """An enquiry as the supplier sees it: his deal."""
    turn = turn_line(deal, viewer.company)
    href = f"/c/{deal.conversation_id}/deals/{deal.id}"
    return Row(href, deal.title, name, deal.buyer_id, deal.number, deal.updated_at, deal.number, ("", ""), (turn.whose, turn.words), turn.until)


LISTS: dict[str, Callable[[Viewer, datetime | None], list[Row]]] = {"sent": sent, "received": received}


def older_than(text: str) -> datetime | None:
    """The cursor of a list: a moment, or nothing for what cannot be read."""
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found and found.tzinfo else None
