"""What pages and programs send to the acts of an award."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base.ids import find_id
from guanxi.base.reading import Reading
from guanxi.deals.award import acts
from guanxi.deals.rfq.forms import one, reason
from guanxi.talk.call import Call
from guanxi.talk.form import Form

Data = Mapping[str, Any]
MOST = 2000


def split(data: Data, call: Call) -> dict[str, Any]:
    """rfq_id, picks [{n, quote}] (a line without a quote stays open), reason, finish."""
    form = Reading(data)
    parts: dict[UUID, set[int]] = {}
    for row in form.rows("picks", most=MOST):
        own = find_id(str(row.data.get("quote") or "").rpartition(".")[2])
        n = row.whole("n", least=1, most=10_000)
        if own is None and row.given("quote"):
            row.blame("quote", _("Choose a supplier."))
        elif own is not None:
            if n in parts.get(own, ()):
                row.blame("n", _("This line is there twice."))
            parts.setdefault(own, set()).add(n)
    finish = form.flag("finish")
    form.done()
    return {"rfq_id": one(data, "rfq_id"), "parts": {own: frozenset(won) for own, won in parts.items()}, "reason": reason(data), "finish": finish}


def finish(data: Data, call: Call) -> dict[str, Any]:
    return {"rfq_id": one(data, "rfq_id"), "reason": reason(data)}


ACTS = {"split": Form(acts.split, split), "finish": Form(acts.finish, finish)}
