"""What an order would be after a change, and why it cannot be. Pure figures; amounts in minor units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base import money
from guanxi.base.errors import Invalid, Words
from guanxi.deals.order.table import Order, OrderLine
from guanxi.deals.quote.terms import Stage
from guanxi.deals.rfq.draft import plain
from guanxi.deals.shipment import rules as goods


@dataclass(frozen=True, slots=True)
class Wish:
    """What a side wants otherwise. `lines` by number: quantity (0 drops the line) and price, None for as it is. `stages`: parts of what is not paid."""

    lines: Mapping[int, tuple[Decimal | None, Decimal | None]]
    freight: int | None = None
    ship_by: datetime | None = None
    stages: tuple[Stage, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The order as it would be."""

    lines: list[dict[str, Any]]
    goods: int
    freight: int
    tax: int
    total: int
    ship_by: datetime


def work_out(order: Order, rows: Sequence[OrderLine], wish: Wish) -> Plan:
    """Raises Invalid by field for what cannot be: less than was shipped, other prices for it, more money once goods are on their way, or no change."""
    wrong: dict[str, Words] = {f"lines.{n}.quantity": _("There is no such line.") for n in wish.lines if n not in {row.n for row in rows}}
    lines = [line for row in rows if (line := changed(row, *wish.lines.get(row.n, (None, None)), currency=order.currency, wrong=wrong))]
    if wrong:
        raise Invalid(wrong)
    value = sum(line["total"] for line in lines)
    freight = order.freight if wish.freight is None else wish.freight
    tax = 0 if order.terms.get("tax_in", True) else money.percent_of(value + freight, Decimal(order.terms["tax_rate"]))
    plan = Plan(lines, value, freight, tax, value + freight + tax, wish.ship_by or order.ship_by)
    check(order, rows, plan, wish)
    return plan


def changed(row: OrderLine, quantity: Decimal | None, price: Decimal | None, *, currency: str, wrong: dict[str, Words]) -> dict[str, Any] | None:
    """The line as it would be, None when it is dropped."""
    quantity, price = row.quantity if quantity is None else quantity, row.unit_price if price is None else price
    used = row.shipped or row.lost
    if quantity < row.shipped or (not quantity and used):
        wrong[f"lines.{row.n}.quantity"] = _("This is less than has been shipped.")
    if price != row.unit_price and used:
        wrong[f"lines.{row.n}.price"] = _("A part of it has been shipped at the agreed price.")
    if not quantity:
        return None
    total = row.total if (quantity, price) == (row.quantity, row.unit_price) else money.line_total(price, quantity, currency)
    return {"n": row.n, "name": row.name, "spec": row.spec, "unit": row.unit, "quantity": plain(quantity), "price": plain(price), "total": total}


def check(order: Order, rows: Sequence[OrderLine], plan: Plan, wish: Wish) -> None:
    """Raises Invalid for what no line alone is to blame for."""
    if plan.goods <= 0 or plan.total > money.AMOUNT_LIMIT:
        raise Invalid({"lines": _("Something must be left to deliver.") if plan.goods <= 0 else _("This is too much.")})
    same = plan.lines == [changed(row, None, None, currency=order.currency, wrong={}) for row in rows]
    if same and plan.freight == order.freight and plan.ship_by == order.ship_by and not wish.stages:
        raise Invalid({"lines": _("This changes nothing.")})
    if order.goods_state != "none" and plan.total > order.total:
        raise Invalid({"lines": _("Once goods are on their way, the total cannot grow. Place another order for more.")})
    by_n = {row.n: row for row in rows}
    if all(Decimal(line["quantity"]) <= by_n[line["n"]].shipped for line in plan.lines) and order.release_at is None:
        raise Invalid({"lines": _("Something must be left to deliver.")})
    worth = goods.due(plan.total, plan.goods, ((line["total"], Decimal(line["quantity"]), by_n[line["n"]].received) for line in plan.lines))
    if worth < order.released:
        raise Invalid({"freight": _("More than that has been released for what arrived already.")})


def freeze(order: Order, rows: Sequence[OrderLine], plan: Plan, wish: Wish) -> dict[str, Any]:
    """The terms of a proposal as they are stored, with what stands now beside."""
    was = {str(row.n): {"name": row.name, "unit": row.unit, "quantity": plain(row.quantity), "price": plain(row.unit_price)} for row in rows}
    stages = [{"name": one.name, "percent": plain(one.percent), "days": one.days} for one in wish.stages]
    before = {"lines": was, "freight": order.freight, "total": order.total, "ship_by": order.ship_by.isoformat()}
    return {"v": 1, "lines": plan.lines, "was": before, "stages": stages}


def wish_of(terms: Mapping[str, Any], freight: int, ship_by: datetime) -> Wish:
    """The wish behind stored terms: what stands there, line by line; a line that is missing is dropped."""
    left = {line["n"]: (Decimal(line["quantity"]), Decimal(line["price"])) for line in terms["lines"]}
    gone = {int(n): (Decimal(0), None) for n in terms["was"]["lines"] if int(n) not in left}
    stages = tuple(Stage(one["name"], Decimal(one["percent"]), one["days"]) for one in terms["stages"])
    return Wish({**gone, **left}, freight, ship_by, stages)
