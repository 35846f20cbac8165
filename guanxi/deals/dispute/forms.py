"""What pages and programs send to the acts of a dispute."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from guanxi.base.errors import NotFound
from guanxi.base.ids import find_id
from guanxi.base.reading import Reading
from guanxi.deals.dispute import acts, following
from guanxi.deals.dispute.acts import Wish
from guanxi.deals.dispute.rules import KINDS, REASONS, Plan
from guanxi.deals.dispute.table import Dispute
from guanxi.deals.order.table import Order
from guanxi.deals.payment.forms import order_of
from guanxi.deals.shipment.forms import LINES, MOST, PHOTOS, quantities, wrong
from guanxi.talk.call import Call
from guanxi.talk.form import Form

Data = dict[str, Any]


def dispute_of(data: Data, call: Call) -> dict[str, UUID]:
    """dispute_id, or order_id: then its newest dispute. Raises NotFound."""
    if found := find_id(str(data.get("dispute_id", ""))):
        return {"dispute_id": found}
    newest = Dispute.objects.of(call.conversation).filter(order_id=order_of(data)["order_id"]).order_by("-n").values_list("id", flat=True).first()
    if newest is None:
        raise NotFound
    return {"dispute_id": newest}


def read_open(data: Data, call: Call) -> dict[str, Any]:
    """order_id, reason, text, kind, refund (minor units, or as people write it), lines [{n, quantity, short, damaged}], files (upload ids).

    With something short or damaged, as on the receipt, `quantity` is what is good; else what goes back or is sent again. The receipt calls
    words and pictures `note` and `photos`.
    """
    form = Reading(data)
    bad = wrong(form)
    right = quantities(form) if bad else None
    usual = "damaged" if any(one.damaged for one in bad.values()) else "short" if bad else "else"
    words = "note" if bad and not form.given("text") else "text"
    read = {
        "reason": form.one_of("reason", REASONS, default=usual), "text": form.text(words, most=2000, multiline=True, least=1),
        "wish": Wish(form.one_of("kind", KINDS, default=""), refund_of(form, order_of(data)["order_id"], call), {} if bad else lines_of(form)),
        "files": (*form.ids("files", most=PHOTOS), *form.ids("photos", most=PHOTOS)), "right": right, "wrong": bad,
    }  # fmt: skip
    form.done()
    return order_of(data) | read


def refund_of(form: Reading, order_id: UUID, call: Call) -> int | None:
    """The amount in the order's currency, None when none is given."""
    currency = Order.objects.of(call.conversation).filter(pk=order_id).values_list("currency", flat=True).first()
    return form.amount("refund", currency=currency) if form.given("refund") and currency else None


def lines_of(form: Reading) -> dict[int, Decimal]:
    """Lines of a plan: what goes back or is sent again, {n: quantity}; empty quantities are left out."""
    found: dict[int, Decimal] = {}
    for row in form.rows("lines", most=LINES):
        quantity = row.number("quantity", places=4, most=MOST, least=Decimal(0))
        if quantity:
            found[row.whole("n", least=1, most=10_000)] = quantity
    return found


def read_propose(data: Data, call: Call) -> dict[str, Any]:
    """dispute_id or order_id; kind, refund, lines [{n, quantity}], text."""
    named = dispute_of(data, call)
    form = Reading(data)
    order = Dispute.objects.of(call.conversation).filter(pk=named["dispute_id"]).values_list("order_id", flat=True).first()
    refund = refund_of(form, order, call) if order else None
    plan = Plan(form.one_of("kind", KINDS, default="refund"), refund or 0, lines_of(form))
    read = {"plan": plan, "text": form.text("text", most=2000, multiline=True)}
    form.done()
    return named | read


def read_answer(data: Data, call: Call) -> dict[str, Any]:
    """dispute_id or order_id; proposal_id, the one the caller means."""
    given = data.get("proposal_id")
    proposal = find_id(str(given)) if given not in (None, "") else None
    if given not in (None, "") and proposal is None:
        raise NotFound
    return dispute_of(data, call) | {"proposal_id": proposal}


def read_refuse(data: Data, call: Call) -> dict[str, Any]:
    return read_answer(data, call) | read_words(data, call)


def read_words(data: Data, call: Call) -> dict[str, Any]:
    """dispute_id or order_id; text."""
    form = Reading(data)
    text = form.text("text" if "text" in data else "reason", most=2000, multiline=True)
    form.done()
    return dispute_of(data, call) | {"text": text}


def read_why(data: Data, call: Call) -> dict[str, Any]:
    """As words, but there must be some."""
    form = Reading(data)
    text = form.text("text" if "text" in data else "reason", most=2000, multiline=True, least=1)
    form.done()
    return dispute_of(data, call) | {"text": text}


def read_show(data: Data, call: Call) -> dict[str, Any]:
    """dispute_id or order_id; text, files (upload ids)."""
    form = Reading(data)
    read = {"text": form.text("text", most=2000, multiline=True), "files": form.ids("files", most=PHOTOS)}
    form.done()
    return dispute_of(data, call) | read


def read_send_back(data: Data, call: Call) -> dict[str, Any]:
    """dispute_id or order_id; carrier, waybill."""
    form = Reading(data)
    read = {"carrier": form.text("carrier", most=60, least=1), "waybill": form.text("waybill", most=60)}
    form.done()
    return dispute_of(data, call) | read


ACTS = {
    "open": Form(acts.begin, read_open),
    "propose": Form(acts.propose, read_propose),
    "accept": Form(acts.accept, read_answer),
    "refuse": Form(acts.refuse, read_refuse),
    "show": Form(acts.show, read_show),
    "escalate": Form(acts.escalate, read_words),
    "withdraw": Form(acts.withdraw, read_words),
    "send_back": Form(following.send_back, read_send_back),
    "take_back": Form(following.take_back, dispute_of),
    "contest": Form(following.contest, read_why),
    "repay": Form(following.repay, read_words),
    "got_back": Form(following.got_back, dispute_of),
}
