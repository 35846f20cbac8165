"""The acts a side may do now, as buttons with their addresses; one of them is the primary act of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.base import clock
from guanxi.base.errors import Words
from guanxi.base.money import show
from guanxi.deals.deal.table import Deal
from guanxi.deals.dispute.rules import AFTER
from guanxi.deals.order.rules import LIFE, phase
from guanxi.deals.order.table import Order, Stage
from guanxi.deals.quote.table import Quote
from guanxi.people.roles import LACKING
from guanxi.people.viewer import Viewer
from guanxi.talk import card
from guanxi.web.deal.seat import Seat
from guanxi.web.deal.words import stage_name

ICONS = {"quote": "quote", "counter": "counter", "accept": "check", "pay": "escrow", "ship": "ship", "receive": "check", "review": "star", "cancel": "close",
         "change": "counter", "bank": "bank", "dispute": "dispute"}  # fmt: skip
BANK: dict[str, Words] = {
    "bank_check": gettext_lazy("Look whether it arrived"), "bank_settle": gettext_lazy("Settle the amount"), "bank_repay": gettext_lazy("Pay back"),
    "bank_got": gettext_lazy("Confirm the repayment"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    """One button. `sheet`: opens over the page. `off` says why it cannot be pressed now."""

    act: str
    words: str
    href: str
    sheet: bool = True
    off: str = ""

    @property
    def icon(self) -> str:
        return ICONS.get(self.act, "")


def of(deals: Sequence[Deal], viewer: Viewer) -> dict[UUID, list[card.Move]]:
    """For cards, composer and strips: what may be done now in each deal, in three statements at most; what is off is left out."""
    now, ids = clock.now(), [deal.id for deal in deals if deal.state != "lapsed"]
    offers = {quote.deal_id: quote for quote in Quote.objects.filter(deal_id__in=ids, state="open").defer("terms")} if ids else {}
    orders = {order.deal_id: order for order in Order.objects.filter(deal_id__in=ids).defer("terms")} if ids else {}
    due = first_due(list(orders.values()))
    found = {}
    for deal in deals:
        side = deal.side_of(viewer.company)
        seat = Seat(deal, viewer, side, None) if side else None
        order = orders.get(deal.id)
        found[deal.id] = shown(seat, moves(seat, quote=offers.get(deal.id), order=order, to_pay=due.get(order.id) if order else None, now=now)) if seat else []
    return found


def first_due(orders: Sequence[Order]) -> dict[UUID, tuple[str, str]]:
    """The name and figure of the first open stage of each order."""
    placed = {order.id: order.currency for order in orders if order.state == "placed" and order.money in ("none", "part")}
    stages = Stage.objects.filter(order_id__in=placed, state="due").order_by("-n") if placed else []
    return {stage.order_id: (stage_name(stage.name), show(stage.amount - stage.received, placed[stage.order_id])) for stage in stages}


def shown(seat: Seat, found: list[Move]) -> list[card.Move]:
    """As cards draw them: the first is primary when it is this side's turn."""
    free = [move for move in found if not move.off]
    return [card.Move(move.act, move.words, move.href, move.icon, move.sheet, primary=seat.is_mine and n == 0) for n, move in enumerate(free)]


def moves(seat: Seat, *, quote: Quote | None, order: Order | None, to_pay: tuple[str, str] | None, now: datetime, reviewed: bool | None = None) -> list[Move]:
    """First the act that is waited for, then the others. `to_pay`: name and figure of the first open stage."""
    if order is not None:
        return order_moves(seat, order, to_pay, done_reviewing(seat) if reviewed is None else reviewed)
    return offer_moves(seat, quote, now) if seat.deal.state == "live" else []


def done_reviewing(seat: Seat) -> bool:
    """Whether this side owes no review: the panel says who does, nobody in particular while both do."""
    return seat.deal.turn != "review" or seat.deal.turn_company not in (None, seat.viewer.company)


def offer_moves(seat: Seat, quote: Quote | None, now: datetime) -> list[Move]:
    """Before the handshake: quote, answer, take back."""
    power = "buy" if seat.is_buyer else "sell"
    off = "" if seat.can(power) else str(LACKING[power])
    if quote is None:
        quoting = [Move("quote", _("Quote"), seat.at("quote"), sheet=False, off=off), Move("pass", _("Decline to quote"), seat.at("pass"), off=off)]
        return [] if seat.is_buyer else quoting
    if quote.side == seat.side:
        again = [] if seat.is_buyer else [Move("quote", _("New version"), seat.at("quote"), sheet=False, off=off)]
        return [*again, Move("withdraw", _("Withdraw"), seat.at("withdraw"), off=off)]
    late = _("This offer is no longer valid; ask for a new one.") if quote.valid_until <= now else ""
    return [
        Move("accept", _("Accept"), seat.at("accept"), off=off or late),
        Move("counter", _("Counter-offer"), seat.at("quote"), sheet=False, off=off),
        Move("decline", _("Decline"), seat.at("decline"), off=off),
    ]


def order_moves(seat: Seat, order: Order, to_pay: tuple[str, str] | None, reviewed: bool) -> list[Move]:
    """After the handshake: pay, ship, receive, review, cancel."""
    if order.state == "cancelled":
        return bank_moves(seat, order)
    if order.dispute_id:
        return [Move("dispute", _("Answer the dispute") if seat.is_mine else _("See the dispute"), seat.at("dispute"), sheet=False)]
    if order.state == "completed":
        review = [] if reviewed else [Move("review", _("Review"), seat.at("review"), off=lacks(seat, "buy" if seat.is_buyer else "sell"))]
        return review + bank_moves(seat, order) + dispute_moves(seat, order)
    found = buyer_moves(seat, order, to_pay) if seat.is_buyer else supplier_moves(seat, order, to_pay)
    waits = bank_moves(seat, order)
    found = [*waits, *(move for move in found if not waits or move.act != "pay")] if seat.deal.turn in BANK else [*found, *waits]
    change = change_moves(seat, order)
    found = [*change, *found] if seat.deal.turn == "change" else [*found, *change]
    return [*found, *cancel_moves(seat, order), Move("contract", _("Contract"), seat.at("contract"), sheet=False), *dispute_moves(seat, order)]


def bank_moves(seat: Seat, order: Order) -> list[Move]:
    """To the page of bank transfers: when it is this side's turn there, while stages are open, and as long as money lies or lay there."""
    turn = seat.deal.turn
    if turn in BANK and seat.is_mine:
        return [Move("bank", str(BANK[turn]), seat.at("bank"), sheet=False)]
    unpaid = order.state == "placed" and order.money in ("none", "part")
    return [Move("bank", _("Bank transfer"), seat.at("bank"), sheet=False)] if turn in BANK or unpaid or order.received else []


def change_moves(seat: Seat, order: Order) -> list[Move]:
    """Propose another order, answer what the other side proposed, or look at one's own proposal."""
    if order.cancel_asked_at or LIFE.find(phase(order), "change", seat.side) is None:
        return []
    off = lacks(seat, "buy" if seat.is_buyer else "sell")
    if order.change_id is None:
        return [Move("change", _("Change the order"), seat.at("change"), off=off)]
    waits = seat.deal.turn == "change" and seat.is_mine
    return [Move("change", _("Answer the change") if waits else _("See the proposed change"), seat.at("change"))]


def dispute_moves(seat: Seat, order: Order) -> list[Move]:
    """When something is wrong: while money is held, and for the buyer some days after completion."""
    late = order.state == "completed" and (order.ended_at is None or order.ended_at + AFTER < clock.now())
    if late or LIFE.find(phase(order), "dispute", seat.side) is None:
        return []
    return [Move("dispute", _("Open a dispute"), seat.at("dispute/open"), off=lacks(seat, "buy" if seat.is_buyer else "sell"))]


def buyer_moves(seat: Seat, order: Order, to_pay: tuple[str, str] | None) -> list[Move]:
    """Pay while a stage is open; confirm what has been shipped."""
    found = []
    if to_pay and order.cancel_asked_at is None:
        words = _("Pay %(what)s %(sum)s") % {"what": to_pay[0].lower(), "sum": to_pay[1]}
        found.append(Move("pay", words, seat.at("pay"), sheet=False, off=lacks(seat, "pay")))
    if order.goods_state in ("part", "sent") and order.release_at:  # something is on its way
        found.append(Move("receive", _("Confirm receipt"), seat.at("receive"), off=lacks(seat, "buy")))
        if not order.extended:
            found.append(Move("extend", _("3 more days"), seat.at("extend"), off=lacks(seat, "buy")))
    return found


def supplier_moves(seat: Seat, order: Order, to_pay: tuple[str, str] | None) -> list[Move]:
    """Ship once every stage is paid."""
    if order.goods_state not in ("none", "part") or order.cancel_asked_at:
        return []
    off = lacks(seat, "sell") or (_("Shipping starts when every stage is paid into escrow.") if to_pay else "")
    return [Move("ship", _("Ship"), seat.at("ship"), off=off)]


def cancel_moves(seat: Seat, order: Order) -> list[Move]:
    """Leave while nothing is shipped; the other side's consent once the buyer has paid (design.md section 6)."""
    if order.goods_state != "none":
        return []
    power = lacks(seat, "buy" if seat.is_buyer else "sell")
    if order.cancel_asked_at:
        return [] if seat.is_buyer else [Move("consent", _("Answer the request to cancel"), seat.at("consent"), off=power)]
    ask = seat.is_buyer and order.money != "none"
    return [Move("cancel", _("Ask to cancel") if ask else _("Cancel order"), seat.at("cancel"), off=power)]


def lacks(seat: Seat, power: str) -> str:
    """Why this viewer's role may not, or nothing."""
    return "" if seat.can(power) else str(LACKING[power])
