"""The entries of a page, ready to draw: cards with what surrounds them, days, and where unread begins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from guanxi.base.clock import HOME
from guanxi.deals.deal.table import Deal
from guanxi.talk import card, read
from guanxi.talk.card import CardContext, EntryView, Move
from guanxi.talk.read import Reach
from guanxi.web import moments
from guanxi.web.deal import moves

PAGE = 50
BEFORE_UNREAD = 8  # entries shown above the first unread one
MOST_LIVE = 20


@dataclass(frozen=True, slots=True)
class Item:
    """An entry with its card module's template and view. `day` in ISO with its words, for the line between days."""

    entry: EntryView
    template: str
    card: Any
    plain: bool
    day: str
    day_words: str
    new_day: bool = False
    first_unread: bool = False


@dataclass(frozen=True, slots=True)
class Live:
    """The deals of a conversation as they are now, the most urgent of mine first."""

    deals: list[Deal] = field(default_factory=list)
    moves: Mapping[UUID, list[Move]] = field(default_factory=dict)

    @property
    def first(self) -> Deal | None:
        return next((deal for deal in self.deals if deal.state == "live"), None)

    @property
    def shown(self) -> Deal | None:
        """The deal beside the talk: the most urgent, else the last one."""
        return self.first or (self.deals[0] if self.deals else None)


def live(place: Reach, entries: Sequence[EntryView] = ()) -> Live:
    """The live deals here and those the entries are about, with the viewer's moves: four statements at most, whatever their number."""
    if not place.between_companies:
        return Live()
    about = {entry.about for entry in entries if entry.about}
    here = Deal.objects.of(place.id).order_by("-updated_at")
    found = {deal.id: deal for deal in here[:MOST_LIVE]}
    if missing := about - set(found):
        found |= {deal.id: deal for deal in here.filter(id__in=missing)}
    deals = sorted(found.values(), key=lambda deal: urgency(deal, place.company_id))
    return Live(deals, moves.of(deals, place.viewer))


def urgency(deal: Deal, company: UUID | None) -> tuple[bool, bool, float, float]:
    """Live before ended, mine before theirs, the shortest clock first, then the latest."""
    due = deal.due_at.timestamp() if deal.due_at else float("inf")
    return deal.state != "live", deal.turn_company != company, due, -deal.updated_at.timestamp()


def items(place: Reach, entries: Sequence[EntryView], now: Live, *, unread_after: int | None = None) -> list[Item]:
    """Ready to draw, in order. `unread_after`: the line of new messages stands before the first foreign entry beyond it."""
    deals = {deal.id: deal for deal in now.deals}
    context = CardContext(place.viewer, place.viewer.company_name, place.other_name, deals, now.moves, read.quoted(place, entries))
    made: list[Item] = []
    marked = unread_after is None
    for entry in entries:
        unread = not marked and entry.seq > (unread_after or 0) and not entry.own
        marked = marked or unread
        made.append(item(entry, context, first_unread=unread, previous=made[-1] if made else None))
    return made


def item(entry: EntryView, context: CardContext, *, first_unread: bool, previous: Item | None) -> Item:
    """One entry; what its module cannot draw is shown as unknown, never a broken page (quality.md T13)."""
    module = card.module_of(entry.kind)
    try:
        view = module.view(entry, context)
    except (KeyError, TypeError, ValueError, AttributeError):
        module = card.module_of("")
        view = module.view(entry, context)
    day = entry.at.astimezone(HOME).date().isoformat()
    kind = "" if module is card.module_of("") else entry.kind
    return Item(
        entry, module.TEMPLATE, view, kind in ("text", "image", "file", "forward", "voice"), day, moments.day_line(entry.at),
        new_day=previous is None or previous.day != day, first_unread=first_unread,
    )  # fmt: skip
