"""What a card module is given and what it offers. One module a noun; `guanxi.kinds` names it for each kind of entry.

A card module has
    TEMPLATE                              "deals/quote/card.html", drawn with `entry`, `card` (what `view` gave), `context` and `ui`
    line(kind, body, *, mine) -> str      plain words for lists, notices and readers; `mine`: our side did it
    view(entry, context) -> object        ready for the template; runs no query
    sample() -> list[(kind, body)]        for the gallery and the tests; old forms of a body stay in it for ever
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from types import ModuleType
from typing import Any, Protocol
from uuid import UUID

from django.utils.translation import gettext as _

from guanxi import kinds
from guanxi.people.viewer import Viewer

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry as this viewer sees it: `mine` of our company (or of me, between people), `own` written by me."""

    conversation: UUID
    seq: int
    kind: str
    body: Body
    at: datetime
    by_person: UUID | None = None
    by_company: UUID | None = None
    by_name: str = ""
    about: UUID | None = None
    mine: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """One thing the viewer may do now. `act` as in the address (`quote/counter`); `sheet`: `href` opens over the page."""

    act: str
    words: str
    href: str
    icon: str = ""
    sheet: bool = False
    primary: bool = False


class Panel(Protocol):
    """The live row of a deal, as far as cards of any noun need it (deals.deal.table.Deal)."""

    id: UUID
    seq: int
    state: str
    turn: str
    turn_company: UUID | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class CardContext:
    """What surrounds a card: who looks, both sides' names, the live deals by id and what may be done in each."""

    viewer: Viewer
    our_name: str = ""
    other_name: str = ""
    deals: Mapping[UUID, Any] = field(default_factory=dict)
    moves: Mapping[UUID, list[Move]] = field(default_factory=dict)
    quoted: Mapping[int, EntryView] = field(default_factory=dict)  # by seq: what texts on the page answer

    def deal(self, entry: EntryView) -> Any | None:
        """The deal's row as it is now, or None."""
        return self.deals.get(entry.about) if entry.about else None

    def is_newest(self, entry: EntryView) -> bool:
        """Whether nothing came after this entry about its deal: only then the card shows turn and buttons. All others are past."""
        deal = self.deal(entry)
        return deal is not None and deal.seq == entry.seq

    def moves_of(self, entry: EntryView) -> list[Move]:
        """What the viewer may do, on the newest card of a deal that has not lapsed (a finished one may still want a review)."""
        deal = self.deal(entry)
        return self.moves.get(deal.id, []) if deal is not None and deal.state != "lapsed" and deal.seq == entry.seq else []


def module_of(kind: str) -> ModuleType:
    """The card module of a kind; the one for unknown kinds when a newer release wrote it (quality.md T13)."""
    return import_module(kinds.KINDS.get(kind, kinds.UNKNOWN))


def line(kind: str, body: Body, *, mine: bool = False) -> str:
    """An entry in plain words, for lists and notices. A body of another release never breaks a list."""
    try:
        return str(module_of(kind).line(kind, body, mine=mine))
    except (KeyError, TypeError, ValueError, AttributeError):
        return _("An entry this version cannot show")
