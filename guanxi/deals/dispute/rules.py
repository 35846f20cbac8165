"""What may become of a dispute, by whom, and how long each side has. `opener` opened it, `other` is the side across; staff is the operator."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base.errors import Invalid, Refused, Words
from guanxi.base.rules import Machine, Rule

ANSWER_WITHIN = timedelta(days=3)  # then the clock takes it to the operator
RULE_WITHIN = timedelta(days=7)
SEND_BACK_WITHIN = timedelta(days=10)
TAKE_BACK_WITHIN = timedelta(days=10)  # then the clock confirms, as it does for a receipt
REPAY_WITHIN = timedelta(days=7)
CONFIRM_WITHIN = timedelta(days=7)
AFTER = timedelta(days=15)  # from completion, as long as a dispute may still be opened
BOTH = ("opener", "other")
REASONS = ("not-arrived", "short", "damaged", "different", "late", "price", "not-confirmed", "else")
KINDS = ("refund", "return", "go_on")

DISPUTE = Machine(
    "dispute", start="open", ends=("closed",), wrong=_("This is for the other side to do."),
    rules=[
        Rule("accept", ("open",), "closed", ("other",)),
        Rule("accept", ("answered",), "closed", BOTH),
        Rule("accept_return", ("open",), "returning", ("other",)),
        Rule("accept_return", ("answered",), "returning", BOTH),
        Rule("accept_debt", ("open",), "owing", ("other",)),
        Rule("accept_debt", ("answered",), "owing", BOTH),
        Rule("propose", ("open",), "answered", ("other",)),
        Rule("propose", ("answered",), "answered", BOTH),
        Rule("refuse", ("open",), "answered", ("other",)),
        Rule("refuse", ("answered",), "answered", BOTH),
        Rule("escalate", ("open",), "escalated", ("other", "clock")),
        Rule("escalate", ("answered",), "escalated", (*BOTH, "clock")),
        Rule("withdraw", ("open", "answered", "escalated"), "closed", ("opener",)),
        Rule("rule", ("escalated",), "closed", ("staff",)),
        Rule("rule_return", ("escalated",), "returning", ("staff",)),
        Rule("rule_debt", ("escalated",), "owing", ("staff",)),
        Rule("send_back", ("returning",), "sent_back", ("buyer",)),
        Rule("contest", ("returning",), "escalated", ("clock",)),
        Rule("contest", ("sent_back",), "escalated", ("supplier",)),
        Rule("contest", ("owing",), "escalated", ("buyer", "clock")),
        Rule("take_back", ("sent_back",), "closed", ("supplier", "clock")),
        Rule("take_back_debt", ("sent_back",), "owing", ("supplier", "clock")),
        Rule("repay", ("owing",), "repaid", ("supplier",)),
        Rule("got_back", ("repaid",), "closed", ("buyer", "clock")),
        *(Rule("show", (state,), state, (*BOTH, "staff")) for state in ("open", "answered", "escalated", "returning", "sent_back", "owing", "repaid")),
    ],
    refusals={
        "open": _("This dispute waits for the other side's answer."),
        "answered": _("Both sides are talking about this dispute."),
        "escalated": _("This dispute lies with the operator, who decides it."),
        "returning": _("It is settled how this dispute ends: the goods go back first."),
        "sent_back": _("The goods are on their way back."),
        "owing": _("It is settled how this dispute ends: the supplier pays back."),
        "repaid": _("The supplier has paid back; the buyer has to confirm it."),
        "closed": _("This dispute is closed."),
    },
)  # fmt: skip
SIDES = frozenset({"send_back", "contest", "take_back", "take_back_debt", "repay", "got_back"})  # acts a rule gives to buyer or supplier, not to who opened


def by(act: str, side: str, opened_by: str) -> str:
    """The name the machine knows a side by: who opened and the other for talk, buyer and supplier for what follows; clock and staff are themselves."""
    if act in SIDES or side not in ("buyer", "supplier"):
        return side
    return "opener" if side == opened_by else "other"


def move(state: str, act: str, *, side: str, opened_by: str) -> str:
    """The state after `act`. Raises Refused."""
    return DISPUTE.move(state, act, by=by(act, side, opened_by))


@dataclass(frozen=True, slots=True)
class Plan:
    """How a dispute shall end. `refund` in minor units goes to the buyer. Kinds: `refund`, the rest is the supplier's and the order ends; `return`,
    the same once the goods of `lines` came back; `go_on`, the rest stays held, the goods of `lines` are sent again and the order goes on."""

    kind: str
    refund: int
    lines: dict[int, Decimal] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """As entries and rows keep it."""
        return {"kind": self.kind, "refund": self.refund, "lines": [{"n": n, "quantity": f"{q.normalize():f}"} for n, q in sorted(self.lines.items())]}


def plan_of(body: dict[str, Any]) -> Plan:
    """What `Plan.body` gave."""
    return Plan(body["kind"], body["refund"], {one["n"]: Decimal(one["quantity"]) for one in body["lines"]})


@dataclass(frozen=True, slots=True)
class Stakes:
    """What a plan may speak of: `frozen` minor units held or received by bank, `paid` already the supplier's; the order runs or has ended; by line what was
    shipped and not yet sent back, and what of it is not confirmed."""

    frozen: int
    paid: int
    runs: bool
    shipped: dict[int, Decimal]
    open: dict[int, Decimal]


def check(plan: Plan, stakes: Stakes) -> None:
    """Raises Invalid for a plan that cannot be carried out: more than is there, goods nobody has."""
    if plan.kind not in KINDS:
        raise Invalid({"kind": _("Choose one of the list.")})
    most = stakes.frozen if stakes.runs else stakes.paid
    if not 0 <= plan.refund <= most:
        raise Invalid({"refund": _("This is more than there is to give back.")})
    if plan.kind == "return" and not any(stakes.shipped.values()):
        raise Invalid({"kind": _("Nothing was shipped, so nothing can go back.")})
    if plan.kind == "go_on" and (not stakes.runs or plan.refund == stakes.frozen):
        raise Invalid({"kind": _("An order only goes on while it runs and some of its money stays held.")})
    there = {"return": stakes.shipped, "go_on": stakes.open}.get(plan.kind, {})
    if wrong := {f"lines.{n}.quantity": words for n, quantity in plan.lines.items() if (words := problem(n, quantity, there))}:
        raise Invalid(wrong)


def problem(n: int, quantity: Decimal, there: dict[int, Decimal]) -> Words | None:
    """Why so much of a line cannot be sent, back or again."""
    if n not in there:
        return _("There is no such line.")
    return _("That is more than is there.") if not 0 < quantity <= there[n] else None


def check_own(proposed_by: str, side: str) -> None:
    """Raises Refused when a side answers its own proposal."""
    if proposed_by == side:
        raise Refused("own-proposal", _("This proposal is your own: the other side answers it."))
