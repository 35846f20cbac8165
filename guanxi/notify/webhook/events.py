"""What a company may hear of: every kind of entry about a deal, by family. Texts, files and notices are talk and never leave this way."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid, Words
from guanxi.kinds import KINDS, PLAIN
from guanxi.notify.webhook.table import Delivery

ALL = "*"
TEST = "webhook.test"
MOST = 50
WORDS: dict[str, Words] = {
    "rfq": _("Enquiries"), "quote": _("Quotes"), "order": _("Orders"), "payment": _("Payments"), "shipment": _("Shipments"),
    "receipt": _("Receipts"), "review": _("Reviews"), "dispute": _("Disputes"), "contract": _("Contracts"), "invoice": _("Invoices"),
    "bank": _("Bank transfers"), "change": _("Changes of orders"),
}  # fmt: skip


def known() -> list[str]:
    """Every kind there is to hear of."""
    return [kind for kind in KINDS if kind not in PLAIN and "." in kind]


def families() -> list[str]:
    """Their first words, in the order of a deal."""
    return list(dict.fromkeys(kind.split(".")[0] for kind in known()))


def words_of(family: str) -> Words:
    """As people say it."""
    return WORDS.get(family, family)


def read(asked: object) -> list[str]:
    """The wish as kept: `*`, `order.*` or `order.placed`. Raises Invalid for what never happens."""
    wishes = list(dict.fromkeys(asked)) if isinstance(asked, list) and all(isinstance(one, str) for one in asked) else []
    if not wishes or len(wishes) > MOST:
        raise Invalid({"kinds": _("Choose what you want to hear of.")})
    could = {ALL, *known(), *(f"{family}.*" for family in families())}
    for wish in wishes:
        if wish not in could:
            raise Invalid({"kinds": _("There is no event “{kind}”.").format(kind=wish[:40])})
    return wishes


def expand(wishes: Iterable[str]) -> list[str]:
    """The kinds meant today: a family grows with the product."""
    wanted = set(wishes)
    return [kind for kind in known() if {ALL, kind, f"{kind.split('.')[0]}.*"} & wanted]


def body(row: Delivery, company: UUID) -> dict[str, Any]:
    """What the receiver reads: which kind, when, and where to look. What it says is fetched through the API, by the receiver's own token."""
    data: dict[str, Any] = {"company": str(company)}
    if row.conversation_id:
        data |= {
            "conversation": str(row.conversation_id), "seq": row.seq, "about": str(row.about) if row.about else None,
            "by_company": str(row.by_company) if row.by_company else None,
            "entry": f"{settings.PUBLIC_URL}/api/v1/conversations/{row.conversation_id}/entries?after={(row.seq or 1) - 1}&limit=1",
            "page": f"{settings.PUBLIC_URL}/c/{row.conversation_id}",
        }  # fmt: skip
    return {"type": row.kind, "timestamp": stamp(row.at), "data": data}


def stamp(moment: datetime) -> str:
    """ISO 8601 in UTC."""
    return moment.isoformat().replace("+00:00", "Z")
