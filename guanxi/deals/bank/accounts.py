"""A company's receiving accounts: named by one person, in force once a second one or a second factor stands for it, closed by anyone of finance.

A changed account is the oldest fraud there is: who has to pay to the old one is told in the talk, and his instruction stays what it was.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.base.db import advance
from guanxi.base.errors import Invalid, NotFound, Refused
from guanxi.base.ids import new_id
from guanxi.deals.bank.matter import mask, picture
from guanxi.deals.bank.table import BankAccount, BankOffer
from guanxi.deals.deal import panel
from guanxi.deals.deal.table import Deal
from guanxi.people.companies.acts import locked
from guanxi.people.factor.reads import is_fresh
from guanxi.talk.call import Call, by_actor
from guanxi.talk.run import once
from guanxi.talk.turn import Turns, turn, turns

MOST = 20  # accounts in force; a company that needs more writes to the operator
SECOND = _("A second person of your company has to confirm this, or you yourself after showing your second factor.")


@dataclass(frozen=True, slots=True)
class Draft:
    """An account as it was typed; `replaces` is the one that closes when this one comes into force."""

    holder: str
    bank: str
    number: str
    routing: str
    currency: str
    replaces: UUID | None = None


def add(call: Call, *, draft: Draft) -> dict[str, Any]:
    """Name an account. With a second factor shown a moment ago it is in force at once, without one a second person confirms it.

    Raises NotFound, Refused (role, too many), Invalid.
    """
    with turns(call, rooms_of(call, draft.replaces)) as at:
        company = locked(call, power="money")
        known = BankAccount.objects.filter(company_id=company.id)
        if known.exclude(state="closed").count() >= MOST:
            raise Refused("too-many-accounts", _("Close an account you no longer use first."))
        if draft.replaces and not known.filter(pk=draft.replaces, state="active").exists():
            raise Invalid({"replaces": _("Choose one of the list.")})
        row = BankAccount.objects.create(
            id=new_id(), company_id=company.id, holder=draft.holder, bank=draft.bank, number=draft.number, routing=draft.routing, currency=draft.currency,
            replaces=draft.replaces, proposed_by=call.by, proposed_name=call.name, proposed_at=call.now,
        )  # fmt: skip
        if is_fresh(call.device, now=call.now):
            come_into_force(call, at, row, factor=True)
        at.result = {"account": str(row.id), "state": row.state}
    return at.result


def confirm(call: Call, *, account_id: UUID) -> dict[str, Any]:
    """A second person, or the same one with a second factor, stands for an account. Raises NotFound, Refused."""
    with turns(call, rooms_of(call, replaced_by(call, account_id))) as at:
        row = mine(call, account_id)
        if row.state != "proposed":
            raise Refused(f"account-{row.state}", _("This account is in force already, or closed."))
        factor = row.proposed_by == call.by
        if factor and not is_fresh(call.device, now=call.now):
            raise Refused("second-person", SECOND)
        come_into_force(call, at, row, factor=factor)
        at.result = {"account": str(row.id), "state": row.state}
    return at.result


def close(call: Call, *, account_id: UUID) -> dict[str, Any]:
    """The account takes no more money; whoever has to pay to it is told. Raises NotFound, Refused."""
    with turns(call, rooms_of(call, account_id)) as at:
        row = mine(call, account_id)
        if row.state == "closed":
            raise Refused("account-closed", _("This account is closed."))
        shut(call, at, row)
        at.result = {"account": str(row.id), "state": row.state}
    return at.result


def mine(call: Call, account_id: UUID) -> BankAccount:
    """The account of the caller's company, under the company's lock. Raises NotFound, Refused for a lower role."""
    company = locked(call, power="money")
    found = BankAccount.objects.filter(pk=account_id, company_id=company.id).first()
    if found is None:
        raise NotFound
    return found


def come_into_force(call: Call, at: Turns, row: BankAccount, *, factor: bool) -> None:
    """From now on buyers may be sent there; the account it replaces closes."""
    advance(row, to="active", confirmed_by=call.by, confirmed_name=call.name, confirmed_at=call.now, factor=factor)
    old = BankAccount.objects.filter(pk=row.replaces, company_id=row.company_id, state="active").first() if row.replaces else None
    if old is not None:
        shut(call, at, old)


def shut(call: Call, at: Turns, row: BankAccount) -> None:
    """Closed; everybody who has to pay to it is told, each in his own turn."""
    advance(row, to="closed", closed_by=call.by, closed_name=call.name, closed_at=call.now)
    carrier = next(iter(at.by_id.values()), None)
    if carrier is not None:
        for room in open_rooms(row.id):
            carrier.effect("bank.changed", {"room": str(room), "account": str(row.id)})


def rooms_of(call: Call, account_id: UUID | None) -> list[UUID]:
    """One conversation in which an open stage is to be paid to this account of the caller's company: its turn carries the news to all of them."""
    if account_id is None or call.company is None or not BankAccount.objects.filter(pk=account_id, company_id=call.company).exists():
        return []
    return open_rooms(account_id)[:1]


def replaced_by(call: Call, account_id: UUID) -> UUID | None:
    """What this account shall replace."""
    if call.company is None:
        return None
    return BankAccount.objects.filter(pk=account_id, company_id=call.company).values_list("replaces", flat=True).first()


def open_rooms(account_id: UUID) -> list[UUID]:
    """Conversations in which a stage that is due stands to be paid to this account."""
    found = BankOffer.objects.filter(account_id=account_id, state="open", stage__state="due", order__state="placed")
    return sorted(set(found.values_list("conversation_id", flat=True)))


def changed(_conversation: UUID, body: dict[str, Any], *, key: str, now: datetime) -> None:
    """The effect: tell one pair. Twice, it says nothing new."""
    call = by_actor("clock", UUID(body["room"]), key=key[-64:], payload=body, now=now)
    once(tell, call, account_id=UUID(body["account"]))


def tell(call: Call, *, account_id: UUID) -> dict[str, Any]:
    """Every order here that has a stage to be paid to a closed account gets an entry. What was frozen for it stays."""
    with turn(call) as t:
        offers = BankOffer.objects.of(t.conversation).filter(account_id=account_id, state="open", stage__state="due", order__state="placed")
        found = list(offers.select_related("order", "stage").order_by("order_id", "stage__n"))
        deals = {deal.id: deal for deal in Deal.objects.of(t.conversation).filter(pk__in=[one.order.deal_id for one in found])}
        for one in found:
            deal = deals[one.order.deal_id]
            t.add("bank.changed", picture(one.order, one.stage) | {"account": mask(one.number), "bank": one.bank}, about=deal.id)
            panel.touch(t, deal)
        t.result |= {"told": str(len(found))}
    return t.result


def of(company: UUID) -> list[BankAccount]:
    """All accounts of a company, newest first, closed ones at the end. One statement."""
    rows = list(BankAccount.objects.filter(company_id=company).order_by("-proposed_at")[:200])
    return sorted(rows, key=lambda row: row.state == "closed")


def active(company: UUID, currency: str) -> list[BankAccount]:
    """What may be offered for an order in this currency."""
    return list(BankAccount.objects.filter(company_id=company, currency=currency, state="active").order_by("proposed_at"))
