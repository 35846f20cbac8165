"""What pages and programs send to the acts about money. Amounts are never taken from them: `amount` only says what the payer saw (A39)."""

from typing import Any

from guanxi.base.errors import NotFound
from guanxi.base.ids import find_id
from guanxi.base.money import AMOUNT_LIMIT
from guanxi.base.reading import Reading
from guanxi.deals.payment import acts
from guanxi.talk.call import Call
from guanxi.talk.form import Form


def order_of(data: dict[str, Any]) -> dict[str, Any]:
    """The order's id. Raises NotFound for what is none."""
    found = find_id(str(data.get("order_id", "")))
    if found is None:
        raise NotFound
    return {"order_id": found}


def read_pay(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """order_id; stage, amount (minor units) and provider when the payer says them."""
    form = Reading(data)
    stage = form.whole("stage", least=1, most=5) if form.given("stage") else None
    amount = form.whole("amount", least=1, most=AMOUNT_LIMIT) if form.given("amount") else None
    provider = form.text("provider", most=20)
    form.done()
    return {**order_of(data), "stage": stage, "amount": amount, "provider": provider}


def read_reason(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """order_id and why."""
    form = Reading(data)
    reason = form.text("reason", most=200)
    form.done()
    return {**order_of(data), "reason": reason}


def just_order(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """order_id alone."""
    return order_of(data)


ACTS = {
    "pay": Form(acts.pay, read_pay),
    "cancel": Form(acts.cancel, read_reason),
    "cancel_agree": Form(acts.cancel_agree, just_order),
}
