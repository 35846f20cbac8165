"""The card of a review: stars and words of one side about the other."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from guanxi.deals.deal.foot import Foot, foot
from guanxi.talk.card import Body, CardContext, EntryView

TEMPLATE = "deals/review/card.html"


@dataclass(frozen=True, slots=True)
class Card:
    """`stars` 1 to 5."""

    number: str
    title: str
    said: str
    stars: int
    text: str
    foot: Foot


def line(kind: str, body: Body, *, mine: bool) -> str:
    """`[Review] 5 of 5 stars: Fasteners`."""
    if kind == "review.answered":
        return _("[Review] Answered · {title}").format(title=body["title"])
    return _("[Review] {stars} of 5 stars · {title}").format(stars=body["stars"], title=body["title"])


def view(entry: EntryView, context: CardContext) -> Card:
    """Who judged whom, how."""
    body = entry.body
    if entry.kind == "review.answered":
        said = _("The buyer answers this review:") if body["side"] == "buyer" else _("The supplier answers this review:")
        return Card(body["number"], body["title"], said, body["stars"], body["text"], foot(entry, context))
    said = _("The buyer about the supplier") if body["side"] == "buyer" else _("The supplier about the buyer")
    return Card(body["number"], body["title"], said, body["stars"], body["text"], foot(entry, context))


def sample() -> list[tuple[str, Body]]:
    """As bodies are stored for ever."""
    base = {
        "v": 1, "order": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0004", "deal": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0001", "number": "DD-261119-7K3QX4",
        "title": "304 不锈钢紧固件 3 项",
    }  # fmt: skip
    given = ({"side": "buyer", "stars": 5, "text": "数量足，下次还找。"}, {"side": "supplier", "stars": 4, "text": ""})
    answered = base | {"side": "supplier", "stars": 3, "text": "下次一定早发货。"}
    return [*(("review.given", base | one) for one in given), ("review.answered", answered)]
