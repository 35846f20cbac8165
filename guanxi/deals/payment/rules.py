"""What may become of a stage and of a payment. An order's whole life stands in order/rules.py."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from guanxi.base.rules import Machine, Rule
from guanxi.deals.order.rules import STAGE

__all__ = ["ARRIVES_IN", "ASK_AFTER", "PAYMENT", "PAY_WITHIN", "STAGE"]

PAY_WITHIN = timedelta(minutes=30)
ASK_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))  # notices get lost: the provider is asked as well
WRONG = _("This is not for you to do.")
ANYBODY = ("buyer", "supplier", "staff", "clock")

# Money that arrives late, after a failure or an expiry, is real: it is held when the order still wants it, returned when not.
ARRIVES_IN = ("starting", "pending", "failed", "expired")
PAYMENT = Machine(
    "payment", start="starting", ends=("closed",), wrong=WRONG,
    rules=[
        Rule("begin", ("starting",), "pending", ("provider",)),
        Rule("hold", ARRIVES_IN, "held", ("provider",)),
        Rule("send_back", ARRIVES_IN, "closed", ("provider",)),
        Rule("fail", ("starting", "pending"), "failed", ("provider",)),
        Rule("expire", ("starting", "pending"), "expired", ("clock",)),
        Rule("settle", ("held",), "closed", ANYBODY),
    ],
    refusals={
        "starting": _("This payment is being prepared."), "pending": _("This payment is under way."), "held": _("This payment has arrived already."),
        "failed": _("This payment failed."), "expired": _("This payment took too long."), "closed": _("This payment is settled."),
    },
)  # fmt: skip
