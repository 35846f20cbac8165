"""The order's three small machines, side by side (the order, its money, its goods), and the life they make together.

`LIFE.move(phase(order), act, by=side)` is the look at state and side every act about an order begins with; the small machines then move.
"""

from datetime import timedelta
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from guanxi.base.rules import Machine, Rule

WRONG = _("This is for the other side to do.")
ANYBODY = ("buyer", "supplier", "staff", "clock")
# A bank transfer that is not settled: what the panel calls its turn, and whose it is. Nothing happens by itself when the time is over.
TRANSFER_OPEN = {"sent": ("bank_check", "supplier"), "half": ("bank_check", "supplier"), "short": ("bank_settle", "supplier"), "over": ("bank_settle", "buyer")}
TRANSFER_WITHIN = timedelta(days=3)
ORDER = Machine(
    "order",
    start="placed",
    ends=("completed", "cancelled"),
    rules=[
        Rule("cancel", ("placed",), "cancelled", ("buyer", "supplier", "clock")),
        Rule("cancel_ask", ("placed",), "placed", ("buyer",)),
        Rule("cancel_refuse", ("placed",), "placed", ("supplier",)),
        Rule("expire", ("placed",), "cancelled", ("clock",)),
        Rule("complete", ("placed",), "completed", ("buyer", "clock")),
        Rule("settle", ("placed",), "completed", ANYBODY),
        Rule("settle_back", ("placed",), "cancelled", ANYBODY),
    ],
    refusals={
        "placed": _("This order is under way."),
        "completed": _("This order is completed."),
        "cancelled": _("This order has been cancelled."),
    },
    wrong=WRONG,
)
MONEY = Machine(
    "money",
    start="none",
    ends=("released", "refunded", "settled", "received"),
    rules=[
        Rule("hold", ("none", "part"), "part", ("provider",)),
        Rule("fill", ("none", "part"), "held", ("provider", "supplier", "buyer")),
        Rule("receive", ("none", "part"), "part", ("supplier", "buyer")),
        Rule("receive_all", ("none", "part"), "received", ("supplier", "buyer")),
        Rule("grow", ("held",), "part", ("buyer", "supplier")),
        Rule("release", ("part", "held"), "released", ANYBODY),
        Rule("return", ("part", "held"), "refunded", (*ANYBODY, "provider")),
        Rule("settle", ("part", "held"), "settled", ANYBODY),
    ],
    refusals={
        "none": _("Nothing has been paid yet."),
        "part": _("Only a part has been paid yet."),
        "held": _("Everything is paid and held in escrow."),
        "received": _("Everything is paid by bank transfer into the supplier's own account."),
        "released": _("The money has been released to the supplier."),
        "refunded": _("The money has been returned to the buyer."),
        "settled": _("The money has been divided between both sides."),
    },
    wrong=WRONG,
)
GOODS = Machine(
    "goods",
    start="none",
    ends=("arrived",),
    rules=[
        Rule("send_part", ("none", "part"), "part", ("supplier",)),
        Rule("send", ("none", "part"), "sent", ("supplier",)),
        Rule("miss", ("part", "sent"), "part", ANYBODY),
        Rule("arrive", ("sent",), "arrived", ("buyer", "clock")),
    ],
    refusals={
        "none": _("Nothing has been shipped yet."),
        "part": _("Only a part has been shipped yet."),
        "sent": _("Everything has been shipped."),
        "arrived": _("Everything has been received."),
    },
    wrong=WRONG,
)

STAGE = Machine(
    "stage", start="due", ends=("released", "refunded", "settled", "cancelled"), wrong=_("This is not for you to do."),
    rules=[
        Rule("hold", ("due",), "held", ("provider",)),
        Rule("receive", ("due",), "received", ("supplier", "buyer")),
        Rule("cancel", ("due",), "cancelled", ANYBODY),
        Rule("release", ("held",), "released", ANYBODY),
        Rule("return", ("held",), "refunded", ANYBODY),
        Rule("settle", ("held",), "settled", ANYBODY),
        Rule("repay", ("received",), "refunded", ("buyer",)),
    ],
    refusals={
        "due": _("This stage is not paid yet."), "held": _("This stage is paid already."), "released": _("This stage is paid already."),
        "received": _("This stage is paid already."), "refunded": _("This stage was returned."),
        "settled": _("This stage was divided between both sides."), "cancelled": _("This stage was cancelled."),
    },
)  # fmt: skip


LIFE = Machine(
    "order",
    start="unpaid",
    ends=("cancelled",),
    rules=[
        Rule("pay", ("unpaid",), "unpaid", ("buyer",)),
        Rule("pay", ("part-paid",), "part-paid", ("buyer",)),
        Rule("hold", ("unpaid", "part-paid"), "part-paid", ("provider",)),
        Rule("fill", ("unpaid", "part-paid"), "paid", ("provider",)),
        Rule("offer", ("unpaid",), "unpaid", ("supplier",)),
        Rule("offer", ("part-paid",), "part-paid", ("supplier",)),
        Rule("transfer", ("unpaid",), "unpaid", ("buyer",)),
        Rule("transfer", ("part-paid",), "part-paid", ("buyer",)),
        Rule("bank", ("unpaid", "part-paid"), "part-paid", ("supplier", "buyer")),
        Rule("bank_all", ("unpaid", "part-paid"), "paid", ("supplier", "buyer")),
        Rule("ship_part", ("paid", "part-sent"), "part-sent", ("supplier",)),
        Rule("ship", ("paid", "part-sent"), "sent", ("supplier",)),
        Rule("receive", ("part-sent",), "part-sent", ("buyer",)),
        Rule("receive", ("sent",), "completed", ("buyer",)),
        Rule("confirm", ("part-sent",), "part-sent", ("clock",)),
        Rule("confirm", ("sent",), "completed", ("clock",)),
        Rule("extend", ("part-sent",), "part-sent", ("buyer",)),
        Rule("extend", ("sent",), "sent", ("buyer",)),
        *(Rule("change", (one,), one, ("buyer", "supplier")) for one in ("unpaid", "part-paid", "paid", "part-sent")),
        Rule("review", ("completed",), "completed", ("buyer", "supplier")),
        Rule("cancel", ("unpaid",), "cancelled", ("buyer", "supplier", "clock")),
        Rule("cancel", ("part-paid", "paid"), "cancelled", ("supplier",)),
        Rule("cancel_ask", ("part-paid",), "part-paid", ("buyer",)),
        Rule("cancel_ask", ("paid",), "paid", ("buyer",)),
        Rule("cancel_agree", ("part-paid", "paid"), "cancelled", ("supplier",)),
        Rule("cancel_refuse", ("part-paid",), "part-paid", ("supplier",)),
        Rule("cancel_refuse", ("paid",), "paid", ("supplier",)),
        Rule("expire", ("unpaid",), "cancelled", ("clock",)),
        Rule("dispute", ("part-paid", "paid"), "disputed", ("buyer",)),
        Rule("dispute", ("part-sent", "sent"), "disputed", ("buyer", "supplier")),
        Rule("dispute", ("completed",), "disputed", ("buyer",)),
        Rule("settle", ("disputed",), "completed", ANYBODY),
        Rule("settle_back", ("disputed",), "cancelled", ANYBODY),
        *(Rule("resume", ("disputed",), to, ANYBODY) for to in ("part-paid", "paid", "part-sent", "sent", "completed")),
    ],
    refusals={
        "unpaid": _("This order has not been paid yet."),
        "part-paid": _("Only a part of this order has been paid yet."),
        "paid": _("This order is paid and waits for shipping."),
        "part-sent": _("A part of this order is on its way; it cannot be paid or cancelled any more."),
        "sent": _("This order is on its way; it cannot be paid, shipped again or cancelled any more."),
        "completed": _("This order is completed."),
        "cancelled": _("This order has been cancelled."),
        "disputed": _("There is a dispute about this order: nothing moves until it is settled."),
    },
    wrong=WRONG,
)


def phase(order: "Standing") -> str:
    """Where the order stands as a whole: the state of LIFE, computed and never stored."""
    if order.dispute_id is not None:
        return "disputed"
    if order.state != "placed":
        return order.state
    if order.goods_state in ("part", "sent", "arrived"):
        return "part-sent" if order.goods_state == "part" else "sent"
    return {"none": "unpaid", "part": "part-paid"}.get(order.money, "paid")


class Standing(Protocol):
    """What `phase` looks at."""

    state: str
    money: str
    goods_state: str

    @property
    def dispute_id(self) -> object: ...
