"""What the two sides call the same things: each reads its own words (trade.md, vocabulary)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.base.errors import Words
from guanxi.web.figures import percent

STEP_WORDS: tuple[Words, ...] = (
    gettext_lazy("Enquiry"), gettext_lazy("Quote"), gettext_lazy("Contract"), gettext_lazy("Payment"), gettext_lazy("Shipping"), gettext_lazy("Receipt"),
)  # fmt: skip
STAGES: dict[str, Words] = {
    "deposit": gettext_lazy("Deposit"),
    "balance": gettext_lazy("Balance"),
    "full": gettext_lazy("Full amount"),
    "part": gettext_lazy("Part"),
}
OFFER_CHIPS: dict[str, tuple[Words, str]] = {
    "open": (gettext_lazy("Open"), "accent"),
    "countered": (gettext_lazy("Countered"), ""),
    "superseded": (gettext_lazy("Replaced"), ""),
    "accepted": (gettext_lazy("Accepted"), "ok"),
    "declined": (gettext_lazy("Declined"), ""),
    "withdrawn": (gettext_lazy("Withdrawn"), ""),
    "expired": (gettext_lazy("Expired"), ""),
    "lost": (gettext_lazy("Went to another"), ""),
}


def offer_chip(state: str) -> tuple[str, str]:
    """An offer's state in words, and its colour."""
    words, colour = OFFER_CHIPS[state]
    return str(words), colour


CONTRACT_CHIPS: dict[str, tuple[Words, str]] = {
    "offered": (gettext_lazy("To confirm"), "accent"),
    "agreed": (gettext_lazy("Confirmed by both"), "ok"),
    "declined": (gettext_lazy("Declined"), ""),
    "replaced": (gettext_lazy("Replaced"), ""),
}


def contract_chip(state: str) -> tuple[str, str]:
    """A contract's state in words, and its colour."""
    words, colour = CONTRACT_CHIPS[state]
    return str(words), colour


def offer_name(version: int, side: str) -> str:
    """`Quote v3`, `Counter-offer v2`."""
    return (_("Quote v%(version)s") if side == "supplier" else _("Counter-offer v%(version)s")) % {"version": version}


def stage_name(name: str) -> str:
    """`Deposit`, or the words the quote itself uses."""
    return str(STAGES.get(name, name))


def stage_words(name: str, share: object) -> str:
    """`Deposit 30%`; the whole amount needs no share."""
    return stage_name(name) if name == "full" else f"{stage_name(name)} {percent(share)}"  # type: ignore[arg-type]
