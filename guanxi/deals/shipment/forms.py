"""What pages and programs send to the acts about goods."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.base.reading import Reading
from guanxi.deals.payment.forms import just_order, order_of
from guanxi.deals.shipment import acts
from guanxi.deals.shipment.quantities import Wrong
from guanxi.talk.call import Call
from guanxi.talk.form import Form

LINES, PHOTOS = 2000, 9
MOST = Decimal(10) ** 14


def read_ship(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """order_id, carrier, waybill, note, photos (upload ids), lines [{n, quantity}], final."""
    form = Reading(data)
    read = {
        "carrier": form.text("carrier", most=60, least=1), "waybill": form.text("waybill", most=60),
        "note": form.text("note", most=500, multiline=True), "photos": form.ids("photos", most=PHOTOS), "lines": quantities(form),
        "final": form.flag("final"),
    }  # fmt: skip
    form.done()
    return order_of(data) | read


def read_receive(data: dict[str, Any], call: Call) -> dict[str, Any]:
    """order_id, note, photos, lines [{n, quantity, short, damaged}]: `quantity` is what is good."""
    form = Reading(data)
    read = {
        "note": form.text("note", most=500, multiline=True), "photos": form.ids("photos", most=PHOTOS), "lines": quantities(form), "wrong": wrong(form),
    }  # fmt: skip
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


def wrong(form: Reading) -> dict[int, Wrong]:
    """What is short or damaged, by line number; lines that are right are left out."""
    found: dict[int, Wrong] = {}
    for row in form.rows("lines", most=LINES):
        short, damaged = (row.number(name, places=4, most=MOST, least=Decimal(0)) or Decimal(0) for name in ("short", "damaged"))
        if short or damaged:
            found[row.whole("n", least=1, most=10_000)] = Wrong(short, damaged)
    return found


ACTS = {
    "ship": Form(acts.ship, read_ship),
    "receive": Form(acts.receive, read_receive),
    "extend": Form(acts.extend, just_order),
}
