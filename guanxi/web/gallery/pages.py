"""Every part in every state, for those who build screens. Only in a demo; the figures are invented."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from guanxi.base import clock
from guanxi.base.errors import Busy, Conflict, Invalid, Limited, NotFound, Refused
from guanxi.web.page import fragment, page

ERRORS: dict[str, Exception] = {
    "missing": NotFound(),
    "refused": Refused("stale", _("This offer was changed a moment ago, so it was not accepted for you.")),
    "conflict": Conflict(),
    "busy": Busy(),
    "often": Limited(_("Try again in {minutes} minutes."), retry_after=120),
    "invalid": Invalid({"price": _("At most 6 decimals.")}),
}


@require_safe
def parts(request: HttpRequest) -> HttpResponse:
    """Words, rows, money, forms, states."""
    return page(request, "web/gallery/parts.html", sample())


@require_safe
def talk(request: HttpRequest) -> HttpResponse:
    """List, conversation, deal: three panes on a desk."""
    return page(request, "web/gallery/talk.html", sample())


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """A work page: comparison and tables."""
    return page(request, "web/gallery/table.html", sample())


@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """The list pane alone on a phone."""
    return page(request, "web/gallery/list.html", sample())


@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """A part fetched into a sheet."""
    return fragment(request, "web/gallery/sheet.html", sample())


@require_POST
def post(request: HttpRequest) -> HttpResponse:
    """A form that is answered by what its field says: `bad`, `refused`, `broken`, or all is well."""
    wish = request.POST.get("wish", "")
    if wish == "bad":
        raise Invalid({"wish": _("Write something else here."), "lines.0.quantity": _("At least one pack.")})
    if wish in ERRORS:
        raise ERRORS[wish]
    if wish == "broken":
        raise RuntimeError("the gallery's broken form")
    return redirect("gallery")


@require_safe
def error(request: HttpRequest, kind: str) -> HttpResponse:
    """Each error page."""
    if kind == "broken":
        raise RuntimeError("the gallery's broken page")
    raise ERRORS.get(kind, NotFound())


def sample() -> dict[str, Any]:
    """One deal, as in the design's screens: 4,200.00 + 9,800.00 = 14,000.00."""
    now = clock.now()
    return {
        "now_at": now,
        "yesterday": now - timedelta(days=1),
        "week": now + timedelta(days=7, minutes=5),
        "soon": now + timedelta(hours=30, minutes=5),
        "last": now + timedelta(hours=2, minutes=5),
        "late": now - timedelta(hours=2, minutes=5),
        "price": Decimal("0.1011"),
        "lines": [
            {"name": name, "spec": spec, "cells": [f"¥{price}.00", f"¥{total}.00"], "was": [0]}
            for name, spec, price, total in (
                ("外六角螺栓", "M8×30 DIN 933", "460", "9,200"),
                ("六角螺母", "M8 DIN 934", "148", "2,960"),
                ("平垫圈", "M8 DIN 125", "42", "1,680"),
                ("弹簧垫圈", "M8 DIN 127", "38", "1,520"),
                ("内六角螺钉", "M6×20 DIN 912", "210", "2,100"),
                ("法兰螺母", "M10 DIN 6923", "330", "3,300"),
            )
        ],
        "rows": [
            ("铭固紧固件", 2, "yours", _("Your turn: pay the balance ¥9,800.00"), now + timedelta(days=7, minutes=5), 0),
            ("方寸包装", 4, "yours", _("Your turn: answer the counter-offer"), now + timedelta(hours=2, minutes=5), 2),
            ("素棉纺织", 3, "theirs", _("Their turn: ship"), now + timedelta(hours=30, minutes=5), 1),
            ("甬力标准件", 6, "done", _("Received and reviewed"), None, 0),
            ("A rather long company name that must not break the row", 1, "lapsed", _("The RFQ was awarded to another"), None, 120),
        ],
    }
