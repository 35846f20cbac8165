"""What may happen to one version of a contract. `maker` drew it up and has confirmed it by that; `other` is the other side."""

from django.utils.translation import gettext_lazy as _

from guanxi.base.rules import Machine, Rule

CONTRACT = Machine(
    "contract",
    start="offered",
    ends=("declined", "replaced"),
    rules=[
        Rule("agree", ("offered",), "agreed", ("other",)),
        Rule("decline", ("offered",), "declined", ("other",)),
        Rule("replace", ("offered",), "replaced", ("maker", "other")),
        Rule("amend", ("offered", "agreed"), "replaced", ("maker", "other")),
    ],
    refusals={
        "offered": _("This contract waits for the other side."),
        "agreed": _("Both sides have confirmed this contract; it cannot be changed."),
        "declined": _("This version of the contract was declined."),
        "replaced": _("There is a newer version of this contract."),
    },
    wrong=_("Your side drew this contract up; the other side confirms it."),
)
