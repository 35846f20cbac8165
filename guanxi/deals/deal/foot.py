"""What every trade card ends with, and how figures of a frozen body are written on it."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from guanxi.base import money
from guanxi.deals.deal.line import TurnLine, turn_line
from guanxi.talk.card import CardContext, EntryView, Move


@dataclass(frozen=True, slots=True)
class Foot:
    """`turn` and at most two `moves` on the newest card of a deal; a past card has neither."""

    past: bool
    turn: TurnLine | None = None
    moves: list[Move] = field(default_factory=list)


def foot(entry: EntryView, context: CardContext) -> Foot:
    """The foot as the viewer's side reads it. Runs no query."""
    deal = context.deal(entry)
    if deal is None or not context.is_newest(entry):
        return Foot(past=True)
    return Foot(past=False, turn=turn_line(deal, context.viewer.company), moves=context.moves_of(entry)[:2])


def price(value: str | None, currency: str) -> str | None:
    """`¥460.00`, `¥0.1011` from the decimal text of a body; None for not available."""
    if value is None:
        return None
    number = Decimal(value)
    places = max(money.exponent(currency), -int(number.normalize().as_tuple().exponent))
    return f"{money.CURRENCIES[currency][0]}{number:,.{places}f}"


def quantity(value: str, unit: str) -> str:
    """`20,000 pcs`."""
    text = f"{Decimal(value):,f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} {unit}".rstrip()


def moment(value: str | None) -> datetime | None:
    """A time out of a body."""
    return datetime.fromisoformat(value) if value else None
