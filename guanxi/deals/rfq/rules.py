"""Moves of an enquiry and of each supplier's copy of it."""

from django.utils.translation import gettext_lazy as _

from guanxi.base.rules import Machine, Rule

RFQ = Machine(
    "rfq",
    start="draft",
    ends=("awarded", "cancelled"),
    rules=[
        Rule("send", ("draft",), "open", ("buyer",)),
        Rule("invite", ("open",), "open", ("buyer", "clock")),
        Rule("join", ("open",), "open", ("supplier",)),
        Rule("extend", ("open",), "open", ("buyer",)),
        Rule("publish", ("open",), "open", ("buyer",)),
        Rule("close", ("open",), "closed", ("buyer", "clock")),
        Rule("expire", ("open",), "expired", ("buyer", "clock")),
        Rule("reopen", ("closed", "expired"), "open", ("buyer",)),
        Rule("award_part", ("open", "closed", "part"), "part", ("buyer",)),
        Rule("award", ("open", "closed", "part"), "awarded", ("buyer", "supplier")),
        Rule("finish", ("part",), "awarded", ("buyer",)),
        Rule("cancel", ("draft", "open", "closed"), "cancelled", ("buyer",)),
    ],
    refusals={
        "draft": _("This RFQ has not been sent yet."),
        "open": _("This RFQ is already out."),
        "closed": _("This RFQ is closed for new quotes."),
        "part": _("A part of this RFQ has been awarded."),
        "awarded": _("This RFQ has been awarded."),
        "cancelled": _("The buyer cancelled this RFQ."),
        "expired": _("This RFQ expired without a quote."),
    },
    wrong=_("This is for the other side to do."),
)

INVITE = Machine(
    "invite",
    start="invited",
    ends=("declined", "won", "lost", "cancelled"),
    rules=[
        Rule("quote", ("invited", "quoted"), "quoted", ("supplier",)),
        Rule("decline", ("invited",), "declined", ("supplier",)),
        Rule("win", ("quoted",), "won", ("buyer", "supplier")),
        Rule("lose", ("invited", "quoted"), "lost", ("buyer", "clock")),
        Rule("cancel", ("invited", "quoted"), "cancelled", ("buyer", "clock")),
        Rule("expire", ("invited",), "expired", ("buyer", "clock")),
        Rule("reopen", ("expired",), "invited", ("buyer", "clock")),
    ],
    refusals={
        "invited": _("There is no quote yet."),
        "quoted": _("There is a quote already."),
        "declined": _("You declined this RFQ."),
        "won": _("This RFQ has been awarded to you."),
        "lost": _("This RFQ went to another supplier."),
        "cancelled": _("The buyer cancelled this RFQ."),
        "expired": _("The deadline of this RFQ has passed."),
    },
    wrong=_("This is for the other side to do."),
)
