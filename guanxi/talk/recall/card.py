"""The line that stands where words were, and the entry that took them back, which shows nothing itself."""

from django.utils.translation import gettext as _

from guanxi.talk.card import Body, CardContext, EntryView

TEMPLATE = "talk/recall/card.html"


def line(kind: str, body: Body, *, mine: bool) -> str:
    """The same for both; who it was stands beside it."""
    return _("Recalled a message")


def view(entry: EntryView, context: CardContext) -> str:
    """Who recalled, in the middle of the stream."""
    return _("You recalled a message") if entry.own else _("{name} recalled a message").format(name=entry.by_name)


def sample() -> list[tuple[str, Body]]:
    return [("recall", {"seq": 3}), ("recalled", {})]
