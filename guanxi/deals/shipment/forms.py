"""What pages and programs send to the acts about goods."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base.reading import Reading
from guanxi.deals.payment.forms import just_order, order_of
from guanxi.deals.shipment import acts
from guanxi.talk.call import Call
from guanxi.talk.form import Form

LINES, PHOTOS = 2000, 9
MOST = Decimal(10) ** 14


def read_ship(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """order_id, carrier, waybill, note, photos (upload ids), lines [{n, quantity}]."""
    form = Reading(data)
    read = {
        "carrier": form.text("carrier", most=60, least=1), "waybill": form.text("waybill", most=60),
        "note": form.text("note", most=500, multiline=True), "photos": form.ids("photos", most=PHOTOS), "lines": quantities(form),
    }  # fmt: skip
    form.done()
    return order_of(data) | read


def read_receive(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """order_id, note, lines [{n, quantity}]."""
    form = Reading(data)
    read = {"note": form.text("note", most=500, multiline=True), "lines": quantities(form)}
    form.done()
    return order_of(data) | read


def quantities(form: Reading) -> dict[int, Decimal] | None:
    """Quantities by line number, None when no lines are given. A line named twice is an error, an empty quantity is none."""
    if not form.given("lines"):
        return None
    found: dict[int, Decimal] = {}
    for row in form.rows("lines", most=LINES):
        n = row.whole("n", least=1, most=10_000)
        quantity = row.number("quantity", places=4, most=MOST, least=Decimal(0))
        if n in found:
            row.blame("n", _("This line stands here twice."))
        found[n] = quantity or Decimal(0)
    return found


ACTS = {
    "ship": Form(acts.ship, read_ship),
    "receive": Form(acts.receive, read_receive),
    "extend": Form(acts.extend, just_order),
}
