"""What may become of money that goes to the supplier's own account, and of what he owes back. No clock moves it, nothing freezes it, nobody holds it."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from guanxi.base.rules import Machine, Rule
from guanxi.deals.order.rules import TRANSFER_OPEN

REPAY_WITHIN = timedelta(days=7)
OPEN = tuple(TRANSFER_OPEN)
WRONG = _("This is for the other side to do.")

TRANSFER = Machine(
    "transfer", start="sent", ends=("counted", "back", "absent", "withdrawn"), wrong=WRONG,
    rules=[
        Rule("confirm", ("sent",), "half", ("supplier",)),
        Rule("match", ("sent", "half"), "counted", ("supplier",)),
        Rule("fall_short", ("sent", "half"), "short", ("supplier",)),
        Rule("exceed", ("sent", "half"), "over", ("supplier",)),
        Rule("be_late", ("sent", "half"), "back", ("supplier",)),
        Rule("deny", ("sent", "half"), "absent", ("supplier",)),
        Rule("withdraw", ("sent",), "withdrawn", ("buyer",)),
        Rule("count", ("short",), "counted", ("supplier",)),
        Rule("credit", ("over",), "counted", ("buyer",)),
        Rule("surplus", ("over",), "counted", ("buyer", "supplier")),
        Rule("back", ("short", "over"), "back", ("supplier",)),
    ],
    refusals={
        "sent": _("The supplier has to look whether this transfer arrived."), "half": _("A second person of the supplier has to confirm this transfer."),
        "short": _("Less arrived than was asked for; the supplier decides what becomes of it."),
        "over": _("More arrived than was asked for; it has to be settled."), "counted": _("This transfer is settled."),
        "back": _("This transfer goes back."), "absent": _("The supplier did not find this transfer."), "withdrawn": _("This transfer was taken back."),
    },
)  # fmt: skip
SETTLING = ("count", "credit", "surplus", "back")

REFUND = Machine(
    "refund", start="owed", ends=("closed",), wrong=WRONG,
    rules=[
        Rule("repay", ("owed",), "repaid", ("supplier",)),
        Rule("got", ("repaid",), "closed", ("buyer",)),
        Rule("got_part", ("repaid",), "owed", ("buyer",)),
        Rule("miss", ("repaid",), "owed", ("buyer",)),
    ],
    refusals={
        "owed": _("The supplier has to pay this back."), "repaid": _("The supplier has paid back; the buyer has to confirm it."),
        "closed": _("This was paid back."),
    },
)  # fmt: skip


def arrived(got: int, still: int) -> str:
    """The act of TRANSFER for `got` minor units where `still` were asked for."""
    return "match" if got == still else "fall_short" if got < still else "exceed"
