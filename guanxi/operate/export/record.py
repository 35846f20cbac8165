"""The export on paper: orders with their lines, and every conversation as one reads it. All words are data (quality.md A28)."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from guanxi.base.money import show as money
from guanxi.talk import card

TEMPLATE = Path(__file__).with_name("record.typ")
MOST = 20_000  # lines of talk on paper; company.json and conversations/ hold all
Shown = dict[str, Any]


@dataclass(frozen=True)
class Talk:
    """A conversation on paper."""

    name: str
    lines: list[list[str]]  # when, who, what
    left_out: int


def talk(one: Shown, entries: list[Shown], company: UUID) -> Talk:
    """With the other side's name, and an entry a line."""
    name = one["name"] or ", ".join(party["name"] for party in one["parties"] if party["company"] != str(company)) or _("Conversation")
    lines = [[entry["at"][:16].replace("T", " "), entry["by"]["name"], words(entry, company)] for entry in entries[-MOST:]]
    return Talk(name, lines, len(entries) - len(lines))


def words(entry: Shown, company: UUID) -> str:
    """As the list of conversations says it."""
    return str(card.module_of(entry["kind"]).line(entry["kind"], entry["body"], mine=entry["by"]["company"] == str(company)))


def order(one: Shown, company: str) -> Shown:
    """A table of an order's lines."""
    currency = one["total"]["currency"]
    rows = [[str(line["n"]), f"{line['name']} {line['spec']}".strip(), f"{line['quantity']} {line['unit']}", line["unit_price"], money(line["total"], currency)]
            for line in one["lines"]]  # fmt: skip
    side = _("sold") if one["supplier"] == company else _("bought")
    return {
        "number": one["number"], "title": one["title"], "about": f"{side} · {one['placed_at'][:10]} · {one['state']} · {one['money']}", "rows": rows,
        "total": money(one["total"]["amount"], currency),
    }  # fmt: skip


def data(whole: Shown, talks: list[Talk]) -> Shown:
    """What the template reads."""
    return {
        "title": _("Record of {name}").format(name=whole["company"]["name"]), "made": f"{whole['made_at'][:16].replace('T', ' ')} UTC · {whole['by']}",
        "facts": [
            [_("People"), str(len(whole["people"]))], [_("Conversations"), str(len(talks))], [_("Enquiries"), str(len(whole["rfqs"]))],
            [_("Quotes"), str(len(whole["quotes"]))], [_("Orders"), str(len(whole["orders"]))], [_("Movements of money"), str(len(whole["book"]))],
            [_("Files"), str(len(whole["files"]))],
        ],
        "note": _("The JSON files of this archive hold everything; this paper is for reading."),
        "orders": _("Orders"), "columns": ["#", _("Item"), _("Quantity"), _("Unit price"), _("Amount")], "total": _("Total"),
        "order": [order(one, whole["company"]["id"]) for one in whole["orders"]],
        "talks": _("Conversations"), "talk": [asdict(one) for one in talks], "left": _("earlier entries stand in the JSON file alone"),
    }  # fmt: skip
