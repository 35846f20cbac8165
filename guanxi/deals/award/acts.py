"""Awarding an enquiry to several suppliers at once, line by line, and ending one that is awarded in part.

Every supplier gets an order of his own with the lines he won. Freight: what he quoted, whole, since he delivers once either way; tax on goods and
freight as quoted; stages by the percents he quoted, of his own total (docs/adr/0011).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.base.db import advance
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.deals.award import lines
from guanxi.deals.deal import panel
from guanxi.deals.deal.table import Deal
from guanxi.deals.order import placing
from guanxi.deals.order.placing import UNPAID_DAYS, Drawn
from guanxi.deals.quote import ending
from guanxi.deals.quote.rules import by, check_time, move
from guanxi.deals.quote.table import Quote
from guanxi.deals.rfq import copies
from guanxi.deals.rfq.acts import get, locked
from guanxi.deals.rfq.rules import INVITE, RFQ
from guanxi.deals.rfq.table import Rfq
from guanxi.talk.call import Call
from guanxi.talk.turn import Turns, turns

Wanted = Mapping[UUID, frozenset[int]]
ROOMS = """
    SELECT i.conversation_id, q.id IS NOT NULL FROM deals_invite i
    LEFT JOIN deals_quote q ON q.conversation_id = i.conversation_id AND q.deal_id = i.id AND q.id = ANY(%(offers)s)
    WHERE i.rfq_id = %(rfq)s AND (q.id IS NOT NULL OR i.state IN ('invited', 'quoted')) ORDER BY i.id
"""
WIN = """
    WITH won AS (UPDATE deals_invite SET state = %(to)s WHERE conversation_id = ANY(%(rooms)s) AND id = ANY(%(deals)s) AND state = ANY(%(frm)s) RETURNING 1),
        taken AS (UPDATE deals_quote SET state = 'accepted' WHERE conversation_id = ANY(%(rooms)s) AND id = ANY(%(offers)s) AND state = 'open' RETURNING 1)
    SELECT (SELECT count(*) FROM won), (SELECT count(*) FROM taken)
"""
CHANGED = _("This has just changed. Look again, then decide.")


@dataclass(frozen=True, slots=True)
class Part:
    """One supplier's share: his open offer, its deal and the lines he wins."""

    quote: Quote
    deal: Deal
    won: frozenset[int]


def split(call: Call, *, rfq_id: UUID, parts: Wanted, reason: str = "", finish: bool = False) -> dict[str, Any]:
    """Lines by offer become orders, one for each supplier. The others lose, with the reason, when nothing is left or at `finish`; until then the
    enquiry is awarded in part. Gives {rfq, orders: [{conversation, deal, order}]}. Raises NotFound, Refused, Invalid.
    """
    check_parts(parts)
    winners, others = rooms(rfq_id, parts)
    near = others[: copies.TOGETHER - len(winners)]
    with turns(call, [*winners, *near]) as at:
        for one in at.by_id.values():
            one.require("buy")
        call.require("buy")
        rfq = locked(call, rfq_id)
        RFQ.move(rfq.state, "award_part", by="buyer")
        drawn = draw(at, rfq, chosen(call, rfq, parts))
        lines.claim(rfq.id, {one.order.id: sorted(one.order_lines) for one in drawn}, now=call.now)
        close(at, rfq, "award_part" if not finish and lines.left(rfq.id) else "award", others[len(near) :], reason)
        at.result = {"rfq": str(rfq_id), "orders": [one.ids() for one in drawn]}
    return at.result


def finish(call: Call, *, rfq_id: UUID, reason: str = "") -> dict[str, Any]:
    """Nothing more of an enquiry awarded in part is wanted: the suppliers that are left lose, with the reason. Gives {rfq}."""
    get(call, rfq_id)
    every = copies.rooms(rfq_id)
    with turns(call, every[: copies.TOGETHER]) as at:
        call.require("buy")
        close(at, locked(call, rfq_id), "finish", every[copies.TOGETHER :], reason)
        at.result = {"rfq": str(rfq_id)}
    return at.result


def rooms(rfq_id: UUID, parts: Wanted) -> tuple[list[UUID], list[UUID]]:
    """Conversations of the suppliers whose offers win, and of those whose copies still live beside them."""
    with connection.cursor() as cursor:
        cursor.execute(ROOMS, {"rfq": rfq_id, "offers": list(parts)})
        found = cursor.fetchall()
    return [room for room, wins in found if wins], [room for room, wins in found if not wins]


def check_parts(parts: Wanted) -> None:
    """Raises Invalid for nothing, too many at once, or a line for two."""
    wanted = [n for won in parts.values() for n in won]
    if not wanted or not all(parts.values()):
        raise Invalid({"parts": _("Choose a supplier for one item at least.")})
    if len(parts) > copies.TOGETHER:
        raise Invalid({"parts": _("Award at most ten suppliers at once.")})
    if len(wanted) != len(set(wanted)):
        raise Invalid({"parts": _("Each item goes to one supplier.")})


def chosen(call: Call, rfq: Rfq, parts: Wanted) -> list[Part]:
    """The offers as they stand under the lock. Raises NotFound for one of another enquiry, Refused for one that may not be accepted now."""
    quotes = Quote.objects.in_bulk(list(parts))
    deals = Deal.objects.filter(rfq_id=rfq.id, buyer_id=rfq.company_id).in_bulk([quote.deal_id for quote in quotes.values()])
    if len(quotes) != len(parts) or len(deals) != len(parts):
        raise NotFound
    for quote in quotes.values():
        move(quote.state, "accept", by=by(quote.side, "buyer"))
        check_time(quote.valid_until, call.now)
        priced = {line["n"] for line in quote.terms["lines"] if line["price"] is not None}
        if not parts[quote.id] <= priced:
            raise Invalid({"parts": _("A supplier did not price one of the items chosen for him.")})
    return [Part(quotes[own], deals[quotes[own].deal_id], won) for own, won in parts.items()]


def draw(at: Turns, rfq: Rfq, parts: list[Part]) -> list[Drawn]:
    """The orders, their entries, and the panels of their deals: as many statements for ten suppliers as for two."""
    win(parts)
    now = next(iter(at.by_id.values())).now
    numbers = placing.claim_numbers(len(parts), now)
    drawn = [placing.draw(at[part.quote.conversation_id], part.quote, part.deal, number, part.won) for part, number in zip(parts, numbers, strict=True)]
    placing.save(drawn)
    for part, one in zip(parts, drawn, strict=True):
        here = at[part.quote.conversation_id]
        here.add("order.placed", placing.picture(one.order, part.quote, one.stages), about=part.deal.id)
        here.effect("order.expire", {"order": str(one.order.id)}, due_at=one.stages[0].due_at + timedelta(days=UNPAID_DAYS))
    panel.placed([(part.deal, one.order, one.stages[0].due_at, at[part.quote.conversation_id].head) for part, one in zip(parts, drawn, strict=True)], now=now)
    return drawn


def win(parts: list[Part]) -> None:
    """Copies have won and offers are accepted; conditional, as every move."""
    rule = next(rule for rule in INVITE.rules if rule.act == "win")
    here = {"rooms": [part.quote.conversation_id for part in parts], "deals": [part.deal.id for part in parts]}
    with connection.cursor() as cursor:
        cursor.execute(WIN, here | {"offers": [part.quote.id for part in parts], "to": rule.to, "frm": list(rule.frm)})
        if cursor.fetchone() != (len(parts), len(parts)):
            raise Refused("changed-meanwhile", CHANGED)


def close(at: Turns, rfq: Rfq, act: str, left: list[UUID], reason: str) -> None:
    """The enquiry's state after `act`; when that ends it, the others hear that they lost."""
    advance(rfq, to=RFQ.move(rfq.state, act, by="buyer"), updated_at=next(iter(at.by_id.values())).now if at.by_id else rfq.updated_at)
    if rfq.state == "awarded":
        word = copies.word(rfq) | ({"reason": reason} if reason else {})
        if at.by_id:
            ending.end(at, rfq.id, word, state="awarded", by="buyer")
        copies.spill(at, rfq.id, left, reason=reason)
