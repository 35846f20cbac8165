"""What happened about a deal, from the log itself."""

from uuid import UUID

from guanxi.talk.table import Entry


def of_deal(conversation: UUID, deal_id: UUID, *, limit: int = 200) -> list[Entry]:
    """The entries about a deal, oldest first, the newest `limit` of them. One query by the index (conversation, about, seq)."""
    return list(Entry.objects.of(conversation).filter(about=deal_id).order_by("-seq")[:limit])[::-1]
