"""What pages and programs send to the acts of an order."""

from collections.abc import Mapping
from typing import Any

from guanxi.deals.order import acts
from guanxi.deals.rfq.forms import one, reason
from guanxi.talk.call import Call
from guanxi.talk.form import Form

Data = Mapping[str, Any]


def why(data: Data, call: Call) -> dict[str, Any]:
    return {"order_id": one(data, "order_id"), "reason": reason(data)}


def place(data: Data, call: Call) -> dict[str, Any]:
    return {"quote_id": one(data, "quote_id"), "reason": reason(data)}


ACTS = {
    "place": Form(acts.place, place),
    "cancel_ask": Form(acts.cancel_ask, why),
    "cancel_refuse": Form(acts.cancel_refuse, why),
}
