"""A voice message: how long, and a button that plays it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from guanxi.talk.card import Body, CardContext, EntryView

TEMPLATE = "talk/voice/card.html"


@dataclass(frozen=True, slots=True)
class Spoken:
    """`address` of the recording; who may hear it is asked when it is fetched."""

    address: str
    seconds: int


def line(kind: str, body: Body, *, mine: bool) -> str:
    """`[Voice] 12"`."""
    return _("[Voice] {seconds}″").format(seconds=body["seconds"])


def view(entry: EntryView, context: CardContext) -> Spoken:
    """Where it is and how long it takes."""
    return Spoken(f"/files/{entry.body['upload']}", int(entry.body["seconds"]))


def sample() -> list[tuple[str, Body]]:
    return [("voice", {"upload": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0001", "size": 24_000, "mime": "audio/webm", "seconds": 12})]
