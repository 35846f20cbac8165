"""The live panel of a deal, rewritten by every act about it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.base.db import rewrite
from guanxi.base.errors import NotFound, Refused
from guanxi.deals.deal.table import Deal
from guanxi.talk.turn import Turn

LAPSE = """
    UPDATE deals_deal d SET state = 'lapsed', turn = '', turn_company = NULL, due_at = NULL, seq = v.seq, updated_at = %s
    FROM unnest(%s::uuid[], %s::bigint[]) AS v(id, seq) WHERE d.id = v.id
"""

AWAIT = """
    UPDATE deals_deal d SET seq = v.seq, updated_at = %(now)s, state = CASE WHEN v.waits THEN 'live' ELSE d.state END,
        turn = CASE WHEN v.waits THEN 'quote' ELSE d.turn END, turn_company = CASE WHEN v.waits THEN d.supplier_id ELSE d.turn_company END,
        due_at = CASE WHEN v.waits THEN %(until)s ELSE d.due_at END
    FROM unnest(%(ids)s::uuid[], %(seqs)s::bigint[], %(waits)s::boolean[]) AS v(id, seq, waits) WHERE d.id = v.id
"""

PLACED = """
    UPDATE deals_deal d SET step = 'pay', turn = 'pay', turn_company = d.buyer_id, due_at = v.due, total = v.total, order_id = v.order_id, number = v.number,
        seq = v.seq, updated_at = %s
    FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::bigint[], %s::timestamptz[], %s::bigint[]) AS v(id, order_id, number, total, due, seq) WHERE d.id = v.id
"""


def get(turn: Turn, deal_id: UUID) -> Deal:
    """The deal in this conversation. Raises NotFound when it is not here or not the caller's."""
    deal = Deal.objects.find(turn.conversation, deal_id)
    if deal is None or (turn.call.actor == "person" and deal.side_of(turn.call.company) is None):
        raise NotFound
    return deal


def fresh(turn: Turn, deal: Deal) -> None:
    """Raises Refused when entries about the deal came after what the caller saw; `seen` 0 means he did not say."""
    if turn.call.seen and turn.call.seen < deal.seq:
        raise Refused("stale", _("Something newer came about this deal. Look at it, then decide."))


def refresh(
    turn: Turn, deal: Deal, *, turn_name: str = "", turn_company: UUID | None = None, due_at: datetime | None = None,
    step: str | None = None, total: int | None = None, state: str | None = None, **more: Any,
) -> None:  # fmt: skip
    """After the act's entries: who owes what until when, and what changed of step, total (minor units), state. One UPDATE."""
    kept = {"step": step, "total": total, "state": state, **more}
    changes = {name: value for name, value in kept.items() if value is not None}
    changes |= {"turn": turn_name, "turn_company": turn_company, "due_at": due_at, "seq": turn.head, "updated_at": turn.now}
    rewrite(deal, changes, {"conversation_id": turn.conversation, "pk": deal.pk})
    for name, value in changes.items():
        setattr(deal, name, value)


def placed(orders: Sequence[tuple[Deal, "Ordered", datetime, int]], *, now: datetime) -> None:
    """Several deals became orders at once, each (deal, order, when its first stage is due, seq): the buyer has to pay. One UPDATE."""
    rows = [(deal.id, order.id, order.number, order.total, due, seq) for deal, order, due, seq in orders]
    with connection.cursor() as cursor:
        cursor.execute(PLACED, [now, *(list(column) for column in zip(*rows, strict=True))])


class Ordered(Protocol):
    """What the panel shows of an order."""

    id: Any
    number: Any
    total: Any


def lapse(deals: dict[UUID, int], *, now: datetime) -> None:
    """End several deals at once: their ids and the seq of the entry that says so."""
    if deals:
        with connection.cursor() as cursor:
            cursor.execute(LAPSE, [now, list(deals), list(deals.values())])


def await_quotes(deals: list[tuple[UUID, int, bool]], *, until: datetime | None, now: datetime) -> None:
    """After entries about several deals, each (id, seq, waits): where `waits`, it is the supplier's turn to quote, `until` then."""
    ids, seqs, waits = zip(*deals, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(AWAIT, {"ids": list(ids), "seqs": list(seqs), "waits": list(waits), "until": until, "now": now})


def touch(turn: Turn, deal: Deal) -> None:
    """After entries that change neither step nor turn: the panel moves below them."""
    refresh(turn, deal, turn_name=deal.turn, turn_company=deal.turn_company, due_at=deal.due_at)
