"""A notice in the middle of the stream."""

from guanxi.talk.card import Body, CardContext, EntryView
from guanxi.talk.notice import WORDS, notice

TEMPLATE = "talk/notice/card.html"


def line(kind: str, body: Body, *, mine: bool) -> str:
    """The words in the reader's language."""
    return str(WORDS[body["code"]]).format_map({name: str(value) for name, value in body.items()})


def view(entry: EntryView, context: CardContext) -> str:
    """The same words as in lists."""
    return line(entry.kind, entry.body, mine=entry.mine)


def sample() -> list[tuple[str, Body]]:
    return [("notice", notice("took-over", name="吴敏", company="海川机电")), ("notice", notice("nudge", name="林晓雯", title="304 不锈钢紧固件"))]
