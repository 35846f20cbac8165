"""Cards of a dispute: opened, proposed, shown, decided, and what followed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.base import money
from guanxi.base.errors import Words
from guanxi.deals.deal.foot import Foot, foot, moment, quantity
from guanxi.talk.card import Body, CardContext, EntryView

TEMPLATE = "deals/dispute/card.html"
REASONS: dict[str, Words] = {
    "not-arrived": gettext_lazy("Goods did not arrive"),
    "short": gettext_lazy("Less than was sent"),
    "damaged": gettext_lazy("Damaged"),
    "different": gettext_lazy("Not as agreed"),
    "late": gettext_lazy("Too late"),
    "price": gettext_lazy("Wrong price or amount"),
    "not-confirmed": gettext_lazy("Receipt is not confirmed"),
    "else": gettext_lazy("Something else"),
}
LINES: dict[str, Words] = {
    "dispute.opened": gettext_lazy("[Dispute] {what}: {title}"),
    "dispute.proposed": gettext_lazy("[Dispute] Proposal: {what} · {title}"),
    "dispute.refused": gettext_lazy("[Dispute] Proposal refused · {title}"),
    "dispute.agreed": gettext_lazy("[Dispute] Agreed: {what} · {title}"),
    "dispute.evidence": gettext_lazy("[Dispute] New evidence · {title}"),
    "dispute.escalated": gettext_lazy("[Dispute] Taken to the operator · {title}"),
    "dispute.ruled": gettext_lazy("[Dispute] The operator ruled: {what} · {title}"),
    "dispute.withdrawn": gettext_lazy("[Dispute] Taken back · {title}"),
    "dispute.sent_back": gettext_lazy("[Dispute] Goods sent back: {carrier} {waybill} · {title}"),
    "dispute.taken_back": gettext_lazy("[Dispute] Goods are back · {title}"),
    "dispute.repaid": gettext_lazy("[Dispute] {sum} paid back · {title}"),
    "dispute.got_back": gettext_lazy("[Dispute] {sum} arrived back · {title}"),
}
CHIPS: dict[str, tuple[Words, str, str]] = {
    "dispute.opened": (gettext_lazy("opened"), "bad", ""),
    "dispute.proposed": (gettext_lazy("proposal"), "accent", ""),
    "dispute.refused": (gettext_lazy("refused"), "", ""),
    "dispute.agreed": (gettext_lazy("agreed"), "ok", "check"),
    "dispute.evidence": (gettext_lazy("evidence"), "", ""),
    "dispute.escalated": (gettext_lazy("with the operator"), "warn", ""),
    "dispute.ruled": (gettext_lazy("ruled"), "accent", "check"),
    "dispute.withdrawn": (gettext_lazy("taken back"), "", ""),
    "dispute.sent_back": (gettext_lazy("on the way back"), "", "ship"),
    "dispute.taken_back": (gettext_lazy("goods are back"), "ok", "check"),
    "dispute.repaid": (gettext_lazy("paid back"), "", ""),
    "dispute.got_back": (gettext_lazy("settled"), "ok", "check"),
}
LATE: dict[str, Words] = {
    "open": gettext_lazy("There was no answer in time, so the operator decides."),
    "answered": gettext_lazy("There was no answer in time, so the operator decides."),
    "returning": gettext_lazy("The goods were not sent back in time, so the operator decides."),
    "owing": gettext_lazy("Nothing was paid back in time, so the operator decides."),
}
NEXT: dict[str, Words] = {
    "return": gettext_lazy("First the buyer sends the goods back; the money moves when the supplier has them."),
    "repay": gettext_lazy("The money was released before, so the supplier pays back himself; the buyer confirms it."),
}


@dataclass(frozen=True, slots=True)
class Card:
    """`files` [{upload, name, mime, size, sha256, picture}]; `rows` lines with their quantity; `heads` of their columns."""

    number: str
    title: str
    chip: tuple[Words, str, str]
    said: str
    text: str
    ask: str
    heads: list[str]
    rows: list[dict[str, Any]]
    sums: list[tuple[str, str]]
    files: list[dict[str, Any]]
    after: str
    until: datetime | None
    foot: Foot


def plan_words(plan: Body, currency: str) -> str:
    """`refund ¥1,200.00`, `return the goods, refund all`."""
    refund, frozen = plan["refund"], plan["frozen"]
    sum_ = _("everything") if refund and refund == frozen else money.show(refund, currency)
    if plan["kind"] == "return":
        return _("goods back, refund {sum}").format(sum=sum_)
    if plan["kind"] == "go_on":
        words = _("send again") if plan["lines"] else _("the order goes on")
        return _("{words}, refund {sum}").format(words=words, sum=sum_) if refund else words
    return _("refund {sum}").format(sum=sum_) if refund else _("no refund")


def line(kind: str, body: Body, *, mine: bool) -> str:
    """`[Dispute] Proposal: refund ¥300.00 · Fasteners`."""
    sum_ = money.show(body["refund"], body["currency"]) if "refund" in body else ""
    what = str(REASONS.get(body.get("reason", ""), "")) or (plan_words(body["plan"], body["currency"]) if "plan" in body else "")
    words = {"what": what, "sum": sum_, "title": body["title"], "carrier": body.get("carrier", ""), "waybill": body.get("waybill", "")}
    return str(LINES[kind]).format(**words)


def view(entry: EntryView, context: CardContext) -> Card:
    """What was said, asked, shown or decided; what of the money moved."""
    body, kind = entry.body, entry.kind
    heads, found = goods(body)
    part = foot(entry, context)
    ask = plan_words(body["plan"], body["currency"]) if "plan" in body else ""
    return Card(
        number=body["number"], title=body["title"], chip=CHIPS[kind], said=said(kind, body), text=body.get("text", ""), ask=ask[:1].upper() + ask[1:],
        heads=heads, rows=found, sums=sums(body), files=list(body.get("files", [])), after=after(body),
        until=moment(body.get("due_at")) if not part.past else None, foot=part,
    )  # fmt: skip


def said(kind: str, body: Body) -> str:
    """One sentence on top."""
    who = _("The buyer") if body["side"] == "buyer" else _("The supplier") if body["side"] == "supplier" else _("The operator")
    words = {"who": who, "carrier": body.get("carrier", ""), "waybill": body.get("waybill", "")}
    if kind == "dispute.opened":
        return _("{who}: {reason}").format(who=who, reason=REASONS.get(body["reason"], REASONS["else"]))
    if kind == "dispute.escalated":
        return str(LATE[body["why"]]) if body.get("why") in LATE else _("{who} asks the operator to decide.").format(**words)
    if kind == "dispute.taken_back":
        by_clock = _("Nobody objected in time, so the goods count as back.")
        return by_clock if body["side"] == "clock" else _("The supplier has the goods back.")
    if kind == "dispute.got_back":
        by_clock = _("Nobody objected in time, so the repayment counts as arrived.")
        return by_clock if body["side"] == "clock" else _("The buyer has the money back.")
    sentences: dict[str, str] = {
        "dispute.proposed": _("{who} proposes to end it so."), "dispute.refused": _("{who} does not agree."), "dispute.agreed": _("{who} agrees."),
        "dispute.evidence": _("{who} shows:"), "dispute.ruled": _("The operator has decided."), "dispute.withdrawn": _("{who} takes the dispute back."),
        "dispute.sent_back": _("The buyer sent the goods back: {carrier} {waybill}"), "dispute.repaid": _("The supplier says that he has paid back."),
    }  # fmt: skip
    return sentences[kind].format(**words).rstrip()


def goods(body: Body) -> tuple[list[str], list[dict[str, Any]]]:
    """The lines an entry speaks of: what is wrong, what goes back, what is sent again."""
    lines = body.get("lines") or body.get("plan", {}).get("lines", [])
    again = body.get("plan", {}).get("kind") == "go_on"
    found = [{"name": one["name"], "spec": one["spec"], "cells": [quantity(one["quantity"], one["unit"])]} for one in lines]
    return [_("Sent again") if again else _("Goes back"), _("Quantity")], found


def sums(body: Body) -> list[tuple[str, str]]:
    """What moved, or what would."""
    currency, moved = body["currency"], body.get("moved") or {}
    if moved:
        stays = body.get("plan", {}).get("frozen", 0) - moved["refund"] if not moved["ends"] else 0
        rows = [(_("Back to the buyer"), moved["refund"]), (_("Released to the supplier"), moved["release"]), (_("Stays in escrow"), stays)]
        return [(words, money.show(amount, currency)) for words, amount in rows if amount]
    if "frozen" in body:
        return [(_("Frozen until it is settled"), money.show(body["frozen"], currency))] if body["frozen"] else []
    if "refund" in body:
        return [(_("Repayment"), money.show(body["refund"], currency))]
    return []


def after(body: Body) -> str:
    """What follows before it is over."""
    return str(NEXT[body["next"]]) if body.get("next") in NEXT else ""


def sample() -> list[tuple[str, Body]]:
    """Every kind, as bodies are stored for ever."""
    base = {
        "v": 1, "order": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0004", "number": "DD-261119-7K3QX4", "title": "304 不锈钢紧固件 3 项", "total": 1400000,
        "currency": "CNY", "dispute": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0010", "n": 1, "side": "buyer",
    }  # fmt: skip
    rows = [{"n": 1, "name": "外六角螺栓", "spec": "M8×30", "unit": "千件", "quantity": "2"}]
    due, own = "2026-12-03T08:00:00+00:00", "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0011"
    file = {"upload": "019aa0d3-7c5e-7a10-9c1c-0c8f1f9a0009", "name": "裂口.jpg", "mime": "image/jpeg", "size": 81234, "sha256": "0" * 64, "picture": True}
    paper = file | {"name": "质检.pdf", "mime": "application/pdf", "picture": False}
    plan = {"kind": "refund", "refund": 138400, "lines": [], "frozen": 1400000}
    again, back = plan | {"kind": "go_on", "refund": 0, "lines": rows}, plan | {"kind": "return", "refund": 1400000, "lines": rows}
    told = base | {"reason": "damaged", "text": "两箱螺栓有裂口。", "files": [file, paper], "frozen": 1400000, "due_at": due, "proposal": own,
                   "wrong": [{"n": 1, "short": "0", "damaged": "2"}]}  # fmt: skip
    moved = {"refund": 138400, "release": 1261600, "ends": True}
    proposed = base | {"proposal": own, "of": 2, "side": "supplier", "text": "补发两箱", "due_at": due}
    late = [("dispute.escalated", base | {"side": "clock", "text": "", "why": why, "due_at": due}) for why in LATE]
    return [
        ("dispute.opened", told | {"plan": plan}), ("dispute.opened", told | {"plan": back, "files": []}),
        *(("dispute.proposed", proposed | {"plan": one}) for one in (again, back, plan | {"refund": 0}, again | {"lines": [], "refund": 100})),
        ("dispute.refused", base | {"proposal": own, "of": 2, "text": "少了"}),
        ("dispute.agreed", base | {"proposal": own, "of": 2, "plan": plan, "moved": moved}),
        ("dispute.agreed", base | {"proposal": own, "of": 2, "plan": again, "moved": {"refund": 0, "release": 0, "ends": False}}),
        *(("dispute.agreed", base | {"proposal": own, "of": 2, "plan": back, "next": word}) for word in NEXT),
        ("dispute.evidence", base | {"of": 2, "text": "出货照片", "files": [file]}), ("dispute.escalated", base | {"text": "谈不拢", "why": "", "due_at": due}),
        *late, ("dispute.ruled", base | {"side": "staff", "plan": plan, "text": "照片清楚。", "moved": moved}), ("dispute.withdrawn", base | {"text": ""}),
        ("dispute.sent_back", base | {"carrier": "顺丰", "waybill": "SF1402231145521", "lines": rows, "due_at": due}),
        ("dispute.taken_back", base | {"side": "supplier", "lines": rows, "moved": moved}),
        ("dispute.taken_back", base | {"side": "clock", "lines": rows, "next": "repay", "refund": 138400}),
        ("dispute.repaid", base | {"side": "supplier", "refund": 138400, "text": "", "due_at": due}),
        *(("dispute.got_back", base | {"side": side, "refund": 138400, "moved": {}}) for side in ("buyer", "clock")),
    ]  # fmt: skip
