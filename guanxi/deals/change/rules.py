"""What may happen to a proposed change of an order. `maker` proposed it, `other` is the other side."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from guanxi.base.rules import Machine, Rule

ANSWER_WITHIN = timedelta(days=3)
CHANGE = Machine(
    "change",
    start="open",
    ends=("accepted", "declined", "withdrawn", "replaced", "expired"),
    rules=[
        Rule("accept", ("open",), "accepted", ("other",)),
        Rule("decline", ("open",), "declined", ("other",)),
        Rule("withdraw", ("open",), "withdrawn", ("maker",)),
        Rule("replace", ("open",), "replaced", ("maker",)),
        Rule("expire", ("open",), "expired", ("clock",)),
    ],
    refusals={
        "open": _("This change waits for the other side."),
        "accepted": _("This change was accepted."),
        "declined": _("This change was declined."),
        "withdrawn": _("This change was withdrawn."),
        "replaced": _("There is a newer version of this change."),
        "expired": _("This change expired."),
    },
    wrong=_("Your side proposed this change; the other side answers it."),
)
