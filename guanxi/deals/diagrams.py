"""The rules as diagrams and tables for the docs: `python -m guanxi.deals.diagrams > docs/how/states.md`; a test keeps the page current."""

import os
import sys
from collections.abc import Iterator

import django

from guanxi.base.rules import Machine

HEAD = """# States and moves

Made from the rules by `python -m guanxi.deals.diagrams`; do not edit. The same rows decide in the acts, draw the buttons and make the test grids.
`mover` is the side whose turn it is on an offer, `maker` the side that made it. A copy is the enquiry as one supplier has it. The life of an order
is computed from its three small machines (order, money, goods) and never stored.
"""


def page() -> str:
    """The whole page in Markdown."""
    return "\n".join([HEAD, *(line for title, machine in machines() for line in section(title, machine))])


def machines() -> list[tuple[str, Machine]]:
    """Every machine of a deal, in the order a deal meets them."""
    from guanxi.deals.bank.rules import REFUND, TRANSFER
    from guanxi.deals.change.rules import CHANGE
    from guanxi.deals.dispute.rules import DISPUTE
    from guanxi.deals.order.rules import GOODS, LIFE, MONEY, ORDER
    from guanxi.deals.payment.rules import PAYMENT, STAGE
    from guanxi.deals.quote.rules import QUOTE
    from guanxi.deals.rfq.rules import INVITE, RFQ

    return [
        ("Enquiry", RFQ), ("Copy of an enquiry", INVITE), ("Offer", QUOTE), ("Life of an order", LIFE), ("Order", ORDER), ("Money of an order", MONEY),
        ("Goods of an order", GOODS), ("Stage of the price", STAGE), ("Payment", PAYMENT), ("Bank transfer", TRANSFER), ("Refund of a bank transfer", REFUND),
        ("Dispute", DISPUTE), ("Change of an order", CHANGE),
    ]  # fmt: skip


def section(title: str, machine: Machine) -> Iterator[str]:
    """A heading, the diagram, the table and what is said where nothing is allowed."""
    yield f"## {title}\n"
    yield "```mermaid\nstateDiagram-v2"
    yield f"    [*] --> {name(machine.start)}"
    yield from sorted({f"    {name(frm)} --> {name(rule.to)}: {rule.act}" for rule in machine.rules for frm in rule.frm if frm != rule.to})
    yield from (f"    {name(end)} --> [*]" for end in sorted(machine.ends))
    yield "```\n"
    yield "| Act | From | To | By |\n|---|---|---|---|"
    yield from (f"| {rule.act} | {', '.join(rule.frm)} | {rule.to} | {', '.join(rule.by)} |" for rule in machine.rules)
    yield "\n| State | What a refused act hears |\n|---|---|"
    yield from (f"| {state} | {words} |" for state, words in machine.refusals.items())
    yield ""


def name(state: str) -> str:
    """Mermaid takes no hyphens in names."""
    return state.replace("-", "_")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.settings")
    django.setup()
    from django.utils import translation

    with translation.override("en"):
        sys.stdout.write(page())
