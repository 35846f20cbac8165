"""What pages and programs send to the acts of a contract."""

from typing import Any

from guanxi.base.reading import Reading
from guanxi.deals.contract import acts
from guanxi.deals.payment.forms import order_of
from guanxi.deals.rfq.forms import one
from guanxi.talk.call import Call
from guanxi.talk.form import Form


def read_draw(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """order_id and extra terms."""
    form = Reading(data)
    extra = form.text("extra", most=2000, multiline=True)
    form.done()
    return {**order_of(data), "extra": extra}


def read_agree(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """contract_id and the digest of the text that was read."""
    form = Reading(data)
    digest = form.text("hash", most=64, least=64)
    form.done()
    return {"contract_id": one(data, "contract_id"), "hash": digest}


def read_decline(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """contract_id and why."""
    form = Reading(data)
    reason = form.text("reason", most=200)
    form.done()
    return {"contract_id": one(data, "contract_id"), "reason": reason}


ACTS = {"draw": Form(acts.draw, read_draw), "agree": Form(acts.agree, read_agree), "decline": Form(acts.decline, read_decline)}
