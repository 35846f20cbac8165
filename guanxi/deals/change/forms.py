"""What pages and programs send to the acts of a change."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base.clock import end_of_day
from guanxi.base.reading import Reading
from guanxi.deals.change import acts
from guanxi.deals.change.plan import Wish
from guanxi.deals.order.table import Order
from guanxi.deals.payment.forms import order_of
from guanxi.deals.quote.terms import PRICE_MOST, STAGE_NAMES, Stage
from guanxi.deals.rfq.forms import one, reason
from guanxi.talk.call import Call
from guanxi.talk.form import Form

MOST = Decimal(10) ** 14


def propose(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """order_id, lines [{n, quantity, price}] (empty: as it is; quantity 0: dropped), freight, ship_by (a day), stages [{name, percent, days}], note."""
    form = Reading(data)
    ids = order_of(data)
    currency = Order.objects.of(call.conversation).filter(pk=ids["order_id"]).values_list("currency", flat=True).first() or "CNY"
    lines: dict[int, tuple[Decimal | None, Decimal | None]] = {}
    for row in form.rows("lines", most=2000):
        n = row.whole("n", least=1, most=10_000)
        if n in lines:
            row.blame("n", _("This line is there twice."))
        quantity = row.number("quantity", places=4, most=MOST, least=Decimal(0))
        lines[n] = (quantity, row.number("price", places=6, most=PRICE_MOST, above=Decimal(0)))
    wish = Wish(
        lines, form.amount("freight", currency=currency) if form.given("freight") or data.get("freight") == 0 else None, until(form, call.now), stages(form),
        form.text("note", most=500, multiline=True),
    )  # fmt: skip
    form.done()
    return ids | {"wish": wish}


def until(form: Reading, now: datetime) -> datetime | None:
    """The end of the day of delivery; None for as it is."""
    day = form.day("ship_by")
    if day is None:
        return None
    found = end_of_day(day)
    if not now < found or (found - now).days > 365:
        form.blame("ship_by", _("Choose a day from today on, within a year."))
    return found


def stages(form: Reading) -> tuple[Stage, ...]:
    """Parts of what is not paid yet; none for as they are."""
    rows = [row for row in form.rows("stages", most=5) if row.given("percent")]
    found = tuple(
        Stage(row.one_of("name", STAGE_NAMES, default="part"), row.number("percent", places=2, most=Decimal(100), above=Decimal(0)) or Decimal(0),
              row.whole("days", least=0, most=365, default=0) if row.given("days") else None)
        for row in rows
    )  # fmt: skip
    if found and sum(stage.percent for stage in found) != 100:
        form.blame("stages", _("The stages must add up to 100%."))
    return found


def just_change(data: dict[str, Any], call: Call) -> dict[str, Any]:
    return {"change_id": one(data, "change_id")}


def decline(data: dict[str, Any], call: Call) -> dict[str, Any]:
    return {"change_id": one(data, "change_id"), "reason": reason(data)}


ACTS = {
    "propose": Form(acts.propose, propose),
    "accept": Form(acts.accept, just_change),
    "decline": Form(acts.decline, decline),
    "withdraw": Form(acts.withdraw, just_change),
}
