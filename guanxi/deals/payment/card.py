"""Cards of money: held, failed, on its way back."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.base import money
from guanxi.base.errors import Words
from guanxi.deals.deal.foot import Foot, foot, moment
from guanxi.deals.order.card import STAGES
from guanxi.talk.card import Body, CardContext, EntryView

TEMPLATE = "deals/payment/card.html"
LINES: dict[str, Words] = {
    "payment.held": gettext_lazy("[Payment] {sum} in escrow: {title}"),
    "payment.failed": gettext_lazy("[Payment] {sum} not paid: {title}"),
    "payment.returned": gettext_lazy("[Payment] {sum} goes back: {title}"),
}
CHIPS: dict[str, tuple[Words, str, str]] = {
    "payment.held": (gettext_lazy("in escrow"), "ok", "check"),
    "payment.failed": (gettext_lazy("not paid"), "bad", "alert"),
    "payment.returned": (gettext_lazy("goes back"), "", "swap"),
}
FAILED: dict[str, Words] = {
    "declined": gettext_lazy("The payment did not go through. No money is held; try again."),
    "wrong-amount": gettext_lazy("Another amount arrived than was asked for. Our staff looks into it; nothing is held for this order."),
}
BACK: dict[str, Words] = {
    "late": gettext_lazy("This payment arrived after the order no longer needed it, so all of it goes back."),
    "disputed": gettext_lazy("This payment arrived while there is a dispute about the order, so all of it goes back."),
}


@dataclass(frozen=True, slots=True)
class Card:
    """`parts` of the price for the bar: what is held, what comes later."""

    number: str
    title: str
    chip: tuple[Words, str, str]
    stage: str
    amount: int
    currency: str
    said: str
    parts: list[tuple[str, int, str]]
    after: str
    due: datetime | None
    foot: Foot


def line(kind: str, body: Body, *, mine: bool) -> str:
    """`[Payment] ¥4,200.00 in escrow: Fasteners`."""
    return str(LINES[kind]).format(sum=money.show(body["amount"], body["currency"]), title=body["title"])


def view(entry: EntryView, context: CardContext) -> Card:
    """How much, for which stage, and what follows."""
    body = entry.body
    after, due = what_follows(body)
    return Card(
        number=body["number"], title=body["title"], chip=CHIPS[entry.kind], stage=stage_words(body["stage"]), amount=body["amount"],
        currency=body["currency"], said=said(entry.kind, body), parts=parts(body), after=after, due=due, foot=foot(entry, context),
    )  # fmt: skip


def said(kind: str, body: Body) -> str:
    """Why money is not held."""
    if kind == "payment.failed":
        return str(FAILED.get(body["reason"], FAILED["declined"]))
    return str(BACK.get(body["reason"], BACK["late"])) if kind == "payment.returned" else ""


def stage_words(stage: Body) -> str:
    """`Deposit 30%`."""
    return _("{stage} {percent}%").format(stage=STAGES.get(stage["name"], stage["name"]), percent=stage["percent"])


def parts(body: Body) -> list[tuple[str, int, str]]:
    """Of the whole price: held and not yet paid."""
    held = body.get("held", 0)
    named = (("held", held, _("in escrow")), ("rest", body["total"] - held, _("later")))
    return [part for part in named if part[1]] if held else []


def what_follows(body: Body) -> tuple[str, datetime | None]:
    """After money was held: the next stage, or shipping."""
    if following := body.get("next"):
        return _("Next: {sum}").format(sum=money.show(following["amount"], body["currency"])), moment(following["due_at"])
    return (_("Everything is paid: the goods can be shipped"), moment(body.get("ship_by"))) if body.get("all") else ("", None)


def sample() -> list[tuple[str, Body]]:
    """Every kind, as bodies are stored for ever."""
    base = {
        "v": 1, "order": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0004", "number": "DD-261119-7K3QX4", "title": "304 不锈钢紧固件 3 项",
        "payment": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0005", "provider": "sandbox", "stage": {"n": 1, "name": "deposit", "percent": "30"},
        "amount": 420000, "total": 1400000, "currency": "CNY",
    }  # fmt: skip
    following = {"n": 2, "name": "balance", "amount": 980000, "due_at": "2026-11-30T16:00:00+00:00"}
    part = base | {"held": 420000, "all": False, "ship_by": "2026-11-26T16:00:00+00:00", "next": following}
    whole = base | {"held": 1400000, "all": True, "ship_by": "2026-11-26T16:00:00+00:00", "amount": 980000}
    failed = [("payment.failed", base | {"reason": reason}) for reason in FAILED]
    return [("payment.held", part), ("payment.held", whole), *failed, *(("payment.returned", base | {"reason": reason}) for reason in BACK)]
