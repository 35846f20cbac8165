"""What pages and programs send to the acts about bank transfers."""

import re
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base import money
from guanxi.base.errors import NotFound
from guanxi.base.ids import find_id
from guanxi.base.money import AMOUNT_LIMIT
from guanxi.base.reading import Reading
from guanxi.deals.bank import acts, receiving, refunds
from guanxi.deals.bank.accounts import Draft
from guanxi.deals.bank.rules import SETTLING
from guanxi.talk.call import Call
from guanxi.talk.form import Form

NUMBER = re.compile(r"^[0-9A-Z]{6,34}$")
ROUTING = re.compile(r"^[0-9A-Z]{0,20}$")
Data = dict[str, Any]


def one(data: Data, name: str) -> UUID:
    """An id that must be one. Raises NotFound."""
    found = find_id(str(data.get(name, "")))
    if found is None:
        raise NotFound
    return found


def amount_of(form: Reading) -> Data:
    """amount and its currency: minor units from programs, as people write it beside `currency` from pages. Never nothing."""
    given = form.data.get("amount")
    currency = str(given.get("currency", "") if isinstance(given, dict) else form.data.get("currency", ""))
    if currency not in money.CURRENCIES:
        form.blame("amount", _("This is another currency."))
        return {"amount": 0, "currency": ""}
    amount = form.amount("amount", currency=currency)
    if not 0 < amount <= AMOUNT_LIMIT:
        form.blame("amount", _("Write a number here."))
    return {"amount": amount, "currency": currency}


def read_offer(data: Data, call: Call) -> Data:
    """order_id, stage, account_id."""
    form = Reading(data)
    stage = form.whole("stage", least=1, most=5)
    chosen = find_id(str(data.get("account_id", "")))
    if chosen is None:
        form.blame("account_id", _("Choose one of the list."))
    form.done()
    return {"order_id": one(data, "order_id"), "stage": stage, "account_id": chosen}


def telling(form: Reading) -> Data:
    """amount, paid_on, payer, note."""
    read = amount_of(form) | {"paid_on": form.day("paid_on"), "payer": form.text("payer", most=100), "note": form.text("note", most=200)}
    if read["paid_on"] is None:
        form.blame("paid_on", _("This must be a date."))
    return read


def read_say(data: Data, call: Call) -> Data:
    """order_id; stage when the payer says it; amount, paid_on, voucher (an upload), payer, note."""
    form = Reading(data)
    read = telling(form)
    stage = form.whole("stage", least=1, most=5) if form.given("stage") else None
    voucher = form.ids("voucher", most=1)
    if not voucher:
        form.blame("voucher", _("Add the bank's transfer slip: a picture or a PDF."))
    form.done()
    return {"order_id": one(data, "order_id"), "stage": stage, "voucher": voucher[0], **read}


def read_found(data: Data, call: Call) -> Data:
    """order_id, amount, paid_on, payer, note."""
    form = Reading(data)
    read = telling(form)
    form.done()
    return {"order_id": one(data, "order_id"), **read}


def read_receive(data: Data, call: Call) -> Data:
    """transfer_id and what arrived."""
    form = Reading(data)
    read = amount_of(form)
    form.done()
    return {"transfer_id": one(data, "transfer_id"), **read}


def read_settle(data: Data, call: Call) -> Data:
    """transfer_id and how."""
    form = Reading(data)
    how = form.one_of("how", SETTLING, default="")
    form.done()
    return {"transfer_id": one(data, "transfer_id"), "how": how}


def read_reason(name: str) -> Any:
    """An id and why."""

    def read(data: Data, call: Call) -> Data:
        form = Reading(data)
        reason = form.text("reason", most=200)
        form.done()
        return {name: one(data, name), "reason": reason}

    return read


def just(name: str) -> Any:
    """An id alone."""
    return lambda data, call: {name: one(data, name)}


def read_repay(data: Data, call: Call) -> Data:
    """refund_id; amount when it is only a part, note."""
    form = Reading(data)
    part = amount_of(form) if form.given("amount") else {}
    note = form.text("note", most=200)
    form.done()
    return {"refund_id": one(data, "refund_id"), "note": note, **part}


def read_account(data: Data) -> Draft:
    """holder, bank, number, routing, currency, replaces. Raises Invalid."""
    form = Reading(data)
    number = re.sub(r"[\s-]", "", form.text("number", most=60)).upper()
    routing = re.sub(r"[\s-]", "", form.text("routing", most=40)).upper()
    currency = str(data.get("currency", ""))
    if not NUMBER.match(number):
        form.blame("number", _("6 to 34 digits or letters, as the bank writes them."))
    if not ROUTING.match(routing):
        form.blame("routing", _("Up to 20 digits or letters."))
    if currency not in money.CURRENCIES:
        form.blame("currency", _("Choose one of the list."))
    replaces = form.ids("replaces", most=1)
    draft = Draft(form.text("holder", most=100, least=2), form.text("bank", most=100, least=2), number, routing, currency, replaces[0] if replaces else None)
    form.done()
    return draft


ACTS = {
    "offer": Form(acts.offer, read_offer),
    "say": Form(acts.say, read_say),
    "withdraw": Form(acts.withdraw, just("transfer_id")),
    "deny": Form(acts.deny, read_reason("transfer_id")),
    "found": Form(receiving.found, read_found),
    "receive": Form(receiving.receive, read_receive),
    "settle": Form(receiving.settle, read_settle),
    "repay": Form(refunds.repay, read_repay),
    "got": Form(refunds.got, just("refund_id")),
    "miss": Form(refunds.miss, read_reason("refund_id")),
}
