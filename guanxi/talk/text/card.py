"""A text in a bubble."""

from guanxi.talk.card import Body, CardContext, EntryView

TEMPLATE = "talk/text/card.html"


def line(kind: str, body: Body, *, mine: bool) -> str:
    """The text on one line."""
    return " ".join(str(body["text"]).split())[:120]


def view(entry: EntryView, context: CardContext) -> str:
    """The text as it was written."""
    return str(entry.body["text"])


def sample() -> list[tuple[str, Body]]:
    return [("text", {"text": "收到。M8×30 有现货，今天就给您报。"}), ("text", {"text": "<b>not bold</b> & 'quoted'\nsecond line"})]
