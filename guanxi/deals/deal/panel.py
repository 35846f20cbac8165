"""The live panel of a deal, rewritten by every act about it."""

from datetime import datetime
from typing import Any
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


def lapse(deals: dict[UUID, int], *, now: datetime) -> None:
    """End several deals at once: their ids and the seq of the entry that says so."""
    if deals:
        with connection.cursor() as cursor:
            cursor.execute(LAPSE, [now, list(deals), list(deals.values())])


def touch(turn: Turn, deal: Deal) -> None:
    """After entries that change neither step nor turn: the panel moves below them."""
    refresh(turn, deal, turn_name=deal.turn, turn_company=deal.turn_company, due_at=deal.due_at)
