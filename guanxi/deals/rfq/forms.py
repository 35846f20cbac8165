"""What pages and programs send to the acts of an enquiry."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid, NotFound
from guanxi.base.ids import find_id
from guanxi.base.reading import Reading
from guanxi.deals.rfq import acts, longer
from guanxi.deals.rfq.draft import read as read_draft
from guanxi.deals.rfq.draft import read_deadline
from guanxi.talk.call import Call
from guanxi.talk.form import Form

Data = Mapping[str, Any]


def one(data: Data, name: str) -> Any:
    """The id under `name`. Raises NotFound: an id that is none leads nowhere."""
    if found := find_id(str(data.get(name, ""))):
        return found
    raise NotFound


def create_draft(data: Data, call: Call) -> dict[str, Any]:
    return {"draft": read_draft(dict(data), now=call.now, strict=False)}


def save_draft(data: Data, call: Call) -> dict[str, Any]:
    return {"rfq_id": one(data, "rfq_id"), "draft": read_draft(dict(data), now=call.now, strict=False)}


def send(data: Data, call: Call) -> dict[str, Any]:
    """With lines the whole form, without only the id of a draft."""
    draft = read_draft(dict(data), now=call.now) if "lines" in data or "title" in data else None
    return {"rfq_id": one(data, "rfq_id"), "draft": draft}


def ask(data: Data, call: Call) -> dict[str, Any]:
    return {"draft": read_draft(dict(data), now=call.now)}


def invite(data: Data, call: Call) -> dict[str, Any]:
    supplier = find_id(str(data.get("supplier_id", "")))
    if supplier is None:
        raise Invalid({"supplier": _("Choose another company.")})
    return {"rfq_id": one(data, "rfq_id"), "supplier_id": supplier}


def join(data: Data, call: Call) -> dict[str, Any]:
    return {"token": str(data.get("token", ""))[:40].replace("\x00", "")}


def just_rfq(data: Data, call: Call) -> dict[str, Any]:
    return {"rfq_id": one(data, "rfq_id")}


def later(data: Data, call: Call) -> dict[str, Any]:
    """The enquiry and its new deadline."""
    form = Reading(data)
    deadline = read_deadline(form, now=call.now)
    if deadline is None:
        form.blame("deadline", _("Choose until when suppliers may quote."))
    form.done()
    return {"rfq_id": one(data, "rfq_id"), "deadline": deadline}


def publish(data: Data, call: Call) -> dict[str, Any]:
    """Whether the link shows the enquiry."""
    form = Reading(data)
    shown = form.flag("door_open")
    form.done()
    return {"rfq_id": one(data, "rfq_id"), "door_open": shown}


def decline(data: Data, call: Call) -> dict[str, Any]:
    return {"deal_id": one(data, "deal_id"), "reason": reason(data)}


def reason(data: Data) -> str:
    """Why, in the words of whoever acts; may be empty."""
    form = Reading(data)
    text = form.text("reason", most=500, multiline=True)
    form.done()
    return text


ACTS = {
    "create_draft": Form(acts.create_draft, create_draft),
    "save_draft": Form(acts.save_draft, save_draft),
    "send": Form(acts.send, send),
    "ask": Form(acts.ask, ask),
    "invite": Form(acts.invite, invite),
    "join": Form(acts.join, join),
    "close": Form(acts.close, just_rfq),
    "extend": Form(longer.extend, later),
    "reopen": Form(longer.reopen, later),
    "copy": Form(longer.copy, just_rfq),
    "publish": Form(longer.publish, publish),
    "decline": Form(acts.decline, decline),
}
