"""A text in a bubble, with what it answers above it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from guanxi.talk import card
from guanxi.talk.card import Body, CardContext, EntryView

TEMPLATE = "talk/text/card.html"


@dataclass(frozen=True, slots=True)
class Said:
    """`reply` is the seq of what is answered, 0 for none; `by` and `quoted` its writer and words as this viewer may see them."""

    text: str
    reply: int = 0
    by: str = ""
    quoted: str = ""


def line(kind: str, body: Body, *, mine: bool) -> str:
    """The text on one line."""
    return " ".join(str(body["text"]).split())[:120]


def view(entry: EntryView, context: CardContext) -> Said:
    """The text as it was written."""
    text, reply = str(entry.body["text"]), int(entry.body.get("reply", 0))
    quoted = context.quoted.get(reply)
    if not reply or quoted is None:
        return Said(text, reply, "", _("An earlier message") if reply else "")
    return Said(text, reply, quoted.by_name, card.line(quoted.kind, quoted.body, mine=quoted.mine))


def sample() -> list[tuple[str, Body]]:
    return [
        ("text", {"text": "收到。M8×30 有现货，今天就给您报。"}),
        ("text", {"text": "<b>not bold</b> & 'quoted'\nsecond line"}),
        ("text", {"text": "这个价可以", "reply": 1, "at": ["019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0001"]}),
    ]
