"""Drawing up a contract, confirming it, declining it. Whose turn it is in the deal does not change: a contract holds nothing up."""

from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guanxi.base.db import advance
from guanxi.base.errors import NotFound, Refused
from guanxi.deals.contract.rules import CONTRACT
from guanxi.deals.contract.table import Contract
from guanxi.deals.contract.text import digest, write
from guanxi.deals.deal import panel
from guanxi.deals.order.find import Case, get, sided_case
from guanxi.deals.order.rules import ORDER
from guanxi.deals.order.table import Stage
from guanxi.deals.rfq.table import Invite
from guanxi.people.table import Company
from guanxi.talk.call import Call, found
from guanxi.talk.turn import Turn, turn


def draw(call: Call, *, order_id: UUID, extra: str = "") -> dict[str, Any]:
    """Freeze the text of a placed order, `extra` terms included; it is confirmed by this side and waits for the other. Gives {contract, order, deal}."""
    with turn(call) as here:
        case = sided_case(here, order_id)
        if case.order.state != "placed":
            raise Refused("order-ended", ORDER.refusals[case.order.state])
        before = Contract.objects.of(here.conversation).filter(order=case.order).order_by("-version").first()
        if before is not None and before.state in ("offered", "agreed"):
            advance(before, to=CONTRACT.move(before.state, "replace", by=_by(here, before)))
        made = _make(here, case, before.version + 1 if before else 1, extra)
        _said(here, "contract.offered", made, case)
    return here.result


def redraw(call: Call, *, order_id: UUID) -> dict[str, Any]:
    """By the clock, in the name of who accepted a change of the order: the next version comes instead of the one that stood or waited, confirmed by him.

    Nothing when there is none, or it says the order's terms already.
    """
    with turn(call) as here:
        order = get(here, order_id)
        case = Case(here, order, panel.get(here, order.deal_id), "buyer" if call.company == order.buyer_id else "supplier")
        before = Contract.objects.of(here.conversation).filter(order=order, state__in=("offered", "agreed")).first()
        if before is None or order.state != "placed" or _text(here, case, before.text.get("extra", "")) == before.text:
            return {}
        advance(before, to=CONTRACT.move(before.state, "amend", by=_by(here, before)))
        _said(here, "contract.offered", _make(here, case, before.version + 1, before.text.get("extra", "")), case)
    return here.result


def _make(here: Turn, case: Case, version: int, extra: str) -> Contract:
    text = _text(here, case, extra)
    return Contract.objects.create(
        conversation_id=here.conversation, order=case.order, version=version, text=text, hash=digest(text),
        by_company=found(here.call.company), by_person=here.call.by, by_name=here.call.name, at=here.now,
    )  # fmt: skip


def agree(call: Call, *, contract_id: UUID, hash: str) -> dict[str, Any]:
    """The other side confirms the text with this digest; from then on it stands. Raises NotFound, Refused, also when the text read was another one."""
    with turn(call) as here:
        contract, case = _find(here, contract_id)
        after = CONTRACT.move(contract.state, "agree", by=_by(here, contract))
        if hash != contract.hash:
            raise Refused("other-text", _("This is not the text you read. Open the contract again."))
        if case.order.state == "cancelled":
            raise Refused("order-ended", ORDER.refusals["cancelled"])
        advance(contract, to=after, agreed_person=call.by, agreed_name=call.name, agreed_at=here.now)
        _said(here, "contract.agreed", contract, case)
    return here.result


def decline(call: Call, *, contract_id: UUID, reason: str = "") -> dict[str, Any]:
    """The other side does not confirm, and says why when it wants to; either side may draw up another one."""
    with turn(call) as here:
        contract, case = _find(here, contract_id)
        advance(contract, to=CONTRACT.move(contract.state, "decline", by=_by(here, contract)))
        _said(here, "contract.declined", contract, case, reason=reason)
    return here.result


def _find(here: Turn, contract_id: UUID) -> tuple[Contract, Case]:
    contract = Contract.objects.of(here.conversation).filter(pk=contract_id).first()
    if contract is None:
        raise NotFound
    return contract, sided_case(here, contract.order_id)


def _by(here: Turn, contract: Contract) -> str:
    return "maker" if here.call.company == contract.by_company else "other"


def _text(here: Turn, case: Case, extra: str) -> dict[str, Any]:
    order = case.order
    firms = Company.objects.in_bulk([order.buyer_id, order.supplier_id])
    asked = Invite.objects.of(here.conversation).filter(pk=order.deal_id).values_list("body", flat=True).first()
    stages = list(Stage.objects.of(here.conversation).filter(order=order, amount__gt=F("surplus")).order_by("n"))
    place = (asked or {}).get("place", "")
    return write(order, stages, buyer=firms[order.buyer_id], supplier=firms[order.supplier_id], place=place, extra=extra)


def _said(here: Turn, kind: str, contract: Contract, case: Case, *, reason: str = "") -> None:
    order = case.order
    here.add(kind, {
        "v": 1, **case.ids(), "contract": str(contract.id), "number": order.number, "title": order.title, "version": contract.version,
        "total": order.total, "currency": order.currency, "hash": contract.hash, "side": case.by, "reason": reason,
    }, about=case.deal.id)  # fmt: skip
    panel.touch(here, case.deal)
    here.result |= {"contract": str(contract.id), **case.ids()}
