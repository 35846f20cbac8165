"""An entry of a kind this release does not know: kept, counted, and shown as such (quality.md T13)."""

from django.utils.translation import gettext as _

from guanxi.talk.card import Body, CardContext, EntryView

TEMPLATE = "talk/notice/card.html"


def line(kind: str, body: Body, *, mine: bool) -> str:
    """The same words for all of them."""
    return _("An entry this version cannot show")


def view(entry: EntryView, context: CardContext) -> str:
    """The words in the middle of the stream."""
    return line(entry.kind, entry.body, mine=entry.mine)


def sample() -> list[tuple[str, Body]]:
    return [("future.kind", {"v": 9})]
