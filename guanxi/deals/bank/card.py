"""Cards of bank transfer: offered, told, confirmed, settled; what is owed back and how it came back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.base import money
from guanxi.base.errors import Words
from guanxi.deals.deal.foot import Foot, foot, moment
from guanxi.deals.order.card import STAGES
from guanxi.talk.card import Body, CardContext, EntryView

TEMPLATE = "deals/bank/card.html"
LINES: dict[str, Words] = {
    "bank.offered": gettext_lazy("[Bank transfer] offered for {stage}: {title}"),
    "bank.sent": gettext_lazy("[Bank transfer] {claimed} on its way: {title}"),
    "bank.half": gettext_lazy("[Bank transfer] {got} seen by one person: {title}"),
    "bank.received": gettext_lazy("[Bank transfer] {got} received: {title}"),
    "bank.absent": gettext_lazy("[Bank transfer] {claimed} not found: {title}"),
    "bank.withdrawn": gettext_lazy("[Bank transfer] {claimed} taken back: {title}"),
    "bank.settled": gettext_lazy("[Bank transfer] {got} settled: {title}"),
    "bank.owed": gettext_lazy("[Refund] {amount} to pay back: {title}"),
    "bank.repaid": gettext_lazy("[Refund] {claimed} paid back, to be confirmed: {title}"),
    "bank.refunded": gettext_lazy("[Refund] {got} is back: {title}"),
    "bank.missing": gettext_lazy("[Refund] {amount} has not arrived: {title}"),
    "bank.changed": gettext_lazy("[Bank transfer] The supplier's account has changed: {title}"),
}
CHIPS: dict[str, tuple[Words, str]] = {
    "bank.offered": (gettext_lazy("not escrow"), "warn"),
    "bank.sent": (gettext_lazy("to check"), "warn"),
    "bank.half": (gettext_lazy("half confirmed"), "warn"),
    "bank.received": (gettext_lazy("received"), "ok"),
    "bank.absent": (gettext_lazy("not found"), "bad"),
    "bank.withdrawn": (gettext_lazy("taken back"), ""),
    "bank.settled": (gettext_lazy("settled"), "ok"),
    "bank.owed": (gettext_lazy("to pay back"), "warn"),
    "bank.repaid": (gettext_lazy("to confirm"), "warn"),
    "bank.refunded": (gettext_lazy("paid back"), "ok"),
    "bank.missing": (gettext_lazy("not arrived"), "bad"),
    "bank.changed": (gettext_lazy("look closely"), "bad"),
}
OUTCOMES: dict[str, Words] = {
    "counted": gettext_lazy("It is exactly what was asked for, and counts as paid."),
    "short": gettext_lazy("Less arrived than was asked for. The supplier decides whether it counts as a part."),
    "over": gettext_lazy("More arrived than was asked for. The buyer decides what becomes of the surplus."),
    "back": gettext_lazy("The order had ended before; the supplier pays it back."),
}
HOW: dict[str, Words] = {
    "count": gettext_lazy("It counts as a part payment; the rest is still to pay."),
    "credit": gettext_lazy("All of it counts; the surplus goes towards the next stage."),
    "surplus": gettext_lazy("What was asked for counts; the surplus is paid back."),
    "back": gettext_lazy("It does not count; all of it is paid back."),
}
WHY: dict[str, Words] = {
    "cancelled": gettext_lazy("The order was cancelled. The money lies with the supplier, so he pays it back himself."),
    "late": gettext_lazy("This transfer came after the order had ended."),
    "surplus": gettext_lazy("More was transferred than was asked for."),
    "unwanted": gettext_lazy("The supplier did not take this transfer."),
    "dispute": gettext_lazy("A dispute was settled so. The money lies with the supplier, so he pays it back himself."),
    "goods": gettext_lazy("Less was received than was ordered, and the money for it lies with the supplier."),
}
SAID: dict[str, Words] = {
    "bank.offered": gettext_lazy("This stage may be paid to the supplier's own account. Nobody holds the money: it is the supplier's once it arrived."),
    "bank.half": gettext_lazy("A second person of the supplier has to confirm it."),
    "bank.absent": gettext_lazy("The supplier looked and found no such money. The stage is still to pay."),
    "bank.withdrawn": gettext_lazy("The buyer took back what he had said. The stage is still to pay."),
    "bank.missing": gettext_lazy("The buyer looked and the repayment is not there."),
    "bank.changed": gettext_lazy(
        "The account this stage is to be paid to is closed. Do not pay before you have talked to the supplier by phone; a new instruction comes from him."
    ),
}
ALONE = gettext_lazy("Confirmed by one person with a second factor.")


@dataclass(frozen=True, slots=True)
class Card:
    """`sums` the rows with amounts, `facts` what else stands there, `voucher` the slip."""

    number: str
    title: str
    chip: tuple[Words, str]
    sums: list[tuple[str, str]]
    total: tuple[str, str] | None
    facts: list[tuple[str, Any]]
    said: list[str]
    voucher: dict[str, Any] | None
    due: datetime | None
    foot: Foot


def line(kind: str, body: Body, *, mine: bool) -> str:
    """`[Bank transfer] ¥4,200.00 received: Fasteners`."""
    shown = {name: money.show(body[name], body["currency"]) for name in ("claimed", "got", "amount") if name in body}
    stage = stage_words(body["stage"]) if "stage" in body else ""
    return str(LINES[kind]).format(title=body["title"], stage=stage, **{"claimed": "", "got": "", "amount": ""} | shown)


def stage_words(stage: Body) -> str:
    """`Deposit 30%`."""
    return _("{stage} {percent}%").format(stage=STAGES.get(stage["name"], stage["name"]), percent=stage["percent"])


def view(entry: EntryView, context: CardContext) -> Card:
    """What was said, what arrived, what follows."""
    body, kind = entry.body, entry.kind
    return Card(
        number=body["number"], title=body["title"], chip=chip(kind, body), sums=sums(body), total=total(kind, body), facts=facts(body),
        said=said(kind, body), voucher=body.get("voucher"), due=moment(body.get("due_at")), foot=foot(entry, context),
    )  # fmt: skip


def chip(kind: str, body: Body) -> tuple[Words, str]:
    """The state in a word; received money of another amount is not settled."""
    if kind == "bank.received" and body["outcome"] in ("short", "over"):
        return gettext_lazy("another amount"), "warn"
    return CHIPS[kind]


def sums(body: Body) -> list[tuple[str, str]]:
    """The rows before the total, where they say something of their own."""
    cur = body["currency"]
    rows = []
    if "got" in body and "still" in body and body["still"] != body["got"]:
        rows.append((_("Asked for"), money.show(body["still"], cur)))
    if body.get("surplus"):
        rows.append((_("To pay back"), money.show(body["surplus"], cur)))
    if body.get("left"):
        rows.append((_("Still owed"), money.show(body["left"], cur)))
    return rows


def total(kind: str, body: Body) -> tuple[str, str] | None:
    """The figure of the card."""
    name = next((name for name in ("got", "claimed", "amount") if name in body), None)
    words = stage_words(body["stage"]) if "stage" in body else _("Refund")
    if name is None:
        return (words, money.show(body["stage"]["amount"], body["currency"])) if kind == "bank.offered" else None
    return words, money.show(body[name], body["currency"])


def facts(body: Body) -> list[tuple[str, Any]]:
    """Where to, from whom, when."""
    day = date.fromisoformat(body["paid_on"]).isoformat() if "paid_on" in body else ""
    named = ((_("Bank"), body.get("bank")), (_("Account"), body.get("account")), (_("Transferred on"), day), (_("Payer"), body.get("payer")),
             (_("Confirmed by"), ", ".join(body.get("by", []))))  # fmt: skip
    return [(words, value) for words, value in named if value]


def said(kind: str, body: Body) -> list[str]:
    """In words: what it means, and who stood for it."""
    words = [SAID[kind]] if kind in SAID else []
    if kind == "bank.sent":
        words.append(gettext_lazy("Nothing counts before the supplier has found the money.") if body["side"] == "buyer"
                     else gettext_lazy("The supplier found this money without a word from the buyer."))  # fmt: skip
    words += [table[body[name]] for name, table in (("outcome", OUTCOMES), ("how", HOW), ("why", WHY)) if body.get(name) in table]
    if body.get("factor"):
        words.append(ALONE)
    return [str(one) for one in words] + [one for one in (body.get("reason"), body.get("note")) if one]


def sample() -> list[tuple[str, Body]]:
    """Every kind, as bodies are stored for ever."""
    base = {"v": 1, "order": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0004", "number": "DD-261119-7K3QX4", "title": "304 不锈钢紧固件 3 项", "total": 1400000,
            "currency": "CNY"}  # fmt: skip
    stage = base | {"stage": {"n": 1, "name": "deposit", "percent": "30", "amount": 420000}}
    one = stage | {"transfer": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0006", "n": 1, "claimed": 420000}
    debt = base | {"refund": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0007", "n": 1, "amount": 20000}
    slip = {"id": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0008", "name": "回单.pdf", "mime": "application/pdf", "size": 40210, "sha256": "0" * 64}
    arrived = [("bank.received", one | {"got": 400000, "still": 420000, "outcome": outcome, "by": ["陈", "王"], "factor": False}) for outcome in OUTCOMES]
    settled = [("bank.settled", one | {"how": how, "got": 440000, "side": "buyer", "surplus": 20000}) for how in HOW]
    owed = [("bank.owed", debt | {"why": why, "counted": True, "due_at": "2026-11-30T16:00:00+00:00"}) for why in WHY]
    return [
        ("bank.offered", stage | {"bank": "中国工商银行温州分行", "holder": "温州明固", "account": "···· 0821", "code": "7K3QX4", "again": False}),
        ("bank.sent", one | {"side": "buyer", "paid_on": "2026-11-19", "payer": "海川贸易", "note": "", "voucher": slip}),
        ("bank.sent", one | {"side": "supplier", "paid_on": "2026-11-19", "payer": "海川贸易", "note": ""}),
        ("bank.half", one | {"got": 420000}), *arrived, ("bank.absent", one | {"reason": "没到账"}), ("bank.withdrawn", one), *settled, *owed,
        ("bank.repaid", debt | {"claimed": 20000, "note": "", "due_at": "2026-11-30T16:00:00+00:00"}),
        ("bank.refunded", debt | {"got": 10000, "left": 10000, "whole": False, "stages": []}),
        ("bank.missing", debt | {"reason": "", "due_at": "2026-11-30T16:00:00+00:00"}),
        ("bank.changed", stage | {"account": "···· 0821", "bank": "中国工商银行温州分行"}),
    ]  # fmt: skip
