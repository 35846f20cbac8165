"""Forwarded words, or what the goods of a forwarded deal are."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from guanxi.talk.card import Body, CardContext, EntryView

TEMPLATE = "talk/forward/card.html"


@dataclass(frozen=True, slots=True)
class Shown:
    """`text` of words, or `title` and `items` of goods, `more` of them unsaid."""

    text: str = ""
    title: str = ""
    items: list[str] = field(default_factory=list)
    more: int = 0


def line(kind: str, body: Body, *, mine: bool) -> str:
    """`[Forwarded] ...`."""
    return _("[Forwarded] {text}").format(text=" ".join(str(body.get("text") or body["title"]).split())[:120])


def view(entry: EntryView, context: CardContext) -> Shown:
    """As it was forwarded."""
    if "text" in entry.body:
        return Shown(text=str(entry.body["text"]))
    return Shown(title=str(entry.body["title"]), items=[str(one) for one in entry.body["items"]], more=int(entry.body["more"]))


def sample() -> list[tuple[str, Body]]:
    return [("forward", {"text": "下周交期没问题"}), ("forward", {"title": "304 紧固件", "items": ["螺栓 M8×30", "螺母 M8"], "more": 2})]
