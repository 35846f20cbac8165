"""Ship, confirm receipt in whole or in part, ask for more time; and the clock that confirms in the buyer's place."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from guanxi.base.db import advance
from guanxi.base.errors import Invalid, Refused
from guanxi.base.ids import new_id
from guanxi.base.written import written
from guanxi.deals.deal import panel
from guanxi.deals.order.find import Case, get, get_case
from guanxi.deals.order.rules import GOODS
from guanxi.deals.order.table import OrderLine
from guanxi.deals.shipment import arrival, quantities
from guanxi.deals.shipment.arrival import Arrival
from guanxi.deals.shipment.quantities import Wrong
from guanxi.deals.shipment.rules import EXTEND_BY, RELEASE_AFTER
from guanxi.deals.shipment.table import Receipt, Shipment
from guanxi.talk.call import Call
from guanxi.talk.table import Attachment, Upload
from guanxi.talk.turn import turn


def ship(
    call: Call, *, order_id: UUID, carrier: str, waybill: str = "", note: str = "", lines: Mapping[int, Decimal] | None = None, photos: Sequence[UUID] = (),
    final: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Send goods off: `lines` quantities by line number, all that is left without. Starts the release clock anew.

    With a tolerance agreed, up to that much more may be sent; `final` says that nothing follows, when less is left than the tolerance allows.
    Raises NotFound, Refused (unpaid, cancel asked, disputed), Invalid (more than may be sent, `final` with too much left).
    """
    with turn(call) as t:
        t.require("sell")
        case = get_case(t, order_id)
        case.may("ship")
        if case.order.cancel_asked_at:
            raise Refused("cancel-asked", _("The buyer asked to cancel this order. Answer that first."))
        rows = lines_of(case)
        spare = {line.n: line.quantity - line.shipped + (line.over if lines is not None else 0) for line in rows}
        load = quantities.chosen(rows, spare, lines, nothing=Refused("all-shipped", _("Everything is shipped already.")))
        show(case, photos)
        quantities.add(t.conversation, rows, load, column="shipped")
        check_final(rows, final)
        shipment = Shipment(id=new_id(), carrier=carrier, waybill=waybill, note=note, photos=[str(one) for one in photos])
        leave(case, rows, load, shipment, final=final)
        t.result |= {"shipment": str(shipment.id), **case.ids()}
    return t.result


def check_final(rows: Sequence[OrderLine], final: bool) -> None:
    """Raises Invalid when nothing is to follow, but more is left than the tolerance allows."""
    if final and (short := [line for line in rows if not arrival.is_enough(line)]):
        raise Invalid({f"lines.{line.n}.quantity": _("More is left of this line than the agreed tolerance allows.") for line in short})


def leave(case: Case, rows: Sequence[OrderLine], load: Mapping[int, Decimal], shipment: Shipment, *, final: bool) -> None:
    """The shipment's row, the order's goods column and clock, the entry, and whose turn it is now."""
    turn, order = case.turn, case.order
    everything = final or all(line.shipped >= line.quantity for line in rows)
    goods = GOODS.move(order.goods_state, "send" if everything else "send_part", by=case.by)
    advance(order, field="goods_state", to=goods, release_at=turn.now + RELEASE_AFTER)
    pictures = quantities.pictures(rows, load)
    shipment.conversation_id, shipment.order, shipment.by_person, shipment.at = turn.conversation, order, turn.call.by, turn.now
    shipment.n = rows[0].shipments + 1  # type: ignore[attr-defined]
    shipment.lines = [{"n": one["n"], "quantity": one["quantity"]} for one in pictures]
    shipment.save(force_insert=True)
    body = arrival.picture(order) | {
        "shipment": str(shipment.id), "n": shipment.n, "carrier": shipment.carrier, "waybill": shipment.waybill, "note": shipment.note,
        "photos": shipment.photos, "lines": pictures, "all": everything, "release_at": (turn.now + RELEASE_AFTER).isoformat(),
    }  # fmt: skip
    turn.add("shipment.sent", body, about=case.deal.id)
    turn.effect("receipt.auto", {"order": str(order.id)}, due_at=order.release_at)
    arrival.pass_turn(case, rows)


def show(case: Case, photos: Sequence[UUID]) -> None:
    """Uploads of the shipping company become visible in this conversation. Raises Invalid for another's."""
    if not photos:
        return
    if Upload.objects.filter(id__in=photos, company_id=case.turn.call.company).count() != len(set(photos)):
        raise Invalid({"photos": _("This file is not there any more. Send it again.")})
    here = [Attachment(conversation_id=case.turn.conversation, upload_id=one) for one in set(photos)]
    Attachment.objects.bulk_create(here, ignore_conflicts=True)


def receive(
    call: Call, *, order_id: UUID, lines: Mapping[int, Decimal] | None = None, note: str = "", wrong: Mapping[int, Wrong] | None = None,
    photos: Sequence[UUID] = (),
) -> dict[str, Any]:  # fmt: skip
    """The buyer confirms what arrived: `lines` good quantities by line number, all that was shipped without. Releases money in proportion.

    `wrong`: what is short or damaged. It counts as not shipped: the supplier sends it again, and its money stays held; so little short as the
    tolerance allows completes the order, and its money goes back. Raises NotFound, Refused, Invalid (more than was shipped).
    """
    with turn(call) as t:
        t.require("buy")
        case = get_case(t, order_id)
        case.may("receive")
        show(case, photos)
        receipt = arrival.confirm(case, lines_of(case), Arrival(lines, wrong or {}, note, photos))
        t.result |= {"receipt": str(receipt.id), **case.ids()}
    return t.result


def confirm(call: Call, *, order_id: UUID) -> dict[str, Any]:
    """By the clock: what was shipped counts as received once the release time is over. Early, late or again, it does nothing (quality.md M21)."""
    with turn(call) as t:
        order = get(t, order_id)
        if order.state == "placed" and order.dispute_id is None and order.release_at is not None and order.release_at <= call.now:
            case = get_case(t, order_id)
            case.may("confirm")
            receipt = arrival.confirm(case, lines_of(case), Arrival())
            t.result |= {"receipt": str(receipt.id)}
        t.result |= {"order": str(order.id)}
    return t.result


def extend(call: Call, *, order_id: UUID) -> dict[str, Any]:
    """Three more days before the clock confirms, once an order."""
    with turn(call) as t:
        t.require("buy")
        case = get_case(t, order_id)
        case.may("extend")
        order = case.order
        if order.extended:
            raise Refused("extended", _("The time was extended once already."))
        if order.release_at is None:
            raise Refused("nothing-to-receive", _("Everything shipped is received already."))
        later = order.release_at + EXTEND_BY
        advance(order, field="extended", to=True, release_at=later)
        t.add("receipt.extended", arrival.picture(order) | {"release_at": later.isoformat(), "days": EXTEND_BY.days}, about=case.deal.id)
        t.effect("receipt.auto", {"order": str(order.id)}, due_at=later)
        due = later if case.deal.turn == "receive" else case.deal.due_at
        panel.refresh(t, case.deal, turn_name=case.deal.turn, turn_company=case.deal.turn_company, due_at=due)
        t.result |= case.ids()
    return t.result


def lines_of(case: Case) -> list[OrderLine]:
    """The order's lines by number; each knows how many shipments and receipts there are so far."""
    return lines_with_numbers(case.turn.conversation, case.order.id)


@written
def lines_with_numbers(where: UUID, order: UUID) -> QuerySet[OrderLine]:
    so_far = {name: number(table, where, order) for name, table in (("shipments", Shipment), ("receipts", Receipt))}
    return OrderLine.objects.of(where).filter(order_id=order).annotate(**so_far).order_by("n")


def number(table: type[Shipment] | type[Receipt], where: UUID, order: UUID) -> Coalesce:
    """How many rows of a table an order has, as part of another query."""
    last = table.objects.of(where).filter(order_id=order).order_by("-n").values("n")[:1]
    return Coalesce(Subquery(last), 0)
