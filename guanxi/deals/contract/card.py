"""Cards of a contract: drawn up, confirmed by both, declined."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from guanxi.base import money
from guanxi.base.errors import Words
from guanxi.deals.deal.foot import Foot, foot
from guanxi.talk.card import Body, CardContext, EntryView

TEMPLATE = "deals/contract/card.html"
LINES: dict[str, Words] = {
    "contract.offered": _("[Contract] {title} {total}, to confirm"),
    "contract.agreed": _("[Contract] Confirmed by both: {title} {total}"),
    "contract.declined": _("[Contract] Declined: {title}"),
}
SAID: dict[str, Words] = {
    "contract.offered": _("The contract is drawn up and confirmed by this side. It stands when the other side confirms it."),
    "contract.agreed": _("Both sides have confirmed the contract."),
    "contract.declined": _("The contract was not confirmed."),
}


@dataclass(frozen=True, slots=True)
class Card:
    """`digest` begins the SHA-256 of the text; `href` opens it."""

    number: str
    title: str
    version: int
    said: str
    reason: str
    total: str
    digest: str
    href: str
    foot: Foot


def line(kind: str, body: Body, *, mine: bool) -> str:
    """`[Contract] Fasteners ¥14,000.00, to confirm`."""
    return str(LINES[kind]).format(title=body["title"], total=money.show(body["total"], body["currency"]))


def view(entry: EntryView, context: CardContext) -> Card:
    """Which text, and how it stands."""
    body = entry.body
    return Card(
        body["number"], body["title"], body["version"], str(SAID[entry.kind]), body["reason"], money.show(body["total"], body["currency"]),
        body["hash"][:12], f"/c/{entry.conversation}/contracts/{body['contract']}", foot(entry, context),
    )  # fmt: skip


def sample() -> list[tuple[str, Body]]:
    """As bodies are stored for ever."""
    base = {
        "v": 1, "order": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0004", "deal": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0001", "number": "DD-261119-7K3QX4",
        "contract": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0009", "title": "304 不锈钢紧固件 3 项", "version": 1, "total": 1400000, "currency": "CNY",
        "hash": "9f2c4d5e6a7b8c9d0e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f", "side": "supplier", "reason": "",
    }  # fmt: skip
    return [(kind, base | ({"reason": "交期写错了"} if kind == "contract.declined" else {})) for kind in LINES]
